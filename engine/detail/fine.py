"""Putting the pieces together: each band of frequencies over its own width (Burt and Adelson, 1983)."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from ..scales import resize

WIDE = 1.2
NARROW = 0.8
"""Deviations, in cells, over which the labels around a place have a say in its low and its middle frequencies. The
high ones, at full size, change over within a cell."""

SHARPNESS = 3
"""Of the change from one cell's pixels to the next's: 1 is a straight line."""

NEGLIGIBLE = 0.02
STRIP_PX = 1 << 19
"""Pixels that are put together at a time."""


def blended(source: Tensor, labels: Tensor) -> Tensor:
    """The picture that labels make of ``source``, (N, 3, H, W) on their own grid; (T, 3, H, W)."""
    height, width = source.shape[2:]
    low = resize(resize(source, (max(2, height // 2), max(2, width // 2))), (height, width))
    return _voted(low, labels, WIDE) + _voted(source - low, labels, NARROW)


def _voted(source: Tensor, labels: Tensor, deviation: float) -> Tensor:
    """The mean of what the labels around each place would put there, Gaussian weights; (T, 3, H, W)."""
    frames, height, width, _ = labels.shape
    reach = round(2.5 * deviation)
    values = source.permute(0, 2, 3, 1).flatten(0, 2)
    shape = torch.tensor([len(source), height, width])
    place = torch.stack(torch.meshgrid(*map(torch.arange, labels.shape[:3]), indexing="ij"), -1)
    total, weights = torch.zeros(frames, height, width, 3), torch.zeros(frames, height, width, 1)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            weight = math.exp(-(down**2 + right**2) / (2 * deviation**2))
            if weight < NEGLIGIBLE:
                continue
            rows, columns = (
                (torch.arange(side) + by).clamp(0, side - 1) for side, by in ((height, down), (width, right))
            )
            at = place + labels[:, rows][:, :, columns]
            inside = ((at >= 0) & (at < shape)).all(-1, keepdim=True)
            at = torch.minimum(at.clamp(min=0), shape - 1)
            taken = values[(at[..., 0] * height + at[..., 1]) * width + at[..., 2]]
            total += weight * inside * taken
            weights += weight * inside
    return (total / weights.clamp(min=1e-6)).permute(0, 3, 1, 2)


class FineBand:
    """The frequencies of an exemplar that the labels' grid can't hold, taken from place to place at full size.

    ``levels_thwc`` is the exemplar, uint8 or uint16; it is taken over: its memory holds, frame by frame as they are
    needed, what lies between it and ``source``, the same video on the labels' grid: half of the range is enough for it.
    """

    def __init__(self, levels_thwc: np.ndarray, source: Tensor) -> None:
        self._levels, self._source = levels_thwc, source
        self._most = np.iinfo(levels_thwc.dtype).max
        self._signed = levels_thwc.view(np.int8 if levels_thwc.dtype == np.uint8 else np.int16)
        self._fine = torch.from_numpy(self._signed).flatten(0, 2)
        self._made = np.zeros(len(levels_thwc), bool)
        self._size_hw = levels_thwc.shape[1:3]
        grid_hw = source.shape[2:]
        self._scale = [size / cells for size, cells in zip(self._size_hw, grid_hw, strict=True)]
        self._axes = [_between(size, cells) for size, cells in zip(self._size_hw, grid_hw, strict=True)]

    def frame(self, number: int, labels: Tensor) -> Tensor:
        """The band of the frame of this number, its labels (h, w, 3) given; (3, H, W), a colour's range being 2."""
        ways = labels.clone()
        ways[..., 0] = (labels[..., 0] + number).clamp(0, len(self._levels) - 1)
        for time in ways[..., 0].unique().tolist():
            self._prepare(time)
        for axis, scale in enumerate(self._scale, 1):
            ways[..., axis] = (labels[..., axis] * scale).round().long()
        height, width = self._size_hw
        rows = max(1, STRIP_PX // width)
        strips = [self._strip(ways, start, min(start + rows, height)) for start in range(0, height, rows)]
        return torch.cat(strips).permute(2, 0, 1) * (2 / self._most)

    def _strip(self, ways: Tensor, top: int, bottom: int) -> Tensor:
        """Some rows of the picture, (bottom - top, W, 3)."""
        (rows, down), (columns, right) = self._axes
        down = down[top:bottom]
        corners = [ways[row[top:bottom]][:, column] for row in rows for column in columns]
        line, place = torch.arange(top, bottom)[:, None], torch.arange(self._size_hw[1])[None]
        made = self._at(corners[0], line, place)
        # Where all four cells around a pixel agree, one of them is enough.
        mixed = torch.stack([(corner != corners[0]).any(-1) for corner in corners[1:]]).any(0)
        y, x = mixed.nonzero(as_tuple=True)
        low, high = (1 - down[y], down[y]), (1 - right[x], right[x])
        shares = [vertical * horizontal for vertical in low for horizontal in high]
        parts = [
            share[:, None] * self._at(corner[y, x], y + top, x) for share, corner in zip(shares, corners, strict=True)
        ]
        made[y, x] = torch.stack(parts).sum(0)
        return made

    def _prepare(self, time: int) -> None:
        if self._made[time]:
            return
        coarse = (resize(self._source[time], self._size_hw).permute(1, 2, 0).numpy() + 1) * (self._most / 2)
        most = np.iinfo(self._signed.dtype).max
        self._signed[time] = np.rint(self._levels[time] - coarse).clip(-most, most)
        self._made[time] = True

    def _at(self, ways: Tensor, y: Tensor, x: Tensor) -> Tensor:
        height, width = self._size_hw
        row, column = (y + ways[..., 1]).clamp(0, height - 1), (x + ways[..., 2]).clamp(0, width - 1)
        return self._fine[(ways[..., 0] * height + row) * width + column].float()


def _between(size: int, cells: int) -> tuple[tuple[Tensor, Tensor], Tensor]:
    """Of each pixel along an axis: the cells before and after it, and the share of the one after."""
    place = (torch.arange(size) + 0.5) * cells / size - 0.5
    before = place.floor().long()
    share = place - before
    share = share**SHARPNESS / (share**SHARPNESS + (1 - share) ** SHARPNESS)
    return (before.clamp(0, cells - 1), (before + 1).clamp(0, cells - 1)), share
