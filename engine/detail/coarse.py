"""The coarse bands of the result, on the labels' grid: each band of frequencies is blended over its own width (Burt and
Adelson, 1983), and keeps its contrast.

Where labels that disagree meet, the mean of what they put there is calmer than any of them: the pieces of a fire lost a
sixth of their motion. Textures are blended about their mean, and the spread that averaging takes is given back (after
Heitz and Neyret, 2018). Their pieces are independent, so the loss is known; ours are alike, so it is measured, on the
motion, which loses the most.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from .. import threads
from ..scales import resize

if TYPE_CHECKING:
    from ..canvas import Canvas

WIDTHS = (1.2, 0.8)
"""Deviations, in cells, over which the labels around a place have a say in its low and in its middle frequencies."""

NEGLIGIBLE = 0.02
STRONGEST = 1.5
"""By how much contrast is raised at most."""

MOTION_WIDTH = 2.0
"""Deviation, in cells, over which motion is measured."""

FLOOR = 1e-4
"""Energy, of colours in [-1, 1], below which motion counts as noise: about one level."""

OVERSHOOT_REACH = 1
"""Cells around a place whose colours, at any time, limit what can be seen there."""

TOGETHER = 1 << 15
"""Places that are voted on at a time, about: what they take then stays near the processor."""


class CoarseBands:
    """Pictures made of a source by labels on the same grid. ``source_tchw`` is in [-1, 1]; along the axes ``alike``, 0
    for rows and 1 for columns, it is the same all over."""

    def __init__(self, source_tchw: np.ndarray, alike: tuple[int, ...] = ()) -> None:
        height, width = source_tchw.shape[2:]
        low = resize(resize(source_tchw, (max(2, height // 2), max(2, width // 2))), (height, width))
        self._bands = [_Band(low, WIDTHS[0], alike), _Band(source_tchw - low, WIDTHS[1], alike)]
        around = (1, 2 * OVERSHOOT_REACH + 1, 2 * OVERSHOOT_REACH + 1)
        lowest, highest = source_tchw.min(0), source_tchw.max(0)
        for axis in alike:
            lowest[...], highest[...] = lowest.min(1 + axis, keepdims=True), highest.max(1 + axis, keepdims=True)
        self._lowest = ndimage.minimum_filter(lowest, around, mode="nearest")
        self._highest = ndimage.maximum_filter(highest, around, mode="nearest")

    def made_of(self, labels: np.ndarray, canvas: Canvas) -> np.ndarray:
        """(T, 3, H, W) of labels (T, H, W, 3)."""
        low, middle = (band.made_of(labels, canvas) for band in self._bands)
        low += middle
        rows, columns = canvas.home()
        return np.clip(low, self._lowest[:, rows, columns], self._highest[:, rows, columns], out=low)


class _Band:
    def __init__(self, band_tchw: np.ndarray, width: float, alike: tuple[int, ...]) -> None:
        self._mean = band_tchw.mean(0)
        for axis in alike:
            self._mean[...] = self._mean.mean(1 + axis, keepdims=True)
        about = band_tchw - self._mean
        self._voters = _Voters(np.concatenate([about, _motion(about)], 1), width)

    def made_of(self, labels: np.ndarray, canvas: Canvas) -> np.ndarray:
        """(T, 3, H, W)."""
        voted = self._voters.mean(labels, canvas.around)
        about, had = voted[:, :3], voted[:, 3]
        lost = (_smoothed(had, canvas.around) + FLOOR) / (_smoothed(_motion(about)[:, 0], canvas.around) + FLOOR)
        contrast = np.clip(np.sqrt(lost, out=lost), 1, STRONGEST, out=lost)
        rows, columns = canvas.home()
        return self._mean[:, rows, columns] + contrast[:, None] * about


def _motion(video_tchw: np.ndarray) -> np.ndarray:
    """Energy of the change from each frame to the next, the last one's repeated; (T, 1, H, W)."""
    energy = np.square(np.diff(video_tchw, axis=0)).mean(1, keepdims=True)
    return np.concatenate([energy, energy[-1:]])


def _smoothed(energy_thw: np.ndarray, around: tuple[bool, bool]) -> np.ndarray:
    modes, reach = ["wrap" if goes_on else "nearest" for goes_on in around], round(2 * MOTION_WIDTH)

    def smooth(energy_hw: np.ndarray) -> np.ndarray:
        for axis, mode in enumerate(modes):
            energy_hw = ndimage.gaussian_filter1d(energy_hw, MOTION_WIDTH, axis, mode=mode, radius=reach)
        return energy_hw

    return np.stack(threads.shared(smooth, energy_thw))


class _Voters:
    """The labels around each place take what they would put there, with Gaussian weights."""

    def __init__(self, source_tchw: np.ndarray, deviation: float) -> None:
        self._deviation, self._reach = deviation, round(2.5 * deviation)
        self._shape = (len(source_tchw), *source_tchw.shape[2:])
        # So much emptiness, and an empty frame at the end, that all that labels lead to can be looked up.
        empty = ((0, 1), (2 * self._reach, 2 * self._reach), (2 * self._reach, 2 * self._reach))
        self._values = np.pad(np.moveaxis(source_tchw, 1, 3), (*empty, (0, 0)))
        self._inside = np.pad(np.ones(self._shape, np.float32), empty)

    def mean(self, labels: np.ndarray, around: tuple[bool, bool]) -> np.ndarray:
        """What the labels (T, H, W, 3) around each place would put there; (T, C, H, W)."""
        frames, height, width, _ = labels.shape
        together = max(1, TOGETHER // (height * width))
        parts = [range(start, min(start + together, frames)) for start in range(0, frames, together)]
        return np.concatenate(
            threads.shared(lambda part: self._mean(labels[part.start : part.stop], part, around), parts)
        )

    def _mean(self, labels: np.ndarray, numbers: range, around: tuple[bool, bool]) -> np.ndarray:
        height, width = labels.shape[1:3]
        reach, across = self._reach, self._values.shape[2]
        leads = self._leads(labels, numbers, around)
        values, inside = self._values.reshape(-1, self._values.shape[3]), self._inside.reshape(-1)
        shape = (len(labels), height, width)
        at, taken = np.empty(shape, np.intp), np.empty((*shape, values.shape[1]), np.float32)
        counted, total, weights = np.empty(shape, np.float32), np.zeros_like(taken), np.zeros(shape, np.float32)
        for down in range(-reach, reach + 1):
            for right in range(-reach, reach + 1):
                weight = math.exp(-(down**2 + right**2) / (2 * self._deviation**2))
                if weight < NEGLIGIBLE:
                    continue
                near = leads[:, reach + down :, reach + right :][:, :height, :width]
                np.subtract(near, down * across + right, out=at)
                np.take(values, at, axis=0, out=taken, mode="clip")
                taken *= weight
                total += taken
                np.take(inside, at, out=counted, mode="clip")
                counted *= weight
                weights += counted
        mean = np.moveaxis(total, 3, 1).copy()
        mean /= np.maximum(weights, 1e-6, out=weights)[:, None]
        return mean

    def _leads(self, labels: np.ndarray, numbers: range, around: tuple[bool, bool]) -> np.ndarray:
        """Where the label of each place, and of ``reach`` places around the picture, leads to among the values."""
        reach, (frames, height, width) = self._reach, self._shape
        places = [np.arange(-reach, side + reach) for side in labels.shape[1:3]]
        rows, columns = (
            place % side if goes_on else place.clip(0, side - 1)
            for place, side, goes_on in zip(places, labels.shape[1:3], around, strict=True)
        )
        ways = labels[:, rows[:, None], columns]
        time = ways[..., 0] + np.arange(numbers.start, numbers.stop)[:, None, None]
        # Around an axis, the way of a place behind the end starts where the place is, at the other end.
        row = ways[..., 1] + (rows if around[0] else places[0])[:, None]
        column = ways[..., 2] + (columns if around[1] else places[1])
        nowhere = (time < 0) | (time >= frames)
        for place, side in ((row, height), (column, width)):
            nowhere |= (place < -reach) | (place >= side + reach)
        time = np.where(nowhere, frames, time)
        row, column = (np.where(nowhere, 0, place) + 2 * reach for place in (row, column))
        return (time * self._values.shape[1] + row) * self._values.shape[2] + column
