"""The fine band of the result, taken from place to place at full size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .. import threads
from ..scales import resize

SHARPNESS = 3
"""Of the change from one cell's pixels to the next's, which happens within a cell: 1 is a straight line."""

STRIP_PX = 1 << 18
"""Pixels that are put together at a time."""

WINDOW_PX = 16
"""Pixels are looked up in multiples of so many: these are copied the fastest."""


class FineBand:
    """The frequencies of an exemplar that the labels' grid can't hold.

    ``levels_thwc`` is the exemplar, uint8 or uint16; it is taken over: its memory holds, frame by frame as they are
    needed, what lies between it and ``source_tchw``, the same video on the labels' grid: half of the range is enough
    for it.
    """

    def __init__(self, levels_thwc: np.ndarray, source_tchw: np.ndarray) -> None:
        self._levels, self._source = np.ascontiguousarray(levels_thwc), source_tchw
        self._most = np.iinfo(levels_thwc.dtype).max
        self._signed = self._levels.view(np.int8 if levels_thwc.dtype == np.uint8 else np.int16)
        self._made = np.zeros(len(levels_thwc), bool)
        self._size_hw = levels_thwc.shape[1:3]

    def add_to(self, picture_chw: np.ndarray, number: int, labels: np.ndarray, around: tuple[bool, bool]) -> None:
        """Add the band to the frame of this number, in [-1, 1] and at its full size; its labels are (h, w, 3)."""
        down, right = (_Axis.of(*each) for each in zip(picture_chw.shape[1:], labels.shape[:2], around, strict=True))
        frame = _Frame.of(down, right, self._signed)
        ways = labels.astype(np.intp)
        ways[..., 0] = np.clip(ways[..., 0] + number, 0, len(self._levels) - 1)
        for time in np.unique(ways[..., 0]):
            self._prepare(time)
        for axis, scale in enumerate((frame.down.scale, frame.right.scale), 1):
            ways[..., axis] = np.rint(ways[..., axis] * scale)
        corners = []
        for rows, down in zip(frame.down.cells, frame.down.turns, strict=True):
            for columns, right in zip(frame.right.cells, frame.right.turns, strict=True):
                corners.append(ways[rows[:, None], columns])
                corners[-1][..., 1] += down[:, None]
                corners[-1][..., 2] += right
        # Where all four cells around a block agree, one of them is enough.
        mixed = np.any([(corner != corners[0]).any(-1) for corner in corners[1:]], axis=0)

        def add(strip: slice) -> None:
            made = self._strip(frame, corners, mixed, strip)
            made *= 2 / self._most
            picture_chw[:, strip] += np.moveaxis(made, 2, 0)

        threads.shared(add, _strips(picture_chw.shape[1], picture_chw.shape[2]))

    def _strip(self, frame: _Frame, corners: list[np.ndarray], mixed: np.ndarray, strip: slice) -> np.ndarray:
        """Some rows of the picture, (rows, W, 3). ``corners`` are the ways of the four cells around each block."""
        y, blocks = np.arange(strip.start, strip.stop), frame.down.block[strip]
        every = np.arange(len(frame.right.starts))
        levels = self._taken(frame, corners[0][blocks], y[:, None], every).astype(np.float32)
        row, run = np.nonzero(mixed[blocks])
        parts = [self._taken(frame, corner[blocks[row], run], y[row], run).astype(np.float32) for corner in corners]
        down, right = frame.down.share[y[row], None], frame.shares[run]
        left, other = (_between(above, below, down) for above, below in zip(parts[:2], parts[2:], strict=True))
        levels[row, run] = _between(left, other, right)
        made = np.empty((len(y), 3 * len(frame.right.block)), np.float32)
        for number, (start, length) in enumerate(frame.runs):
            made[:, start : start + length] = levels[:, number, :length]
        return made.reshape(len(y), -1, 3)

    def _taken(self, frame: _Frame, ways: np.ndarray, y: np.ndarray, run: np.ndarray) -> np.ndarray:
        """What ways (..., 3) take for runs of pixels along a row, (..., 3 * the longest run's pixels)."""
        height, width = self._size_hw
        starts, lengths = frame.right.starts[run], frame.right.lengths[run]
        line = (ways[..., 0] * height + np.clip(y + ways[..., 1], 0, height - 1)) * width
        column = starts + ways[..., 2]
        first = line + column
        last = len(frame.windows) - 1
        taken = frame.windows[np.clip(first, 0, last)]
        taken = taken.view(self._signed.dtype).reshape(*first.shape, frame.shares.shape[1])
        # Beside the picture its edges go on.
        beside = (column < 0) | (column + lengths > width) | (first > last)
        columns = np.clip(column[beside][:, None] + np.arange(frame.shares.shape[1] // 3), 0, width - 1)
        taken[beside] = self._signed.reshape(-1, 3)[line[beside][:, None] + columns].reshape(
            len(columns), taken.shape[-1]
        )
        return taken

    def _prepare(self, time: int) -> None:
        if self._made[time]:
            return
        # In double precision, so that every processor rounds to the same level.
        source = (self._source[time].astype(np.float64) + 1) * (self._most / 2)
        coarse_hwc = np.moveaxis(enlarged(source, self._size_hw), 0, 2)
        most = np.iinfo(self._signed.dtype).max

        def subtract(strip: slice) -> None:
            apart = self._levels[time, strip].astype(np.float32)
            apart -= coarse_hwc[strip]
            self._signed[time, strip] = np.clip(np.rint(apart, out=apart), -most, most, out=apart)

        threads.shared(subtract, _strips(*self._size_hw))
        self._made[time] = True


def enlarged(
    picture_chw: np.ndarray, size_hw: tuple[int, int], around: tuple[bool, bool] = (False, False)
) -> np.ndarray:
    """A picture (3, h, w) as (3, H, W). In memory its colours lie side by side, as those of frames do."""
    height, width = size_hw
    wide = resize(picture_chw, (picture_chw.shape[1], width), around=around)
    rows = np.moveaxis(wide, 0, 2).reshape(-1, 3 * width)
    return np.moveaxis(resize(rows, (height, 3 * width), around=around).reshape(height, width, 3), 2, 0)


@dataclass(frozen=True, kw_only=True)
class _Axis:
    """Pixels along an axis, in runs between the middles of two cells."""

    scale: float
    """Pixels a cell."""

    cells: tuple[np.ndarray, np.ndarray]
    """Before and after each run."""

    turns: tuple[np.ndarray, np.ndarray]
    """By how many pixels the ways from these cells are longer, for those that lie behind the other end."""

    starts: np.ndarray
    lengths: np.ndarray

    block: np.ndarray
    """The run that a pixel belongs to."""

    share: np.ndarray
    """Of the cell after it in a pixel."""

    @classmethod
    @lru_cache(maxsize=8)
    def of(cls, size: int, cells: int, around: bool) -> _Axis:
        place = (np.arange(size) + 0.5) * cells / size - 0.5
        before, starts, block, lengths = np.unique(
            np.floor(place).astype(np.intp), return_index=True, return_inverse=True, return_counts=True
        )
        share = place - before[block]
        share = share**SHARPNESS / (share**SHARPNESS + (1 - share) ** SHARPNESS)
        both = (before, before + 1)
        return cls(
            scale=size / cells,
            cells=(both[0] % cells, both[1] % cells) if around else (both[0].clip(0), both[1].clip(0, cells - 1)),
            turns=(-(both[0] // cells) * size, -(both[1] // cells) * size) if around else (0 * before, 0 * before),
            starts=starts,
            lengths=lengths,
            block=block,
            share=share.astype(np.float32),
        )


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """A picture's two axes, and what is looked up for each run of its pixels."""

    down: _Axis
    right: _Axis
    runs: list[tuple[int, int]]
    windows: np.ndarray
    shares: np.ndarray

    @classmethod
    def of(cls, down: _Axis, right: _Axis, levels_thwc: np.ndarray) -> _Frame:
        windows = _windows(levels_thwc, max(right.lengths))
        shares = np.zeros((len(right.starts), windows.itemsize // (3 * levels_thwc.itemsize)), np.float32)
        for row, start, length in zip(shares, right.starts, right.lengths, strict=True):
            row[:length] = right.share[start : start + length]
        runs = list(zip((3 * right.starts).tolist(), (3 * right.lengths).tolist(), strict=True))
        return cls(down=down, right=right, runs=runs, windows=windows, shares=shares.repeat(3, 1))


def _strips(height: int, width: int) -> list[slice]:
    rows = max(1, STRIP_PX // width)
    return [slice(top, min(top + rows, height)) for top in range(0, height, rows)]


def _between(one: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    """One picture and the share of another, made in the other's memory."""
    other -= one
    other *= share
    other += one
    return other


def _windows(levels_thwc: np.ndarray, longest: int) -> np.ndarray:
    """What follows each pixel in memory, of at least so many pixels, as one value; the last pixels are too few."""
    pixels, px_bytes = levels_thwc.size // 3, 3 * levels_thwc.itemsize
    length = min(-(-longest // WINDOW_PX) * WINDOW_PX, pixels)
    window = np.dtype((np.void, length * px_bytes))
    return np.ndarray((pixels - length + 1,), window, buffer=levels_thwc, strides=(px_bytes,))
