"""Pictures of other sizes: more of a texture, or its own picture scaled."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from support.textures import texture_of

from dtsgan.engine import memory
from dtsgan.engine.errors import OptionError, ResourceError
from dtsgan.engine.fit import alike, fitted
from dtsgan.engine.synthesis import Texture, synthesise

SMALL_HW, OWN_HW = (16, 24), (48, 72)


def water(frames: int = 60) -> np.ndarray:
    """Waves with fine ripples that travel over a picture that is the same all over; THWC uint8."""
    generator = np.random.default_rng(0)
    time, y, x = np.meshgrid(np.arange(frames), *map(np.arange, OWN_HW), indexing="ij")
    signal = np.full(time.shape, 128.0)
    for number in range(40):
        right, down = generator.normal(0, 0.15 if number < 24 else 0.8, 2)
        speed, phase = generator.uniform(0.2, 0.8), generator.uniform(0, 6.28)
        signal += 5 * np.cos(right * x + down * y - speed * time + phase)
    return np.repeat(signal.clip(0, 255).astype(np.uint8)[..., None], 3, 3)


WATER = water()
SCENE = WATER.copy()
SCENE[:, 12:40, 20:44] = 30  # something stands in it


@pytest.fixture(scope="module")
def texture() -> Texture:
    return texture_of(WATER, SMALL_HW)


def made(texture: Texture, size_hw: tuple[int, int] | None, frames: int = 8) -> np.ndarray:
    return np.stack(list(synthesise(texture, frames=range(frames), seed=1, size_hw=size_hw)))


def sharpness(frames: np.ndarray) -> float:
    luma = frames.astype(float).mean(3)
    return float(np.square(np.diff(luma, axis=2)).mean() + np.square(np.diff(luma, axis=1)).mean())


def test_a_texture_is_told_from_a_scene() -> None:
    """What lasts somewhere makes a scene along both axes; a change from top to bottom only along one."""
    assert alike(WATER) == (True, True)
    assert alike(SCENE) == (False, False)
    slope = (WATER * np.linspace(0.4, 1, OWN_HW[0])[:, None, None]).astype(np.uint8)
    assert alike(slope) == (False, True)


@pytest.mark.parametrize("size_hw", [(48, 200), (120, 72), (130, 180)])
def test_more_of_a_texture_is_as_sharp_and_moves_as_much(texture: Texture, size_hw: tuple[int, int]) -> None:
    """At its own scale: as sharp and light as the source, as lively as results of its size are, everywhere."""
    wide = fitted(texture, size_hw, fit="auto")
    assert wide.size_hw == size_hw
    frames = made(wide, size_hw)
    assert frames.shape[1:3] == size_hw
    assert sharpness(frames) == pytest.approx(sharpness(WATER), rel=0.3)
    assert frames.mean() == pytest.approx(WATER.mean(), abs=12)
    motion = np.square(np.diff(frames.astype(float), axis=0)).mean((0, 3))
    plain = np.square(np.diff(made(texture, None).astype(float), axis=0)).mean()
    assert motion.mean() == pytest.approx(plain, rel=0.3)
    for axis in (0, 1):
        assert motion.mean(axis).min() > 0.25 * motion.mean()


def test_a_smaller_picture_of_another_shape_is_cut_out(texture: Texture) -> None:
    """Half the height: the picture is seen as large as it is, not squeezed."""
    flat = fitted(texture, (24, 72), fit="auto")
    np.testing.assert_array_equal(flat.size_hw, (24, 72))
    assert sharpness(made(flat, (24, 72))) == pytest.approx(sharpness(WATER), rel=0.4)
    small = fitted(texture, (24, 24), fit="auto")
    assert small.size_hw == (48, 48)  # seen from twice as far
    assert made(small, (24, 24)).shape == (8, 24, 24, 3)


def test_the_same_shape_is_scaled(texture: Texture) -> None:
    """No canvas is needed for half the size."""
    assert fitted(texture, (24, 36), fit="auto") is texture
    assert fitted(texture, None, fit="auto") is texture
    assert fitted(texture, (48, 200), fit="scale") is texture


def test_a_scene_is_scaled_unless_more_is_wanted() -> None:
    """What stands in it would be repeated."""
    scene = texture_of(SCENE, SMALL_HW)
    assert fitted(scene, (48, 200), fit="auto") is scene
    assert fitted(scene, (48, 200), fit="more").size_hw == (48, 200)


def test_pixels_that_are_not_square(texture: Texture) -> None:
    """The canvas has the source's pixels, and so many fewer of the wide ones."""
    wide = fitted(replace(texture, sample_aspect=Fraction(4, 3)), (48, 200), fit="auto")
    assert wide.size_hw == (48, 150)


@pytest.mark.parametrize("size_hw", [None, (60, 100), (33, 51)])
def test_around_its_edges_a_picture_goes_on(texture: Texture, size_hw: tuple[int, int] | None) -> None:
    """The step from the last column to the first, and row, is as any other."""
    tile = made(fitted(texture, size_hw, fit="auto", around=(True, True)), size_hw, 16).astype(float)
    for axis in (1, 2):
        steps = np.square(tile - np.roll(tile, -1, axis)).mean((0, 3 - axis, 3))
        assert steps[-1] < 1.5 * np.quantile(steps[:-1], 0.95)
    plain = made(texture, size_hw, 16).astype(float)
    steps = np.square(plain - np.roll(plain, -1, 2)).mean((0, 1, 3))
    assert steps[-1] > 2 * np.quantile(steps[:-1], 0.95)  # the measure sees a seam


def test_canvases_obey_what_always_holds(texture: Texture) -> None:
    """Any range is part of a longer one, to the bit, and a loop comes back."""
    wide = fitted(texture, (60, 150), fit="more", around=(False, True))
    whole = np.stack(list(synthesise(wide, frames=range(30, 70), seed=5)))
    part = np.stack(list(synthesise(wide, frames=range(40, 45), seed=5)))
    np.testing.assert_array_equal(part, whole[10:15])
    loop = np.stack(list(synthesise(wide, frames=range(48), seed=5, period=24)))
    assert np.abs(loop[24:].astype(int) - loop[:24]).max() <= 1


def test_more_than_the_memory_holds_is_refused(texture: Texture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge picture costs what its cells cost, within --memory or within what is free; a small one fits."""
    with pytest.raises(ResourceError, match="GiB are left") as caught:
        fitted(texture, (4320, 7680), fit="more", memory_bytes=2 << 30)
    assert "--size" in caught.value.remedy
    assert fitted(texture, (96, 144), fit="more", memory_bytes=2 << 30).canvas is not None
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: SimpleNamespace(available=1 << 20))
    with pytest.raises(ResourceError):
        fitted(texture, (480, 720), fit="more")


@pytest.mark.parametrize(
    ("fit", "around", "said"),
    [("scale", (True, True), "can't be scaled"), ("more", (False, False), "Without its prior")],
)
def test_what_cant_be_is_refused(texture: Texture, fit: str, around: tuple[bool, bool], said: str) -> None:
    """In words."""
    bare = texture if fit == "scale" else replace(texture, prior=None)
    with pytest.raises(OptionError, match=said):
        fitted(bare, (48, 200), fit=fit, around=around)  # type: ignore[arg-type]
    assert fitted(replace(texture, prior=None), (48, 200), fit="auto").canvas is None
