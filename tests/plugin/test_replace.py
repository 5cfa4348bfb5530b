"""``dtsgan replace`` on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.ndimage import binary_dilation
from support.cameras import by_hand, cut_out, seen
from support.edits import FRAMES, edit_here, result
from support.videos import texture
from support.writing import read, write

from dtsgan.engine.mask import open_mask
from dtsgan.engine.video import iter_frames
from dtsgan.plugin.cli import main

if TYPE_CHECKING:
    from collections.abc import Sequence

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder with a clip of 60 frames and a mask; what is learned is tiny and kept there, too."""
    edit_here(monkeypatch, tmp_path)
    points = [[4, 4], [9, 4], [9, 8], [4, 8]]
    Path("mask.json").write_text(json.dumps({"keyframes": [{"frame": 0, "points": points}]}))


def outside(clip: str = "clip.mkv", feather_px: float = 2) -> np.ndarray:
    mask = open_mask(
        Path("mask.json"), size_hw=(24, 32), span=(0, 60), clip_frames=60, name=clip, feather_px=feather_px
    )
    return np.stack(list(mask.frames())) == 0


FILLS = {
    "texture, instant": ["--fill", "texture", "--instant"],
    "texture, learned": ["--fill", "texture"],
    "reference, instant": ["--reference", "20,10,8,8@5", "--instant"],
    "reference, learned": ["--reference", "20,10,8,8", "--inject", "1"],
    "reference of another clip": ["--reference", "0,0,20,20@other.mkv", "--instant"],
    "another clip": ["--reference", "other.mkv", "--instant"],
}


@pytest.mark.parametrize("fill", FILLS)
def test_a_region_is_painted(capsys: Printed, fill: str) -> None:
    """Every pixel outside the mask stays as it was; inside it is another, and moves about as much."""
    write(Path("other.mkv"), texture(40, (40, 48), seed=9))
    words = ["replace", "clip.mkv", "--mask", "mask.json", "-o", "new.mkv", "--feather", "2", *FILLS[fill]]
    said = result(capsys, words)
    made = read(Path("new.mkv"))
    assert (said["frames"], len(made)) == (60, 60)
    beside = outside()
    np.testing.assert_array_equal(made[beside], FRAMES[beside])
    inside = made[:, 4:8, 4:9].astype(int)
    assert np.abs(inside - FRAMES[:, 4:8, 4:9]).mean() > 5
    steps = np.abs(np.diff(inside, axis=0)).mean()
    assert 0.4 < steps / np.abs(np.diff(FRAMES[:, 4:8, 4:9].astype(int), axis=0)).mean() < 2.5


def test_a_model_of_another_texture_fills_a_region(capsys: Printed) -> None:
    """And what is learned of the clip itself paints it at its own place."""
    dark = texture(40, (30, 40), seed=9) // 4
    write(Path("dark.mkv"), dark)
    for clip in ("dark", "clip"):
        assert main(["learn", f"{clip}.mkv", "-o", f"{clip}.dtsgan"]) == 0
        words = ["replace", "clip.mkv", "--mask", "mask.json", "-m", f"{clip}.dtsgan", "-o", f"with-{clip}.mkv"]
        result(capsys, [*words, "--feather", "2"])
    made = read(Path("with-dark.mkv"))
    beside = outside()
    np.testing.assert_array_equal(made[beside], FRAMES[beside])
    assert abs(made[:, 4:8, 4:9].mean() - dark.mean()) < 0.2 * dark.mean()
    own = read(Path("with-clip.mkv"))
    assert abs(own[:, 4:8, 4:9].mean() - FRAMES[:, 4:8, 4:9].mean()) < 20


def test_a_second_edit_of_a_region_learns_nothing(capsys: Printed) -> None:
    """Another reference for the same mask; another mask is learned anew, as something else is left out."""
    words = ["replace", "clip.mkv", "--mask", "mask.json", "-o", "new.mkv", "--overwrite"]
    assert main([*words, "--reference", "20,10,8,8"]) == 0
    assert "learned before" not in capsys.readouterr().err
    assert main([*words, "--reference", "20,1,8,8@30"]) == 0
    assert "learned before" in capsys.readouterr().err
    Path("mask.json").write_text(
        json.dumps({"keyframes": [{"frame": 0, "points": [[20, 14], [25, 14], [25, 18], [20, 18]]}]})
    )
    assert main([*words, "--reference", "20,1,8,8"]) == 0
    assert "learned before" not in capsys.readouterr().err


INSTANT = {
    "surround": [],
    "texture": ["--fill", "texture", "--instant"],
    "patch": ["--reference", "20,2,5,4", "--instant"],
}


@pytest.mark.parametrize("fill", INSTANT)
def test_a_mask_that_comes_late(fill: str) -> None:
    """What isn't masked in a frame stays; what is is filled, from the first frame in which a single pixel is."""
    masks = np.zeros((60, 24, 32, 3), np.uint8)
    masks[31:, 5, 6] = 255
    masks[40:, 4:8, 4:9] = 255
    write(Path("late.mkv"), masks)
    frames = np.where(masks > 0, np.uint8(255), FRAMES)
    write(Path("marked.mkv"), frames)
    words = ["replace", "marked.mkv", "--mask", "late.mkv", "-o", "clean.mkv", "--feather", "0", *INSTANT[fill]]
    assert main(words) == 0
    made = read(Path("clean.mkv"))
    np.testing.assert_array_equal(made[masks == 0], frames[masks == 0])
    assert (made[masks > 0] == 255).mean() < 0.02


@pytest.mark.parametrize("fill", INSTANT)
@pytest.mark.parametrize("from_frame", [0, 1])
def test_repeated_frames_are_filled_as_what_they_repeat(fill: str, from_frame: int) -> None:
    """Every frame comes back, also where each is shown twice, and the mask begins on a repeat."""
    twice = FRAMES.repeat(2, 0)[from_frame:]
    masks = np.zeros((len(twice), 24, 32, 3), np.uint8)
    masks[41:, 4:8, 4:9] = 255
    write(Path("masks.mkv"), masks)
    write(Path("twice.mkv"), np.where(masks > 0, np.uint8(255), twice))
    words = ["replace", "twice.mkv", "--mask", "masks.mkv", "-o", "clean.mkv", "--feather", "0", *INSTANT[fill]]
    assert main(words) == 0
    made = read(Path("clean.mkv"))
    assert len(made) == len(twice)
    np.testing.assert_array_equal(made[masks == 0], twice[masks == 0])
    assert (made[masks > 0] == 255).mean() < 0.02


@pytest.mark.parametrize("fill", [[], ["--reference", "1,1,8,8", "--instant"]])
def test_a_layer_above_the_clip_is_the_whole(fill: Sequence[str]) -> None:
    """The region alone, the rest transparent; an editor that lays it over the clip gets what is written without."""
    words = ["replace", "clip.mkv", "--mask", "mask.json", "--feather", "2", *fill]
    assert main([*words, "-o", "whole.mkv"]) == 0
    assert main([*words, "-o", "layer.mkv", "--layer"]) == 0
    layer = np.stack(list(iter_frames(Path("layer.mkv"))))
    assert layer.shape == (60, 24, 32, 4)
    share = layer[..., 3:].astype(float) / 255
    laid = share * layer[..., :3] + (1 - share) * FRAMES
    assert np.abs(laid - read(Path("whole.mkv"))).max() <= 1.5
    assert not layer[..., 3][outside()].any()


@pytest.mark.parametrize("fill", [[], ["--reference", "100,20,30,24@0", "--instant"]])
def test_a_region_follows_the_camera(fill: Sequence[str], capsys: Printed) -> None:
    """Drawn once, for the first frame: the mark is gone from all frames, and far from it every pixel is as it was."""
    ways = by_hand(40)
    frames = np.stack(list(seen(ways, water=False)))
    mark = np.zeros((240, 320), np.float32)
    mark[80:92, 130:146] = 255  # in the reference from (50, 20) on
    there = np.stack([cut_out(mark, way) for way in ways]) > 0
    frames[there] = 255
    write(Path("held.mkv"), frames)
    rows, columns = np.nonzero(there[0])
    left, top, right, bottom = columns.min() - 2, rows.min() - 2, columns.max() + 3, rows.max() + 3
    points = [[int(x), int(y)] for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]
    Path("mark.json").write_text(json.dumps({"keyframes": [{"frame": 0, "points": points}]}))
    words = ["replace", "held.mkv", "--mask", "mark.json", "-o", "clean.mkv", "--track", "--feather", "3", *fill]
    assert main(words) == 0
    assert "follows the camera" in capsys.readouterr().err
    made = read(Path("clean.mkv"))
    assert made[there].min(1).mean() < 200
    assert (made[there] >= 250).mean() < 0.05
    far = np.logical_not([binary_dilation(each, iterations=10) for each in there])
    np.testing.assert_array_equal(made[far], frames[far])


def test_a_mask_that_moves_cant_follow(capsys: Printed) -> None:
    masks = np.zeros_like(FRAMES)
    masks[:, 4:8, 4:9] = 255
    masks[30:] = np.roll(masks[30:], 5, 2)
    write(Path("moving.mkv"), masks)
    assert main(["replace", "clip.mkv", "--mask", "moving.mkv", "-o", "a.mkv", "--track"]) == 2
    assert "moving.mkv" in capsys.readouterr().err


def test_a_reference_that_shows_what_is_replaced(capsys: Printed) -> None:
    """Of a region so large that nothing beside it could take its place first: that is told."""
    points = [[4, 2], [28, 2], [28, 20], [4, 20]]
    Path("mask.json").write_text(json.dumps({"keyframes": [{"frame": 0, "points": points}]}))
    words = ["replace", "clip.mkv", "--mask", "mask.json", "-o", "a.mkv", "--instant"]
    assert main([*words, "--reference", "2,2,20,20"]) == 0
    assert "overlaps" in capsys.readouterr().err
    assert main([*words, "--fill", "texture", "--overwrite"]) == 2
    assert "--reference" in capsys.readouterr().err


def test_without_opencv_it_is_named(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    assert main(["replace", "clip.mkv", "--mask", "mask.json", "-o", "a.mkv", "--track"]) == 2
    assert "dtsgan[track]" in capsys.readouterr().err


REFUSED = {
    "reference outside": (["--reference", "30,20,8,8"], "32 x 24"),
    "no reference": (["--reference", "1,2,3"], "no reference"),
    "frame that is not there": (["--reference", "1,1,8,8@60"], "Frame 60"),
    "clip that is not there": (["--reference", "1,1,8,8@gone.mp4"], "gone.mp4"),
    "clip too small": (["--reference", "small.mkv", "--instant"], "small.mkv"),
    "patch without reference": (["--fill", "patch"], "--reference"),
    "surround with reference": (["--fill", "surround", "--reference", "1,1,8,8"], "--reference"),
    "surround with model": (["--fill", "surround", "-m", "clip.dtsgan"], "--model"),
    "texture with reference": (["--fill", "texture", "--reference", "1,1,8,8"], "--reference"),
    "instant at a scale": (["--reference", "1,1,8,8", "--instant", "--inject", "1"], "--inject"),
    "no such scale": (["--reference", "1,1,8,8", "--inject", "7"], "--inject is 7"),
    "layer without alpha": (["--layer", "-o", "a.mp4"], "a.mp4"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cant_be_done_is_said(case: str, capsys: Printed) -> None:
    """In one sentence, with what to do; nothing is written."""
    write(Path("small.mkv"), texture(20, (8, 10)))
    options, said = REFUSED[case]
    assert main(["replace", "clip.mkv", "--mask", "mask.json", "-o", "a.mkv", *options]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err
    assert not list(Path().glob("a.*"))
