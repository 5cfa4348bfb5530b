from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dtsgan.engine.errors import OptionError
from dtsgan.engine.scales import resize, short_sides, sizes_hw


def test_the_papers_sizes() -> None:
    """Eight scales from 25 to 150 px at a ratio of (150 / 25)^(1/7) = 1.292."""
    assert short_sides(coarsest=25, finest=150, scales=8) == (25, 32, 42, 54, 70, 90, 116, 150)


@pytest.mark.parametrize("scales", [2, 3, 5, 9])
def test_both_ends_are_exact_and_ratios_equal(scales: int) -> None:
    """Every side is within half a pixel of equal ratios."""
    sides = short_sides(coarsest=24, finest=200, scales=scales)
    assert (sides[0], sides[-1], len(sides)) == (24, 200, scales)
    ratio = (200 / 24) ** (1 / (scales - 1))
    assert all(abs(side - 24 * ratio**n) <= 0.5 for n, side in enumerate(sides))


def test_one_scale_is_the_finest() -> None:
    """A pyramid of one scale has no coarsest."""
    assert short_sides(coarsest=200, finest=96, scales=1) == (96,)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"coarsest": 96, "finest": 96, "scales": 2}, "--coarsest"),
        ({"coarsest": 97, "finest": 96, "scales": 3}, "--size"),
        ({"coarsest": 0, "finest": 96, "scales": 3}, "--coarsest"),
        ({"coarsest": 20, "finest": 24, "scales": 6}, "--scales"),
        ({"coarsest": 12, "finest": 16, "scales": 4}, "--scales"),
    ],
)
def test_what_can_t_be_is_refused(wrong: dict[str, Any], named: str) -> None:
    """Sizes out of order, or more scales than there are blocks of pixels between them; the remedy names the option."""
    with pytest.raises(OptionError) as caught:
        sizes_hw(**wrong, frame_hw=(300, 300), block=2)
    assert named in caught.value.remedy


@pytest.mark.parametrize("frame_hw", [(1080, 1920), (1920, 1080), (720, 720), (300, 977)])
@pytest.mark.parametrize("block", [1, 2])
def test_sizes_keep_the_aspect_in_whole_blocks(frame_hw: tuple[int, int], block: int) -> None:
    """Each side is a multiple of the block, within half a block of the clip's own shape."""
    height, width = frame_hw
    short = min(frame_hw)
    sizes = sizes_hw(coarsest=25, finest=150, scales=8, frame_hw=frame_hw, block=block)
    for (high, wide), side in zip(sizes, short_sides(coarsest=25, finest=150, scales=8), strict=True):
        assert high % block == wide % block == 0
        assert abs(high - height * side / short) <= block / 2
        assert abs(wide - width * side / short) <= block / 2


def test_a_sliver_keeps_a_block() -> None:
    """No side becomes nothing."""
    assert sizes_hw(coarsest=8, finest=8, scales=1, frame_hw=(8, 8), block=16) == ((16, 16),)


def test_resizing_changes_pixels_alone() -> None:
    """Frames stay as many and as they are ordered, long clips too; the same size is the same array."""
    video = np.linspace(-1, 1, 150, dtype=np.float32)[:, None, None, None].repeat(3, 1).repeat(12, 2).repeat(16, 3)
    for size in ((6, 8), (24, 32)):
        resized = resize(video, size)
        assert resized.shape == (150, 3, *size)
        assert resized.dtype == np.float32
        np.testing.assert_allclose(resized.mean((1, 2, 3)), video.mean((1, 2, 3)), rtol=1.3e-6, atol=1e-5)
    assert resize(video, (12, 16)) is video
    assert resize(video[0], (6, 8)).shape == (3, 6, 8)


def test_shrinking_does_not_alias() -> None:
    """Stripes finer than the new pixels become grey, not other stripes."""
    stripes = np.broadcast_to(np.tile(np.array([-1, 1], np.float32), 24), (3, 48, 48))
    assert np.abs(resize(stripes, (10, 10))).max() < 0.1


@pytest.mark.parametrize("leading", [(), (3,), (4, 3)])
@pytest.mark.parametrize(
    ("old_hw", "new_hw"),
    [
        ((48, 64), (13, 20)),
        ((12, 16), (30, 47)),
        ((20, 33), (31, 17)),
        ((33, 20), (17, 31)),
        ((7, 5), (7, 9)),
        ((9, 700), (9, 300)),
        ((700, 11), (300, 23)),
        ((90, 12), (700, 5)),
        ((1, 90), (3, 700)),
        ((2, 3), (5, 2)),
    ],
)
def test_resizing_is_antialiased_bicubic(
    leading: tuple[int, ...], old_hw: tuple[int, int], new_hw: tuple[int, int]
) -> None:
    """PyTorch's, to 2e-4: smaller, larger and both, odd sizes, and axes that take more than one matrix product."""
    video = np.random.default_rng(0).uniform(-1, 1, (*leading, *old_hw)).astype(np.float32)
    four = torch.from_numpy(video).reshape(-1, 1, *old_hw)
    true = F.interpolate(four, new_hw, mode="bicubic", antialias=True).reshape(*leading, *new_hw)
    made = resize(video, new_hw)
    assert made.shape == true.shape
    np.testing.assert_allclose(made, true.numpy(), atol=2e-4, rtol=0)


@pytest.mark.parametrize("new_hw", [(13, 20), (60, 47), (150, 3)])
@pytest.mark.parametrize("around", [(True, False), (False, True), (True, True)])
def test_around_an_axis_the_last_place_is_before_the_first(new_hw: tuple[int, int], around: tuple[bool, bool]) -> None:
    """As if the picture stood there three times, of which the middle one is looked at."""
    picture = np.random.default_rng(0).uniform(-1, 1, (3, 30, 31)).astype(np.float32)
    times = tuple(3 if each else 1 for each in around)
    tripled = resize(np.tile(picture, (1, *times)), (new_hw[0] * times[0], new_hw[1] * times[1]))
    rows, columns = (slice(side, 2 * side) if each else slice(None) for side, each in zip(new_hw, around, strict=True))
    np.testing.assert_allclose(resize(picture, new_hw, around=around), tripled[:, rows, columns], atol=2e-5, rtol=0)
