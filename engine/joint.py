"""How much changes where kept frames meet new ones, beside what changes within the clip."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .levels import LUMA_CHROMA, volume
from .scales import resize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIDE = 240
"""Short side, in px, on which frames are compared."""

MOST_FRAMES = 64
USUAL_PERCENTILE = 95
LEAST_CHANGE = 0.3 / 127.5
"""Rounding to whole levels changes as much."""


Seen = tuple[np.ndarray, np.ndarray, np.ndarray]


class Joints:
    """Fitted to consecutive frames of a clip, levels of uint8 or uint16 (N, H, W, 3)."""

    def __init__(self, frames_thwc: np.ndarray) -> None:
        height, width = frames_thwc.shape[1:3]
        shrink = min(1.0, SIDE / min(height, width))
        self._size_hw = (max(1, round(height * shrink)), max(1, round(width * shrink)))
        seen = [self.look(frame) for frame in frames_thwc[:MOST_FRAMES]]
        change = np.mean([np.abs(other[0] - one[0]) for one, other in pairwise(seen)], axis=0)
        self._moving = change >= change.mean() / 2
        steps = np.stack([self._step(one, other) for one, other in pairwise(seen)])
        self._usual = np.maximum(np.percentile(steps, USUAL_PERCENTILE, axis=0), LEAST_CHANGE)

    def ratio(self, frames: Iterable[np.ndarray]) -> float:
        """The largest change from one of these frames, HWC levels, to the next, in luma, chroma or fine detail, over
        what 95 of 100 changes within the clip stay below."""
        return self.ratio_of([self.look(frame) for frame in frames])

    def ratio_of(self, seen: Sequence[Seen]) -> float:
        """The same of frames that were looked at one by one: what is kept of each is small."""
        steps = [self._step(one, other) / self._usual for one, other in pairwise(seen)]
        return float(np.max(steps))

    def look(self, frame_hwc: np.ndarray) -> Seen:
        """Luma, chromas and fine luma of a frame, as they are compared."""
        colours = np.tensordot(LUMA_CHROMA, resize(volume(frame_hwc), self._size_hw), 1)
        half = (max(1, self._size_hw[0] // 2), max(1, self._size_hw[1] // 2))
        fine = colours[0] - resize(resize(colours[0], half), self._size_hw)
        return colours[0], colours[1:], fine

    def _step(self, one: Seen, other: Seen) -> np.ndarray:
        """Mean change of the moving parts in each of the three."""
        return np.array([np.abs(b - a)[..., self._moving].mean() for a, b in zip(one, other, strict=True)])
