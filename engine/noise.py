"""Counter-based noise: a value depends on its place alone, never on what was drawn before it."""

from __future__ import annotations

import hashlib

import numpy as np


def seed_for(*key: int | str) -> int:
    """A seed of 63 bits for one place in the work."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def generator_for(*key: int | str) -> np.random.Generator:
    """A random generator for one place in the work."""
    return np.random.Generator(np.random.Philox(key=seed_for(*key)))


def noise(
    frames: range, shape: tuple[int, ...], *, key: tuple[int | str, ...], period: int | None = None
) -> np.ndarray:
    """Standard normal noise (frames, *shape) for the given frame numbers, which may be negative.

    ``key`` names the stream, (seed, scale) say. Any range of frames equals the same frames of a longer range; after
    ``period`` frames it comes back.
    """
    numbers = frames if period is None else [frame % period for frame in frames]
    return np.stack([generator_for(*key, number).standard_normal(shape, np.float32) for number in numbers])
