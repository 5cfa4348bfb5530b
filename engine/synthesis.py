"""New video from a texture: its layers, from the prior to the source's own pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from .detail import DetailTransfer
from .detail.transfer import CONTEXT
from .exemplar import MOST_BYTES, open_exemplar
from .layers import Layer, layers_of
from .levels import levels
from .packing import unpack
from .prior import Draw, MotionPrior, ShapedNoise
from .scales import resize
from .video.source import never

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from fractions import Fraction
    from pathlib import Path

    import numpy as np
    from torch import Tensor

    from .config import LearnOptions
    from .model import SourceFacts, TextureModel

CHUNK = 32
"""Frames made together. Chunks lie on a fixed grid, so that a frame never depends on the range asked for."""


class Base(Protocol):
    """What makes small video: the motion prior, or the pyramid."""

    @property
    def size_hw(self) -> tuple[int, int]: ...

    def video(self, frames: range, draw: Draw) -> Tensor:
        """Any range of the endless video of one draw, (T, 3, H, W) in [-1, 1]."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Texture:
    """A texture ready to be rendered. ``layers`` are those at work, ``sample_aspect`` the shape of its own pixels;
    ``options`` None where nothing was learned."""

    facts: SourceFacts
    frames: int
    layers: tuple[Layer, ...]
    base: Base
    detail: DetailTransfer | None
    sample_aspect: Fraction
    options: LearnOptions | None

    @property
    def size_hw(self) -> tuple[int, int]:
        """Of its pictures: the source's own, where its pixels are at hand."""
        return self.base.size_hw if self.detail is None else self.detail.size_hw


def texture_of(
    model: TextureModel,
    *,
    layers: Collection[Layer] | None = None,
    source: Path | None = None,
    exemplar_bytes: int = MOST_BYTES,
    stop: Callable[[], bool] = never,
) -> Texture:
    """A learned texture with some of its layers, as ``layers_of`` chooses by default.

    Where the prior is left out, what comes after it starts from the clip's still layout and white noise. ``source`` is
    the clip, where the model names another place for it; ``exemplar_bytes`` bounds the memory of its frames. Raises
    OptionError for layers that the model doesn't have, ClipError, ModelFileError and ReadStopped as ``open_exemplar``
    and ``unpack`` do.
    """
    chosen = layers_of(model, layers)
    pyramid = unpack(model)
    motion = pyramid.prior
    if isinstance(motion, MotionPrior) and "prior" not in chosen:
        pyramid.prior = ShapedNoise(motion)
    base: Base = pyramid if "pyramid" in chosen or pyramid.prior is None else pyramid.prior
    exemplar = None
    if "detail" in chosen:
        exemplar = open_exemplar(model, source=source, most_bytes=exemplar_bytes, stop=stop)
    sample_aspect = model.facts.sample_aspect
    if model.exemplar is not None and exemplar is not None:
        sample_aspect = model.exemplar.sample_aspect
    return Texture(
        facts=model.facts,
        frames=model.frames,
        layers=chosen,
        base=base,
        detail=None if exemplar is None else DetailTransfer(exemplar, base_hw=base.size_hw),
        sample_aspect=sample_aspect,
        options=model.options,
    )


def synthesise(
    texture: Texture, *, frames: range, seed: int, size_hw: tuple[int, int] | None = None, period: int | None = None
) -> Iterator[np.ndarray]:
    """Yield frames of the endless video drawn by ``seed``, HWC RGB: uint8, or uint16 where the source is deeper.

    Any range equals the same frames of a longer one, and memory does not depend on the length. ``size_hw`` scales the
    texture's own picture. With a ``period`` the video is a loop: a frame so much later is the same.
    """
    draw = Draw(seed=seed, period=period)
    deep = texture.facts.bit_depth > 8
    for chunk in _chunks(frames, period):
        wanted = range(max(chunk.start, frames.start), min(chunk.stop, frames.stop))
        for frame in _chunk(texture, chunk, wanted, draw):
            yield levels(resize(frame, size_hw or texture.size_hw), deep=deep)


def _chunks(frames: range, period: int | None) -> Iterator[range]:
    """The chunks that hold these frames: on a fixed grid, of which a loop has a whole number of cells."""
    cells, length = (1, CHUNK) if period is None else (-(-period // CHUNK), period)
    number = frames.start * cells // length
    while number * length // cells < frames.stop:
        chunk = range(number * length // cells, (number + 1) * length // cells)
        number += 1
        if chunk.stop > frames.start:
            yield chunk


def _chunk(texture: Texture, chunk: range, wanted: range, draw: Draw) -> Iterator[Tensor]:
    """The wanted frames of one chunk. Matching sees the whole chunk, whichever of its frames are wanted."""
    if texture.detail is None:
        yield from texture.base.video(chunk, draw)[wanted.start - chunk.start : wanted.stop - chunk.start]
        return
    wide = range(chunk.start - CONTEXT, chunk.stop + CONTEXT)
    kept = range(wanted.start - wide.start, wanted.stop - wide.start)
    yield from texture.detail.frames(texture.base.video(wide, draw).cpu(), kept)
