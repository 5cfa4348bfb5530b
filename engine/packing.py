"""Between a working pyramid and the arrays that a file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from .model import TextureModel, parts_of
from .networks import FastGenerator, PaperGenerator, Trained
from .prior import MotionPrior, pack_prior, unpack_prior
from .pyramid import Feed, Pyramid, Scale

if TYPE_CHECKING:
    from .config import LearnOptions
    from .model import SourceFacts


def pack_scales(pyramid: Pyramid) -> dict[str, np.ndarray]:
    """The generators' weights, ``scale<n>.<name>``."""
    return {
        f"scale{index}.{name}": value.detach().cpu().numpy()
        for index, scale in enumerate(pyramid.scales)
        for name, value in module_of(scale).state_dict().items()
    }


def module_of(scale: Scale) -> PaperGenerator | FastGenerator:
    """A trained scale's network."""
    assert isinstance(scale.generator, Trained)
    return scale.generator.module


def unpack_scale(
    index: int, *, preset: str, size_hw: tuple[int, int], amplitude: float, arrays: dict[str, np.ndarray]
) -> Scale:
    """One scale, its generator frozen. Raises KeyError or RuntimeError where the arrays don't fit."""
    prefix = f"scale{index}."
    weights = {name.removeprefix(prefix): torch.from_numpy(a) for name, a in arrays.items() if name.startswith(prefix)}
    width = weights["stack.convolutions.0.weight"].shape[0]
    generator = PaperGenerator(width) if preset == "paper" else FastGenerator(width)
    generator.load_state_dict(weights)
    generator.eval().requires_grad_(False)
    return Scale(size_hw=size_hw, amplitude=amplitude, generator=Trained(generator))


def pack(pyramid: Pyramid, *, options: LearnOptions, facts: SourceFacts, frames: int) -> TextureModel:
    """The model of a trained pyramid."""
    arrays = pack_scales(pyramid)
    if isinstance(pyramid.feed.prior, MotionPrior):
        arrays |= pack_prior(pyramid.feed.prior)
    return TextureModel(
        options=options,
        facts=facts,
        frames=frames,
        sizes_hw=tuple(scale.size_hw for scale in pyramid.scales),
        amplitudes=tuple(scale.amplitude for scale in pyramid.scales),
        arrays=arrays,
    )


def unpack(model: TextureModel) -> Pyramid:
    """A working pyramid. Raises ModelFileError where the arrays don't belong together."""
    with parts_of(model):
        prior = unpack_prior(model.arrays) if model.options.preset == "fast" else None
        pyramid = Pyramid(Feed(seed=model.options.seed, prior=prior))
        for index, (size_hw, amplitude) in enumerate(zip(model.sizes_hw, model.amplitudes, strict=True)):
            pyramid.scales.append(
                unpack_scale(
                    index, preset=model.options.preset, size_hw=size_hw, amplitude=amplitude, arrays=model.arrays
                )
            )
    return pyramid
