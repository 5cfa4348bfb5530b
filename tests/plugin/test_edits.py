"""The commands that edit a clip, on the command line."""

from __future__ import annotations

import json
import signal
from argparse import Namespace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from support.edits import FRAMES, edit_here, result
from support.models import empty_model
from support.sounds import RATE, noise
from support.videos import texture, with_sound
from support.writing import read, write

from dtsgan.engine.continuation import Continuation
from dtsgan.engine.errors import OutputError
from dtsgan.engine.mask import open_mask
from dtsgan.engine.model import save_model
from dtsgan.engine.shot import read_shot
from dtsgan.engine.video import ReadStopped, probe, read_sound
from dtsgan.plugin.cli import editing, main

if TYPE_CHECKING:
    from collections.abc import Iterator

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder with a clip of 60 frames; what is learned is tiny and kept there, too."""
    edit_here(monkeypatch, tmp_path)


@pytest.mark.parametrize(("at", "first"), [("end", 0), ("start", 15), ("both", 7)])
def test_a_clip_is_extended(capsys: Printed, at: str, first: int) -> None:
    """By as many frames as asked, at either end or both; its own come back to the bit, and where they are is told."""
    said = result(capsys, ["extend", "clip.mkv", "-o", "long.mkv", "--add", "15", "--at", at, "--instant"])
    made = read(Path("long.mkv"))
    assert (len(made), said["frames"], said["kept"]) == (75, 75, [first, first + 60])
    np.testing.assert_array_equal(made[first : first + 60], FRAMES)
    assert np.abs(np.diff(made.astype(int), axis=0)).mean((1, 2, 3)).min() > 0.5  # nothing stands still
    assert json.loads(probe(Path("long.mkv")).note)["dtsgan"]["edit"] == "extend"


@pytest.mark.parametrize(("asked", "frames"), [("3s", 75), ("80", 80), ("0.05m", 75)])
def test_how_long_the_whole_is_to_be(capsys: Printed, asked: str, frames: int) -> None:
    """In seconds, frames or minutes."""
    said = result(capsys, ["extend", "clip.mkv", "-o", "long.mp4", "--to", asked, "--instant"])
    assert said["frames"] == frames == probe(Path("long.mp4")).frames


def test_how_the_joints_of_a_longer_clip_are(capsys: Printed) -> None:
    """Where its own frames begin and where they end: the ratios of the very frames that were written."""
    said = result(capsys, ["extend", "clip.mkv", "-o", "long.mkv", "--add", "24", "--at", "both", "--instant"])
    made, joints = read(Path("long.mkv")), read_shot(Path("clip.mkv"), short_side=16).joints
    assert said["joints"] == [
        [12, pytest.approx(joints.ratio(made[8:13]))],
        [72, pytest.approx(joints.ratio(made[71:76]))],
    ]


def test_a_clip_is_looped(capsys: Printed) -> None:
    """With a bridge as long as asked; the loop is the clip and the bridge, and no frame more."""
    said = result(capsys, ["loop", "clip.mkv", "-o", "loop.mkv", "--bridge", "12", "--instant"])
    made = read(Path("loop.mkv"))
    assert (len(made), said["bridge"]) == (72, 12)
    # The same as of the frames that were written, here without loss.
    shot = read_shot(Path("clip.mkv"), short_side=16)
    wrap, end = shot.joints.ratio([*made[-4:], made[0]]), shot.joints.ratio(made[59:64])
    assert said["joints"] == [[0, pytest.approx(wrap)], [60, pytest.approx(end)]]
    np.testing.assert_array_equal(made[:60], FRAMES)


def test_the_best_bridge_is_found(capsys: Printed) -> None:
    """Without a length those that join best are taken, and how well is told."""
    said = result(capsys, ["loop", "clip.mkv", "-o", "loop.gif", "--instant"])
    assert said["bridge"] in (16, 24, 32, 48)
    assert [frame for frame, _ in said["joints"]] == [0, 60]
    assert Path("loop.gif").read_bytes().count(b"NETSCAPE2.0") == 1  # repeats for ever


@pytest.mark.parametrize(("length", "kept", "bridge"), [("80", 60, 20), ("50", 26, 24)])
def test_a_loop_of_a_length(capsys: Printed, length: str, kept: int, bridge: int) -> None:
    """Longer than the clip, the bridge fills it; shorter, the clip's beginning is kept."""
    said = result(capsys, ["loop", "clip.mkv", "-o", "loop.mkv", "--length", length, "--instant"])
    assert (said["frames"], said["kept"], said["bridge"]) == (kept + bridge, [0, kept], bridge)
    np.testing.assert_array_equal(read(Path("loop.mkv"))[:kept], FRAMES[:kept])


def test_what_is_learned_is_kept(capsys: Printed) -> None:
    """The first edit learns, with progress; the second finds that, whatever the edit; another range is learned anew."""
    assert main(["loop", "clip.mkv", "-o", "loop.mkv", "--bridge", "8"]) == 0
    first = capsys.readouterr().err
    assert "Learning clip.mkv once" in first
    assert "scale 1 of 2" in first
    assert main(["extend", "clip.mkv", "-o", "long.mkv", "--add", "8"]) == 0
    assert "was learned before" in capsys.readouterr().err
    assert len(list(Path("cache/models").iterdir())) == 1
    assert main(["extend", "clip.mkv", "-o", "other.mkv", "--add", "8", "--range", "0:40"]) == 0
    assert "Learning clip.mkv once" in capsys.readouterr().err
    np.testing.assert_array_equal(read(Path("long.mkv"))[:60], FRAMES)
    np.testing.assert_array_equal(read(Path("other.mkv"))[:40], FRAMES[:40])


def test_what_is_cut_off_is_not_learned(capsys: Printed) -> None:
    """A loop shorter than the clip learns what it keeps, once; what can't be is said before anything is learned."""
    assert main(["loop", "clip.mkv", "-o", "loop.mkv", "--length", "50"]) == 0
    assert capsys.readouterr().err.count("Learning clip.mkv once") == 1
    assert len(list(Path("cache/models").iterdir())) == 1
    for words in (["extend", "--to", "1s"], ["loop", "--length", "90", "--bridge", "12"]):
        assert main([words[0], "clip.mkv", "-o", "a.mkv", *words[1:]]) == 2
        assert "Learning" not in capsys.readouterr().err


def test_a_kept_model_that_is_damaged_is_learned_again(capsys: Printed) -> None:
    assert main(["loop", "clip.mkv", "-o", "loop.mkv", "--bridge", "8"]) == 0
    (kept,) = Path("cache/models").iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    assert main(["loop", "clip.mkv", "-o", "again.mkv", "--bridge", "8"]) == 0
    assert "Learning clip.mkv once" in capsys.readouterr().err
    np.testing.assert_array_equal(read(Path("again.mkv")), read(Path("loop.mkv")))


@pytest.mark.parametrize(("preset", "said"), [("fast", "does not look like clip.mkv"), ("paper", "another clip")])
def test_a_model_of_another_clip_is_used_and_said(preset: str, said: str, capsys: Printed) -> None:
    """It need not be the clip's own, of either preset: the frames that are kept are the clip's all the same."""
    write(Path("other.mkv"), 255 - FRAMES[:, ::-1] // 3)
    assert main(["learn", "other.mkv", "-o", "other.dtsgan", "--preset", preset]) == 0
    capsys.readouterr()
    assert main(["extend", "clip.mkv", "-o", "long.mkv", "--add", "6", "-m", "other.dtsgan"]) == 0
    assert said in capsys.readouterr().err
    np.testing.assert_array_equal(read(Path("long.mkv"))[:60], FRAMES)


def still(path: str, frame_hwc: np.ndarray) -> None:
    """Write it as a picture."""
    write(Path(path).with_suffix(""), frame_hwc[None])
    next(Path(path).with_suffix("").iterdir()).rename(path)
    Path(path).with_suffix("").rmdir()


@pytest.fixture
def model(place: None, capsys: Printed) -> str:  # noqa: ARG001  # the clip has to lie there
    assert main(["learn", "clip.mkv", "-o", "m.dtsgan"]) == 0
    capsys.readouterr()
    return "m.dtsgan"


def test_a_still_is_set_in_motion(model: str, capsys: Printed) -> None:
    """The video begins with it, to the bit, and moves on from it as the clip moves; seeds differ."""
    frame = texture(400, (24, 32))[300]
    still("frame.png", frame)
    said = result(capsys, ["predict", "frame.png", "-m", model, "-o", "a.mkv", "--frames", "20"])
    assert said["frames"] == 20
    made = read(Path("a.mkv")).astype(int)
    np.testing.assert_array_equal(made[0], frame)
    steps, usual = (np.abs(np.diff(video, axis=0)).mean((1, 2, 3)) for video in (made, FRAMES.astype(int)))
    assert steps[0] < 2 * usual.mean()
    assert steps.min() > 0.3 * usual.mean()
    result(capsys, ["predict", "frame.png", "-m", model, "-o", "b.mkv", "--frames", "0.8s", "--seed", "4"])
    other = read(Path("b.mkv")).astype(int)
    assert len(other) == 20
    assert np.abs(made - other)[10:].mean() > 1


def test_a_still_of_another_size_is_made_to_fit(model: str, capsys: Printed) -> None:
    """If its shape is the texture's; that is said."""
    still("frame.png", FRAMES[3].repeat(2, 0).repeat(2, 1))
    assert main(["predict", "frame.png", "-m", model, "-o", "a.mkv", "--frames", "5"]) == 0
    assert "64x48 pixels and is made 32x24" in capsys.readouterr().err


def test_stopping_while_pixels_are_read(model: str, monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    """Ctrl-C is no fault of ours."""

    def interrupted(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)
        raise ReadStopped

    monkeypatch.setattr("dtsgan.plugin.cli.predict.open_exemplar", interrupted)
    still("frame.png", FRAMES[3])
    assert main(["predict", "frame.png", "-m", model, "-o", "a.mkv"]) == 130
    assert "was not written" in capsys.readouterr().err


BAD_STILLS = {
    "a video": (["clip.mkv"], "is a video of 60 frames"),
    "another shape": (["wide.png"], "another shape"),
    "one frame": (["frame.png", "--frames", "1"], "2 or more"),
    "no model": (["frame.png", "-m", "frame.png"], "no texture model"),
    "missing": (["gone.png"], "gone.png"),
}


@pytest.mark.parametrize("case", BAD_STILLS)
def test_stills_that_cant_be_moved(case: str, model: str, capsys: Printed) -> None:
    still("frame.png", FRAMES[3])
    still("wide.png", FRAMES[3][:10])
    words, said = BAD_STILLS[case]
    assert main(["predict", "-o", "a.mkv", "-m", model, *words]) == 2
    assert said in capsys.readouterr().err
    assert not Path("a.mkv").exists()


BAD = {
    "no longer": (["extend", "clip.mkv", "-o", "a.mkv", "--to", "2s"], "has 60 frames (2.40 s) already"),
    "nothing asked": (["extend", "clip.mkv", "-o", "a.mkv"], "--to"),
    "no length": (["extend", "clip.mkv", "-o", "a.mkv", "--add", "0"], "is no length"),
    "missing": (["extend", "gone.mkv", "-o", "a.mkv", "--add", "5"], "gone.mkv"),
    "a still": (["extend", "still.png", "-o", "a.mkv", "--add", "5"], "still.png"),
    "too short": (["loop", "short.mkv", "-o", "a.mkv"], "at least 16 are needed"),
    "bridge": (["loop", "clip.mkv", "-o", "a.mkv", "--length", "30", "--bridge", "28"], "2 of the clip's are left"),
    "no sum": (["loop", "clip.mkv", "-o", "a.mkv", "--length", "90", "--bridge", "12"], "are not 90"),
    "a model": (["loop", "m.dtsgan", "-o", "a.mkv"], "is a texture model"),
    "no model": (["loop", "clip.mkv", "-o", "a.mkv", "-m", "clip.mkv"], "clip.mkv"),
    "taken": (["loop", "clip.mkv", "-o", "short.mkv"], "exists already"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cant_be_is_said(case: str, capsys: Printed) -> None:
    """In words, with exit code 2, and nothing is written or lost."""
    write(Path("short.mkv"), FRAMES[:9])
    still("still.png", FRAMES[0])
    save_model(empty_model((24, 32)), Path("m.dtsgan"))
    words, said = BAD[case]
    before = Path("short.mkv").read_bytes()
    assert main([*words, *(["--instant"] if "-m" not in words else [])]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err
    assert not Path("a.mkv").exists()
    assert Path("short.mkv").read_bytes() == before


def test_stopping_leaves_nothing(monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    """Ctrl-C while frames are written: the exit code says so, and no file is left."""
    make = Continuation.frames

    def interrupted(self: Continuation, wanted: range) -> Iterator[np.ndarray]:
        for number, frame in enumerate(make(self, wanted)):
            if number == 4:
                signal.raise_signal(signal.SIGINT)
            yield frame

    monkeypatch.setattr(Continuation, "frames", interrupted)
    assert main(["extend", "clip.mkv", "-o", "long.mkv", "--add", "500", "--instant"]) == 130
    assert "was not written" in capsys.readouterr().err
    assert sorted(path.name for path in Path().iterdir()) == ["clip.mkv"]


def test_rates_and_depths_are_kept(capsys: Printed) -> None:
    """NTSC rates and 10 bits come back; so do the kept frames, to the bit."""
    deep = FRAMES.astype(np.uint16) * 257
    write(Path("deep.mkv"), deep, rate=Fraction(24000, 1001), bit_depth=10)
    source = read(Path("deep.mkv"))
    assert result(capsys, ["loop", "deep.mkv", "-o", "loop.mkv", "--bridge", "8", "--instant"])["frames"] == 68
    info = probe(Path("loop.mkv"))
    assert (info.rate, info.bit_depth) == (Fraction(24000, 1001), 10)
    np.testing.assert_array_equal(read(Path("loop.mkv"))[:60], source)


def sound(path: str) -> np.ndarray:
    """All of a file's sound, (samples,)."""
    found = read_sound(Path(path), start_s=Fraction(0), stop_s=Fraction(10))
    assert found is not None
    return found.samples[0]


def test_sound_stays_in_its_place(capsys: Printed) -> None:
    """Of an extended clip: its own where its frames are, to the bit but for the joints, repeats of it elsewhere, none
    beyond the picture; --no-audio leaves it out."""
    heard = noise(seconds=2.4)
    with_sound(Path("clip.mkv"), Path("loud.mkv"), heard)
    said = result(capsys, ["extend", "loud.mkv", "-o", "long.mkv", "--add", "50", "--at", "both", "--instant"])
    made, at, fade = sound("long.mkv"), RATE, 2400
    assert said["kept"] == [25, 85]
    np.testing.assert_array_equal(made[at + fade : at + 115200 - fade], heard[0, fade:-fade] / np.float32(32768))
    whole = round(110 / 25 * RATE)
    assert made[:at].std() > 0.05
    assert made[whole - 4800 : whole].std() > 0.05
    assert not made[whole:].any()
    result(capsys, ["loop", "loud.mkv", "-o", "quiet.mkv", "--bridge", "8", "--instant", "--no-audio"])
    assert not probe(Path("quiet.mkv")).has_audio
    result(capsys, ["loop", "loud.mkv", "-o", "loop.mp4", "--bridge", "8", "--instant"])
    assert probe(Path("loop.mp4")).has_audio


def boat(first: int = 26) -> tuple[np.ndarray, np.ndarray]:
    """The clip with a white block that crosses it from this frame on, and where it is, (T, H, W)."""
    frames, there = FRAMES.copy(), np.zeros(FRAMES.shape[:3], bool)
    for frame in range(first, 60):
        there[frame, 8:14, max(0, 30 - (frame - first)) : 36 - (frame - first)] = True
    frames[there] = 255
    return frames, there


def polygon(first: int = 26, margin: int = 1) -> str:
    """A mask of that block with key frames."""
    keys = [
        {"frame": frame, "points": [[x - margin, 7], [x + 6 + margin, 7], [x + 6 + margin, 15], [x - margin, 15]]}
        for frame, x in ((first, 30), (59, 30 - (59 - first)))
    ]
    if first:
        keys.insert(0, {"frame": first - 1, "points": [[-9, 7], [-8, 7], [-8, 15], [-9, 15]]})
    Path("mask.json").write_text(json.dumps({"keyframes": keys}))
    return "mask.json"


def test_something_is_taken_out_of_a_clip(capsys: Printed) -> None:
    """It is gone, what is there instead moves as the clip does, and outside the mask every pixel is as it was."""
    frames, there = boat()
    write(Path("boat.mkv"), frames)
    said = result(capsys, ["replace", "boat.mkv", "--mask", polygon(), "-o", "calm.mkv", "--feather", "3"])
    made = read(Path("calm.mkv"))
    assert (said["frames"], len(made)) == (60, 60)
    assert (made[there].max(1) < 250).mean() > 0.99
    mask = open_mask(Path("mask.json"), size_hw=(24, 32), span=(0, 60), clip_frames=60, name="boat.mkv", feather_px=3)
    outside = np.stack(list(mask.frames())) == 0
    np.testing.assert_array_equal(made[outside], frames[outside])
    assert np.abs(made[there].astype(int) - FRAMES[there]).mean() < 45
    steps, usual = (np.abs(np.diff(video.astype(int), axis=0))[27:, 8:14].mean() for video in (made, FRAMES))
    assert 0.7 < steps / usual < 1.5


def test_what_is_never_clear_is_filled_from_beside(capsys: Printed) -> None:
    """A mark that stays for the whole clip; that is said."""
    Path("mask.json").write_text(json.dumps({"keyframes": [{"frame": 0, "points": [[4, 4], [9, 4], [9, 8], [4, 8]]}]}))
    frames = FRAMES.copy()
    frames[:, 4:8, 4:9] = 255
    write(Path("marked.mkv"), frames)
    assert main(["replace", "marked.mkv", "--mask", "mask.json", "-o", "clean.mkv", "--feather", "2"]) == 0
    assert "never clear" in capsys.readouterr().err
    made = read(Path("clean.mkv"))
    assert (made[:, 4:8, 4:9].max(3) < 250).all()
    np.testing.assert_array_equal(made[:, 12:], frames[:, 12:])


def test_alpha_is_refused_before_the_work() -> None:
    """An edit that makes frames with alpha learns from the check of its output whether they can be written."""
    arguments = Namespace(input=Path("clip.mkv"), output=Path("layer.mp4"), rate=None, overwrite=False)
    editing.checked(arguments)
    with pytest.raises(OutputError, match=r"can't carry alpha \(layer.mp4\)"):
        editing.checked(arguments, alpha=True)
    arguments.output = Path("layer.mov")
    assert editing.checked(arguments, alpha=True).size_hw == FRAMES.shape[1:3]


BAD_MASKS = {
    "missing": ("gone.png", "gone.png"),
    "another size": ("small.png", "32 x 24"),
    "empty": ("black.png", "nothing"),
    "all": ("white.png", "all"),
    "no picture": ("clip.txt", "clip.txt"),
}


@pytest.mark.parametrize("case", BAD_MASKS)
def test_masks_that_cant_be_used(case: str, capsys: Printed) -> None:
    still("small.png", FRAMES[0, :12])
    still("black.png", np.zeros_like(FRAMES[0]))
    still("white.png", np.full_like(FRAMES[0], 255))
    Path("clip.txt").write_text("no mask")
    name, said = BAD_MASKS[case]
    assert main(["replace", "clip.mkv", "--mask", name, "-o", "a.mkv"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err
    assert not Path("a.mkv").exists()
