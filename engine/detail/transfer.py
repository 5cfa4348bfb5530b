"""From small video to the source's own resolution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .. import threads
from ..canvas import Canvas
from ..exact import rounded
from ..scales import resize, resize_alike
from .coarse import CoarseBands
from .descriptors import DIGIT, Descriptors
from .fine import FineBand, enlarged
from .matching import Known, enlarge, search, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

GRID = 48
"""Short side, in cells, of the finest grid that is matched on. Finer ones follow the small video's own faults."""

MOST_CELLS = 8192
"""Of a grid: long narrow pictures get fewer cells across."""

COARSEST = 10
"""Cells below which halving the grid stops: a patch then spans half of the picture."""

CONTRAST = 1.1
"""By how much what is wanted is exaggerated. The nearest patch to one that the source never had is calmer than it."""

STAGGER = 12
"""Frames at each end of a source that is cut off there over which its places run out, one after the other: else all of
a video that goes on beyond it would change at once."""

CONTEXT = 8
"""Frames before and after a chunk that its matching looks at."""

TOGETHER_PX = 1 << 24
"""Pixels that are brought to the grid at a time."""


class DetailTransfer:
    """Makes small video into large, of the pixels of an exemplar: frames of the source at the size wanted.

    ``exemplar_thwc`` is uint8 or uint16 levels, (N, H, W, 3); ``base_hw`` the small video's size. The picture's layout
    stays: a piece comes from near its own place in the picture, at any moment of the exemplar. The array is taken over.
    ``cut_off`` says that the source goes on at the exemplar's ends, with frames that must not be used.
    """

    def __init__(self, exemplar_thwc: np.ndarray, *, base_hw: tuple[int, int], cut_off: bool = False) -> None:
        self.size_hw = (exemplar_thwc.shape[1], exemplar_thwc.shape[2])
        self.exemplar_bytes = exemplar_thwc.nbytes
        self._grids = _grids(base_hw)
        source = _shrunk(exemplar_thwc, self._grids[-1])
        self._source = source.astype(np.float32)
        self._describe = [Descriptors(resize(source, grid)) for grid in self._grids]
        self._known = [
            Known(
                descriptors=describe(resize(source, grid)),
                spread=max(describe.spread, 1e-6),
                stagger=STAGGER if cut_off else 0,
            )
            for describe, grid in zip(self._describe, self._grids, strict=True)
        ]
        self._coarse: dict[tuple[int, ...], CoarseBands] = {}
        self._fine = FineBand(exemplar_thwc, self._source)

    def cells(self, canvas: Canvas) -> int:
        """Of the finest grid of a canvas that is matched on."""
        return math.prod(canvas.of_source(self._grids[-1]).size_hw)

    def labels(self, base_tchw: np.ndarray, canvas: Canvas | None = None) -> np.ndarray:
        """Where in the exemplar each cell of the finest grid comes from, (T, h, w, 3); for video in [-1, 1]."""
        canvas = canvas or Canvas.of(self.size_hw, self.size_hw)
        labels: np.ndarray | None = None
        for grid, describe, known in zip(self._grids, self._describe, self._known, strict=True):
            cells = canvas.of_source(grid)
            usual = known.usual[cells.home()]
            wanted = describe(resize_alike(base_tchw, cells.size_hw, around=canvas.around), canvas.around) - usual
            wanted *= CONTRAST
            wanted += usual
            rounded(wanted, DIGIT)
            labels = search(wanted, known, cells) if labels is None else enlarge(labels, cells.size_hw)
            labels = settle(wanted, known, labels, cells)
        assert labels is not None
        return labels

    def frames(self, base_tchw: np.ndarray, kept: range, canvas: Canvas | None = None) -> Iterator[np.ndarray]:
        """Yield the frames ``kept`` of the base at full size, (3, H, W) in [-1, 1]. The base's other frames are
        context, ``CONTEXT`` on either side. On a ``canvas``, in pixels of the exemplar, the base is as wide and high as
        that is."""
        canvas = canvas or Canvas.of(self.size_hw, self.size_hw)
        labels = self.labels(base_tchw, canvas)
        if canvas.larger not in self._coarse:
            self._coarse[canvas.larger] = CoarseBands(self._source, canvas.larger)
        coarse = self._coarse[canvas.larger].made_of(labels, canvas.of_source(self._grids[-1]))
        for frame in kept:
            picture = enlarged(coarse[frame], canvas.size_hw, canvas.around)
            self._fine.add_to(picture, frame, labels[frame], canvas.around)
            yield np.clip(picture, -1, 1, out=picture)


def _grids(base_hw: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Sizes in cells, coarsest first, each about half of the next."""
    short = min(base_hw)
    widest = math.isqrt(MOST_CELLS * short // max(base_hw))
    sides = [max(1, min(GRID, short, widest))]
    while sides[0] // 2 >= COARSEST:
        sides.insert(0, sides[0] // 2)
    return tuple((max(1, round(base_hw[0] * side / short)), max(1, round(base_hw[1] * side / short))) for side in sides)


def _shrunk(levels_thwc: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """The exemplar on a grid, (N, 3, h, w) in [-1, 1], double precision, a few frames at a time."""
    frames, height, width, _ = levels_thwc.shape
    scale = 2 / np.iinfo(levels_thwc.dtype).max

    def shrink(frame_hwc: np.ndarray) -> np.ndarray:
        # Rows first: what is left is small before its colours are taken apart.
        rows = resize(frame_hwc.reshape(height, -1).astype(np.float64), (size_hw[0], 3 * width))
        return np.clip(resize(np.moveaxis(rows.reshape(-1, width, 3), 2, 0), size_hw) * scale - 1, -1, 1)

    together = max(1, TOGETHER_PX // (height * width))
    parts = [levels_thwc[start : start + together] for start in range(0, frames, together)]
    return np.stack([small for part in parts for small in threads.shared(shrink, part)])
