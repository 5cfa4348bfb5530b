"""More like this: slow motion kept, fast motion drawn anew."""

from __future__ import annotations

import numpy as np
import pytest
from support.signals import gaussian, grey

from dtsgan.engine.prior import Draw, MotionPrior
from dtsgan.engine.scales import resize

FRAMES = range(64)


@pytest.fixture(scope="module")
def prior() -> MotionPrior:
    return MotionPrior(grey(gaussian(192, (16, 24))))


def small(video: np.ndarray) -> np.ndarray:
    coarse = resize(video, (6, 8))
    return coarse - coarse.mean(0)


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(small(one).ravel(), small(other).ravel())[0, 1])


def test_another_fine_seed_is_more_like_it_than_another_seed(prior: MotionPrior) -> None:
    """In small it moves as the draw that it is like, and no pixel need be the same; it moves as much."""
    like = prior.video(FRAMES, Draw(seed=1))
    fine = [prior.video(FRAMES, Draw(seed=1, fine_seed=seed)) for seed in (0, 1)]
    other = prior.video(FRAMES, Draw(seed=2))
    assert min(correlation(like, each) for each in fine) > 0.5
    assert abs(correlation(like, other)) < 0.4
    assert np.abs(fine[0] - like).mean() > 0.02
    assert np.abs(fine[0] - fine[1]).mean() > 0.02
    motion = [np.abs(np.diff(each, axis=0)).mean() for each in (like, *fine)]
    assert np.ptp(motion) < 0.1 * motion[0]


def test_a_fine_seed_is_the_same_in_any_range_and_around_a_loop(prior: MotionPrior) -> None:
    """As every draw: a function of its seeds and the frame."""
    draw = Draw(seed=1, fine_seed=5, period=80)
    whole = prior.video(range(80), draw)
    np.testing.assert_array_equal(whole[30:40], prior.video(range(30, 40), draw))
    np.testing.assert_array_equal(whole[:8], prior.video(range(80, 88), draw))
