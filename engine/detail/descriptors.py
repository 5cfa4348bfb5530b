"""What a place in a video looks like: its space-time patch, in a few numbers."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

PATCH = (3, 5, 5)
WIDTHS = (1.0, 1.5, 1.5)
"""Deviations, in frames and px, of the Gaussian that weights a patch's values."""

VALUES = 24
SAMPLES = 8192
CHUNK = 32


class Descriptors:
    """The leading principal components of a video's patches.

    Fitted to (T, 3, H, W); the squared distance of two descriptors is about the weighted squared difference of their
    patches, whose weights add up to 1 a colour. ``spread`` is the sum of the descriptors' variances.
    """

    def __init__(self, video_tchw: Tensor) -> None:
        windows = _padded(video_tchw).unfold(1, PATCH[0], 1).unfold(2, PATCH[1], 1).unfold(3, PATCH[2], 1)
        generator = torch.Generator().manual_seed(0)
        places = [torch.randint(windows.shape[axis], (SAMPLES,), generator=generator) for axis in (1, 2, 3)]
        window = _window()
        points = windows[:, *places].transpose(0, 1).flatten(1) * window
        centred = points - points.mean(0)
        values, vectors = torch.linalg.eigh((centred.T @ centred).double())
        leading = vectors[:, -VALUES:].float()
        self.spread = float(values[-VALUES:].sum() / SAMPLES)
        self._kernel = (leading.T * window).reshape(VALUES, 3, *PATCH)

    def __call__(self, video_tchw: Tensor) -> Tensor:
        """(T, H, W, VALUES); outside the video its edges go on."""
        padded = _padded(video_tchw)
        reach = PATCH[0] - 1
        described = torch.empty(len(video_tchw), *video_tchw.shape[2:], VALUES)
        for start in range(0, len(video_tchw), CHUNK):
            part = F.conv3d(padded[None, :, start : start + CHUNK + reach], self._kernel)[0]
            described[start : start + CHUNK] = part.permute(1, 2, 3, 0)
        return described


def _padded(video_tchw: Tensor) -> Tensor:
    frames, rows, columns = (side // 2 for side in PATCH)
    volume = video_tchw.transpose(0, 1)[None]
    return F.pad(volume, (columns, columns, rows, rows, frames, frames), mode="replicate")[0]


def _window() -> Tensor:
    """Square roots of the weights of a patch's values, colours first."""
    axes = [
        torch.exp(-0.5 * ((torch.arange(side) - side // 2) / width) ** 2)
        for side, width in zip(PATCH, WIDTHS, strict=True)
    ]
    weights = axes[0][:, None, None] * axes[1][:, None] * axes[2]
    weights = (weights / weights.sum()).sqrt()
    assert math.prod(PATCH) == weights.numel()
    return weights.expand(3, *PATCH).flatten()
