from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.videos import texture, write_video

from dtsgan.engine.video import iter_frames
from dtsgan.plugin.cli import main

if TYPE_CHECKING:
    from pathlib import Path

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_video(tmp_path / "clip.mp4", texture(24, (48, 64)))


def test_a_plan_says_pixels_and_time_and_learns_nothing(clip: Path, capsys: Printed) -> None:
    """Each of three qualities has its sizes, memory and seconds; no file is made."""
    before = sorted(clip.parent.iterdir())
    assert main(["plan", str(clip), "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(result["choices"]) == ["quick", "standard", "fine"]
    for choice in result["choices"].values():
        assert choice["sizes_hw"][-1] == [48, 64]
        assert choice["memory_bytes"] > 0
        assert choice["seconds"] is None or choice["seconds"] > 0
    assert sorted(clip.parent.iterdir()) == before


def test_a_part_takes_less(clip: Path, capsys: Printed) -> None:
    """With --range the memory is that of the part; one that isn't inside is refused."""
    needed = []
    for more in ([], ["--range", "0:16"]):
        assert main(["plan", str(clip), "--json", *more]) == 0
        needed.append(json.loads(capsys.readouterr().out)["choices"]["quick"]["memory_bytes"])
    assert needed[1] < needed[0]
    assert main(["plan", str(clip), "--range", "0:99"]) == 2
    assert "24 frames" in capsys.readouterr().err


def test_a_quality_is_no_companion_of_sizes(clip: Path, capsys: Printed) -> None:
    """What would contradict a quality is refused by name."""
    for words in (["--size", "32"], ["--preset", "paper"], ["--crop", "0,0,8,8"]):
        code = main(["learn", str(clip), "-o", str(clip.with_name("m.dtsgan")), "--quality", "quick", *words])
        assert code == 2
        assert words[0] in capsys.readouterr().err


def test_every_finished_scale_can_be_tried(clip: Path, capsys: Printed) -> None:
    """With --preview each scale leaves a video of its size, and a model that makes video by itself."""
    folder = clip.parent / "tries"
    words = ["--size", "16", "--coarsest", "8", "--scales", "2", "--steps", "2", "--preview", str(folder), "--json"]
    assert main(["learn", str(clip), "-o", str(clip.with_name("m.dtsgan")), *words]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    previews = [event for event in events if event["event"] == "preview" and "video" in event]
    assert [event["size_hw"] for event in previews] == [[8, 10], [16, 20]]
    for event in previews:
        shown = next(iter(iter_frames(folder / event["video"])))
        assert list(shown.shape[:2]) == event["size_hw"]
        output = clip.with_name(f"try-{event['scale']}.mp4")
        assert main(["generate", event["model"], "-o", str(output), "--frames", "3"]) == 0
        assert output.exists()
