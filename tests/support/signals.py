"""Clips of waves whose statistics are known."""

from __future__ import annotations

import torch
from torch import Tensor


def gaussian(frames: int, size_hw: tuple[int, int] = (6, 8), *, seed: int = 0) -> Tensor:
    """Brightness of many waves that travel, and some noise, about 128 with another deviation a pixel; THW."""
    generator = torch.Generator().manual_seed(seed)
    time, y, x = torch.meshgrid(torch.arange(frames), *map(torch.arange, size_hw), indexing="ij")
    signal = 0.3 * torch.randn(frames, *size_hw, generator=generator)
    for _ in range(24):
        right, down = torch.randn(2, generator=generator) * 0.5
        speed, phase = 0.2 + 0.9 * torch.rand((), generator=generator), 6.28 * torch.rand((), generator=generator)
        signal += 0.3 * torch.cos(right * x + down * y - speed * time + phase)
    return 128 + signal * (15 + 15 * torch.rand(size_hw, generator=generator))


def grey(levels_thw: Tensor) -> Tensor:
    """Brightness as a clip, THWC."""
    return levels_thw.round().clamp(0, 255).to(torch.uint8)[..., None].expand(-1, -1, -1, 3).contiguous()


def fiery(levels_thw: Tensor) -> Tensor:
    """Brightness as a clip of one palette: black, red, orange, white."""
    heat = (levels_thw / 255).clamp(0, 1)
    return torch.stack([(2 * heat).clamp(max=1), heat**2, heat**4], 3).mul(255).round().to(torch.uint8)


def video_of(clip_thwc: Tensor) -> Tensor:
    """The clip, (T, 3, H, W) in [-1, 1]."""
    return (clip_thwc.float() / 127.5 - 1).permute(0, 3, 1, 2)
