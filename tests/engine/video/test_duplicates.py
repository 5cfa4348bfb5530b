"""Finding repeated frames and the rate beneath them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from support.videos import texture

from dtsgan.engine.video.duplicates import change, find_repeats, rate_without


def repeats_of(order: list[int], noise: float = 0.0) -> np.ndarray:
    """What is found when the texture's frames are shown in this order."""
    frames = texture(max(order) + 1, (48, 64))[order].astype(float)
    frames += np.random.default_rng(0).normal(0, noise, frames.shape)
    shown = frames.clip(0, 255).astype(np.uint8)
    return find_repeats(np.array([change(a, b) for a, b in pairwise(shown)]))


def pulled_down(frames: int, pattern: tuple[int, ...]) -> list[int]:
    """Frame ``n`` shown ``pattern[n]`` times, over and over."""
    return [frame for frame in range(frames) for _ in range(pattern[frame % len(pattern)])]


@pytest.mark.parametrize(
    ("pattern", "rate", "taken"),
    [
        ((1, 1, 1, 2), Fraction(30), Fraction(24)),
        ((2,), Fraction(50), Fraction(25)),
        ((2, 3), Fraction(60000, 1001), Fraction(24000, 1001)),
        ((1, 1, 1, 1, 2), Fraction(30), Fraction(25)),
        ((3,), Fraction(24), Fraction(8)),
    ],
)
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_pulldown_is_found(pattern: tuple[int, ...], rate: Fraction, taken: Fraction, noise: float) -> None:
    """Every repeat of a pulldown is found, and the rate at which the frames were taken is exact."""
    order = pulled_down(48, pattern)
    repeats = repeats_of(order, noise)
    assert repeats.tolist() == [False, *(a == b for a, b in pairwise(order))]
    assert rate_without(repeats, rate) == taken


def test_moving_frames_are_no_repeats() -> None:
    """A texture that moves evenly has none."""
    assert not repeats_of(list(range(60))).any()


def test_stray_repeats_leave_the_rate_alone() -> None:
    """Repeats without a pattern are found, but say nothing about the rate."""
    repeats = repeats_of([*range(20), 19, *range(20, 45), 44, *range(45, 60)])
    assert np.flatnonzero(repeats).tolist() == [20, 46]
    assert rate_without(repeats, Fraction(25)) == 25


def test_the_calm_before_a_storm_is_no_repeat() -> None:
    """Slow movement that turns fast, and fast that turns slow, lose no frame."""
    changes = np.r_[np.full(30, 0.5), np.full(30, 10.0), np.full(30, 0.5)]
    assert not find_repeats(changes).any()


def test_a_still_has_no_repeats() -> None:
    """Where nothing ever moves there is nothing to tell repeats from."""
    assert not find_repeats(np.zeros(50)).any()


def test_change_is_in_levels_of_8_bits() -> None:
    """A difference reads the same at 8 and at 16 bits, and does not wrap."""
    dark, light = np.full((4, 4, 3), 10, np.uint8), np.full((4, 4, 3), 250, np.uint8)
    assert change(dark, light) == change(light, dark) == 240
    assert change(dark.astype(np.uint16) * 257, light.astype(np.uint16) * 257) == pytest.approx(240)
