"""A region filled with new pictures of a texture.

What is wanted is put into the clip in small, without a seam; from there on everything is made anew, by the pyramid and
the detail transfer, so that it belongs to what is around it (the paper's editing by reference patches; SinGAN injects
edited pictures so, Shaham et al., 2019). Importing this needs no torch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..clip import Rect
from ..detail.transfer import CONTEXT
from ..levels import levels, volume
from ..prior import Draw, Known, MotionPrior
from ..synthesis import CHUNK, chunks, synthesise
from .membrane import membrane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..detail import DetailTransfer
    from ..synthesis import Base, Texture
    from ..track import Track

MOST_FOOTAGE = 2000
"""Frames of what is put in that motion is learned from: more would take gigabytes and hardly add to it."""

MARGIN = 4
"""Places around a region, in small, that are made along with it."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """A part of a picture: in small, and ``rect`` in its own pixels."""

    rows: slice
    columns: slice
    rect: Rect

    @property
    def small_hw(self) -> tuple[int, int]:
        return self.rows.stop - self.rows.start, self.columns.stop - self.columns.start

    @classmethod
    def around(cls, rect: Rect, *, size_hw: tuple[int, int], small_hw: tuple[int, int]) -> Window:
        """The least part that holds a rectangle and what is next to it."""
        (top, bottom), (left, right) = (
            (
                max(0, math.floor(first * small / side) - MARGIN),
                min(small, math.ceil((first + length) * small / side) + MARGIN),
            )
            for first, length, side, small in (
                (rect.y, rect.height, size_hw[0], small_hw[0]),
                (rect.x, rect.width, size_hw[1], small_hw[1]),
            )
        )
        return cls._of(slice(top, bottom), slice(left, right), size_hw, small_hw)

    def moved(self, rect: Rect, *, size_hw: tuple[int, int], small_hw: tuple[int, int]) -> Window:
        """A part as large as this one about the middle of a rectangle, inside the picture."""
        rows, columns = (
            _about((first + length / 2) * small / side, part.stop - part.start, small)
            for first, length, side, small, part in (
                (rect.y, rect.height, size_hw[0], small_hw[0], self.rows),
                (rect.x, rect.width, size_hw[1], small_hw[1], self.columns),
            )
        )
        moved = self._of(rows, columns, size_hw, small_hw)
        x = min(moved.rect.x, size_hw[1] - self.rect.width)
        y = min(moved.rect.y, size_hw[0] - self.rect.height)
        return replace(moved, rect=replace(self.rect, x=x, y=y))

    @classmethod
    def _of(cls, rows: slice, columns: slice, size_hw: tuple[int, int], small_hw: tuple[int, int]) -> Window:
        y, bottom, x, right = (
            round(place * side / small)
            for part, side, small in ((rows, size_hw[0], small_hw[0]), (columns, size_hw[1], small_hw[1]))
            for place in (part.start, part.stop)
        )
        return cls(rows=rows, columns=columns, rect=Rect(x=x, y=y, width=right - x, height=bottom - y))


class Content:
    """What is put into a window, in small: footage from ``first`` on as long as there is any, then what goes on from
    it; all of it new where ``first`` is None. ``footage_thwc`` are levels, (T, h, w, 3), and ``mean`` is their mean in
    time, (3, h, w) in [-1, 1]."""

    def __init__(self, footage_thwc: np.ndarray, *, first: int | None) -> None:
        start = max(0, (len(footage_thwc) - MOST_FOOTAGE) // 2) if first is None else max(0, first - CONTEXT)
        footage = footage_thwc[start : start + MOST_FOOTAGE]
        self._prior = MotionPrior(footage)
        self.mean = self._prior.layout()
        self._known = None
        self.runs_out_after = 0
        if first is not None:
            self.runs_out_after = start + len(footage) - first
            video = volume(footage)
            self._known = Known(numbers=tuple(range(start - first, self.runs_out_after)), video_tchw=video)

    def video(self, frames: range, seed: int) -> np.ndarray:
        """(T, 3, h, w) in [-1, 1]."""
        return self._prior.video(frames, Draw(seed=seed, known=self._known))


class Edited:
    """A clip in small in which a window's holes show something else: a base like any other, and a prior that a
    pyramid is fed.

    ``clip_thwc`` are levels of the base's size; ``holes_thw`` is true where something else is seen. With ``seamless``
    the content's light and colours follow those around each hole, as they are in the mean: a wave that passes by is no
    light, and would darken all of the hole.
    """

    def __init__(
        self, clip_thwc: np.ndarray, holes_thw: np.ndarray, window: Window, content: Content, *, seamless: bool
    ) -> None:
        self._clip, self._window, self._content = clip_thwc, window, content
        self._holes = holes_thw[:, window.rows, window.columns]
        self.size_hw = (clip_thwc.shape[1], clip_thwc.shape[2])
        inside = volume(clip_thwc[:, window.rows, window.columns]).mean(0) if seamless else content.mean
        self._lighter = inside - content.mean

    def video(self, frames: range, draw: Draw) -> np.ndarray:
        """(T, 3, H, W) in [-1, 1]; the first and last frame are held before and after the clip."""
        places = np.clip(np.array(frames), 0, len(self._clip) - 1)
        made = volume(self._clip[places])
        inside = made[:, :, self._window.rows, self._window.columns]
        content = self._content.video(frames, draw.seed)
        for picture, new, hole in zip(inside, content, self._holes[places], strict=True):
            picture[:, hole] = (new + membrane(self._lighter, hole))[:, hole]
        return made.clip(-1, 1, out=made)

    def layout(self) -> np.ndarray:
        """The temporal mean, (3, H, W)."""
        sums = np.zeros((3, *self.size_hw), np.float64)
        for chunk in chunks(range(len(self._clip)), None):
            sums += self.video(range(chunk.start, min(chunk.stop, len(self._clip))), Draw(seed=0)).sum(0)
        return (sums / len(self._clip)).astype(np.float32)

    def frames(self) -> np.ndarray:
        """All of it as levels like the clip's, (T, H, W, 3)."""
        deep = self._clip.dtype == np.uint16
        parts = (range(chunk.start, min(chunk.stop, len(self._clip))) for chunk in chunks(range(len(self._clip)), None))
        return np.concatenate([levels(self.video(part, Draw(seed=0)), deep=deep) for part in parts])


class Painting:
    """A window of an edited clip at full size. ``base`` makes the edited clip in small; ``detail`` is fitted to frames
    of the content at full size. It follows the camera by a ``track``."""

    def __init__(
        self,
        base: Base,
        detail: DetailTransfer,
        window: Window,
        *,
        frames: int,
        seed: int,
        deep: bool,
        track: Track | None = None,
    ) -> None:
        self._base, self._detail, self._window, self._draw, self._deep = base, detail, window, Draw(seed=seed), deep
        self._track = track
        self._stream = _Stream(self._frames, frames)

    def picture(self, number: int, place: int, frame_hwc: np.ndarray) -> np.ndarray:
        return _laid(self._stream.at(place), self._window.rect, frame_hwc, number, self._track)

    def _frames(self, wanted: range) -> Iterator[np.ndarray]:
        for chunk in chunks(wanted, None):
            wide = range(chunk.start - CONTEXT, chunk.stop + CONTEXT)
            video = self._base.video(wide, self._draw)[:, :, self._window.rows, self._window.columns]
            kept = range(max(chunk.start, wanted.start) - wide.start, min(chunk.stop, wanted.stop) - wide.start)
            for picture in self._detail.frames(np.ascontiguousarray(video), kept):
                yield levels(picture, deep=self._deep)


class Synthesised:
    """New video of another texture, as large as the region's rectangle; ``texture`` is fitted to that. It follows the
    camera by a ``track``."""

    def __init__(self, texture: Texture, rect: Rect, *, frames: int, seed: int, track: Track | None = None) -> None:
        self._rect, self._track = rect, track
        size_hw = (rect.height, rect.width)
        self._stream = _Stream(lambda wanted: synthesise(texture, frames=wanted, seed=seed, size_hw=size_hw), frames)

    def picture(self, number: int, place: int, frame_hwc: np.ndarray) -> np.ndarray:
        return _laid(self._stream.at(place), self._rect, frame_hwc, number, self._track)


class _Stream:
    """Frames asked for one after the other, some of them twice or not at all, made as they are needed."""

    def __init__(self, frames: Callable[[range], Iterator[np.ndarray]], length: int) -> None:
        self._make, self._length = frames, length
        self._next, self._last = 0, np.empty(0)
        self._frames: Iterator[np.ndarray] = iter(())

    def at(self, place: int) -> np.ndarray:
        if place == self._next - 1:
            return self._last
        if not 0 <= place - self._next < CHUNK or not self._next:
            self._frames, self._next = self._make(range(place, self._length)), place
        while self._next <= place:  # what is left out costs less than to begin anew
            self._last = next(self._frames)
            self._next += 1
        return self._last


def _laid(part_hwc: np.ndarray, rect: Rect, frame_hwc: np.ndarray, number: int, track: Track | None) -> np.ndarray:
    """A picture as large as the frame that shows a part at its place, in the frame's depth."""
    height, width = frame_hwc.shape[:2]
    if part_hwc.dtype != frame_hwc.dtype:
        part_hwc = levels(volume(part_hwc), deep=frame_hwc.dtype == np.uint16)
    if track is None:
        made = np.zeros((height, width, 3), frame_hwc.dtype)
        made[rect.cut] = part_hwc
        return made
    beside = ((rect.y, height - rect.y - rect.height), (rect.x, width - rect.x - rect.width), (0, 0))
    return track.from_reference(np.pad(part_hwc, beside, mode="edge"), number)


def _about(middle: float, length: int, most: int) -> slice:
    first = min(max(0, round(middle - length / 2)), most - length)
    return slice(first, first + length)
