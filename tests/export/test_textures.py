"""Textures opened from models, the pyramid in ONNX Runtime, and the video they make."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from support.learning import PRESETS, clip_of, learned, lively, mangled, tiny, waves

from dtsgan.engine.errors import ModelFileError, OptionError
from dtsgan.engine.model import TextureModel, load_model, save_model
from dtsgan.engine.prior import MotionPrior, ShapedNoise
from dtsgan.engine.synthesis import Texture, synthesise
from dtsgan.export.device import choose_device
from dtsgan.export.streamed import StreamedPyramid
from dtsgan.export.textures import open_texture

if TYPE_CHECKING:
    from pathlib import Path

    from dtsgan.engine.layers import Layer


@pytest.fixture(scope="module", params=PRESETS)
def model(request: pytest.FixtureRequest) -> TextureModel:
    """Learned from 20 frames of 16x12 px, one model a preset, with layers that really do something."""
    return lively(learned(clip_of(waves(20)), tiny(request.param, steps=2)), norms=False)


def opened(model: TextureModel, layers: tuple[Layer, ...] | None = None) -> Texture:
    return open_texture(model, choose_device("cpu", tell=pytest.fail), layers=layers)


def made(model: TextureModel, frames: range, seed: int = 0, size_hw: tuple[int, int] | None = None) -> np.ndarray:
    return np.stack(list(synthesise(opened(model), frames=frames, seed=seed, size_hw=size_hw)))


def apart(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one.astype(int) - other).max())


def test_frames_do_not_depend_on_the_range_asked_for(model: TextureModel) -> None:
    """Frames 40 to 60 alone, a single one, and some below zero are those of the whole, to a level."""
    whole = made(model, range(-10, 80))
    assert whole.shape == (90, 12, 16, 3)
    for frames in (range(40, 60), range(31, 33), range(-10, -4), range(79, 80)):
        assert apart(made(model, frames), whole[frames.start + 10 : frames.stop + 10]) <= 1
    assert np.ptp(whole[:, 5, 5, 0]) > 20  # and something moves


@pytest.mark.parametrize("period", [2, 24, 75])
def test_a_loop_is_exact(model: TextureModel, period: int) -> None:
    """Frame N is frame 0, and any range of a loop is its own frames again, to the bit."""
    texture = opened(model)

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
    scaled, plain = (
        np.concatenate([made(model, range(3), seed, size) for seed in range(4)]) for size in (size_hw, None)
    )
    assert scaled.shape == (12, *size_hw, 3)
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
        opened(replace(model, arrays=arrays))


def test_arrays_that_do_not_belong_together_are_refused(model: TextureModel) -> None:
    """Whatever is done to one array, the texture is refused when it is opened, or makes video."""
    for name, arrays in mangled(model.arrays):
        if name.startswith("scale0."):
            continue
        try:
            texture = opened(replace(model, arrays=arrays))
        except ModelFileError:
            continue
        # One number does for all channels of a normalisation, and no bias at all is one of 0.
        assert "convolutions" not in name or (name.endswith("bias") and name not in arrays), name
        assert next(synthesise(texture, frames=range(1), seed=0)).shape == (12, 16, 3)


def test_layers_are_what_is_put_together(model: TextureModel) -> None:
    """The prior and the pyramid, either alone, and the pyramid on shaped noise where the prior is left out."""
    if model.options.preset == "paper":
        texture = opened(model)
        assert (texture.layers, texture.prior) == (("pyramid",), None)
        with pytest.raises(OptionError):
            opened(model, ("prior", "pyramid"))
        return
    both, prior, pyramid = opened(model), opened(model, ("prior",)), opened(model, ("pyramid",))
    assert both.layers == ("prior", "pyramid")
    assert isinstance(both.base, StreamedPyramid)
    assert isinstance(both.prior, MotionPrior)
    assert prior.base is prior.prior
    assert isinstance(pyramid.base, StreamedPyramid)
    assert isinstance(pyramid.base._feed.prior, ShapedNoise)
    assert pyramid.prior is None
    videos = [next(synthesise(texture, frames=range(1), seed=0)) for texture in (both, prior, pyramid)]
    assert all(apart(one, other) > 10 for one, other in zip(videos, videos[1:] + videos[:1], strict=True))
