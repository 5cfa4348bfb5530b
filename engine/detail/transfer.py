"""From small video to the source's own resolution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from ..levels import volume
from ..scales import resize
from .coarse import CoarseBands
from .descriptors import Descriptors
from .fine import FineBand
from .matching import Known, enlarge, search, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from torch import Tensor

GRID = 48
"""Short side, in cells, of the finest grid that is matched on. Finer ones follow the small video's own faults."""

MOST_CELLS = 8192
"""Of a grid: long narrow pictures get fewer cells across."""

COARSEST = 10
"""Cells below which halving the grid stops: a patch then spans half of the picture."""

CONTRAST = 1.1
"""By how much what is wanted is exaggerated. The nearest patch to one that the source never had is calmer than it."""

CONTEXT = 8
"""Frames before and after a chunk that its matching looks at."""

TOGETHER_PX = 1 << 22
"""Pixels that are brought to the grid at a time."""


class DetailTransfer:
    """Makes small video into large, of the pixels of an exemplar: frames of the source at the size wanted.

    ``exemplar_thwc`` is uint8 or uint16 levels, (N, H, W, 3); ``base_hw`` the small video's size. The picture's layout
    stays: a piece comes from near its own place in the picture, at any moment of the exemplar. The array is taken over.
    """

    def __init__(self, exemplar_thwc: np.ndarray, *, base_hw: tuple[int, int]) -> None:
        self.size_hw = (exemplar_thwc.shape[1], exemplar_thwc.shape[2])
        self._grids = _grids(base_hw)
        self._source = _shrunk(exemplar_thwc, self._grids[-1])
        self._describe = [Descriptors(resize(self._source, grid)) for grid in self._grids]
        self._known = [
            Known(descriptors=describe(resize(self._source, grid)), spread=max(describe.spread, 1e-6))
            for describe, grid in zip(self._describe, self._grids, strict=True)
        ]
        self._coarse = CoarseBands(self._source)
        self._fine = FineBand(exemplar_thwc, self._source)

    def labels(self, base_tchw: Tensor) -> Tensor:
        """Where in the exemplar each cell of the finest grid comes from, (T, h, w, 3); for video in [-1, 1]."""
        labels: Tensor | None = None
        for grid, describe, known in zip(self._grids, self._describe, self._known, strict=True):
            usual = known.descriptors.mean(0)
            wanted = usual + CONTRAST * (describe(resize(base_tchw, grid)) - usual)
            labels = search(wanted, known) if labels is None else enlarge(labels, grid)
            labels = settle(wanted, known, labels)
        assert labels is not None
        return labels

    def frames(self, base_tchw: Tensor, kept: range) -> Iterator[Tensor]:
        """Yield the frames ``kept`` of the base at full size, (3, H, W) in [-1, 1]. The base's other frames are
        context, ``CONTEXT`` on either side."""
        labels = self.labels(base_tchw)
        coarse = self._coarse.made_of(labels)
        for frame in kept:
            picture = resize(coarse[frame], self.size_hw)
            self._fine.add_to(picture, frame, labels[frame])
            yield picture.clamp_(-1, 1)


def _grids(base_hw: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Sizes in cells, coarsest first, each about half of the next."""
    short = min(base_hw)
    widest = math.isqrt(MOST_CELLS * short // max(base_hw))
    sides = [max(1, min(GRID, short, widest))]
    while sides[0] // 2 >= COARSEST:
        sides.insert(0, sides[0] // 2)
    return tuple((max(1, round(base_hw[0] * side / short)), max(1, round(base_hw[1] * side / short))) for side in sides)


def _shrunk(levels_thwc: np.ndarray, size_hw: tuple[int, int]) -> Tensor:
    """The exemplar on a grid, (N, 3, h, w) in [-1, 1], a few frames at a time."""
    frames, height, width, _ = levels_thwc.shape
    together = max(1, TOGETHER_PX // (height * width))
    parts = [levels_thwc[start : start + together] for start in range(0, frames, together)]
    return torch.cat([resize(volume(part), size_hw).clamp(-1, 1) for part in parts])
