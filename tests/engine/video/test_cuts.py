"""Finding hard cuts, on frames made for it."""

from __future__ import annotations

import numpy as np
import pytest
from support.videos import texture

from dtsgan.engine.video.cuts import find_cuts, thumbnail

SIZE = (48, 64)


def cuts(frames_thwc: np.ndarray) -> tuple[int, ...]:
    return find_cuts(np.stack([thumbnail(frame) for frame in frames_thwc]))


def shot(seed: int, frames: int = 30, **changes: float) -> np.ndarray:
    return texture(frames, SIZE, seed=seed, **changes)


@pytest.mark.parametrize("speed", [0.1, 1.0, 3.0])
def test_one_shot_has_no_cut(speed: float) -> None:
    """Slow or fast, a moving texture alone has no cut."""
    assert cuts(shot(1, 100, speed=speed)) == ()


def test_each_new_shot_is_found_at_its_first_frame() -> None:
    """Cuts are named by the frame at which the new shot begins."""
    assert cuts(np.concatenate([shot(1), shot(2, 25), shot(3)])) == (30, 55)


@pytest.mark.parametrize("between", [4, 6, 9])
def test_a_short_shot_between_two_cuts_hides_neither(between: int) -> None:
    """Two cuts close to each other are both found."""
    assert cuts(np.concatenate([shot(1), shot(2, between), shot(3)])) == (30, 30 + between)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_flash_is_no_cut(length: int) -> None:
    """A few bright frames, after which the shot goes on, are no cut."""
    frames = shot(1, 60)
    frames[30 : 30 + length] = 255
    assert cuts(frames) == ()


def test_noise_is_no_cut() -> None:
    """Frames without any likeness from one to the next, as in fire, are no cuts."""
    frames = np.random.default_rng(0).integers(0, 255, (60, *SIZE, 3), np.uint8)
    assert cuts(frames) == ()


def test_flicker_is_no_cut() -> None:
    """Light that goes up and down by a third all the time makes no cuts."""
    light = 1 - np.random.default_rng(0).uniform(0, 0.35, 60)
    assert cuts((shot(1, 60) * light[:, None, None, None]).astype(np.uint8)) == ()


def test_a_new_rounding_of_a_still_is_no_cut() -> None:
    """A key frame that shifts a still picture by two levels is no cut."""
    still = np.repeat(shot(1, 1), 60, axis=0)
    still[30:] += 2
    assert cuts(still) == ()


def test_depth_and_alpha_do_not_matter() -> None:
    """16-bit frames with alpha have the same cuts as 8-bit ones."""
    frames = np.concatenate([shot(1), shot(2)])
    alpha = np.full((*frames.shape[:3], 1), 255, np.uint8)
    assert cuts(np.concatenate([frames, alpha], -1).astype(np.uint16) * 257) == cuts(frames) == (30,)


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (6, 8), (7, 300)])
def test_pictures_of_any_size_have_thumbnails(size: tuple[int, int]) -> None:
    """Even pictures with fewer pixels than a thumbnail has cells are summed up."""
    assert thumbnail(np.full((*size, 3), 9, np.uint8)) == pytest.approx(np.full((6, 8, 3), 9.0))


def test_too_few_frames_have_no_cut() -> None:
    """None, one and two frames are no trouble."""
    assert find_cuts(np.zeros((0, 6, 8, 3), np.float32)) == ()
    assert find_cuts(np.zeros((1, 6, 8, 3), np.float32)) == ()
    assert find_cuts(np.zeros((2, 6, 8, 3), np.float32)) == ()
