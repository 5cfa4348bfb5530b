from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import pytest
from support.screens import screen
from support.videos import write_video

from dtsgan.engine.simulate import simulate_fire

if TYPE_CHECKING:
    pass

JOURNEY = Path(__file__).with_name("journey.py")
BUSY_MS = 50
FRAMES = 24


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What was seen on the way through the window, with a real worker, on a real screen."""
    folder = tmp_path_factory.mktemp("journey")
    clip = write_video(folder / "fire.mp4", simulate_fire(frames=FRAMES, size_hw=(64, 96)))
    with screen() as environment:
        command = [sys.executable, str(JOURNEY), str(folder), str(clip)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=2400, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def frames_of(path: str) -> list[av.VideoFrame]:
    with av.open(path) as container:
        return list(container.decode(video=0))


def test_from_a_clip_to_an_exported_loop(journey: dict[str, Any]) -> None:
    """A clip is opened, learned, painted on, looped and exported by mouse and keys; the file holds the loop."""
    assert journey["platform"] == "xcb"
    exported, made = frames_of(journey["exported"]), frames_of(journey["loop"]["path"])
    assert len(exported) == journey["loop"]["frames"] == FRAMES + 16
    assert (exported[0].height, exported[0].width) == (64, 96)
    for one, other in zip(exported, made, strict=True):
        assert (one.to_ndarray(format="rgb24") == other.to_ndarray(format="rgb24")).all()
    assert journey["loop"]["joints"]


def test_a_starred_variant_is_exported(journey: dict[str, Any]) -> None:
    """Of two variants the one with a star is copied, whole."""
    (starred,) = journey["starred"]
    assert len(frames_of(starred)) == 8


def test_the_window_stays_light(journey: dict[str, Any]) -> None:
    """No torch in its process, no warnings of Qt; while a worker learns, its thread works on no one thing for long."""
    assert not journey["torch"]
    assert journey["warnings"] == []
    assert journey["longest_work_ms"] < BUSY_MS
