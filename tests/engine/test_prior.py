from __future__ import annotations

import pytest
import torch
from support.signals import fiery, gaussian, grey, video_of
from torch import Tensor

from dtsgan.engine.prior import LUMA, ColourCurves, Draw, MotionPrior, fields, motion

pytestmark = pytest.mark.usefixtures("quick")

LONG = range(-700, 700)
LEVEL = 1 / 127.5


@pytest.mark.parametrize("frames", [40, 64, 150])
def test_mixing_keeps_the_energy(frames: int) -> None:
    """The squared weights of a drawn frame add up to about 1, for all frames alike: no pulsing, no fading away."""
    energy = MotionPrior(grey(gaussian(frames)))._mixing.weights(LONG, Draw(seed=1)).square().sum(1)
    assert energy.mean().item() == pytest.approx(1, abs=0.3)
    assert energy.std() < 0.2 * energy.mean()
    assert 0.4 < energy.min() < energy.max() < 2.5


def test_every_draw_has_lively_moments() -> None:
    """Of a clip whose last third alone moves much, 48 frames of any seed show some of that motion."""
    signal = gaussian(240) - 128
    signal[:160] *= 0.25
    clip = grey(128 + signal)
    prior = MotionPrior(clip)

    def motion_of(video: Tensor) -> float:
        return video.diff(dim=0).square().mean().item()

    ratios = [motion_of(prior.video(range(48), Draw(seed=seed))) / motion_of(video_of(clip)) for seed in range(12)]
    assert min(ratios) > 0.3


def test_long_samples_have_the_clips_second_order_statistics() -> None:
    """Every pixel's mean, deviation and correlation with its next frame and its neighbour are the clip's own."""
    clip = grey(gaussian(400))
    real, made = video_of(clip), MotionPrior(clip).video(LONG, Draw(seed=3))
    torch.testing.assert_close(made.mean(0), real.mean(0), atol=4 * LEVEL, rtol=0)
    torch.testing.assert_close(made.std(0), real.std(0), atol=0, rtol=0.2)
    assert (made.var(0) / real.var(0)).mean().item() == pytest.approx(1, abs=0.1)
    for lag, right in ((1, 0), (3, 0), (0, 1), (1, 1)):
        torch.testing.assert_close(alike(made, lag, right), alike(real, lag, right), atol=0.2, rtol=0)


def alike(video: Tensor, lag: int, right: int) -> Tensor:
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
    scatter = real.std(0).square().mean()

    def distance(a: Tensor, b: Tensor) -> float:
        return ((a - b).square().mean() / (2 * scatter)).item()

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
        torch.testing.assert_close(part, long[frames.start + 90 : frames.stop + 90], atol=1e-5, rtol=0)


@pytest.mark.parametrize("period", [2, 3, 7, 24, 48, 97, 131])
def test_a_loop_comes_back(period: int) -> None:
    """After the period all is the same to rounding, before and behind; another period is another video."""
    prior, draw = MotionPrior(grey(gaussian(90))), Draw(seed=4, period=period)
    once = prior.video(range(period), draw)
    around = prior.video(range(-period, 3 * period), draw)
    torch.testing.assert_close(around, once.repeat(4, 1, 1, 1), atol=1e-5, rtol=0)
    if period > 7:
        other = prior.video(range(period), Draw(seed=4, period=period + 1))
        assert (other - once).abs().mean() > LEVEL


@pytest.mark.parametrize("period", [24, 97, 200])
def test_a_loops_joint_is_like_any_other_moment(period: int) -> None:
    """The change from the last frame to the first is no more than usual, and variance and motion are the clip's."""
    clip = grey(gaussian(150))
    real = video_of(clip)
    loops = torch.stack(
        [MotionPrior(clip).video(range(period + 1), Draw(seed=seed, period=period)) for seed in range(4)]
    )
    steps = loops.diff(dim=1).square().mean((0, 2, 3, 4))
    assert steps[-1] < 1.5 * steps[:-1].mean()
    assert steps.mean().item() == pytest.approx(real.diff(dim=0).square().mean().item(), rel=0.35)
    assert loops.var(1).mean().item() == pytest.approx(real.var(0).mean().item(), rel=0.35)


def test_nothing_fresh_is_the_clip_itself() -> None:
    """Share 0 gives back the clip to the bit, its ends held before and after it."""
    clip = fiery(gaussian(20))
    back = MotionPrior(clip).video(range(-2, 22), Draw(seed=5, share=0))
    assert torch.equal(back, video_of(torch.cat([clip[:1], clip[:1], clip, clip[-1:], clip[-1:]])))


def test_each_draws_colours_go_with_its_light() -> None:
    """Where one draw alone is seen, its colours are seen with it, pixel by pixel."""
    generator = torch.Generator().manual_seed(0)
    clip = torch.randint(60, 196, (40, 6, 8, 3), generator=generator, dtype=torch.uint8)
    prior = MotionPrior(clip)
    share = torch.zeros(fields.PIECES, 5, 6, 8)
    share[0, ..., :4] = share[1, ..., 4:] = 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(motion, "shares", lambda *_: share)
        made = prior.video(range(5), Draw(seed=1))
        patch.setattr(
            motion, "shares", lambda *_: torch.ones_like(share) * torch.tensor([1.0, 0, 0])[:, None, None, None]
        )
        first = prior.video(range(5), Draw(seed=1))
    torch.testing.assert_close(made[..., :4], first[..., :4])
    assert (made[..., 4:] - first[..., 4:]).abs().mean() > 0.1


def test_still_pixels_stay_still() -> None:
    """What never moves keeps its level; what only has a camera's noise, within a few."""
    clip = grey(gaussian(60, (8, 8)))
    generator = torch.Generator().manual_seed(1)
    clip[:, :2] = torch.randint(0, 256, (2, 8, 3), generator=generator)
    clip[:, 2:4] = clip[:1, :2] // 2 + 60 + torch.randint(-1, 2, (60, 2, 8, 3), generator=generator)
    made = MotionPrior(clip).video(range(-100, 200), Draw(seed=0))
    apart = (made - video_of(clip).mean(0)).abs() / LEVEL
    assert apart[:, :, :2].max() < 0.5
    assert apart[:, :, 2:4].max() < 5
    assert made[:, :, 4:].std(0).min() > 5 * LEVEL


def test_scores_and_luma_are_each_others_inverse() -> None:
    """There and back is the same luma to a twentieth of a level, the same score where the table reaches."""
    clip = video_of(fiery(gaussian(80))).flatten(2).transpose(1, 2)
    curves = ColourCurves.fitted(clip)
    luma = clip @ LUMA
    torch.testing.assert_close(curves.luma(curves.score(luma)), luma, atol=LEVEL / 20, rtol=0)
    scores = torch.linspace(-1.5, 1.5, 40)[:, None].expand(-1, luma.shape[1]).contiguous()
    torch.testing.assert_close(curves.score(curves.luma(scores)), scores, atol=2e-3, rtol=0)


def test_scores_rise_with_luma_and_are_about_normal() -> None:
    """Brighter is never a lower score; a pixel's scores have mean 0 and, being smoothed, a deviation of 1 or less."""
    clip = video_of(fiery(gaussian(300))).flatten(2).transpose(1, 2)
    curves = ColourCurves.fitted(clip)
    assert (curves.scores.diff(dim=0) > 0).all()
    scores = curves.score(clip @ LUMA)
    assert scores.mean(0).abs().max() < 0.1
    assert 0.6 < scores.std(0).min() < scores.std(0).max() < 1.05


def test_colours_stay_in_the_pixels_palette() -> None:
    """A pixel that goes from black through red to white makes no colour beside that way, however it is mixed."""
    clip = fiery(gaussian(100))
    made = MotionPrior(clip).video(range(-100, 300), Draw(seed=0))
    real = video_of(clip)
    beyond = torch.maximum(made - real.amax(0), real.amin(0) - made) / LEVEL
    assert beyond.max() < 20
    assert (beyond < 8).float().mean() > 0.999
    red, green, blue = ((made + 1) / 2).unbind(1)
    assert (blue - green).max() < 0.05
    assert (green - red).max() < 0.05
    inside = (green > 0.15) & (green < 0.8)  # where the palette is one-to-one: blue is green squared
    assert (blue - green**2)[inside].abs().mean() < 0.03


@pytest.mark.parametrize("frames", [3, 4, 5, 16, 17])
def test_clips_of_one_window_work(frames: int) -> None:
    """A clip as short as a window makes endless video that still moves."""
    clip = grey(gaussian(frames))
    made = MotionPrior(clip).video(range(-40, 60), Draw(seed=0))
    assert made.shape == (100, 3, 6, 8)
    assert made.isfinite().all()
    assert made.std(0).mean() > 0.3 * video_of(clip).std(0).mean()


def test_the_layout_is_the_mean_picture() -> None:
    """What is common to all frames, (3, H, W)."""
    clip = fiery(gaussian(20))
    torch.testing.assert_close(MotionPrior(clip).layout(), video_of(clip).mean(0))


def test_deep_clips_are_as_good() -> None:
    """Full-scale uint16 levels mean the same video as the uint8 ones they extend."""
    clip = fiery(gaussian(40))
    deep = (clip.int() * 257).to(torch.uint16)
    one, other = (MotionPrior(levels).video(range(60), Draw(seed=4)) for levels in (clip, deep))
    torch.testing.assert_close(one, other, atol=1e-4, rtol=0)
