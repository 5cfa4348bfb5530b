"""Structural similarity, by the pytorch-msssim library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytorch_msssim import ms_ssim

if TYPE_CHECKING:
    from .footage import Footage

WINDOWS = (7, 5, 3)
HALVINGS = 4
BATCH = 32


def window_of(size_hw: tuple[int, int]) -> int | None:
    """The largest window, in px, that fits the coarsest of the five scales; None where none does."""
    return next((window for window in WINDOWS if min(size_hw) > (window - 1) * 2**HALVINGS), None)


def ms_ssim_of(source: Footage, made: Footage, window: int) -> float:
    """Mean over the frames, each against the source's frame of the same number."""
    pairs = zip(made.video_tchw.split(BATCH), source.video_tchw.split(BATCH), strict=True)
    values = [ms_ssim(mine, true, data_range=1, size_average=False, win_size=window) for mine, true in pairs]
    return float(sum(value.sum() for value in values)) / len(source)
