"""Textures that really make video, without learning."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from support.learning import clip_of

from dtsgan.engine.detail import DetailTransfer
from dtsgan.engine.levels import levels, volume
from dtsgan.engine.model import SourceFacts
from dtsgan.engine.prior import MotionPrior
from dtsgan.engine.scales import resize
from dtsgan.engine.synthesis import Texture

if TYPE_CHECKING:
    import numpy as np


def texture_of(frames_thwc: np.ndarray, base_hw: tuple[int, int]) -> Texture:
    """The prior and the detail transfer of a clip, its prior of this size."""
    prior = MotionPrior(levels(resize(volume(frames_thwc), base_hw)))
    return Texture(
        facts=SourceFacts.of(clip_of(frames_thwc)),
        frames=len(frames_thwc),
        layers=("prior", "detail"),
        prior=prior,
        base=prior,
        detail=DetailTransfer(frames_thwc.copy(), base_hw=base_hw),
        sample_aspect=Fraction(1),
        options=None,
    )
