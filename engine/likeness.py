"""Whether two clips show the same texture."""

from __future__ import annotations

import numpy as np

from .levels import volume
from .scales import resize

SIDE = 24
APART = 24
"""Frames between moments of a clip that are as different as it gets."""

SAMPLES = 96
MOST_TIMES = 1.5
"""A clip's other take differs from it about once as much as its own moments do."""


def unlike(frames_thwc: np.ndarray, learned_thwc: np.ndarray) -> float:
    """How many times as far one clip's frames are from the nearest of another's as those are from each other; 0 where
    that is little enough to take them for one texture. Both are levels, THWC."""
    height, width = learned_thwc.shape[1:3]
    shrink = min(1.0, SIDE / min(height, width))
    size_hw = (max(1, round(height * shrink)), max(1, round(width * shrink)))
    asked, known = (_small(frames, size_hw) for frames in (frames_thwc, learned_thwc))
    far = max(1, min(APART * len(known) // len(learned_thwc), len(known) - 1))
    own = np.sqrt(np.square(known[far:] - known[:-far]).mean(1)).mean()
    nearest = np.sqrt(np.square(asked[:, None] - known[None]).mean(2)).min(1).mean()
    times = float(nearest / max(own, 1e-3))
    return times if times > MOST_TIMES else 0.0


def _small(frames_thwc: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    every = np.unique(np.linspace(0, len(frames_thwc) - 1, SAMPLES).astype(int))
    return np.stack([resize(volume(frames_thwc[frame]), size_hw).ravel() for frame in every])
