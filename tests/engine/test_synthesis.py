from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from support.learning import PRESETS, clip_of, learned, lively, tiny, waves
from support.models import empty_texture

from dtsgan.engine.levels import levels, volume
from dtsgan.engine.packing import unpack
from dtsgan.engine.prior import Draw
from dtsgan.engine.synthesis import CHUNK, synthesise

if TYPE_CHECKING:
    from dtsgan.engine.model import TextureModel

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture(scope="module", params=PRESETS)
def model(request: pytest.FixtureRequest, quick: None) -> TextureModel:  # noqa: ARG001  # it has to come first
    """Learned from 20 frames of 16x12 px, one model a preset, with layers that really do something."""
    return lively(learned(clip_of(waves(20)), tiny(request.param, steps=2)), norms=False)


@pytest.mark.parametrize("start", [-40, 3, 32])
def test_the_halo_is_wide_enough(model: TextureModel, start: int) -> None:
    """Before any rounding a part equals the whole to 1e-4: all context that a frame depends on is there."""
    pyramid, draw = unpack(model), Draw(seed=1)
    whole = pyramid.video(range(start - 20, start + 20), draw)
    np.testing.assert_allclose(pyramid.video(range(start, start + 3), draw), whole[20:23], atol=1e-4, rtol=0)


class Numbered:
    """Frames of a grey that tells their number; notes what it was asked for."""

    size_hw = (4, 6)

    def __init__(self) -> None:
        self.asked: list[range] = []

    def video(self, frames: range, draw: Draw) -> np.ndarray:
        self.asked.append(frames)
        numbers = [frame % draw.period if draw.period else frame for frame in frames]
        grey = np.array(numbers, np.float32) / 127.5 - 1
        return np.broadcast_to(grey[:, None, None, None], (len(frames), 3, *self.size_hw))


@pytest.mark.parametrize(
    ("frames", "period", "chunks"),
    [
        (range(3), None, [range(CHUNK)]),
        (range(30, 35), None, [range(CHUNK), range(CHUNK, 2 * CHUNK)]),
        (range(CHUNK, 2 * CHUNK), None, [range(CHUNK, 2 * CHUNK)]),
        (range(5), 20, [range(20)]),
        (range(15, 25), 20, [range(20), range(20, 40)]),
        (range(33, 34), 66, [range(22, 44)]),
    ],
)
def test_chunks_lie_on_a_fixed_grid(frames: range, period: int | None, chunks: list[range]) -> None:
    """Of which a loop has a whole number of cells; each is asked for once and whole, each frame given once."""
    base = Numbered()
    texture = replace(empty_texture(base.size_hw), base=base)
    made = list(synthesise(texture, frames=frames, seed=0, period=period))
    assert base.asked == chunks
    assert [int(frame[0, 0, 0]) for frame in made] == [frame % period if period else frame for frame in frames]


def test_levels_and_volumes_are_inverse() -> None:
    """Every level comes back, 8 bits and 16; what lies outside is cut off."""
    for kind in (np.uint8, np.uint16):
        every = np.linspace(0, np.iinfo(kind).max, 3 * 4 * 5 * 2).round().astype(kind).reshape(2, 4, 5, 3)
        video = volume(every)
        assert video.shape == (2, 3, 4, 5)
        assert (video.min(), video.max()) == (-1, 1)
        np.testing.assert_array_equal(levels(video, deep=kind is np.uint16), every)
    np.testing.assert_array_equal(levels(np.array([-7, 0, 7], np.float32)[:, None, None]), [[[0, 128, 255]]])
