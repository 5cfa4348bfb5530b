"""The motion prior of a picture larger than the clip: draws of it side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..noise import seed_for
from .curves import ColourCurves
from .motion import MotionPrior

if TYPE_CHECKING:
    from ..canvas import Canvas
    from .draw import Draw

SAMPLES = 1024
"""Pixels at some moment by which the colours of a whole row, column or picture are known."""


class WidePrior:
    """Endless video on a canvas, of a clip that looks alike all along the axes that are larger than it has them.

    Every tile shows a draw of its own; in the space of normal scores they fade into each other with the variance kept,
    as blocks do in time. What is common to a row (a column, the whole picture) stays its own: the colours and the
    layout are taken together along the larger axes.
    """

    def __init__(self, prior: MotionPrior, canvas: Canvas) -> None:
        self.canvas, self.size_hw = canvas, canvas.size_hw
        pooled = canvas.larger
        self._inner = MotionPrior(prior.clip_thwc, _pooled(prior.clip_thwc, pooled)) if pooled else prior
        height, width = prior.size_hw
        home = np.arange(height * width).reshape(height, width)[canvas.home()]
        self._curves = self._inner.curves.at(home.ravel())
        mean = self._inner.mean_signal().reshape(4, height, width)
        for axis in pooled:
            mean[...] = mean.mean(1 + axis, keepdims=True)
        self._mean = mean.reshape(4, -1)[:, home]

    def video(self, frames: range, draw: Draw) -> np.ndarray:
        """Frames of the endless video of one draw, (T, 3, H, W) in [-1, 1]."""
        return self._colours(self._mean[:, None] + self._signal(frames, draw))

    def _signal(self, frames: range, draw: Draw) -> np.ndarray:
        """About the mean, (4, T, H, W): every pixel's score of luma, then what its colours are beside it."""
        rows, columns = self.canvas.rows, self.canvas.columns
        longer = [max(each.length, *(tile.start + tile.length for tile in each.tiles())) for each in (rows, columns)]
        made = np.zeros((4, len(frames), *longer), np.float32)
        for down, row in enumerate(rows.tiles()):
            for right, column in enumerate(columns.tiles()):
                own = replace(draw, seed=seed_for("tile", draw.seed, down, right)) if down or right else draw
                drawn = self._inner.signal(frames, own)
                part = drawn[..., row.first : row.first + row.length, column.first : column.first + column.length]
                weights = row.weights()[:, None] * column.weights()
                made[..., row.start : row.start + row.length, column.start : column.start + column.length] += (
                    weights * part
                )
        return columns.folded(rows.folded(made, 2), 3)

    def _colours(self, signal: np.ndarray) -> np.ndarray:
        """(T, 3, H, W) of (4, T, H, W)."""
        frames, height, width = signal.shape[1:]
        flat = signal.reshape(4, frames, -1)
        made = self._curves.colour(self._curves.luma(flat[0])) + np.moveaxis(flat[1:], 0, 2)
        return np.moveaxis(made.clip(-1, 1).reshape(frames, height, width, 3), 3, 1).copy()


def _pooled(clip_thwc: np.ndarray, axes: tuple[int, ...]) -> ColourCurves:
    """Curves of a clip, one for all pixels along these axes of the picture."""
    most = 65535 if clip_thwc.dtype == np.uint16 else 255
    _, height, width, _ = clip_thwc.shape
    kept = tuple(1 + axis for axis in (0, 1) if axis not in axes)
    pixels = int(np.prod([clip_thwc.shape[axis] for axis in kept]))
    samples = np.moveaxis(clip_thwc, (*kept, 3), range(-1 - len(kept), 0)).reshape(-1, pixels, 3)
    samples = samples[:: max(1, len(samples) // SAMPLES)].astype(np.float32) * np.float32(2 / most) - 1
    curves = ColourCurves.fitted(samples, most_frames=SAMPLES)
    places = [np.zeros(side, int) if axis in axes else np.arange(side) for axis, side in enumerate((height, width))]
    kept_width = width if 1 not in axes else 1
    return curves.at((places[0][:, None] * kept_width + places[1]).ravel())
