"""Draws that go on from known frames: conditional simulation, as geostatistics does it (Journel, 1974).

What a Gaussian video is, given some of its frames, is any video of its kind plus what the known frames differ from it,
carried on in time as the video is correlated with itself. Where the draw was near the known frames before, as blocks
chosen to meet them are, there is little to carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 64
"""Frames beyond which nothing is carried on."""

NOISE = 0.02
"""Of the variance: what a camera adds to each frame, which says nothing of the next."""


def correlation(signal_tn: Tensor) -> Tensor:
    """Of frames with those so many frames later, mean over the pixels; (lags,), 1 at lag 0.

    Sums over fewer frames at long lags are not made up for, and the whole is tapered: every matrix of such
    correlations is positive definite.
    """
    lags = min(LONGEST, len(signal_tn))
    energy = signal_tn.square().sum().clamp(min=1e-12)
    raw = torch.stack([(signal_tn[: len(signal_tn) - lag] * signal_tn[lag:]).sum() / energy for lag in range(lags)])
    return raw * (1 - torch.arange(lags) / lags)


def carried(frames: Sequence[int], known: Sequence[int], correlation_l: Tensor, period: int | None) -> Tensor:
    """How much of each known frame's difference goes into each frame, (len(frames), len(known))."""

    def between(some: Sequence[int], others: Sequence[int]) -> Tensor:
        lag = (torch.tensor(list(some))[:, None] - torch.tensor(list(others))[None]).abs()
        if period is not None:
            lag = torch.minimum(lag % period, period - lag % period)
        far = lag >= len(correlation_l)
        return torch.where(far, torch.zeros(()), correlation_l[lag.clamp(max=len(correlation_l) - 1)])

    own = between(known, known) + NOISE * torch.eye(len(known))
    # Around a short loop the matrix need not be positive definite: the pseudoinverse takes what there is.
    return (between(frames, known).double() @ torch.linalg.pinv(own.double(), hermitian=True)).float()
