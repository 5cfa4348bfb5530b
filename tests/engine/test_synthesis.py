from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from support.learning import PRESETS, clip_of, learned, tiny, waves

from dtsgan.engine.errors import ModelFileError
from dtsgan.engine.levels import levels, volume
from dtsgan.engine.model import TextureModel, load_model, save_model
from dtsgan.engine.packing import unpack
from dtsgan.engine.prior import Draw
from dtsgan.engine.synthesis import synthesise, texture_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture(scope="module", params=PRESETS)
def model(request: pytest.FixtureRequest, quick: None) -> TextureModel:  # noqa: ARG001  # it has to come first
    """Learned from 20 frames of 16x12 px, one model a preset, with layers that really do something."""
    learnt = learned(clip_of(waves(20)), tiny(request.param, steps=2))
    generator = np.random.default_rng(0)
    last = [name for name in learnt.arrays if name.endswith("convolutions.4.weight")]
    louder = {name: generator.normal(0, 0.1, learnt.arrays[name].shape).astype(np.float32) for name in last}
    return replace(learnt, arrays=learnt.arrays | louder)


def made(model: TextureModel, frames: range, seed: int = 0, size_hw: tuple[int, int] | None = None) -> np.ndarray:
    return np.stack(list(synthesise(texture_of(model), frames=frames, seed=seed, size_hw=size_hw)))


def apart(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one.astype(int) - other).max())


def test_frames_do_not_depend_on_the_range_asked_for(model: TextureModel) -> None:
    """Frames 40 to 60 alone, a single one, and some below zero are those of the whole, to a level."""
    whole = made(model, range(-10, 80))
    assert whole.shape == (90, 12, 16, 3)
    for frames in (range(40, 60), range(31, 33), range(-10, -4), range(79, 80)):
        assert apart(made(model, frames), whole[frames.start + 10 : frames.stop + 10]) <= 1
    assert np.ptp(whole[:, 5, 5, 0]) > 20  # and something moves


@pytest.mark.parametrize("start", [-40, 3, 32])
def test_the_halo_is_wide_enough(model: TextureModel, start: int) -> None:
    """Before any rounding a part equals the whole to 1e-4: all context that a frame depends on is there."""
    pyramid, draw = unpack(model), Draw(seed=1)
    whole = pyramid.video(range(start - 20, start + 20), draw)
    torch.testing.assert_close(pyramid.video(range(start, start + 3), draw), whole[20:23], atol=1e-4, rtol=0)


@pytest.mark.parametrize("period", [2, 24, 75])
def test_a_loop_is_exact(model: TextureModel, period: int) -> None:
    """Frame N is frame 0, and any range of a loop is its own frames again, to the bit."""
    texture = texture_of(model)

    def loop(frames: range) -> np.ndarray:
        return np.stack(list(synthesise(texture, frames=frames, seed=2, period=period)))

    once = loop(range(period))
    np.testing.assert_array_equal(loop(range(period, 2 * period)), once)
    np.testing.assert_array_equal(loop(range(period - 1, period + 1)), once[[-1, 0]])
    usual = np.abs(np.diff(once.astype(int), axis=0)).mean((1, 2, 3))
    if period > 2:
        assert np.abs(once[0].astype(int) - once[-1]).mean() <= 1.1 * usual.max()


def test_seeds_differ(model: TextureModel) -> None:
    """Another seed is another video from the first frame on; the same seed the same to the bit."""
    one, same, other = (made(model, range(4), seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert all(apart(a, b) > 10 for a, b in zip(one, other, strict=True))


def test_a_saved_model_makes_the_same_frames(model: TextureModel, tmp_path: Path) -> None:
    """What is read from the file renders as what was written, to the bit."""
    save_model(model, tmp_path / "a.dtsgan")
    np.testing.assert_array_equal(made(load_model(tmp_path / "a.dtsgan"), range(5)), made(model, range(5)))


@pytest.mark.parametrize("size_hw", [(24, 32), (9, 40), (6, 8), (1, 1)])
def test_other_sizes_are_scaled(model: TextureModel, size_hw: tuple[int, int]) -> None:
    """Frames come in the size asked for, with the same content."""
    scaled, plain = made(model, range(3), size_hw=size_hw), made(model, range(3))
    assert scaled.shape == (3, *size_hw, 3)
    assert scaled.dtype == np.uint8
    if min(size_hw) > 1:
        assert abs(scaled.mean() - plain.mean()) < 4


def test_deep_sources_give_deep_frames(model: TextureModel) -> None:
    """A model of a 10-bit clip makes full-scale uint16, the same picture in finer levels."""
    deep = replace(model, facts=replace(model.facts, bit_depth=10))
    frames = made(deep, range(3))
    assert frames.dtype == np.uint16
    assert apart(np.rint(frames / 257).astype(np.uint8), made(model, range(3))) <= 1
    assert (frames % 257 != 0).mean() > 0.5


@pytest.mark.parametrize("preset", ["fast", "paper"])
def test_deep_clips_are_learned(preset: str) -> None:
    """A clip of full-scale uint16 makes video as bright, and as varied, as the same clip in 8 bits."""
    frames = waves(16)
    options = tiny(preset, scales=1, size=8, steps=1)
    plain = made(learned(clip_of(frames), options), range(16))
    deep = made(learned(clip_of(frames.astype(np.uint16) * 257, bit_depth=10), options), range(16))
    assert deep.dtype == np.uint16
    assert abs(deep.mean() / 257 - plain.mean()) < 2
    assert deep.std() / 257 == pytest.approx(plain.std(), rel=0.05)


def test_a_foreign_part_is_refused(model: TextureModel) -> None:
    """Arrays that don't belong together are said when frames are asked for, naming the texture."""
    arrays = dict(model.arrays)
    arrays["scale0.stack.convolutions.1.weight"] = arrays["scale0.stack.convolutions.1.weight"][:3]
    with pytest.raises(ModelFileError, match=r"waves\.mkv"):
        texture_of(replace(model, arrays=arrays))


def test_levels_and_volumes_are_inverse() -> None:
    """Every level comes back, 8 bits and 16; what lies outside is cut off."""
    for kind in (np.uint8, np.uint16):
        every = np.linspace(0, np.iinfo(kind).max, 3 * 4 * 5 * 2).round().astype(kind).reshape(2, 4, 5, 3)
        video = volume(every)
        assert video.shape == (2, 3, 4, 5)
        assert (video.min().item(), video.max().item()) == (-1, 1)
        np.testing.assert_array_equal(levels(video, deep=kind is np.uint16), every)
    np.testing.assert_array_equal(levels(torch.tensor([-7.0, 0.0, 7.0])[:, None, None]), [[[0, 128, 255]]])
