"""Textures ready to be rendered, from a model or from a clip. Importing this needs no torch."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from ..engine.detail import DetailTransfer
from ..engine.errors import OptionError
from ..engine.exemplar import MOST_BYTES, open_exemplar, short_side_for
from ..engine.layers import layers_of
from ..engine.model import SourceFacts, parts_of
from ..engine.prior import ShapedNoise, unpack_prior
from ..engine.pyramid import Feed
from ..engine.synthesis import Texture
from ..engine.video.source import never
from .streamed import StreamedPyramid

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    import numpy as np

    from ..engine.fill import Edited
    from ..engine.layers import Layer
    from ..engine.model import TextureModel
    from ..engine.prior import MotionPrior
    from ..engine.shot import Shot
    from ..engine.synthesis import Base
    from .device import Device


INJECT = 1
"""The scale from which on an edited clip is made anew, where none is asked for."""


def open_texture(
    model: TextureModel,
    device: Device,
    *,
    layers: Collection[Layer] | None = None,
    size_hw: tuple[int, int] | None = None,
    source: Path | None = None,
    exemplar_bytes: int = MOST_BYTES,
    stop: Callable[[], bool] = never,
) -> Texture:
    """A learned texture with some of its layers, as ``layers_of`` chooses by default.

    Where the prior is left out, what comes after it starts from the clip's still layout and white noise. It is opened
    as large as ``size_hw`` needs it, or as it is. ``source`` is the clip, where the model names another place for it;
    ``exemplar_bytes`` bounds the memory of its frames. Raises OptionError for layers that the model doesn't have,
    ClipError, ModelFileError and ReadStopped as ``open_exemplar`` does, and ModelFileError where the model's parts
    don't belong together.
    """
    chosen = layers_of(model, layers)
    prior, base = _prior_and_base(model, chosen, device)
    exemplar, sample_aspect = None, model.facts.sample_aspect
    if "detail" in chosen:
        side = model.exemplar and short_side_for(model.exemplar.size_hw, model.exemplar.sample_aspect, size_hw)
        exemplar = open_exemplar(model, source=source, short_side=side, most_bytes=exemplar_bytes, stop=stop)
        if model.exemplar is not None:
            sample_aspect = Fraction(1) if side else model.exemplar.sample_aspect
    return Texture(
        facts=model.facts,
        frames=model.frames,
        layers=chosen,
        prior=prior,
        base=base,
        detail=None if exemplar is None else DetailTransfer(exemplar, base_hw=base.size_hw),
        sample_aspect=sample_aspect,
        options=model.options,
    )


def open_for_editing(model: TextureModel, shot: Shot, device: Device) -> Texture:
    """What a model has learned, made of the pixels of a shot, which are taken over. Raises ModelFileError."""
    same = model.facts.sha256 == shot.clip.source_sha256
    exemplar = shot.exemplar
    aspect = exemplar.sample_aspect
    texture = open_with_pixels(model, exemplar.frames_thwc, device, sample_aspect=aspect, cut_off=True)
    offset = shot.clip.span[0] - model.facts.span[0] if same else None
    return replace(texture, facts=SourceFacts.of(shot.clip), frames=len(shot), offset=offset)


def open_with_pixels(
    model: TextureModel,
    pixels_thwc: np.ndarray,
    device: Device,
    *,
    sample_aspect: Fraction,
    cut_off: bool = False,
) -> Texture:
    """What a model has learned, made of these frames' pixels, levels of uint8 or uint16, which are taken over.

    ``cut_off`` is ``DetailTransfer``'s. Raises ModelFileError.
    """
    chosen = layers_of(model, ("prior", "pyramid") if model.options.preset == "fast" else ("pyramid",))
    prior, base = _prior_and_base(model, chosen, device)
    return Texture(
        facts=model.facts,
        frames=model.frames,
        layers=(*chosen, "detail"),
        prior=prior,
        base=base,
        detail=DetailTransfer(pixels_thwc, base_hw=base.size_hw, cut_off=cut_off),
        sample_aspect=sample_aspect,
        options=model.options,
    )


def open_for_painting(model: TextureModel, edited: Edited, device: Device, *, inject: int | None) -> Base:
    """What makes an edited clip in small, its size the model's, anew from scale ``inject`` on, the coarsest being 0;
    by default from ``INJECT`` or the finest. Raises OptionError for a scale that there isn't, ModelFileError."""
    # Of white noise alone, the coarsest scale makes what it likes.
    scales = range(0 if model.options.preset == "fast" else 1, len(model.sizes_hw))
    if not scales:
        raise OptionError(
            f"{model.facts.name} was learned at one scale, from white noise: it can make nothing anew.",
            remedy="Give a model with more scales, or --instant in its place.",
        )
    first = min(max(INJECT, scales[0]), scales[-1]) if inject is None else inject
    if first not in scales:
        raise OptionError(
            f"There is no scale {first} in what was learned from {model.facts.name} that a picture can enter.",
            remedy=f"Choose --inject {scales[0]}, the coarsest, to {scales[-1]}, the finest.",
        )
    with parts_of(model):
        feed = Feed(seed=model.options.seed, prior=edited if model.options.preset == "fast" else None)
        return StreamedPyramid(feed, model, device, injected=edited, first=first)


def _prior_and_base(model: TextureModel, layers: Collection[Layer], device: Device) -> tuple[MotionPrior | None, Base]:
    with parts_of(model):
        motion = unpack_prior(model.arrays) if model.options.preset == "fast" else None
        if motion is None or "prior" in layers:
            prior = used = motion
        else:
            prior, used = None, ShapedNoise(motion)
        if used is not None and "pyramid" not in layers:
            return prior, used
        return prior, StreamedPyramid(Feed(seed=model.options.seed, prior=used), model, device)
