from __future__ import annotations

import numpy as np
import pytest
from support.signals import fiery, gaussian, grey, video_of

from dtsgan.engine.prior import LUMA, ColourCurves, Draw, MotionPrior, fields, motion, pack_prior, unpack_prior

pytestmark = pytest.mark.usefixtures("quick")

LONG = range(-700, 700)
LEVEL = 1 / 127.5


@pytest.mark.parametrize("frames", [40, 64, 150])
def test_mixing_keeps_the_energy(frames: int) -> None:
    """The squared weights of a drawn frame add up to about 1, for all frames alike: no pulsing, no fading away."""
    weights = MotionPrior(grey(gaussian(frames)))._mixing.weights(LONG, Draw(seed=1))
    energy = np.square(weights).sum(1)
    assert energy.mean() == pytest.approx(1, abs=0.3)
    assert energy.std() < 0.2 * energy.mean()
    assert 0.4 < energy.min() < energy.max() < 2.5


def test_every_draw_has_lively_moments() -> None:
    """Of a clip whose last third alone moves much, 48 frames of any seed show some of that motion."""
    signal = gaussian(240) - 128
    signal[:160] *= 0.25
    clip = grey(128 + signal)
    prior = MotionPrior(clip)

    def motion_of(video: np.ndarray) -> float:
        return float(np.square(np.diff(video, axis=0)).mean())

    ratios = [motion_of(prior.video(range(48), Draw(seed=seed))) / motion_of(video_of(clip)) for seed in range(12)]
    assert min(ratios) > 0.3


def test_long_samples_have_the_clips_second_order_statistics() -> None:
    """Every pixel's mean, deviation and correlation with its next frame and its neighbour are the clip's own."""
    clip = grey(gaussian(400))
    real, made = video_of(clip), MotionPrior(clip).video(LONG, Draw(seed=3))
    np.testing.assert_allclose(made.mean(0), real.mean(0), atol=4 * LEVEL, rtol=0)
    np.testing.assert_allclose(made.std(0), real.std(0), atol=0, rtol=0.2)
    assert (made.var(0) / real.var(0)).mean() == pytest.approx(1, abs=0.1)
    for lag, right in ((1, 0), (3, 0), (0, 1), (1, 1)):
        np.testing.assert_allclose(alike(made, lag, right), alike(real, lag, right), atol=0.2, rtol=0)


def alike(video: np.ndarray, lag: int, right: int) -> np.ndarray:
    """Every pixel's correlation with the pixel so far to its right so many frames later."""
    centred = (video - video.mean(0)) / video.std(0)
    width = video.shape[3] - right
    return (centred[: len(video) - lag, ..., :width] * centred[lag:, ..., right:]).mean(0)


def test_draws_are_new_videos() -> None:
    """Two seeds, and a seed and the clip, are as good as unrelated; half a share lies between."""
    clip = grey(gaussian(100))
    prior = MotionPrior(clip)
    one, other = (prior.video(range(100), Draw(seed=seed)) for seed in (0, 1))
    half = prior.video(range(100), Draw(seed=0, share=0.5))
    real = video_of(clip)
    scatter = real.var(0).mean()

    def distance(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.square(a - b).mean() / (2 * scatter))

    for pair in ((one, other), (one, real), (other, real)):
        assert distance(*pair) > 0.6
    assert distance(half, real) < 0.5


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_any_range_is_part_of_a_longer_one(share: float) -> None:
    """A frame depends on the draw and its number alone, below zero and past the clip's end, too."""
    clip = grey(gaussian(50))
    long = MotionPrior(clip).video(range(-90, 150), Draw(seed=2, share=share))
    for frames in (range(-90, -85), range(-3, 4), range(31, 33), range(100, 150)):
        part = MotionPrior(clip).video(frames, Draw(seed=2, share=share))
        np.testing.assert_allclose(part, long[frames.start + 90 : frames.stop + 90], atol=1e-5, rtol=0)


@pytest.mark.parametrize("period", [2, 3, 7, 24, 48, 97, 131])
def test_a_loop_comes_back(period: int) -> None:
    """After the period all is the same to rounding, before and behind; another period is another video."""
    prior, draw = MotionPrior(grey(gaussian(90))), Draw(seed=4, period=period)
    once = prior.video(range(period), draw)
    around = prior.video(range(-period, 3 * period), draw)
    np.testing.assert_allclose(around, np.tile(once, (4, 1, 1, 1)), atol=1e-5, rtol=0)
    if period > 7:
        other = prior.video(range(period), Draw(seed=4, period=period + 1))
        assert np.abs(other - once).mean() > LEVEL


@pytest.mark.parametrize("period", [24, 97, 200])
def test_a_loops_joint_is_like_any_other_moment(period: int) -> None:
    """The change from the last frame to the first is no more than usual, and variance and motion are the clip's."""
    clip = grey(gaussian(150))
    real = video_of(clip)
    loops = np.stack([MotionPrior(clip).video(range(period + 1), Draw(seed=seed, period=period)) for seed in range(4)])
    steps = np.square(np.diff(loops, axis=1)).mean((0, 2, 3, 4))
    assert steps[-1] < 1.5 * steps[:-1].mean()
    assert steps.mean() == pytest.approx(np.square(np.diff(real, axis=0)).mean(), rel=0.35)
    assert loops.var(1).mean() == pytest.approx(real.var(0).mean(), rel=0.35)


def test_nothing_fresh_is_the_clip_itself() -> None:
    """Share 0 gives back the clip to the bit, its ends held before and after it."""
    clip = fiery(gaussian(20))
    back = MotionPrior(clip).video(range(-2, 22), Draw(seed=5, share=0))
    np.testing.assert_array_equal(back, video_of(clip[[0, 0, *range(20), 19, 19]]))


def test_each_draws_colours_go_with_its_light() -> None:
    """Where one draw alone is seen, its colours are seen with it, pixel by pixel."""
    clip = np.random.default_rng(0).integers(60, 196, (40, 6, 8, 3), np.uint8)
    prior = MotionPrior(clip)
    share = np.zeros((fields.PIECES, 5, 6, 8), np.float32)
    whole = np.zeros_like(share)
    whole[0] = 1
    share[0, ..., :4] = share[1, ..., 4:] = 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(motion, "shares", lambda *_: share)
        made = prior.video(range(5), Draw(seed=1))
        patch.setattr(motion, "shares", lambda *_: whole)
        first = prior.video(range(5), Draw(seed=1))
    np.testing.assert_allclose(made[..., :4], first[..., :4], rtol=1.3e-6, atol=1e-5)
    assert np.abs(made[..., 4:] - first[..., 4:]).mean() > 0.1


def test_still_pixels_stay_still() -> None:
    """What never moves keeps its level; what only has a camera's noise, within a few."""
    clip = grey(gaussian(60, (8, 8)))
    generator = np.random.default_rng(1)
    clip[:, :2] = generator.integers(0, 256, (2, 8, 3))
    clip[:, 2:4] = clip[:1, :2] // 2 + 60 + generator.integers(-1, 2, (60, 2, 8, 3))
    made = MotionPrior(clip).video(range(-100, 200), Draw(seed=0))
    apart = np.abs(made - video_of(clip).mean(0)) / LEVEL
    assert apart[:, :, :2].max() < 0.5
    assert apart[:, :, 2:4].max() < 5
    assert made[:, :, 4:].std(0).min() > 5 * LEVEL


def pixels_of(clip_thwc: np.ndarray) -> np.ndarray:
    """(T, P, 3) in [-1, 1]."""
    return np.moveaxis(video_of(clip_thwc), 1, 3).reshape(len(clip_thwc), -1, 3)


def test_scores_and_luma_are_each_others_inverse() -> None:
    """There and back is the same luma to a twentieth of a level, the same score where the table reaches."""
    clip = pixels_of(fiery(gaussian(80)))
    curves = ColourCurves.fitted(clip)
    luma = clip @ LUMA
    np.testing.assert_allclose(curves.luma(curves.score(luma)), luma, atol=LEVEL / 20, rtol=0)
    scores = np.linspace(-1.5, 1.5, 40, dtype=np.float32)[:, None].repeat(luma.shape[1], 1)
    np.testing.assert_allclose(curves.score(curves.luma(scores)), scores, atol=2e-3, rtol=0)


def test_scores_rise_with_luma_and_are_about_normal() -> None:
    """Brighter is never a lower score; a pixel's scores have mean 0 and, being smoothed, a deviation of 1 or less."""
    clip = pixels_of(fiery(gaussian(300)))
    curves = ColourCurves.fitted(clip)
    assert (np.diff(curves.scores, axis=0) > 0).all()
    scores = curves.score(clip @ LUMA)
    assert np.abs(scores.mean(0)).max() < 0.1
    assert 0.6 < scores.std(0).min() < scores.std(0).max() < 1.05


def test_colours_stay_in_the_pixels_palette() -> None:
    """A pixel that goes from black through red to white makes no colour beside that way, however it is mixed."""
    clip = fiery(gaussian(100))
    made = MotionPrior(clip).video(range(-100, 300), Draw(seed=0))
    real = video_of(clip)
    beyond = np.maximum(made - real.max(0), real.min(0) - made) / LEVEL
    assert beyond.max() < 20
    assert (beyond < 8).mean() > 0.999
    red, green, blue = np.moveaxis((made + 1) / 2, 1, 0)
    assert (blue - green).max() < 0.05
    assert (green - red).max() < 0.05
    inside = (green > 0.15) & (green < 0.8)  # where the palette is one-to-one: blue is green squared
    assert np.abs(blue - green**2)[inside].mean() < 0.03


@pytest.mark.parametrize("frames", [3, 4, 5, 16, 17])
def test_clips_of_one_window_work(frames: int) -> None:
    """A clip as short as a window makes endless video that still moves."""
    clip = grey(gaussian(frames))
    made = MotionPrior(clip).video(range(-40, 60), Draw(seed=0))
    assert made.shape == (100, 3, 6, 8)
    assert np.isfinite(made).all()
    assert made.std(0).mean() > 0.3 * video_of(clip).std(0).mean()


def test_the_layout_is_the_mean_picture() -> None:
    """What is common to all frames, (3, H, W)."""
    clip = fiery(gaussian(20))
    np.testing.assert_allclose(MotionPrior(clip).layout(), video_of(clip).mean(0), rtol=1.3e-6, atol=1e-5)


def test_deep_clips_are_as_good() -> None:
    """Full-scale uint16 levels mean the same video as the uint8 ones they extend."""
    clip = fiery(gaussian(40))
    deep = clip.astype(np.uint16) * 257
    one, other = (MotionPrior(levels).video(range(60), Draw(seed=4)) for levels in (clip, deep))
    np.testing.assert_allclose(one, other, atol=1e-4, rtol=0)


def test_a_prior_comes_back_from_its_arrays() -> None:
    """What is packed makes the same video again, to the bit; tables of another clip are refused."""
    prior = MotionPrior(fiery(gaussian(40)))
    arrays = pack_prior(prior)
    again = unpack_prior(arrays)
    np.testing.assert_array_equal(again.video(range(30), Draw(seed=1)), prior.video(range(30), Draw(seed=1)))
    with pytest.raises((ValueError, IndexError)):
        unpack_prior(arrays | {"prior.clip": arrays["prior.clip"][:, :3]})
