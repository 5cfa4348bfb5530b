from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from support.models import empty_model, empty_texture

from dtsgan.engine.events import Learned, LearnEvent, Stopped
from dtsgan.engine.video import probe
from dtsgan.plugin.cli import demo, main

if TYPE_CHECKING:
    from collections.abc import Iterator

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """A demo of 18 small frames in which nothing takes time; ``events`` is what learning yields."""
    fake = SimpleNamespace(events=[Learned(model=empty_model((32, 32)))], calls=[])

    def learn(clip: Any, options: Any, **_: Any) -> Iterator[LearnEvent]:
        fake.calls.append((clip, options))
        yield from fake.events

    def synthesise(texture: Any, *, frames: range, seed: int, **_: Any) -> Iterator[np.ndarray]:
        return (np.full((*texture.size_hw, 3), 5 * frame + 40 * seed, np.uint8) for frame in frames)

    def save_model(_: Any, path: Path, *, overwrite: bool) -> None:
        assert overwrite
        path.write_bytes(b"model")

    def simulate_fire(*, frames: int, size_hw: tuple[int, int], **_: Any) -> np.ndarray:
        return np.random.default_rng(0).integers(0, 256, (frames, *size_hw, 3), np.uint8)

    monkeypatch.setattr(demo, "FRAMES", 18)
    monkeypatch.setattr(demo, "SIZE_HW", (32, 32))
    monkeypatch.setattr("dtsgan.engine.simulate.simulate_fire", simulate_fire)
    monkeypatch.setattr("dtsgan.engine.learn.learn", learn)
    monkeypatch.setattr("dtsgan.engine.model.save_model", save_model)
    monkeypatch.setattr("dtsgan.export.textures.open_texture", lambda *_: empty_texture((32, 32)))
    monkeypatch.setattr("dtsgan.export.graphs.with_graphs", lambda model: model)
    monkeypatch.setattr("dtsgan.export.stream.synthesise", synthesise)
    monkeypatch.chdir(tmp_path)
    return fake


def test_the_demo_makes_and_lists_its_files(engine: SimpleNamespace, capsys: Printed) -> None:
    """Clip, model, videos, comparison and sheet are made, and every one is listed at the end; a second run replaces."""
    for _ in range(2):
        assert main(["demo", "--out", "shown/here"]) == 0
        listed = [Path(line.strip()) for line in capsys.readouterr().out.splitlines()[1:]]
        names = ["source.mp4", "fire.dtsgan", "seed-0.mp4", "seed-1.mp4", "source-and-result.mp4", "sheet.png"]
        assert listed == [Path("shown/here") / name for name in names]
        assert sorted(Path("shown/here").iterdir()) == sorted(listed)
    (clip, options), _ = engine.calls
    assert clip.frames_thwc.shape == (18, 32, 32, 3)
    assert options.size == 32
    for name in ("source", "seed-0", "seed-1", "source-and-result"):
        assert probe(Path(f"shown/here/{name}.mp4")).frames == 18
    with Image.open("shown/here/sheet.png") as sheet:
        assert sheet.width > 8 * 96


def test_the_demos_result_is_one_json_line(capsys: Printed) -> None:
    """With --json the last line lists the files."""
    assert main(["demo", "--json"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["event"] == "result"
    assert len(last["files"]) == 6
    assert last["files"][0] == str(Path("demo-out/source.mp4"))


def test_a_stopped_demo_says_how_to_go_on(engine: SimpleNamespace, capsys: Printed) -> None:
    """The demo can be taken up again as any learning can."""
    engine.events = [Stopped(state=Path("demo-out/fire.dtsgan.part"))]
    main(["demo", "--out", "demo-out"])
    assert "Go on with: dtsgan demo --out demo-out" in capsys.readouterr().err
    assert not Path("demo-out/fire.dtsgan").exists()
