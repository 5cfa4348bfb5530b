from __future__ import annotations

import numpy as np
import pytest

from dtsgan.engine.noise import generator_for, noise, seed_for

SHAPE = (3, 5, 7)
KEY = (4, 1)


def test_a_range_is_part_of_a_longer_one() -> None:
    """A frame's noise depends on its number alone, below zero, too."""
    long = noise(range(-20, 30), SHAPE, key=KEY)
    for frames in (range(-20, -15), range(-3, 4), range(29, 30)):
        np.testing.assert_array_equal(noise(frames, SHAPE, key=KEY), long[frames.start + 20 : frames.stop + 20])


def test_a_period_brings_it_back() -> None:
    """The frames of a loop are the same each time around, below zero, too."""
    once = noise(range(7), SHAPE, key=KEY, period=7)
    np.testing.assert_array_equal(noise(range(-7, 14), SHAPE, key=KEY, period=7), np.concatenate([once] * 3))
    np.testing.assert_array_equal(once, noise(range(7), SHAPE, key=KEY))


def test_what_was_drawn_before_changes_nothing() -> None:
    """Neither NumPy's own generator nor earlier calls are read or moved."""
    np.random.seed(1)
    first, unmoved = noise(range(3), SHAPE, key=KEY), np.random.random(5)
    np.random.seed(1)
    noise(range(100, 104), SHAPE, key=(9,))
    np.testing.assert_array_equal(np.random.random(5), unmoved)
    np.testing.assert_array_equal(noise(range(3), SHAPE, key=KEY), first)


def test_frames_and_streams_differ() -> None:
    """Frames of one stream, other seeds, other scales and swapped keys are all unrelated."""
    volumes = [noise(range(4), SHAPE, key=key) for key in [(0, 1), (1, 0), (0, 2), ("0", 1), (-1, 1)]]
    frames = np.concatenate(volumes).reshape(20, -1)
    alike = np.corrcoef(frames) - np.eye(len(frames))
    assert np.abs(alike).max() < 0.4


def test_noise_is_standard_normal() -> None:
    """Mean 0, deviation 1, and as many values beyond two deviations as the normal distribution has."""
    values = noise(range(200), (3, 16, 16), key=KEY)
    assert values.mean() == pytest.approx(0, abs=0.01)
    assert values.std() == pytest.approx(1, abs=0.01)
    assert (np.abs(values) > 2).mean() == pytest.approx(0.0455, abs=0.003)


def test_a_place_has_one_seed() -> None:
    """The same place gives the same numbers, another place others."""
    assert seed_for("a", 1) == seed_for("a", 1)
    seeds = {seed_for(name, number) for name in ("a", "b") for number in range(-50, 50)}
    assert len(seeds) == 200
    assert all(0 <= seed < 1 << 63 for seed in seeds)
    drawn = [generator_for(*key).integers(1 << 60) for key in (("a", 1), ("a", 1), ("a", 2))]
    assert drawn[0] == drawn[1] != drawn[2]
