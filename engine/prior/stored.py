"""Between a motion prior and the arrays that a texture model holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .curves import ColourCurves
from .motion import MotionPrior

if TYPE_CHECKING:
    from collections.abc import Mapping

CURVES = ("low", "high", "scores", "colours")


def pack_prior(prior: MotionPrior) -> dict[str, np.ndarray]:
    """``prior.<name>``."""
    curves = {f"prior.{name}": getattr(prior.curves, name) for name in CURVES}
    return curves | {"prior.clip": prior.clip_thwc, "prior.gain": np.array(prior.gain)}


def unpack_prior(arrays: Mapping[str, np.ndarray]) -> MotionPrior:
    """Raises KeyError, IndexError, TypeError or ValueError where the arrays don't belong together."""
    curves = ColourCurves(**{name: arrays[f"prior.{name}"] for name in CURVES})
    prior = MotionPrior(arrays["prior.clip"], curves, float(arrays["prior.gain"]))
    if not prior.sound():
        raise ValueError("the motion prior's tables don't fit its clip")
    return prior
