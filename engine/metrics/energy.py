"""How much moves, how fast, and how sharp it is: ratios to the source inside its moving parts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from .footage import Footage

SEGMENT = 32
ROUNDING = 1 / 12
"""Variance of rounding to whole levels: what no video of 8 bits is free of."""


def motion_energy(luma_thw: Tensor, parts_hw: Tensor) -> float:
    """Mean squared difference of neighbouring frames, in levels squared."""
    return float(luma_thw.diff(dim=0)[:, parts_hw].square().mean())


def sharpness_energy(luma_thw: Tensor, parts_hw: Tensor) -> float:
    """Mean squared Laplacian, in levels squared; the picture's rim is left out."""
    inner = luma_thw[:, 1:-1, 1:-1]
    around = luma_thw[:, :-2, 1:-1] + luma_thw[:, 2:, 1:-1] + luma_thw[:, 1:-1, :-2] + luma_thw[:, 1:-1, 2:]
    return float((around - 4 * inner)[:, parts_hw[1:-1, 1:-1]].square().mean())


def motion_ratio(source: Footage, made: Footage) -> float:
    return motion_energy(made.luma, source.moving) / max(motion_energy(source.luma, source.moving), ROUNDING)


def sharpness_ratio(source: Footage, made: Footage) -> float:
    return sharpness_energy(made.luma, source.moving) / max(sharpness_energy(source.luma, source.moving), ROUNDING)


def temporal_spectrum(luma_thw: Tensor, parts_hw: Tensor) -> Tensor:
    """Power of each temporal frequency but 0, mean over the pixels, by Welch's method: Hann segments, half
    overlapping, each without its mean. Rounding noise is added, so that a still picture has a spectrum, too."""
    pixels = luma_thw[:, parts_hw]
    length = min(SEGMENT, len(pixels))
    window = torch.hann_window(length + 2, periodic=False)[1:-1, None]
    powers = []
    for start in range(0, len(pixels) - length + 1, max(1, length // 2)):
        segment = pixels[start : start + length]
        powers.append(torch.fft.rfft((segment - segment.mean(0)) * window, dim=0).abs().square().mean(1))
    return torch.stack(powers).mean(0)[1:] / window.square().sum() + ROUNDING


def spectrum_distance(source: Footage, made: Footage) -> float:
    """RMS difference of the temporal spectra in dB."""
    mine, true = (temporal_spectrum(footage.luma, source.moving) for footage in (made, source))
    return float((10 * torch.log10(mine / true)).square().mean().sqrt())


def seam(source: Footage, made: Footage) -> float:
    """The change from the last frame back to the first over the 95th percentile of the source's changes."""
    usual = source.luma.diff(dim=0)[:, source.moving].abs().mean(1).quantile(0.95)
    jump = (made.luma[0] - made.luma[-1])[source.moving].abs().mean()
    return float(jump / max(float(usual), math.sqrt(ROUNDING)))
