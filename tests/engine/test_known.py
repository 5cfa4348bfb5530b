"""Draws of the motion prior that go on from known frames."""

from __future__ import annotations

import numpy as np
import pytest
from support.signals import gaussian, grey, video_of

from dtsgan.engine.prior import Draw, Known, MotionPrior
from dtsgan.engine.prior.conditioning import carried, correlation
from dtsgan.engine.pyramid import Feed

pytestmark = pytest.mark.usefixtures("quick")


def slowed(levels_thw: np.ndarray, times: int) -> np.ndarray:
    """The same brightness, in between on straight lines, (times * T, H, W)."""
    places = ((np.arange(times * len(levels_thw)) + 0.5) / times - 0.5).clip(0, len(levels_thw) - 1)
    before = places.astype(int).clip(max=len(levels_thw) - 2)
    share = (places - before)[:, None, None]
    return (1 - share) * levels_thw[before] + share * levels_thw[before + 1]


CLIP = grey(slowed(gaussian(54), 3)[:160])
"""As slow as clips are: a frame tells of the next."""

REAL = video_of(CLIP)
STEP = float(np.square(np.diff(REAL, axis=0)).mean())
AWAY = float(np.square(REAL[80:] - REAL[:80]).mean())


@pytest.fixture(scope="module")
def prior() -> MotionPrior:
    return MotionPrior(CLIP)


def known(first: int, length: int, at: int) -> Known:
    """Frames of the clip from ``at`` on, wanted from number ``first`` on."""
    return Known(numbers=tuple(range(first, first + length)), video_tchw=REAL[at : at + length])


def change(video: np.ndarray) -> np.ndarray:
    """Mean squared change to each next frame."""
    return np.square(np.diff(video, axis=0)).mean((1, 2, 3))


CASES = {
    "before": (known(-12, 12, 148), None),
    "after": (known(30, 12, 3), None),
    "both": (Known(numbers=(*range(-9, 0), *range(24, 33)), video_tchw=np.concatenate([REAL[151:], REAL[:9]])), None),
    "loop": (known(0, 60, 50), 84),
}


@pytest.mark.parametrize("case", CASES)
def test_known_frames_come_back(prior: MotionPrior, case: str) -> None:
    """To the bit, wherever they lie, and whatever range is asked for; the rest depends on the seed."""
    given, period = CASES[case]
    whole = range(-40, 120)
    made = prior.video(whole, Draw(seed=1, period=period, known=given))
    for number, frame in zip(given.numbers, given.video_tchw, strict=True):
        np.testing.assert_array_equal(made[number + 40], frame)
    for part in (range(-3, 5), range(26, 31), range(83, 85)):
        again = prior.video(part, Draw(seed=1, period=period, known=given))
        np.testing.assert_allclose(again, made[part.start + 40 : part.stop + 40], atol=1e-4, rtol=0)
    others = [prior.video(range(62, 82), Draw(seed=seed, period=period, known=given)) for seed in range(2, 7)]
    if case != "loop":  # so short a clip has one place alone that leads from its end to its start
        assert max(np.square(other - made[102:122]).mean() for other in others) > 0.2 * AWAY


@pytest.mark.parametrize("case", CASES)
def test_nothing_jumps_at_the_joints(prior: MotionPrior, case: str) -> None:
    """The change from a known to a new frame is as any other, where a cut is many times as large."""
    given, period = CASES[case]
    there = {number % period if period else number for number in given.numbers}
    joints = []
    for seed in range(6):
        made = prior.video(range(-40, 120), Draw(seed=seed, period=period, known=given))
        for place, step in enumerate(change(made)):
            one, other = ((place - 40 + ahead) % period if period else place - 40 + ahead for ahead in (0, 1))
            if (one in there) != (other in there):
                joints.append(step)
    assert AWAY > 4 * STEP
    assert sum(joints) / len(joints) < 1.8 * STEP


def test_what_is_new_moves_as_the_clip_does(prior: MotionPrior) -> None:
    """Right behind the joint, and in a bridge of 24 frames between two known ends."""
    bridges = [prior.video(range(60, 84), Draw(seed=seed, period=84, known=CASES["loop"][0])) for seed in range(6)]
    after = [prior.video(range(24), Draw(seed=seed, known=CASES["before"][0])) for seed in range(6)]
    for made in (bridges, after):
        assert np.mean([change(one).mean() for one in made]) == pytest.approx(STEP, rel=0.5)


def test_far_from_what_is_known_a_draw_is_free(prior: MotionPrior) -> None:
    """Hundreds of frames later the known ones make no difference."""
    far = range(700, 720)
    free = prior.video(far, Draw(seed=3))
    np.testing.assert_allclose(prior.video(far, Draw(seed=3, known=CASES["before"][0])), free, atol=1e-5, rtol=0)


def test_frames_that_the_clip_never_had(prior: MotionPrior) -> None:
    """A picture of another clip is kept, and led from in steps; nothing is infinite."""
    strange = Known(numbers=(0,), video_tchw=video_of(grey(gaussian(2, seed=9)))[:1])
    made = prior.video(range(30), Draw(seed=0, known=strange))
    np.testing.assert_array_equal(made[0], strange.video_tchw[0])
    assert np.isfinite(made).all()
    assert change(made)[0] < AWAY


def test_the_correlation_is_the_signals_own() -> None:
    """Of a first-order process, its coefficient's powers, a little less the longer the lag."""
    signal = np.random.default_rng(0).standard_normal((400, 50))
    for frame in range(1, 400):
        signal[frame] = 0.8 * signal[frame - 1] + 0.6 * signal[frame]
    found = correlation(signal)
    np.testing.assert_allclose(found[:5], 0.8 ** np.arange(5), atol=0.06, rtol=0)
    carry = carried([0, 1, 2, 200], [-2, -1], found, None)
    assert carry[0, 1] > 0.6
    assert (np.abs(carry[0]) > np.abs(carry[1]))[1]
    assert (carry[3] == 0).all()


def test_white_noise_goes_on_from_what_reconstructs_the_known_frames() -> None:
    """Without a motion prior: the reconstruction noise of their places in the clip, and nothing at finer scales; new
    frames get fresh noise, and so do known ones of another clip."""
    feed = Feed(seed=5)
    frames, video = range(-4, 4), np.zeros((3, 3, 6, 8), np.float32)
    drawn = {"size_hw": (6, 8), "amplitude": 0.5}
    given = Known(numbers=(-3, -2, -1), video_tchw=video, places=(17, 18, 19))
    coarse, _ = feed.inputs(0, frames, Draw(seed=1, known=given), None, **drawn)
    fine, _ = feed.inputs(1, frames, Draw(seed=1, known=given), np.zeros((8, 3, 3, 4), np.float32), **drawn)
    free, _ = feed.inputs(0, frames, Draw(seed=1), None, **drawn)
    original, _ = feed.inputs(0, range(17, 20), Draw(seed=1, share=0), None, **drawn)
    assert coarse is not None
    assert fine is not None
    assert free is not None
    np.testing.assert_array_equal(coarse[1:4], original)
    np.testing.assert_array_equal(coarse[4:], free[4:])
    assert (fine[1:4] == 0).all()
    assert (fine[4:] != 0).any()
    elsewhere = Known(numbers=(-3, -2, -1), video_tchw=video)
    other, _ = feed.inputs(0, frames, Draw(seed=1, known=elsewhere), None, **drawn)
    np.testing.assert_array_equal(other, free)
