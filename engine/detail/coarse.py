"""The coarse bands of the result, on the labels' grid: each band of frequencies is blended over its own width (Burt and
Adelson, 1983), and keeps its contrast.

Where labels that disagree meet, the mean of what they put there is calmer than any of them: the pieces of a fire lost a
sixth of their motion. Textures are blended about their mean, and the spread that averaging takes is given back (after
Heitz and Neyret, 2018). Their pieces are independent, so the loss is known; ours are alike, so it is measured, on the
motion, which loses the most.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from ..scales import resize

WIDTHS = (1.2, 0.8)
"""Deviations, in cells, over which the labels around a place have a say in its low and in its middle frequencies."""

NEGLIGIBLE = 0.02
STRONGEST = 1.5
"""By how much contrast is raised at most."""

MOTION_WIDTH = 2.0
"""Deviation, in cells, over which motion is measured."""

FLOOR = 1e-4
"""Energy, of colours in [-1, 1], below which motion counts as noise: about one level."""

OVERSHOOT_REACH = 1
"""Cells around a place whose colours, at any time, limit what can be seen there."""


class CoarseBands:
    """Pictures made of a source by labels on the same grid. ``source_tchw`` is in [-1, 1]."""

    def __init__(self, source_tchw: Tensor) -> None:
        height, width = source_tchw.shape[2:]
        low = resize(resize(source_tchw, (max(2, height // 2), max(2, width // 2))), (height, width))
        self._bands = [_Band(low, WIDTHS[0]), _Band(source_tchw - low, WIDTHS[1])]
        side = 2 * OVERSHOOT_REACH + 1
        self._lowest = -F.max_pool2d(-source_tchw.amin(0), side, 1, OVERSHOOT_REACH)
        self._highest = F.max_pool2d(source_tchw.amax(0), side, 1, OVERSHOOT_REACH)

    def made_of(self, labels: Tensor) -> Tensor:
        """(T, 3, H, W) of labels (T, H, W, 3)."""
        made = sum((band.made_of(labels) for band in self._bands), torch.zeros(()))
        return made.clamp(self._lowest, self._highest)


class _Band:
    def __init__(self, band_tchw: Tensor, width: float) -> None:
        self._width, self._mean = width, band_tchw.mean(0)
        about = band_tchw - self._mean
        self._values = torch.cat([about, _motion(about)], 1)

    def made_of(self, labels: Tensor) -> Tensor:
        voted = _voted(self._values, labels, self._width)
        about, had = voted[:, :3], voted[:, 3:]
        lost = (_smoothed(had) + FLOOR) / (_smoothed(_motion(about)) + FLOOR)
        return self._mean + lost.sqrt().clamp(1, STRONGEST) * about


def _motion(video_tchw: Tensor) -> Tensor:
    """Energy of the change from each frame to the next, the last one's repeated; (T, 1, H, W)."""
    energy = video_tchw.diff(dim=0).square().mean(1, keepdim=True)
    return torch.cat([energy, energy[-1:]])


def _smoothed(energy_t1hw: Tensor) -> Tensor:
    reach = round(2 * MOTION_WIDTH)
    kernel = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / MOTION_WIDTH) ** 2)
    kernel = kernel / kernel.sum()
    rows = F.conv2d(F.pad(energy_t1hw, (reach, reach, 0, 0), mode="replicate"), kernel[None, None, None])
    return F.conv2d(F.pad(rows, (0, 0, reach, reach), mode="replicate"), kernel[None, None, :, None])


def _voted(source: Tensor, labels: Tensor, deviation: float) -> Tensor:
    """The mean of what the labels around each place would put there, Gaussian weights; (T, C, H, W)."""
    frames, height, width, _ = labels.shape
    reach = round(2.5 * deviation)
    values = source.permute(0, 2, 3, 1).flatten(0, 2)
    shape = torch.tensor([len(source), height, width])
    place = torch.stack(torch.meshgrid(*map(torch.arange, labels.shape[:3]), indexing="ij"), -1)
    total, weights = torch.zeros(frames, height, width, values.shape[1]), torch.zeros(frames, height, width, 1)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            weight = math.exp(-(down**2 + right**2) / (2 * deviation**2))
            if weight < NEGLIGIBLE:
                continue
            rows, columns = (
                (torch.arange(side) + by).clamp(0, side - 1) for side, by in ((height, down), (width, right))
            )
            at = place + labels[:, rows][:, :, columns]
            inside = ((at >= 0) & (at < shape)).all(-1, keepdim=True)
            at = torch.minimum(at.clamp(min=0), shape - 1)
            taken = values[(at[..., 0] * height + at[..., 1]) * width + at[..., 2]]
            total += weight * inside * taken
            weights += weight * inside
    return (total / weights.clamp(min=1e-6)).permute(0, 3, 1, 2)
