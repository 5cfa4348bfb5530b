from __future__ import annotations

import json
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from support.models import empty_model, empty_texture

from dtsgan.engine.video import probe
from dtsgan.plugin.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MODEL, TEXTURE = empty_model((32, 48)), empty_texture((32, 48))

CPU = ["--device", "cpu"]
Printed = pytest.CaptureFixture[str]


class FakeSynthesis:
    def __init__(self) -> None:
        self.on_frame: Callable[[int], None] = lambda _: None
        self.seed: int | None = None
        self.fine_seed: int | None = None
        self.frames: range | None = None
        self.period: int | None = None

    def __call__(
        self,
        texture: Any,
        *,
        frames: range,
        seed: int,
        fine_seed: int | None,
        size_hw: tuple[int, int] | None,
        period: int | None,
    ) -> Iterator[np.ndarray]:
        self.seed, self.fine_seed, self.frames, self.period = seed, fine_seed, frames, period
        for frame in frames:
            self.on_frame(frame)
            yield np.full((*(size_hw or texture.size_hw), 3), frame, np.uint8)


@pytest.fixture(autouse=True)
def synthesis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeSynthesis:
    """A model of twelve frames at 48x32, and a synthesis that costs nothing."""
    fake = FakeSynthesis()
    monkeypatch.setattr("dtsgan.export.facts.load_model", lambda _: MODEL)
    monkeypatch.setattr("dtsgan.export.textures.open_texture", lambda *_, **__: TEXTURE)
    monkeypatch.setattr("dtsgan.export.stream.synthesise", fake)
    monkeypatch.chdir(tmp_path)
    return fake


def test_the_length_and_size_are_the_sources_by_default(synthesis: FakeSynthesis, capsys: Printed) -> None:
    """Without options the video is as long and as large as the source; what was written is said."""
    assert main(["generate", "fire.dtsgan", "-o", "out.mp4"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Wrote out.mp4: 12 frames, 48x32, ")
    assert re.search(r"; took [\d.]+ [MG]B of memory\.", out)
    assert "frame 1 of 12" in err
    info = probe(Path("out.mp4"))
    assert (info.frames, info.size_hw) == (12, (32, 48))
    assert synthesis.seed == 0


def test_options_are_followed(synthesis: FakeSynthesis) -> None:
    """Length, size and seed are those asked for."""
    assert main(["generate", "fire.dtsgan", "-o", "out.mkv", "--frames", "5", "--size", "64x20", "--seed", "9"]) == 0
    info = probe(Path("out.mkv"))
    assert (info.frames, info.size_hw) == (5, (20, 64))
    assert synthesis.seed == 9


def test_an_existing_video_is_safe(capsys: Printed) -> None:
    """It is replaced only when told to."""
    Path("out.mp4").write_text("precious")
    assert main(["generate", "fire.dtsgan", "-o", "out.mp4"]) == 2
    assert "out.mp4 exists" in capsys.readouterr().err
    assert Path("out.mp4").read_text() == "precious"
    assert main(["generate", "fire.dtsgan", "-o", "out.mp4", "--overwrite"]) == 0
    assert probe(Path("out.mp4")).frames == 12


def test_ctrl_c_leaves_nothing_and_is_code_130(synthesis: FakeSynthesis, capsys: Printed) -> None:
    """A stopped rendering writes no file and says so."""

    def interrupt(frame: int) -> None:
        if frame == 3:
            signal.raise_signal(signal.SIGINT)

    synthesis.on_frame = interrupt
    assert main(["generate", "fire.dtsgan", "-o", "out.mp4"]) == 130
    assert "Stopped; out.mp4 was not written." in capsys.readouterr().err
    assert not list(Path().iterdir())


def test_json_tells_the_frames_and_the_result(capsys: Printed) -> None:
    """What the generators run on comes first, then each frame is an object a line, the result the last."""
    assert main(["generate", "fire.dtsgan", "-o", "out.mp4", "--frames", "3", "--seed", "4", "--json", *CPU]) == 0
    out, err = capsys.readouterr()
    events = [json.loads(line) for line in out.splitlines()]
    assert [event["event"] for event in events] == ["device", *["progress"] * 3, "result"]
    assert [event.get("frame") for event in events] == [None, 1, 2, 3, None]
    assert events[0]["device"].startswith("the processor")
    assert 10e6 < events[-1].pop("peak_memory_bytes") < 100e9
    assert events[-1] == {
        "event": "result",
        "video": "out.mp4",
        "frames": 3,
        "size_hw": [32, 48],
        "seed": 4,
        "loop": False,
        "layers": ["prior", "pyramid"],
        "bytes": Path("out.mp4").stat().st_size,
    }
    assert err == ""


@pytest.mark.parametrize(
    ("memory", "words"),
    [("lots", "'lots' is no amount of memory such as 2G or 1500M"), ("500M", "--memory is too little for pictures of")],
)
def test_memory_that_cant_be_is_refused(capsys: Printed, memory: str, words: str) -> None:
    """What is wrong and what would do."""
    assert main(["generate", "fire.dtsgan", "-o", "out.mp4", "--memory", memory]) == 2
    assert words in capsys.readouterr().err
    assert not list(Path().iterdir())


@pytest.mark.parametrize(("words", "frames"), [(("--range", "3:7"), range(3, 7)), (("--range", "0.2s:"), range(5, 12))])
def test_a_range_of_a_models_video(synthesis: FakeSynthesis, words: tuple[str, ...], frames: range) -> None:
    """In frames or seconds of the whole that would be made."""
    assert main(["generate", "fire.dtsgan", "-o", "out.mkv", *words]) == 0
    assert synthesis.frames == frames
    assert probe(Path("out.mkv")).frames == len(frames)


def test_a_loop_of_so_many_frames(synthesis: FakeSynthesis, capsys: Printed) -> None:
    """--loop closes the frames asked for; a part of a loop is of the same loop; one frame is no loop."""
    assert main(["generate", "fire.dtsgan", "-o", "out.mkv", "--loop", "--frames", "9"]) == 0
    assert (synthesis.frames, synthesis.period) == (range(9), 9)
    words = ["generate", "fire.dtsgan", "-o", "part.mkv", "--loop", "--frames", "9", "--range", "2:4"]
    assert main(words) == 0
    assert (synthesis.frames, synthesis.period) == (range(2, 4), 9)
    assert main(["generate", "fire.dtsgan", "-o", "one.mkv", "--loop", "--frames", "1"]) == 2
    assert "2 frames or more" in capsys.readouterr().err


def test_a_range_beyond_the_video_is_refused(capsys: Printed) -> None:
    """How long it is stands in the message, and how to make it longer."""
    assert main(["generate", "fire.dtsgan", "-o", "out.mkv", "--range", "10:20"]) == 2
    assert "which has 12 frames" in capsys.readouterr().err
    assert not list(Path().iterdir())


def test_what_the_generators_run_on_is_said(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The processor where it was asked for, or where there is no card; a card that was asked for has to be there."""
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    for words, why in ((CPU, "as was asked for"), ([], "no graphics card was found")):
        assert main(["generate", "fire.dtsgan", "-o", "out.mkv", "--overwrite", *words]) == 0
        assert re.search(rf"The generators run on the processor, \d+ threads: {why}", capsys.readouterr().err)
    assert main(["generate", "fire.dtsgan", "-o", "no.mkv", "--device", "gpu"]) == 2
    assert "Choose --device cpu." in capsys.readouterr().err
    assert not Path("no.mkv").exists()
    assert main(["generate", "fire.dtsgan", "-o", "prior.mkv", "--layers", "prior"]) == 0
    assert "generators" not in capsys.readouterr().err


def test_a_fine_seed_reaches_the_draw_and_the_header(synthesis: FakeSynthesis) -> None:
    """More like what the seed alone gives: both are told, so that it can be made again."""
    assert main(["generate", "fire.dtsgan", "-o", "out.mp4", "--seed", "3", "--fine-seed", "8"]) == 0
    assert (synthesis.seed, synthesis.fine_seed) == (3, 8)
    note = json.loads(probe(Path("out.mp4")).note)
    assert (note["dtsgan"]["seed"], note["dtsgan"]["fine_seed"]) == (3, 8)
