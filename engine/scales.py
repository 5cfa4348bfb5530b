"""The pyramid's sizes, and moving video between them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .errors import OptionError


def short_sides(*, coarsest: int, finest: int, scales: int) -> tuple[int, ...]:
    """Short side of every scale in px, coarsest first: equal ratios between neighbours, both ends exact."""
    if scales == 1:
        return (finest,)
    if not 0 < coarsest < finest:
        raise OptionError(
            f"The coarsest scale ({coarsest} px) has to be smaller than the finest ({finest} px).",
            remedy="Give a smaller --coarsest, a larger --size, or --scales 1.",
        )
    ratio = (finest / coarsest) ** (1 / (scales - 1))
    return tuple(round(coarsest * ratio**n) for n in range(scales))


def sizes_hw(
    *, coarsest: int, finest: int, scales: int, frame_hw: tuple[int, int], block: int
) -> tuple[tuple[int, int], ...]:
    """(height, width) of every scale for frames of this shape, each side a multiple of ``block``."""
    height, width = frame_hw
    short = min(height, width)

    def side(length: int, px: int) -> int:
        return max(block, round(length * px / short / block) * block)

    sizes = tuple(
        (side(height, px), side(width, px)) for px in short_sides(coarsest=coarsest, finest=finest, scales=scales)
    )
    if len(set(sizes)) < scales:
        raise OptionError(
            f"{scales} scales do not fit between {coarsest} and {finest} px.", remedy="Give fewer --scales."
        )
    return sizes


def resize(video: Tensor, size_hw: tuple[int, int]) -> Tensor:
    """Video (..., C, H, W) at another size: bicubic, antialiased when it shrinks. Never changes the frames' number."""
    if tuple(video.shape[-2:]) == size_hw:
        return video
    flat = video.reshape(-1, *video.shape[-3:])
    shrinks = size_hw[0] < flat.shape[-2] or size_hw[1] < flat.shape[-1]
    # A few frames at a time: the antialiased kernel keeps large intermediates.
    parts = [F.interpolate(part, size=size_hw, mode="bicubic", antialias=shrinks) for part in flat.split(64)]
    whole = parts[0] if len(parts) == 1 else torch.cat(parts)
    return whole.reshape(*video.shape[:-2], *size_hw)
