"""The pyramid in ONNX Runtime, held against PyTorch's and against itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dtsgan.engine.packing import unpack
from dtsgan.engine.prior import Draw, unpack_prior
from dtsgan.engine.pyramid import Feed
from dtsgan.export import streamed
from dtsgan.export.device import choose_device
from dtsgan.export.streamed import StreamedPyramid

if TYPE_CHECKING:
    from dtsgan.engine.model import TextureModel

PLACES = [range(3, 9), range(9, 11), range(11, 40), range(-25, -20), range(31, 33), range(90, 95), range(-2, 1)]
"""On and on, backwards and in leaps, within the first block and beyond what is kept."""


def streamed_from(model: TextureModel) -> StreamedPyramid:
    prior = unpack_prior(model.arrays) if model.options.preset == "fast" else None
    return StreamedPyramid(Feed(seed=model.options.seed, prior=prior), model, choose_device("cpu", tell=pytest.fail))


@pytest.mark.parametrize("draw", [Draw(seed=1), Draw(seed=2, period=9), Draw(seed=3, share=0)])
def test_it_is_what_pytorch_makes(model: TextureModel, draw: Draw) -> None:
    """To 1e-4, a new video, a loop and the clip itself, before and after frame 0."""
    made, true = (pyramid.video(range(-21, 30), draw) for pyramid in (streamed_from(model), unpack(model)))
    assert made.shape == true.shape == (51, 3, *model.size_hw)
    np.testing.assert_allclose(made, true, atol=1e-4, rtol=0)
    assert made.std() > 0.05


@pytest.mark.parametrize("period", [None, 7, 50])
def test_any_range_is_part_of_a_longer_one(model: TextureModel, period: int | None) -> None:
    """To the bit, whatever was asked for before: earlier frames, later ones, other seeds, the same again."""
    draw = Draw(seed=4, period=period)
    whole = streamed_from(model).video(range(-30, 100), draw)
    pyramid = streamed_from(model)
    for places in (PLACES, PLACES[::-1]):
        for frames in places:
            part = whole[frames.start + 30 : frames.stop + 30]
            np.testing.assert_array_equal(pyramid.video(frames, draw), part)
            other = pyramid.video(range(frames.start, frames.start + 3), Draw(seed=5, period=period))
            assert np.abs(other[0] - part[0]).max() > 0.05
            np.testing.assert_array_equal(pyramid.video(frames, draw), part)


def test_what_is_kept_is_bounded(model: TextureModel) -> None:
    """However long it goes on, and backwards, too."""
    pyramid = streamed_from(model)
    for start in (*range(0, 200, 20), *range(200, 0, -20)):
        pyramid.video(range(start, start + 20), Draw(seed=0))
        kept = sum(len(block) for block in pyramid._made.values())
        assert kept <= streamed.KEPT_FRAMES


@pytest.mark.parametrize(
    ("longest", "block_bytes", "block"), [(1, 1 << 30, 1), (2, 1 << 30, 2), (32, 1 << 30, 32), (16, 1, 1)]
)
def test_other_blocks_make_the_same_video(
    model: TextureModel, longest: int, block_bytes: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To 1e-4, however few frames go through at a time."""
    usual = streamed_from(model).video(range(-5, 40), Draw(seed=6))
    monkeypatch.setattr(streamed, "LONGEST", longest)
    monkeypatch.setattr(streamed, "BLOCK_BYTES", block_bytes)
    pyramid = streamed_from(model)
    assert pyramid.block == block
    np.testing.assert_allclose(pyramid.video(range(-5, 40), Draw(seed=6)), usual, atol=1e-4, rtol=0)


@pytest.mark.parametrize("period", [2, 5, 16, 24, 75])
def test_a_loop_comes_back(model: TextureModel, period: int) -> None:
    """The next time around, and the time before, is the same to 1e-4."""
    pyramid, draw = streamed_from(model), Draw(seed=7, period=period)
    once = pyramid.video(range(period), draw)
    for turn in (1, 2, -1):
        again = pyramid.video(range(turn * period, (turn + 1) * period), draw)
        np.testing.assert_allclose(again, once, atol=1e-4, rtol=0)
    assert np.abs(np.diff(once, axis=0)).max() > 0.05
