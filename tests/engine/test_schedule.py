from __future__ import annotations

from itertools import pairwise

import pytest

from dtsgan.engine.schedule import window_start

CASES = [(16, 16, 16), (17, 16, 16), (48, 16, 16), (50, 16, 16), (40, 16, 5), (100, 16, 1), (20, 5, 40)]


@pytest.mark.parametrize(("frames", "window", "stride"), CASES)
def test_every_window_lies_inside(frames: int, window: int, stride: int) -> None:
    """No window reaches past either end, and both ends of the clip are seen."""
    starts = {window_start(update, frames=frames, window=window, stride=stride) for update in range(400)}
    assert min(starts) == 0
    assert max(starts) == frames - window


@pytest.mark.parametrize(("frames", "window", "stride"), CASES)
def test_neighbours_stay_neighbours(frames: int, window: int, stride: int) -> None:
    """Every move is one stride at most, and each move leads somewhere else where there is anywhere to go."""
    starts = [window_start(update, frames=frames, window=window, stride=stride) for update in range(400)]
    moves = [abs(after - before) for before, after in pairwise(starts)]
    assert max(moves) <= stride
    assert min(moves) > 0 or frames == window


def test_it_turns_back_at_the_ends() -> None:
    """There and back again, the ends once each; the last window is the clip's last, be the stride as it may."""
    starts = [window_start(update, frames=50, window=16, stride=16) for update in range(9)]
    assert starts == [0, 16, 32, 34, 32, 16, 0, 16, 32]


def test_a_clip_of_one_window_stays() -> None:
    """Where there is one window, it is the one."""
    assert {window_start(update, frames=16, window=16, stride=16) for update in range(9)} == {0}
