"""Real footage: one cut is there to be found, and none elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtsgan.engine.clip import Span
from dtsgan.engine.video.probe import probe
from dtsgan.engine.video.reader import read_clip

CLIPS = Path(__file__).parents[4] / "shared" / "clips"

pytestmark = pytest.mark.skipif(not CLIPS.is_dir(), reason="the real clips are not part of the project")

UNCUT = {
    "golden_water_64.avi": (100, (64, 64)),
    "waterfall_64.avi": (89, (64, 64)),
    "sea_wave.avi": (250, (288, 352)),
    "straw.avi": (250, (288, 352)),
    "boiling_pot.avi": (250, (288, 352)),
    "fire_pot.avi": (260, (720, 1280)),
    "boats.mp4": (150, (240, 320)),
}


@pytest.mark.parametrize("name", UNCUT)
def test_footage_without_a_cut_is_used_whole(name: str) -> None:
    """No false cut in flames, waves, ripples and grass; facts as they are known."""
    info = probe(CLIPS / name)
    assert (info.frames, info.size_hw) == UNCUT[name]
    assert (info.rate, info.vfr, info.truncated) == (25, False, False)
    clip = read_clip(CLIPS / name, short_side=64)
    assert clip.span == (0, info.frames)
    assert not any("cut" in notice for notice in clip.notices)
    repeats = [notice for notice in clip.notices if "repeat" in notice]
    if name == "golden_water_64.avi":  # of its first 70 frames, two in five are shown twice
        assert repeats[0].startswith("28 of 100 frames")
    else:
        assert repeats == []


def test_the_cut_is_found() -> None:
    """The new shot begins at frame 144; the longer one before it is used."""
    clip = read_clip(CLIPS / "ocean_with_cut.mp4", short_side=64)
    assert clip.span == (0, 144)
    assert len(clip.frames_thwc) == 144
    assert "a new shot begins at frame 144." in clip.notices[0]
    assert read_clip(CLIPS / "ocean_with_cut.mp4", short_side=64, span=Span(start=100)).span == (144, 240)
