"""Between a working pyramid and the arrays that a file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from .errors import ModelFileError
from .model import TextureModel
from .networks import FastGenerator, PaperGenerator
from .prior import ColourCurves, MotionPrior
from .pyramid import Pyramid, Scale

if TYPE_CHECKING:
    from .config import LearnOptions
    from .model import SourceFacts

CURVES = ("low", "high", "scores", "colours")


def pack_scales(pyramid: Pyramid) -> dict[str, np.ndarray]:
    """The generators' weights, ``scale<n>.<name>``."""
    return {
        f"scale{index}.{name}": value.detach().cpu().numpy()
        for index, scale in enumerate(pyramid.scales)
        for name, value in scale.generator.state_dict().items()
    }


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
    return Scale(size_hw=size_hw, amplitude=amplitude, generator=generator)


def pack(pyramid: Pyramid, *, options: LearnOptions, facts: SourceFacts, frames: int) -> TextureModel:
    """The model of a trained pyramid."""
    arrays = pack_scales(pyramid)
    if isinstance(pyramid.prior, MotionPrior):
        arrays["prior.clip"] = pyramid.prior.clip_thwc.numpy()
        arrays["prior.gain"] = np.array(pyramid.prior.gain)
        arrays |= {f"prior.{name}": getattr(pyramid.prior.curves, name).numpy() for name in CURVES}
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
    try:
        prior = None
        if model.options.preset == "fast":
            curves = ColourCurves(**{name: torch.from_numpy(model.arrays[f"prior.{name}"]) for name in CURVES})
            clip = torch.from_numpy(model.arrays["prior.clip"])
            prior = MotionPrior(clip, curves, float(model.arrays["prior.gain"]))
            if not prior.sound():
                raise ValueError("the motion prior's tables don't fit its clip")
        pyramid = Pyramid(seed=model.options.seed, prior=prior)
        for index, (size_hw, amplitude) in enumerate(zip(model.sizes_hw, model.amplitudes, strict=True)):
            pyramid.scales.append(
                unpack_scale(
                    index, preset=model.options.preset, size_hw=size_hw, amplitude=amplitude, arrays=model.arrays
                )
            )
    except (KeyError, IndexError, RuntimeError, TypeError, ValueError, ZeroDivisionError) as error:
        raise ModelFileError(
            f"The texture model of {model.facts.name} holds parts that don't belong together ({error}).",
            remedy="Learn the clip again, or ask for another copy of the file.",
        ) from error
    return pyramid
