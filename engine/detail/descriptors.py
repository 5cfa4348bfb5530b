"""What a place in a video looks like: its space-time patch, in a few numbers."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .. import threads
from ..exact import rounded
from ..noise import generator_for

PATCH = (3, 5, 5)
WIDTHS = (1.0, 1.5, 1.5)
"""Deviations, in frames and px, of the Gaussian that weights a patch's values."""

VALUES = 24
DIGIT = 2.0**-8
"""What descriptors are multiples of: less than a camera's noise makes them differ, and sums of products of them, which
choices hang on, are exact in single precision."""

LEVEL, FACTOR = 2.0**-9, 2.0**-12
"""What a video's values, a quarter of a level, and the components' are multiples of before: the same is true there."""

SAMPLES = 8192
CHUNK = 8


class Descriptors:
    """The leading principal components of a video's patches.

    Fitted to (T, 3, H, W); the squared distance of two descriptors is about the weighted squared difference of their
    patches, whose weights add up to 1 a colour. ``spread`` is the sum of the descriptors' variances. The same on every
    processor, for video that is the same up to the last digits of double precision.
    """

    def __init__(self, video_tchw: np.ndarray) -> None:
        windows = sliding_window_view(_padded(_levels(video_tchw)), PATCH, axis=(1, 2, 3))
        generator = generator_for("descriptors")
        places = [generator.integers(windows.shape[axis], size=SAMPLES) for axis in (1, 2, 3)]
        window = _window()
        points = np.moveaxis(windows[:, *places], 1, 0).reshape(SAMPLES, -1) * window
        mean = points.mean(0)
        centred = points - mean
        values, vectors = np.linalg.eigh(centred.T @ centred)
        leading = vectors[:, -VALUES:]
        self.spread = float(values[-VALUES:].sum() / SAMPLES)
        self._kernel = rounded(leading.T * window, FACTOR).astype(np.float32).reshape(VALUES, 3, *PATCH)
        # About their mean, descriptors are as small as they can be, and so are the sums that have to be exact.
        self._mean = rounded(mean @ leading, DIGIT).astype(np.float32)

    def __call__(self, video_tchw: np.ndarray, around: tuple[bool, bool] = (False, False)) -> np.ndarray:
        """(T, H, W, VALUES); outside the video its edges go on, or around an axis what is at its other end."""
        frames, _, height, width = video_tchw.shape
        padded = np.moveaxis(_padded(_levels(video_tchw), around), 0, 3).copy()
        # Rows, columns and colours of a patch's frame, then its frames and the values.
        kernel = self._kernel.transpose(3, 4, 1, 2, 0).reshape(-1, PATCH[0] * VALUES)
        described = np.empty((frames, height * width, VALUES), np.float32)

        def describe(start: int) -> None:
            part = described[start : start + CHUNK]
            part[:] = -self._mean
            for number, frame in enumerate(padded[start : start + len(part) + PATCH[0] - 1]):
                windows = sliding_window_view(frame, PATCH[1:], axis=(0, 1)).transpose(0, 1, 3, 4, 2)
                made = windows.reshape(height * width, -1) @ kernel
                for shift in range(PATCH[0]):
                    if 0 <= number - shift < len(part):
                        part[number - shift] += made[:, shift * VALUES : (shift + 1) * VALUES]
            rounded(part, DIGIT)

        threads.shared(describe, range(0, frames, CHUNK))
        return described.reshape(frames, height, width, VALUES)


def _levels(video_tchw: np.ndarray) -> np.ndarray:
    return rounded(video_tchw.copy(), LEVEL).astype(np.float32)


def _padded(video_tchw: np.ndarray, around: tuple[bool, bool] = (False, False)) -> np.ndarray:
    """(3, T, H, W) with the patches' reach on either side."""
    made = np.moveaxis(video_tchw, 1, 0)
    for axis, (side, goes_on) in enumerate(zip(PATCH, (False, *around), strict=True), 1):
        reach = [(0, 0)] * 4
        reach[axis] = (side // 2, side // 2)
        made = np.pad(made, reach, mode="wrap" if goes_on else "edge")
    return made


def _window() -> np.ndarray:
    """Square roots of the weights of a patch's values, colours first."""
    axes = [
        np.exp(-0.5 * ((np.arange(side) - side // 2) / width) ** 2) for side, width in zip(PATCH, WIDTHS, strict=True)
    ]
    weights = axes[0][:, None, None] * axes[1][:, None] * axes[2]
    weights = np.sqrt(weights / weights.sum())
    assert math.prod(PATCH) == weights.size
    return np.tile(weights.ravel(), 3)
