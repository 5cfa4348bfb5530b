"""The 3x3x3 convolution all networks are made of, on its fast path."""

from __future__ import annotations

import math
from typing import Any

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
        # Channels last in memory all the way: both transpositions are free between two of these layers.
        taps = _Taps.apply(x.permute(0, 1, 3, 4, 2)).reshape(batch * frames, height, width, 3 * channels)
        kernel = self.weight.transpose(1, 2).reshape(-1, 3 * channels, 3, 3)
        y = F.conv2d(
            taps.permute(0, 3, 1, 2), kernel.contiguous(memory_format=torch.channels_last), self.bias, padding=1
        )
        return y.reshape(batch, frames, -1, height, width)


class _Taps(torch.autograd.Function):
    """The frame before, the frame and the frame after, side by side: (B, T, H, W, C) to (B, T, H, W, 3, C).

    Zeros lie outside. With slices and ``torch.cat``, autograd would fill and add three whole volumes on the way back.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        taps = x.new_empty(*x.shape[:-1], 3, x.shape[-1])
        taps[:, :1, ..., 0, :] = 0
        taps[:, 1:, ..., 0, :] = x[:, :-1]
        taps[..., 1, :] = x
        taps[:, :-1, ..., 2, :] = x[:, 1:]
        taps[:, -1:, ..., 2, :] = 0
        return taps

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        return _FromTaps.apply(grads[0])


class _FromTaps(torch.autograd.Function):
    """The adjoint of ``_Taps``: each is the other's gradient, so both can be differentiated any number of times."""

    @staticmethod
    def forward(ctx: Any, taps: Tensor) -> Tensor:
        x = taps[..., 1, :].clone(memory_format=torch.contiguous_format)
        x[:, :-1] += taps[:, 1:, ..., 0, :]
        x[:, 1:] += taps[:, :-1, ..., 2, :]
        return x

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        return _Taps.apply(grads[0])
