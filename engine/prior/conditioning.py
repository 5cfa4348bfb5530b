"""Draws that go on from known frames: conditional simulation, as geostatistics does it (Journel, 1974).

What a Gaussian video is, given some of its frames, is any video of its kind plus what the known frames differ from it,
carried on in time as the video is correlated with itself. Where the draw was near the known frames before, as blocks
chosen to meet them are, there is little to carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..exact import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 64
"""Frames beyond which nothing is carried on."""

NOISE = 0.02
"""Of the variance: what a camera adds to each frame, which says nothing of the next."""


def correlation(signal_tn: np.ndarray) -> np.ndarray:
    """Of frames with those so many frames later, mean over the pixels; (lags,), 1 at lag 0.

    Sums over fewer frames at long lags are not made up for, and the whole is tapered: every matrix of such
    correlations is positive definite.
    """
    lags = min(LONGEST, len(signal_tn))
    energy = max(float(np.square(signal_tn).sum()), 1e-12)
    raw = np.array([np.vdot(signal_tn[: len(signal_tn) - lag], signal_tn[lag:]) / energy for lag in range(lags)])
    return (raw * (1 - np.arange(lags) / lags)).astype(np.float32)


def carried(frames: Sequence[int], known: Sequence[int], correlation_l: np.ndarray, period: int | None) -> np.ndarray:
    """How much of each known frame's difference goes into each frame, (len(frames), len(known))."""

    def between(some: Sequence[int], others: Sequence[int]) -> np.ndarray:
        lag = np.abs(np.array(some)[:, None] - np.array(others)[None])
        if period is not None:
            lag = np.minimum(lag % period, period - lag % period)
        last = len(correlation_l) - 1
        return np.where(lag > last, 0.0, correlation_l[np.minimum(lag, last)].astype(np.float64))

    own = between(known, known) + NOISE * np.eye(len(known))
    # Around a short loop the matrix need not be positive definite: the pseudoinverse takes what there is.
    return rounded(between(frames, known) @ np.linalg.pinv(own, hermitian=True)).astype(np.float32)
