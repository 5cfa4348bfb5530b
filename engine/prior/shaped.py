"""What stands in for the motion prior where it is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..noise import noise
from .draw import Draw

if TYPE_CHECKING:
    from .motion import MotionPrior


class ShapedNoise:
    """White noise with the mean and the deviation of a clip at every pixel: its layout, but nothing of its motion."""

    def __init__(self, prior: MotionPrior) -> None:
        clip = prior.video(range(prior.frames), Draw(seed=0, share=0))
        self.size_hw = prior.size_hw
        self._mean, self._deviation = clip.mean(0), clip.std(0)

    def layout(self) -> np.ndarray:
        """The temporal mean, (3, H, W)."""
        return self._mean

    def video(self, frames: range, draw: Draw) -> np.ndarray:
        """Frames of one draw, (T, 3, H, W) in [-1, 1]."""
        white = noise(frames, (3, *self.size_hw), key=("shaped", draw.seed), period=draw.period)
        return (self._mean + np.float32(draw.share) * self._deviation * white).clip(-1, 1)
