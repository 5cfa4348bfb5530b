"""The command line with the real engine, on a clip and options so small that it takes seconds."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dtsgan.engine.errors import ClipError
from dtsgan.engine.video import iter_frames, open_output, probe
from dtsgan.plugin.cli import main

TINY = ["--size", "16", "--coarsest", "12", "--scales", "2", "--device", "cpu"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a clip of drifting waves, 24 frames of 24x16."""
    folder = tmp_path_factory.mktemp("clips")
    time, y, x = np.meshgrid(np.arange(24), np.arange(16), np.arange(24), indexing="ij")
    waves = np.stack([np.sin(x / 3 + time / 2), np.sin(y / 2 - time / 3), np.sin((x + y) / 4 + time)], axis=3)
    with open_output(folder / "waves.mkv", size_hw=(16, 24), rate=Fraction(25)) as writer:
        for frame in np.rint(waves * 100 + 128).astype(np.uint8):
            writer.write(frame)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> Path:
    """A texture model of it."""
    path = folder / "waves.dtsgan"
    assert main(["learn", str(folder / "waves.mkv"), "-o", str(path), *TINY, "--steps", "3"]) == 0
    assert not path.with_name("waves.dtsgan.part").exists()
    return path


def frames_of(model: Path, out: Path, *words: str) -> np.ndarray:
    assert main(["generate", str(model), "-o", str(out), *words]) == 0
    return np.stack(list(iter_frames(out)))


def test_a_model_makes_video(model: Path, tmp_path: Path) -> None:
    """As long, as large and as fast as the source; the same again for the same seed, other for another."""
    first = frames_of(model, tmp_path / "first.mkv")
    assert first.shape == (24, 16, 24, 3)
    assert probe(tmp_path / "first.mkv").rate == 25
    assert len(np.unique(first)) > 9
    np.testing.assert_array_equal(first, frames_of(model, tmp_path / "again.mkv"))
    assert (first != frames_of(model, tmp_path / "other.mkv", "--seed", "1")).any()


def test_learning_ends_with_a_picture_of_the_result(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the source's own size, beside the sheets of the scales."""
    clip, sheets = folder / "waves.mkv", tmp_path / "sheets"
    words = ["learn", str(clip), "-o", str(tmp_path / "a.dtsgan"), *TINY, "--steps", "1", "--preview", str(sheets)]
    assert main(words) == 0
    assert f"A preview of results at 24x16: {sheets / 'result.png'}" in capsys.readouterr().err
    of_scales = [f"scale-{scale}{end}" for scale in (1, 2) for end in (".dtsgan", ".mp4", ".png")]
    assert sorted(path.name for path in sheets.iterdir()) == ["result.png", *of_scales]
    with Image.open(sheets / "result.png") as sheet:
        assert sheet.width > 4 * 384


def test_a_shorter_video_begins_as_the_longer_one(model: Path, tmp_path: Path) -> None:
    """The length asked for decides only where the video ends."""
    long = frames_of(model, tmp_path / "long.mkv", "--frames", "30")
    np.testing.assert_array_equal(long[:7], frames_of(model, tmp_path / "short.mkv", "--frames", "7"))


def test_info_of_a_model_is_quick_and_json(model: Path) -> None:
    """The facts of a model are one JSON line, said without loading torch."""
    script = (
        "import sys\nfrom dtsgan.plugin.cli import main\n"
        f"code = main(['info', {str(model)!r}, '--json'])\nprint(code, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    facts, end = done.stdout.splitlines()
    assert end == "0 False"
    assert json.loads(facts)["kind"] == "texture model"


def test_rendering_loads_no_torch(folder: Path, model: Path, tmp_path: Path) -> None:
    """Video of a model, all layers at work, and of a clip is made without PyTorch, which takes seconds to import."""
    script = (
        "import sys\nfrom dtsgan.plugin.cli import main\n"
        "for path in sys.argv[1:]: assert main(['generate', path, '-o', path[-5:] + '.mkv', '--frames', '3']) == 0\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'torch'])"
    )
    command = [sys.executable, "-c", script, str(model), str(folder / "waves.mkv")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert len(list(tmp_path.iterdir())) == 2


def interrupted(command: list[str]) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and events of a run that gets Ctrl-C after its third step."""
    steps, lines = 0, []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            lines.append(json.loads(line))
            if lines[-1]["event"] == "progress":
                steps += 1
                if steps == 3:
                    process.send_signal(signal.SIGINT)
    return process.returncode, lines


def test_an_interrupted_run_goes_on(folder: Path, tmp_path: Path) -> None:
    """Ctrl-C leaves a state; other options are refused; the same command goes on from its step."""
    output = tmp_path / "waves.dtsgan"
    words = ["learn", str(folder / "waves.mkv"), "-o", str(output), *TINY, "--steps", "100000", "--json"]
    command = [sys.executable, "-m", "dtsgan", *words]
    code, events = interrupted(command)
    assert code == 130
    assert events[-1]["event"] == "stopped"
    assert Path(events[-1]["state"]) == tmp_path / "waves.dtsgan.part"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["waves.dtsgan.part"]

    assert main([*words, "--seed", "9"]) == 2

    code, events = interrupted(command)
    assert code == 130
    (planned,) = (event for event in events if event["event"] == "planned")
    assert planned["resumed_step"] >= 3


def test_a_clip_makes_video_without_a_model(folder: Path, tmp_path: Path) -> None:
    """At once, at its own size, from a part of it too; another seed is another video."""
    first = frames_of(folder / "waves.mkv", tmp_path / "first.mkv", "--range", "2:22")
    assert first.shape == (20, 16, 24, 3)
    other = frames_of(folder / "waves.mkv", tmp_path / "other.mkv", "--range", "2:22", "--seed", "1")
    assert (first != other).any()
    assert frames_of(folder / "waves.mkv", tmp_path / "small.mkv", "--size", "12x8").shape == (24, 8, 12, 3)


def test_layers_are_switched(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each subset makes another video; a layer that does not exist is refused."""
    made = {}
    for layers in ("prior", "pyramid", "prior,pyramid", "prior,detail", "detail,pyramid,prior"):
        made[layers] = frames_of(model, tmp_path / f"{layers}.mkv", "--layers", layers, "--frames", "4")
        assert made[layers].shape == (4, 16, 24, 3)
    videos = list(made.values())
    assert all((one != other).any() for place, one in enumerate(videos) for other in videos[:place])
    capsys.readouterr()
    assert main(["generate", str(model), "-o", str(tmp_path / "no.mkv"), "--layers", "magic"]) == 2
    assert "'magic' is no layer" in capsys.readouterr().err


def test_a_model_that_names_its_clip(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --pixels link the model asks for its clip by name where it has moved, and takes it from --source."""
    clip, model = tmp_path / "moving.mkv", tmp_path / "linked.dtsgan"
    clip.write_bytes((folder / "waves.mkv").read_bytes())
    words = ["learn", str(clip), "-o", str(model), *TINY, "--steps", "3", "--pixels", "link"]
    assert main(words) == 0
    moved = clip.rename(tmp_path / "moved.mkv")
    capsys.readouterr()
    full = ["--layers", "prior,pyramid,detail", "--frames", "3"]
    assert main(["generate", str(model), "-o", str(tmp_path / "out.mkv"), *full]) == 2
    message = capsys.readouterr().err
    assert "moving.mkv" in message
    assert "--source" in message
    assert frames_of(model, tmp_path / "out.mkv", "--source", str(moved), *full).shape == (3, 16, 24, 3)


def test_a_range_alone_is_that_of_the_whole(model: Path, tmp_path: Path) -> None:
    """Frames 30 to 37 of a video of 40, endless or a loop, made alone; and a loop begins where it ends."""
    for words in ([], ["--loop"]):
        whole = frames_of(model, tmp_path / "whole.mkv", "--frames", "40", "--overwrite", *words)
        part = frames_of(model, tmp_path / "part.mkv", "--frames", "40", "--range", "30:37", "--overwrite", *words)
        np.testing.assert_array_equal(part, whole[30:37])
    steps = np.abs(np.diff(whole.astype(int), axis=0)).mean((1, 2, 3))
    assert np.abs(whole[0].astype(int) - whole[-1]).mean() <= 1.1 * np.quantile(steps, 0.95)


def test_options_of_the_other_kind_are_refused(
    folder: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model's part was chosen before, a clip has no learned layers: said, with what to leave out."""
    for words, option in (
        ([str(model), "--crop", "0,0,9,9"], "--crop"),
        ([str(folder / "waves.mkv"), "--layers", "prior"], "--layers"),
        ([str(folder / "waves.mkv"), "--source", "a.mkv"], "--source"),
    ):
        assert main(["generate", *words, "-o", str(tmp_path / "out.mkv")]) == 2
        assert f"Leave out {option}." in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_model_is_kept_without_pixels_that_cant_be_had(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was learned is saved whatever goes wrong with the source's pixels, and the person is told."""

    def failing(*_: Any, **__: Any) -> None:
        raise ClipError("Nothing moves in its middle.")

    monkeypatch.setattr("dtsgan.engine.exemplar.read_exemplar", failing)
    model = tmp_path / "waves.dtsgan"
    assert main(["learn", str(folder / "waves.mkv"), "-o", str(model), *TINY, "--steps", "3"]) == 0
    assert "Nothing moves in its middle. The model is saved without its pixels" in capsys.readouterr().err
    assert frames_of(model, tmp_path / "out.mkv", "--frames", "3").shape == (3, 16, 24, 3)


def test_scaling_is_told(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Larger than the source, or another shape, is said; a plain reduction is not."""
    told = {}
    for size in ("48x32", "24x8", "12x8"):
        words = ["--frames", "1", "--size", size, "--fit", "scale"]
        frames_of(folder / "waves.mkv", tmp_path / f"{size}.mkv", *words)
        told[size] = capsys.readouterr().err
    assert "scaled up to 48x32" in told["48x32"]
    assert "stretched" in told["24x8"]
    assert "scaled up" not in told["24x8"]
    assert "scaled up" not in told["12x8"]
    assert "stretched" not in told["12x8"]


FILLED = """
import json, subprocess, sys
from pathlib import Path
model, disk = sys.argv[1], Path(sys.argv[2])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "none", disk], check=True)
words = [sys.executable, "-m", "dtsgan", "generate", model, "-o", disk / "out.mkv", "--frames", "4000", "--json"]
rendering = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
last = ""
for line in rendering.stdout:
    last = line
    if json.loads(line).get("frame") == 40:
        try:
            (disk / "another").write_bytes(bytes(64 << 20))
        except OSError:
            pass
print(json.dumps([rendering.wait(), json.loads(last), sorted(path.name for path in disk.iterdir())]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk of one's own is made as Linux does")
def test_a_disk_that_fills_up_leaves_nothing(model: Path, tmp_path: Path) -> None:
    """While a video is being rendered: one clear error, exit code 2, and no wreck."""
    alone = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk of his own (unshare --user --mount)")
    words = [*alone, sys.executable, "-c", FILLED, str(model), str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    code, last, left = json.loads(done.stdout)
    assert code == 2
    assert "disk is full" in last["problem"]
    assert left == ["another"]
