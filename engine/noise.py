"""Counter-based noise: a value depends on its place alone, never on what was drawn before it."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor


def generator_for(*key: int | str) -> torch.Generator:
    """A random generator (on the CPU, so that every device sees the same numbers) for one place in the work."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest, "little") >> 1)


def noise(frames: range, shape: tuple[int, ...], *, key: tuple[int | str, ...], period: int | None = None) -> Tensor:
    """Standard normal noise (frames, *shape) for the given frame numbers, which may be negative.

    ``key`` names the stream, (seed, scale) say. Any range of frames equals the same frames of a longer range; after
    ``period`` frames it comes back.
    """
    numbers = frames if period is None else [frame % period for frame in frames]
    return torch.stack([torch.randn(shape, generator=generator_for(*key, number)) for number in numbers])
