"""Selecting all that moves, from the clip itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from ...engine.video.viewing import Viewing
from ..document import Moving
from .runs import runs_of

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

MOST_SIDE = 256
MOST_FRAMES = 48
SMOOTH_PX = 1.5
LEAST_LEVELS = 3.0
"""Of deviation, of 255: less is a camera's noise, or what coding adds, and isn't stretched to look like motion."""

LEAST_SHARE = 0.002
"""Of the picture: smaller islands and holes are noise."""


def motion_of(clip: Path, frames: range, rate: Fraction | None = None) -> np.ndarray:
    """How much each place of a clip moves, (h, w), from 0 (the stillest) to 1 (what moves most).

    Deviation of brightness in time over frames spread across the range. Raises ClipError.
    """
    viewing = Viewing(clip, rate=rate, most_side=MOST_SIDE)
    # A run from the middle: spread out, a long clip would have to be decoded whole.
    count = min(MOST_FRAMES, len(frames))
    first = frames.start + (len(frames) - count) // 2
    seen = []
    for number, picture in viewing.frames(first):
        if number >= first + count:
            break
        seen.append(picture[..., :3].astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32))
    deviation = ndimage.gaussian_filter(np.std(seen, axis=0), SMOOTH_PX)
    lowest, highest = np.percentile(deviation, (2, 99))
    return np.clip((deviation - lowest) / max(float(highest - lowest), LEAST_LEVELS), 0, 1)


def select_moving(motion_hw: np.ndarray, share: float) -> Moving:
    """What moves by more than a part of the most, with ``share`` from 0 (only what moves most) to 1 (nearly all)."""
    high = 0.6 * (1 - share) ** 1.5 + 0.04
    # What hangs together with what surely moves moves, too.
    labels = _islands(motion_hw > high / 2)
    sure = np.unique(labels[motion_hw > high])
    moving = np.isin(labels, sure[sure > 0])
    return Moving(size_hw=(moving.shape[0], moving.shape[1]), runs=runs_of(_clean(_clean(moving, True), False)))


def _clean(picture_hw: np.ndarray, value: bool) -> np.ndarray:
    """Without small islands of ``value``."""
    labels = _islands(picture_hw == value)
    sizes = np.bincount(labels.ravel())
    small = sizes < LEAST_SHARE * picture_hw.size
    small[0] = False
    return np.where(small[labels], not value, picture_hw)


def _islands(picture_hw: np.ndarray) -> np.ndarray:
    """The number of the island that each true place belongs to, from 1; 0 elsewhere."""
    labels = np.empty(picture_hw.shape, np.int32)
    ndimage.label(picture_hw, output=labels)
    return labels
