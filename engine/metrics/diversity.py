"""How different several results of one texture are."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .footage import Footage
    from .lpips import Lpips


def grey_diversity(source: Footage, made: Sequence[Footage]) -> float:
    """Standard deviation of each pixel's luma over the results, mean over pixels and frames, over the deviation of the
    source's luma (SinGAN, section 3)."""
    frames = min(len(footage) for footage in made)
    spread = torch.stack([footage.luma[:frames] for footage in made]).std(0, correction=0).mean()
    return float(spread / source.luma.std(correction=0))


def pairwise_lpips(lpips: Lpips, made: Sequence[Footage]) -> float:
    """LPIPS between the same frames of two results, mean over frames and pairs (paper, section 4.4)."""
    frames = min(len(footage) for footage in made)
    pairs = [lpips(one.video_tchw[:frames], other.video_tchw[:frames]).mean() for one, other in combinations(made, 2)]
    return float(torch.stack(pairs).mean())
