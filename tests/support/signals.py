"""Clips of waves whose statistics are known."""

from __future__ import annotations

import numpy as np


def gaussian(frames: int, size_hw: tuple[int, int] = (6, 8), *, seed: int = 0) -> np.ndarray:
    """Brightness of many waves that travel, and some noise, about 128 with another deviation a pixel; THW."""
    generator = np.random.default_rng(seed)
    time, y, x = np.meshgrid(np.arange(frames), *map(np.arange, size_hw), indexing="ij")
    signal = 0.3 * generator.standard_normal((frames, *size_hw))
    for _ in range(24):
        right, down = 0.5 * generator.standard_normal(2)
        speed, phase = 0.2 + 0.9 * generator.random(), 6.28 * generator.random()
        signal += 0.3 * np.cos(right * x + down * y - speed * time + phase)
    return 128 + signal * (15 + 15 * generator.random(size_hw))


def grey(levels_thw: np.ndarray) -> np.ndarray:
    """Brightness as a clip, THWC."""
    return levels_thw.round().clip(0, 255).astype(np.uint8)[..., None].repeat(3, 3)


def fiery(levels_thw: np.ndarray) -> np.ndarray:
    """Brightness as a clip of one palette: black, red, orange, white."""
    heat = (levels_thw / 255).clip(0, 1)
    return (np.stack([(2 * heat).clip(max=1), heat**2, heat**4], 3) * 255).round().astype(np.uint8)


def video_of(clip_thwc: np.ndarray) -> np.ndarray:
    """The clip, (T, 3, H, W) in [-1, 1]."""
    return np.moveaxis(clip_thwc.astype(np.float32) * np.float32(2 / 255) - 1, 3, 1).copy()
