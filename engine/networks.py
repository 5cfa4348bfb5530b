"""Generators and critic. Volumes are (batch, frames, channels, height, width) in [-1, 1]."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .convolution import SpaceTimeConv
from .pyramid import LAYERS

RECEPTIVE_FIELD = 2 * LAYERS + 1
"""Frames and pixels that one output value depends on (paper, section 3.2)."""


class ConvStack(nn.Module):
    """Five 3x3x3 convolutions with leaky ReLU 0.2 between them (paper, section 3.2).

    ``normalise`` puts 3D batch normalisation behind all but the last. The convolutions before a normalisation have no
    bias: its shift is one.
    """

    def __init__(
        self, in_channels: int, width: int, out_channels: int, *, normalise: bool, last_gain: float = 1.0
    ) -> None:
        super().__init__()
        inputs = [in_channels] + [width] * (LAYERS - 1)
        self.convolutions = nn.ModuleList(
            [SpaceTimeConv(channels, width, bias=not normalise) for channels in inputs[:-1]]
            + [SpaceTimeConv(inputs[-1], out_channels, gain=last_gain)]
        )
        self.norms = nn.ModuleList([nn.BatchNorm2d(width) for _ in inputs[:-1]] if normalise else [])

    def forward(self, x: Tensor) -> Tensor:
        for index, convolve in enumerate(self.convolutions[:-1]):
            x = convolve(x)
            if self.norms:
                # Over batch, frames, height and width together: what BatchNorm3d does.
                x = self.norms[index](x.flatten(0, 1)).unflatten(0, x.shape[:2])
            x = F.leaky_relu(x, 0.2)
        return self.convolutions[-1](x)


class PaperGenerator(nn.Module):
    """G_n of the paper (equations 1 and 2): noise, and above the coarsest scale the upsampled coarser video.

    ``forward(noise, base)`` takes both as (B, T, 3, H, W), ``base`` None at scale 0. The residual form above scale 0
    is SinGAN's, whose recipe the paper follows.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.stack = ConvStack(3, width, 3, normalise=True)

    def forward(self, noise: Tensor, base: Tensor | None) -> Tensor:
        if base is None:
            return torch.tanh(self.stack(noise))
        return torch.tanh(self.stack(noise + base)) + base


class Critic(nn.Module):
    """D_n of the paper: a map of scores, whose mean is the critic's value."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.stack = ConvStack(3, width, 1, normalise=True)

    def forward(self, video: Tensor) -> Tensor:
        return self.stack(video).mean()


class FastGenerator(nn.Module):
    """The generator of the ``fast`` preset: the paper's stack on blocks of 2x2 pixels.

    ``forward(base, layout)`` takes the coarser video with the prior's detail, already at this size, (B, T, 3, H, W),
    and the scene's layout, (B, 3, H, W); gives (B, T, 3, H, W). H and W are even.

    Working on 2x2 blocks quarters the cost a pixel and doubles the receptive field. Without batch normalisation a
    frame never depends on the statistics of the chunk it is rendered in, and nothing tints. The last layer starts at
    zero: training starts from the base as it is, and can stop at any moment with something usable.
    """

    BLOCK = 2

    def __init__(self, width: int) -> None:
        super().__init__()
        pixels = self.BLOCK**2
        self.stack = ConvStack(6 * pixels, width, 3 * pixels, normalise=False, last_gain=0.0)

    def forward(self, base: Tensor, layout: Tensor) -> Tensor:
        scene = layout[:, None].expand(-1, base.shape[1], -1, -1, -1)
        blocks = F.pixel_unshuffle(torch.cat([base, scene], 2), self.BLOCK)
        return base + F.pixel_shuffle(self.stack(blocks), self.BLOCK)


class Trained:
    """A generator at work on arrays, as ``engine.pyramid.Generator``, where its weights are."""

    def __init__(self, module: PaperGenerator | FastGenerator) -> None:
        self.module = module

    @torch.no_grad()
    def __call__(self, noise: np.ndarray | None, base: np.ndarray | None, layout: np.ndarray | None) -> np.ndarray:
        device = next(self.module.parameters()).device
        z, x, scene = (None if a is None else torch.from_numpy(a)[None].to(device) for a in (noise, base, layout))
        if isinstance(self.module, FastGenerator):
            assert x is not None
            assert scene is not None
            return self.module(x, scene)[0].cpu().numpy()
        assert z is not None
        return self.module(z, x)[0].cpu().numpy()
