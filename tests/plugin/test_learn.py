from __future__ import annotations

import json
import signal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from dtsgan.engine.container import write_container
from dtsgan.engine.events import Learned, LearnEvent, Notice, Planned, PreviewReady, StepDone, Stopped
from dtsgan.engine.video import open_output
from dtsgan.plugin.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Twenty-four frames of coloured noise, 48x32."""
    path = tmp_path / "my fire.mkv"
    draw = np.random.default_rng(0)
    with open_output(path, size_hw=(32, 48), rate=Fraction(25)) as writer:
        for _ in range(24):
            writer.write(draw.integers(0, 256, (32, 48, 3), np.uint8))
    return path


class FakeLearning:
    """Stands in for the engine's learning: notes how it was called, and says what learning says."""

    def __init__(self) -> None:
        self.calls: list[SimpleNamespace] = []
        self.pixels: list[tuple[Path, bool]] = []
        self.on_step: Callable[[], None] = lambda: None

    def learn(
        self, clip: Any, options: Any, *, state: Path, stop: Callable[[], bool], **rest: Any
    ) -> Iterator[LearnEvent]:
        resumed = state.exists()
        self.calls.append(SimpleNamespace(clip=clip, options=options, state=state, resumed=resumed, **rest))
        yield Planned(
            sizes_hw=((16, 24), (32, 48)),
            steps=20,
            resumed_step=7 if resumed else 0,
            memory_bytes=3 * 10**8,
            seconds=170,
        )
        yield Notice(text="The learning rate was halved.")
        for scale in range(2):
            self.on_step()
            yield StepDone(
                scale=scale, scales=2, step=10, steps=10, done=(scale + 1) / 2, left_s=60, losses={"critic": 1}
            )
            if stop():
                state.write_bytes(b"state")
                yield Stopped(state=state)
                return
            grey = np.full((4, 32, 48, 3), 99, np.uint8)
            model: Any = SimpleNamespace(facts=SimpleNamespace(rate=Fraction(25)))
            yield PreviewReady(scale=scale, scales=2, model=model, source_thwc=grey, samples_thwc=(grey, grey))
        state.write_bytes(b"state")
        yield Learned(model=SimpleNamespace(exemplar=None))  # type: ignore[arg-type]

    def with_exemplar(self, model: object, path: Path, *, link: bool, **_: Any) -> tuple[object, tuple[str, ...]]:
        self.pixels.append((path, link))
        return model, ("Of its pixels the middle is kept.",)

    @staticmethod
    def save_model(_model: object, path: Path, *, overwrite: bool) -> None:
        assert overwrite or not path.exists()
        write_container(path, kind="texture model", version=1, header={}, tensors={"a": np.zeros(9)})


@pytest.fixture
def learning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeLearning:
    fake = FakeLearning()
    monkeypatch.setattr("dtsgan.engine.learn.learn", fake.learn)
    monkeypatch.setattr("dtsgan.engine.exemplar.with_exemplar", fake.with_exemplar)
    monkeypatch.setattr("dtsgan.engine.model.save_model", fake.save_model)
    monkeypatch.setattr("dtsgan.export.graphs.with_graphs", lambda model: model)
    monkeypatch.chdir(tmp_path)
    return fake


Printed = pytest.CaptureFixture[str]


def test_learning_ends_with_the_model_and_no_state(clip: Path, learning: FakeLearning, capsys: Printed) -> None:
    """Plan, notices and progress are shown, model and contact sheet are saved and named, the state is gone."""
    assert main(["learn", clip.name, "-o", "fire.dtsgan"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Saved the texture model fire.dtsgan (")
    assert out.endswith("dtsgan generate fire.dtsgan -o fire.mp4\n")
    assert "Learning at 24x16, 48x32 px: 20 steps, about 300 MB of memory, about 3 min." in err
    assert "The learning rate was halved." in err
    assert "50%  scale 1 of 2, step 10 of 10, about 60 s left" in err
    assert "Scale 2 of 2 is done; contact sheet: fire.dtsgan.png" in err
    assert sorted(path.name for path in clip.parent.iterdir()) == ["fire.dtsgan", "fire.dtsgan.png", clip.name]
    (call,) = learning.calls
    assert call.clip.frames_thwc.shape == (24, 32, 48, 3)
    assert call.options.preset == "fast"
    assert call.device == "auto"
    assert call.time_budget_s is None


@pytest.mark.parametrize(("words", "link"), [((), False), (("--pixels", "carry"), False), (("--pixels", "link"), True)])
def test_pixels_are_carried_or_named(
    clip: Path, learning: FakeLearning, capsys: Printed, words: tuple[str, ...], link: bool
) -> None:
    """As the person chooses, and what can't be kept of them is said; with none the clip is not read again."""
    assert main(["learn", clip.name, "-o", "fire.dtsgan", *words]) == 0
    assert learning.pixels == [(Path(clip.name), link)]
    err = capsys.readouterr().err
    assert f"Keeping the pixels of {clip.name}" in err
    assert "Of its pixels the middle is kept." in err
    assert main(["learn", clip.name, "-o", "other.dtsgan", "--pixels", "none"]) == 0
    assert len(learning.pixels) == 1


def test_options_reach_the_engine(clip: Path, learning: FakeLearning) -> None:
    """Every option of the command line arrives where it is used."""
    words = ["--preset", "paper", "--size", "24", "--coarsest", "12", "--scales", "3", "--window", "8"]
    words += [
        "--steps",
        "70",
        "--window-stride",
        "3",
        "--update-every",
        "50",
        "--seed",
        "5",
        "--time-budget",
        "2m",
        "--device",
        "cpu",
    ]
    words += ["--range", "4:20", "--crop", "8,0,32,32"]
    assert main(["learn", str(clip), "-o", "fire.dtsgan", *words]) == 0
    (call,) = learning.calls
    options = call.options
    assert (options.preset, options.size, options.coarsest, options.scales) == ("paper", 24, 12, 3)
    assert (options.steps, options.window, options.window_stride, options.update_every) == (70, 8, 3, 50)
    assert options.seed == 5
    assert (call.time_budget_s, call.device) == (120, "cpu")
    assert call.clip.span == (4, 20)
    assert call.clip.frames_thwc.shape == (16, 24, 24, 3)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_says_how_to_go_on_and_does(
    number: int, code: int, clip: Path, learning: FakeLearning, capsys: Printed
) -> None:
    """After Ctrl-C or a kill the state is named with the command to paste; that command goes on and cleans up."""
    learning.on_step = lambda: signal.raise_signal(number)
    assert main(["learn", clip.name, "-o", "fire.dtsgan", "--restart"]) == code
    err = capsys.readouterr().err
    assert "kept in fire.dtsgan.part" in err
    assert err.endswith("Go on with: dtsgan learn 'my fire.mkv' -o fire.dtsgan\n")
    assert Path("fire.dtsgan.part").exists()
    assert not Path("fire.dtsgan").exists()
    learning.on_step = lambda: None
    assert main(["learn", clip.name, "-o", "fire.dtsgan"]) == 0
    assert "Going on after step 7 of an interrupted run." in capsys.readouterr().err
    assert not Path("fire.dtsgan.part").exists()


def test_restart_forgets_the_state(clip: Path, learning: FakeLearning) -> None:
    """With --restart an interrupted run is begun anew."""
    Path("fire.dtsgan.part").write_bytes(b"state")
    assert main(["learn", str(clip), "-o", "fire.dtsgan", "--restart"]) == 0
    assert not learning.calls[0].resumed


def test_an_existing_model_is_safe(clip: Path, learning: FakeLearning, capsys: Printed) -> None:
    """It is refused before the clip is opened, and replaced only when told to."""
    Path("fire.dtsgan").write_text("precious")
    assert main(["learn", "nothing.mp4", "-o", "fire.dtsgan"]) == 2
    assert "fire.dtsgan exists already" in capsys.readouterr().err
    assert Path("fire.dtsgan").read_text() == "precious"
    assert main(["learn", str(clip), "-o", "fire.dtsgan", "--overwrite"]) == 0
    assert Path("fire.dtsgan").stat().st_size > 100
    assert len(learning.calls) == 1


def test_pictures_have_the_rate_that_is_given(learning: FakeLearning, tmp_path: Path) -> None:
    """A folder of pictures is a clip, at the exact rate that --rate says."""
    folder = tmp_path / "frames"
    with open_output(folder, size_hw=(32, 32), rate=Fraction(25)) as writer:
        for grey in range(0, 200, 10):
            writer.write(np.full((32, 32, 3), grey, np.uint8))
    assert main(["learn", str(folder), "-o", "fire.dtsgan", "--rate", "24000/1001"]) == 0
    assert learning.calls[0].clip.rate == Fraction(24000, 1001)


def test_a_bad_clip_is_code_2(learning: FakeLearning, capsys: Printed) -> None:
    """What can't be read is said by name, and nothing is learned."""
    Path("letter.mp4").write_text("dear editor")
    for words in (["nothing.mp4"], ["letter.mp4"]):
        assert main(["learn", *words, "-o", "fire.dtsgan"]) == 2
        assert words[0] in capsys.readouterr().err
    assert not learning.calls


def test_a_clip_too_short_is_code_2(clip: Path, learning: FakeLearning, capsys: Printed) -> None:
    """Fewer frames than a window has are refused with both numbers."""
    assert main(["learn", str(clip), "-o", "fire.dtsgan", "--range", "0:9"]) == 2
    err = capsys.readouterr().err
    assert "9" in err
    assert "16" in err
    assert not learning.calls


@pytest.mark.usefixtures("learning")
def test_previews_are_sheets_after_every_scale(clip: Path, capsys: Printed) -> None:
    """With --preview a PNG a scale is written, and its path said."""
    assert main(["learn", str(clip), "-o", "fire.dtsgan", "--preview", "sheets/fire"]) == 0
    err = capsys.readouterr().err
    for scale in (1, 2):
        path = Path("sheets/fire") / f"scale-{scale}.png"
        assert f"Scale {scale} of 2 is done; contact sheet: {path}" in err
        with Image.open(path) as sheet:
            assert sheet.width > 4 * 48


@pytest.mark.usefixtures("learning")
def test_json_lines_tell_the_whole_run(clip: Path, capsys: Printed) -> None:
    """Plan, notices, progress, previews, pixels and result are objects a line, in order, and stderr is silent."""
    assert main(["learn", str(clip), "-o", "fire.dtsgan", "--preview", "sheets", "--json"]) == 0
    out, err = capsys.readouterr()
    events = [json.loads(line) for line in out.splitlines()]
    kinds = ["planned", "notice", "progress", "preview", "progress", "preview", "pixels", "notice", "result"]
    assert [event["event"] for event in events] == kinds
    assert events[0]["sizes_hw"] == [[16, 24], [32, 48]]
    assert events[2] == {
        "event": "progress", "text": "scale 1 of 2, step 10 of 10", "done": 0.5, "left_s": 60,
        "scale": 0, "scales": 2, "step": 10, "steps": 10, "losses": {"critic": 1},
    }  # fmt: skip
    assert events[-1]["model"] == "fire.dtsgan"
    assert events[-1]["bytes"] == Path("fire.dtsgan").stat().st_size
    assert err == ""


@pytest.mark.usefixtures("learning")
def test_what_was_learned_is_safe_when_its_graphs_fail(
    clip: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    """A fault in making them is reported as ours, and the model is there."""

    def failing(_: object) -> None:
        raise RuntimeError("the ONNX graph of scale 0 is 1 from PyTorch")

    monkeypatch.setattr("dtsgan.export.graphs.with_graphs", failing)
    assert main(["learn", str(clip), "-o", "fire.dtsgan"]) == 1
    assert "fault of dtsgan" in capsys.readouterr().err
    assert Path("fire.dtsgan").exists()
    assert not Path("fire.dtsgan.part").exists()
