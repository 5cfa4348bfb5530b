"""New video from a texture: its layers, from the prior to the source's own pixels. Importing this needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from .detail import DetailTransfer
from .detail.transfer import CONTEXT
from .levels import levels
from .prior import Draw
from .scales import resize

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    import numpy as np

    from .canvas import Canvas
    from .config import LearnOptions
    from .layers import Layer
    from .model import SourceFacts
    from .prior import MotionPrior

CHUNK = 32
"""Frames made together. Chunks lie on a fixed grid, so that a frame never depends on the range asked for."""


class Base(Protocol):
    """What makes small video: the motion prior, or the pyramid."""

    @property
    def size_hw(self) -> tuple[int, int]: ...

    def video(self, frames: range, draw: Draw) -> np.ndarray:
        """Any range of the endless video of one draw, (T, 3, H, W) in [-1, 1]."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Texture:
    """A texture ready to be rendered.

    ``layers`` are those at work, ``sample_aspect`` the shape of its own pixels; ``prior`` is None where it is not at
    work, ``options`` where nothing was learned, ``canvas`` where the source's picture and no more is shown. Of a shot
    that is edited, ``offset`` is the place of its first frame among the learned ones, None where these are others.
    """

    facts: SourceFacts
    frames: int
    layers: tuple[Layer, ...]
    prior: MotionPrior | None
    base: Base
    detail: DetailTransfer | None
    sample_aspect: Fraction
    options: LearnOptions | None
    canvas: Canvas | None = None
    offset: int | None = 0

    @property
    def size_hw(self) -> tuple[int, int]:
        """Of its pictures: the canvas', or the source's own where its pixels are at hand."""
        if self.canvas is not None:
            return self.canvas.size_hw
        return self.base.size_hw if self.detail is None else self.detail.size_hw


def synthesise(
    texture: Texture,
    *,
    frames: range,
    seed: int,
    fine_seed: int | None = None,
    size_hw: tuple[int, int] | None = None,
    period: int | None = None,
) -> Iterator[np.ndarray]:
    """Yield frames of the endless video drawn by ``seed``, HWC RGB: uint8, or uint16 where the source is deeper.
    ``fine_seed`` is the draw's.

    Any range equals the same frames of a longer one, and memory does not depend on the length. ``size_hw`` scales the
    texture's own picture. With a ``period`` the video is a loop: a frame so much later is the same.
    """
    draw = Draw(seed=seed, fine_seed=fine_seed, period=period)
    deep = texture.facts.bit_depth > 8
    around = texture.canvas.around if texture.canvas else (False, False)
    for chunk in chunks(frames, period):
        wanted = range(max(chunk.start, frames.start), min(chunk.stop, frames.stop))
        for frame in _chunk(texture, chunk, wanted, draw):
            yield levels(resize(frame, size_hw or texture.size_hw, around=around), deep=deep)


def chunks(frames: range, period: int | None) -> Iterator[range]:
    """The chunks that hold these frames: on a fixed grid, of which a loop has a whole number of cells."""
    cells, length = (1, CHUNK) if period is None else (-(-period // CHUNK), period)
    number = frames.start * cells // length
    while number * length // cells < frames.stop:
        chunk = range(number * length // cells, (number + 1) * length // cells)
        number += 1
        if chunk.stop > frames.start:
            yield chunk


def _chunk(texture: Texture, chunk: range, wanted: range, draw: Draw) -> Iterator[np.ndarray]:
    """The wanted frames of one chunk. Matching sees the whole chunk, whichever of its frames are wanted."""
    if texture.detail is None:
        yield from texture.base.video(chunk, draw)[wanted.start - chunk.start : wanted.stop - chunk.start]
        return
    wide = range(chunk.start - CONTEXT, chunk.stop + CONTEXT)
    kept = range(wanted.start - wide.start, wanted.stop - wide.start)
    yield from texture.detail.frames(texture.base.video(wide, draw), kept, canvas=texture.canvas)
