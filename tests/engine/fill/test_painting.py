"""Something else put into a clip, and made anew at full size."""

from __future__ import annotations

import numpy as np
import pytest
from support.videos import texture

from dtsgan.engine.clip import Rect
from dtsgan.engine.detail import DetailTransfer
from dtsgan.engine.fill.painting import Content, Edited, Painting, Window
from dtsgan.engine.levels import volume
from dtsgan.engine.prior import Draw

SIZE_HW, SMALL_HW = (48, 64), (24, 32)
FRAMES = texture(40, SIZE_HW)
SMALL = texture(40, SMALL_HW)
RECT = Rect(x=20, y=12, width=16, height=12)


def window() -> Window:
    return Window.around(RECT, size_hw=SIZE_HW, small_hw=SMALL_HW)


def holes() -> np.ndarray:
    made = np.zeros((40, *SMALL_HW), bool)
    made[:, 6:12, 10:18] = True
    return made


def edited(content: Content, *, seamless: bool = True) -> Edited:
    return Edited(SMALL, holes(), window(), content, seamless=seamless)


@pytest.mark.parametrize("size_hw", [(48, 64), (47, 63), (300, 401)])
def test_a_window_holds_its_rectangle(size_hw: tuple[int, int]) -> None:
    """And is about as large in small as it is at full size."""
    rect = Rect(x=size_hw[1] // 3, y=size_hw[0] // 4, width=size_hw[1] // 4, height=size_hw[0] // 4)
    made = Window.around(rect, size_hw=size_hw, small_hw=SMALL_HW)
    assert made.rect.x <= rect.x
    assert made.rect.y <= rect.y
    assert made.rect.x + made.rect.width >= rect.x + rect.width
    assert made.rect.y + made.rect.height >= rect.y + rect.height
    scale = made.rect.height / made.small_hw[0], made.rect.width / made.small_hw[1]
    np.testing.assert_allclose(scale, (size_hw[0] / 24, size_hw[1] / 32), rtol=0.05)


@pytest.mark.parametrize("asked", [Rect(x=0, y=0, width=4, height=4), Rect(x=60, y=40, width=4, height=8), RECT])
def test_a_window_moved_elsewhere_is_as_large(asked: Rect) -> None:
    """And lies inside the picture, about the middle of what was asked for where there is room."""
    here = window()
    there = here.moved(asked, size_hw=SIZE_HW, small_hw=SMALL_HW)
    assert there.small_hw == here.small_hw
    assert (there.rect.width, there.rect.height) == (here.rect.width, here.rect.height)
    assert min(there.rows.start, there.columns.start, there.rect.x, there.rect.y) >= 0
    assert there.rect.x + there.rect.width <= 64
    assert there.rect.y + there.rect.height <= 48
    if asked == RECT:
        assert there == here


def test_content_is_footage_as_long_as_there_is_any() -> None:
    """From the frame asked for; what follows goes on from it and is new."""
    made = Content(SMALL, first=25).video(range(-2, 30), seed=0)
    np.testing.assert_array_equal(made[:17], volume(SMALL[23:]))
    beyond = made[17:]
    assert np.abs(beyond[0] - made[16]).mean() < 2 * np.abs(np.diff(volume(SMALL), axis=0)).mean()
    assert min(np.abs(volume(SMALL) - frame).mean((1, 2, 3)).min() for frame in beyond[2:]) > 1e-3


def test_content_without_a_first_frame_is_new() -> None:
    content = Content(SMALL, first=None)
    one, other = content.video(range(8), seed=0), content.video(range(8), seed=1)
    assert np.abs(one - other).mean() > 0.05


def test_an_edited_clip_is_the_clip_but_for_its_holes() -> None:
    """Any range equals the same frames of a longer one; before and after the clip its first and last frame stay."""
    other = texture(40, window().small_hw, seed=5)
    clip = edited(Content(other, first=0), seamless=False)
    made = clip.video(range(-3, 45), Draw(seed=0))
    own = volume(SMALL)[np.arange(-3, 45).clip(0, 39)]
    inside = holes()[0]
    np.testing.assert_array_equal(made[:, :, ~inside], own[:, :, ~inside])
    rows, columns = window().rows, window().columns
    put = volume(other)[:, :, inside[rows, columns]]
    np.testing.assert_array_equal(made[3:43, :, inside], put)
    np.testing.assert_array_equal(clip.video(range(10, 14), Draw(seed=0)), made[13:17])
    np.testing.assert_allclose(clip.layout(), made[3:43].mean(0), atol=1e-5)


def test_a_seamless_edit_follows_the_light_around_it() -> None:
    """Content that is brighter all over is not seen to be."""
    part = SMALL[:, window().rows, window().columns]
    brighter = (part.astype(int) + 40).clip(0, 255).astype(np.uint8)
    plain, seamless = (
        edited(Content(brighter, first=0), seamless=kind).video(range(40), Draw(seed=0)) for kind in (False, True)
    )
    own, inside = volume(SMALL), holes()[0]
    assert np.abs(plain - own)[:, :, inside].mean() > 0.2
    assert np.abs(seamless - own)[:, :, inside].mean() < 0.05


def test_a_painting_shows_its_rectangle() -> None:
    """At its place in a picture as large as the clip's; frames asked for twice or left out make no
    difference."""
    here = window()
    rows, columns = here.rows, here.columns
    clip = edited(Content(SMALL[:, rows, columns], first=0))
    y, x = here.rect.y, here.rect.x
    pixels = FRAMES[:, y : y + here.rect.height, x : x + here.rect.width].copy()

    def painting() -> Painting:
        detail = DetailTransfer(pixels.copy(), base_hw=here.small_hw)
        return Painting(clip, detail, here, frames=40, seed=0, deep=False)

    one, every = painting(), FRAMES[0]
    made = [one.picture(place, place, every) for place in (0, 1, 1, 2, 3, 9, 10)]
    assert made[0].shape == (48, 64, 3)
    assert made[0][RECT.cut].std() > 5
    assert not made[0][: here.rect.y].any()
    assert made[0].dtype == np.uint8
    np.testing.assert_array_equal(made[1], made[2])
    other = painting()
    whole = [other.picture(place, place, every) for place in range(11)]
    for got, place in zip(made, (0, 1, 1, 2, 3, 9, 10), strict=True):
        np.testing.assert_array_equal(got, whole[place])
    assert np.std([picture.astype(float).mean((0, 1)) for picture in whole], 0).mean() > 0
