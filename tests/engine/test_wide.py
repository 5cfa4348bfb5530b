"""The prior of a picture larger than its clip."""

from __future__ import annotations

import numpy as np
import pytest

from dtsgan.engine.canvas import Canvas
from dtsgan.engine.prior import Draw, MotionPrior, WidePrior

SIZE_HW = (12, 16)


def waves(frames: int = 90) -> np.ndarray:
    """Many waves that travel over a picture that is the same all over, its rows lighter from top to bottom; THWC."""
    generator = np.random.default_rng(0)
    time, y, x = np.meshgrid(np.arange(frames), *map(np.arange, SIZE_HW), indexing="ij")
    signal = 128.0 + 3 * y
    for _ in range(24):
        right, down = generator.normal(0, 0.5, 2)
        speed, phase = generator.uniform(0.2, 1.1), generator.uniform(0, 6.28)
        signal += 6 * np.cos(right * x + down * y - speed * time + phase)
    return np.repeat(signal.clip(0, 255).astype(np.uint8)[..., None], 3, 3)


CLIP = waves()
PRIOR = MotionPrior(CLIP)
REAL = np.moveaxis(CLIP / 127.5 - 1, 3, 1)


def wide(size_hw: tuple[int, int], around: tuple[bool, bool] = (False, False)) -> WidePrior:
    return WidePrior(PRIOR, Canvas.of(size_hw, SIZE_HW, around=around))


def motion(video: np.ndarray) -> float:
    return float(np.square(np.diff(video, axis=0)).mean())


@pytest.mark.parametrize("size_hw", [(12, 60), (40, 16), (30, 50)])
def test_it_moves_as_the_clip_does_all_over(size_hw: tuple[int, int]) -> None:
    """Variance and motion are the clip's, and no column or row has much less of either: nothing shows where tiles
    meet."""
    made = np.concatenate([wide(size_hw).video(range(60), Draw(seed=seed)) for seed in range(4)])
    assert made.shape == (240, 3, *size_hw)
    assert motion(made) == pytest.approx(motion(REAL), rel=0.25)
    spread = made.std(0).mean(0)
    assert spread.mean() == pytest.approx(REAL.std(0).mean(), rel=0.2)
    for axis in (0, 1):
        assert spread.mean(axis).min() > 0.7 * spread.mean()


def test_rows_keep_their_light() -> None:
    """Wider, every row keeps its own mean; taller as well, all have one."""
    light = REAL.mean((0, 1, 3))
    across = wide((12, 60)).video(range(400), Draw(seed=1)).mean((0, 1, 3))
    np.testing.assert_allclose(across, light, atol=0.06)
    both = wide((40, 60)).video(range(400), Draw(seed=1)).mean((0, 1, 3))
    assert np.abs(both - light.mean()).max() < 0.06


def test_tiles_are_draws_of_their_own() -> None:
    """Nothing comes twice: parts as far apart as tiles are unrelated."""
    made = wide((12, 80)).video(range(200), Draw(seed=0))
    centred = (made - made.mean(0)) / made.std(0)
    for shift in range(8, 60):
        assert np.abs((centred[..., shift:] * centred[..., :-shift]).mean((0, 1, 2))).max() < 0.6


@pytest.mark.parametrize("around", [(True, True), (False, True), (True, False)])
def test_around_an_axis_the_end_leads_to_the_beginning(around: tuple[bool, bool]) -> None:
    """The step from the last row or column to the first is as any other."""
    made = wide((24, 30), around).video(range(100), Draw(seed=2))
    for axis, goes_on in zip((2, 3), around, strict=True):
        steps = np.square(made - np.roll(made, -1, axis)).mean((0, 1, 5 - axis))
        if goes_on:
            assert steps[-1] < 1.5 * steps[:-1].mean()
        else:
            assert steps[-1] > 2 * steps[:-1].mean()


def test_any_range_is_part_of_a_longer_one_and_loops_come_back() -> None:
    """As of the prior itself."""
    canvas = wide((20, 40))
    whole = canvas.video(range(-10, 40), Draw(seed=3))
    np.testing.assert_allclose(canvas.video(range(7, 12), Draw(seed=3)), whole[17:22], atol=1e-5)
    loop = canvas.video(range(60), Draw(seed=3, period=30))
    np.testing.assert_allclose(loop[30:], loop[:30], atol=1e-5)


def test_a_part_of_the_picture_is_the_prior_itself() -> None:
    """Smaller than the clip, the middle of what the prior makes."""
    made = wide((8, 10)).video(range(20), Draw(seed=4))
    np.testing.assert_allclose(made, PRIOR.video(range(20), Draw(seed=4))[..., 2:10, 3:13], atol=1e-5)
