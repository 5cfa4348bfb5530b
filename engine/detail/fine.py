"""The fine band of the result, taken from place to place at full size."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..scales import resize

SHARPNESS = 3
"""Of the change from one cell's pixels to the next's, which happens within a cell: 1 is a straight line."""

STRIP_PX = 1 << 19
"""Pixels that are put together at a time."""


class FineBand:
    """The frequencies of an exemplar that the labels' grid can't hold.

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

    def add_to(self, picture_chw: Tensor, number: int, labels: Tensor) -> None:
        """Add the band to the frame of this number, in [-1, 1] and at full size; its labels are (h, w, 3)."""
        ways = labels.clone()
        ways[..., 0] = (labels[..., 0] + number).clamp(0, len(self._levels) - 1)
        for time in ways[..., 0].unique().tolist():
            self._prepare(time)
        for axis, scale in enumerate(self._scale, 1):
            ways[..., axis] = (labels[..., axis] * scale).round().long()
        height, width = self._size_hw
        rows = max(1, STRIP_PX // width)
        for top in range(0, height, rows):
            bottom = min(top + rows, height)
            picture_chw[:, top:bottom].add_(self._strip(ways, top, bottom).permute(2, 0, 1), alpha=2 / self._most)

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
