from __future__ import annotations

import pytest
import torch

from dtsgan.engine.noise import generator_for, noise

SHAPE = (3, 5, 7)
KEY = (4, 1)


def test_a_range_is_part_of_a_longer_one() -> None:
    """A frame's noise depends on its number alone, below zero, too."""
    long = noise(range(-20, 30), SHAPE, key=KEY)
    for frames in (range(-20, -15), range(-3, 4), range(29, 30)):
        assert torch.equal(noise(frames, SHAPE, key=KEY), long[frames.start + 20 : frames.stop + 20])


def test_what_was_drawn_before_changes_nothing() -> None:
    """Neither torch's own generator nor earlier calls are read or moved."""
    torch.manual_seed(1)
    first, state = noise(range(3), SHAPE, key=KEY), torch.get_rng_state()
    noise(range(100, 104), SHAPE, key=(9,))
    torch.manual_seed(2)
    assert torch.equal(noise(range(3), SHAPE, key=KEY), first)
    torch.manual_seed(1)
    assert torch.equal(torch.get_rng_state(), state)


def test_frames_and_streams_differ() -> None:
    """Frames of one stream, other seeds, other scales and swapped keys are all unrelated."""
    volumes = [noise(range(4), SHAPE, key=key) for key in [(0, 1), (1, 0), (0, 2), ("0", 1), (-1, 1)]]
    frames = torch.cat(volumes).flatten(1)
    alike = torch.corrcoef(frames) - torch.eye(len(frames))
    assert alike.abs().max() < 0.4


def test_noise_is_standard_normal() -> None:
    """Mean 0, deviation 1, and as many values beyond two deviations as the normal distribution has."""
    values = noise(range(200), (3, 16, 16), key=KEY)
    assert values.mean() == pytest.approx(0, abs=0.01)
    assert values.std() == pytest.approx(1, abs=0.01)
    assert (values.abs() > 2).float().mean() == pytest.approx(0.0455, abs=0.003)


def test_a_place_has_one_seed() -> None:
    """The same place gives the same numbers, another place others."""
    assert generator_for("a", 1).initial_seed() == generator_for("a", 1).initial_seed()
    seeds = {generator_for(name, number).initial_seed() for name in ("a", "b") for number in range(-50, 50)}
    assert len(seeds) == 200
