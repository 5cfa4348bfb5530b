"""How much of each pixel a polygon covers, exactly.

An edge adds, to every pixel right of it, the height that it passes; an edge back up takes it away again. Only the
changes from one pixel of a row to the next are kept until the end, so that an edge costs no more than its length.
"""

from __future__ import annotations

import numpy as np

EDGES_TOGETHER = 256
"""Edges that are drawn at once: more of them would take much memory on a large picture."""

DECIMALS = 7
"""Beyond these, sums of floats are rounding errors, and outside would not be exactly 0."""


def coverage(corners_xy: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """The share of each pixel inside the polygon, (H, W) float32 in [0, 1]; corners (N, 2) may lie anywhere.

    Where an outline crosses itself, all that it goes around counts as inside; the one pixel at the crossing is not
    exact.
    """
    height, width = size_hw
    changes = np.zeros((height, width + 1))
    following = np.roll(corners_xy, -1, 0)
    for first in range(0, len(corners_xy), EDGES_TOGETHER):
        part = slice(first, first + EDGES_TOGETHER)
        _add_edges(changes, corners_xy[part], following[part])
    turns = np.cumsum(changes[:, :width], 1)
    return np.abs(turns).round(DECIMALS).clip(max=1).astype(np.float32)


def _add_edges(changes: np.ndarray, starts_xy: np.ndarray, ends_xy: np.ndarray) -> None:
    """Cut edges into pieces of one row each and add what they change."""
    height = len(changes)
    down = starts_xy[:, 1] < ends_xy[:, 1]
    top_x, top_y = np.where(down[:, None], starts_xy, ends_xy).T
    bottom_x, bottom_y = np.where(down[:, None], ends_xy, starts_xy).T
    first = np.floor(top_y.clip(0, height)).astype(np.int64)
    last = np.ceil(bottom_y.clip(0, height)).astype(np.int64)
    edge, row = _runs(first, np.where(top_y < bottom_y, last - first, 0))

    upper, lower = np.maximum(top_y[edge], row), np.minimum(bottom_y[edge], row + 1)
    length_y, length_x = (bottom_y - top_y)[edge], (bottom_x - top_x)[edge]
    upper_x = top_x[edge] + (upper - top_y[edge]) / length_y * length_x
    lower_x = top_x[edge] + (lower - top_y[edge]) / length_y * length_x
    passed = np.where(down[edge], 1, -1) * (lower - upper)
    _add_pieces(changes, row, passed, np.minimum(upper_x, lower_x), np.maximum(upper_x, lower_x))


def _add_pieces(changes: np.ndarray, row: np.ndarray, passed: np.ndarray, left: np.ndarray, right: np.ndarray) -> None:
    """Add pieces, each within one row, of signed height ``passed`` and from ``left`` to ``right``."""
    width = changes.shape[1] - 1
    first = np.floor(left.clip(0, width)).astype(np.int64)
    end = np.minimum(np.floor(right.clip(0, width)).astype(np.int64) + 2, width + 1)
    piece, column = _runs(first, end - first)
    left, right = left[piece], right[piece]
    widths = np.maximum(right - left, np.finfo(np.float64).tiny)

    def area_left_of(x: np.ndarray) -> np.ndarray:
        """Between the piece and a vertical line at x, for a piece of height 1."""
        return (x - left).clip(0, right - left) ** 2 / (2 * widths) + (x - right).clip(0)

    here = area_left_of(column + 1) - area_left_of(column)
    before = area_left_of(column) - area_left_of(column - 1)
    np.add.at(changes, (row[piece], column), passed[piece] * (here - before * (column > 0)))


def _runs(first: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of every item, as many whole numbers as it counts, from its first on: (items, numbers), all in one row."""
    items = np.repeat(np.arange(len(first)), counts)
    before = np.cumsum(counts) - counts
    return items, np.arange(len(items)) - before[items] + first[items]
