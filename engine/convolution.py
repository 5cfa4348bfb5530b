"""The 3x3x3 convolution all networks are made of, on its fast path."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SpaceTimeConv(nn.Module):
    """A 3x3x3 convolution that keeps its input's size; outside the volume lie zeros.

    Takes (batch, frames, channels, height, width) and gives the same with ``out_channels``. Weights have the standard
    shape of a 3D convolution, (out, in, time, y, x).

    It runs as a 2D convolution over frames whose channels hold the three time taps. With a batch of one, PyTorch's own
    conv3d on the CPU leaves oneDNN for a kernel several times slower at the coarse scales; stacked taps stay near the
    matrix-multiply peak at every size (``python -m tests.bench.step``), and so does the 2D convolution's double
    backward, which the gradient penalty needs. ``gain`` scales the He initialisation.
    """

    def __init__(self, in_channels: int, out_channels: int, *, bias: bool = True, gain: float = 1.0) -> None:
        super().__init__()
        deviation = gain * math.sqrt(2 / (27 * in_channels))
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, 3, 3, 3) * deviation)
        self.bias = nn.Parameter(torch.zeros(out_channels)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        batch, frames, channels, height, width = x.shape
        nothing = torch.zeros_like(x[:, :1])
        before, after = torch.cat([nothing, x[:, :-1]], 1), torch.cat([x[:, 1:], nothing], 1)
        taps = torch.cat([before, x, after], 2).reshape(batch * frames, 3 * channels, height, width)
        kernel = self.weight.transpose(1, 2).reshape(-1, 3 * channels, 3, 3)
        y = F.conv2d(
            taps.contiguous(memory_format=torch.channels_last),
            kernel.contiguous(memory_format=torch.channels_last),
            self.bias,
            padding=1,
        )
        return y.reshape(batch, frames, -1, height, width)
