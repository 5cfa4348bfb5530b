from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dtsgan.engine.levels import volume
from dtsgan.engine.prior.stationary import doubts
from dtsgan.engine.video import read_clip

CLIPS = Path(__file__).parents[3] / "shared" / "clips"


def scene(frames: int = 60, *, pan_px: float = 0.0, fade: float = 0.0) -> np.ndarray:
    """A still scene of blocks with a flickering patch, seen by a camera that pans so many px, in light that changes by
    so much; (T, 3, 48, 64)."""
    generator = np.random.default_rng(0)
    wide = generator.random((12, 32)).repeat(4, 0).repeat(4, 1) - 0.5
    video = np.empty((frames, 3, 48, 64), np.float32)
    for frame in range(frames):
        place = frame / (frames - 1)
        start = round(place * pan_px)
        picture = wide[:, start : start + 64].copy()
        picture[10:20, 20:40] += 0.3 * generator.random((10, 20))
        video[frame] = picture + fade * place
    return video


def test_a_still_scene_raises_no_doubts() -> None:
    """A camera at rest and lasting light are what is wanted; flicker is what is learned."""
    assert doubts(scene(), "a.mp4") == ()


@pytest.mark.parametrize(("fade", "word"), [(0.2, "brighter by 2"), (-0.2, "darker by 2")])
def test_changing_light_is_named(fade: float, word: str) -> None:
    """With its direction, its amount, and what to do."""
    (text,) = doubts(scene(fade=fade), "a.mp4")
    assert word in text
    assert "--range" in text


@pytest.mark.parametrize("pan_px", [5.0, 9.0])
def test_a_panning_camera_is_named(pan_px: float) -> None:
    """With what to do, however much moves in the picture."""
    (text,) = doubts(scene(pan_px=pan_px), "a.mp4")
    assert "camera" in text
    assert "Stabilise" in text


def test_clips_of_a_few_pixels_and_frames_are_judged_too() -> None:
    """Nothing is too small or too short to be looked at."""
    for shape in ((3, 3, 8, 9), (16, 3, 2, 200), (2, 3, 1, 1)):
        assert doubts(np.zeros(shape, np.float32), "a.mp4") == ()


@pytest.mark.skipif(not CLIPS.is_dir(), reason="the real clips are not here")
@pytest.mark.parametrize("name", ["fire_pot", "sea_wave", "boiling_pot", "straw", "golden_water_64", "waterfall_64"])
def test_real_textures_raise_no_doubts(name: str) -> None:
    """Clips that are learned well are not complained about, though water runs through all of the picture."""
    clip = read_clip(CLIPS / f"{name}.avi", short_side=48)
    assert doubts(volume(clip.frames_thwc), name) == ()
