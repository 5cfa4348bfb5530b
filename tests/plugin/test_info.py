from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dtsgan.engine.container import write_container
from dtsgan.engine.video import open_output
from dtsgan.plugin.cli import main

if TYPE_CHECKING:
    from pathlib import Path

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "fire.mkv"
    with open_output(path, size_hw=(32, 48), rate=Fraction(24000, 1001)) as writer:
        for grey in range(20):
            writer.write(np.full((32, 48, 3), grey, np.uint8))
    return path


def test_a_clip_is_described(clip: Path, capsys: Printed) -> None:
    """Frames, rate, size and colour of a clip are said, a fact a line."""
    assert main(["info", str(clip)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "kind: clip"
    for line in ("frames: 20", "rate: 24000/1001", "size: 48x32", "has audio: no"):
        assert line in lines


def test_a_clips_facts_are_one_json_object(clip: Path, capsys: Printed) -> None:
    """Programs get the same facts, as one line."""
    assert main(["info", str(clip), "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    facts = json.loads(line)
    assert facts["kind"] == "clip"
    assert facts["bytes"] == clip.stat().st_size
    assert (facts["frames"], facts["rate"], facts["size_hw"]) == (20, "24000/1001", [32, 48])


def test_what_is_neither_is_code_2(tmp_path: Path, capsys: Printed) -> None:
    """A letter is no clip, an interrupted state no model, a zip named .dtsgan no model either."""
    (tmp_path / "letter.txt").write_text("dear editor")
    (tmp_path / "zip.dtsgan").write_bytes(b"PK\x03\x04" + bytes(99))
    write_container(tmp_path / "a.dtsgan.part", kind="learning state", version=1, header={}, tensors={})
    for name, said in (("letter.txt", "letter.txt"), ("zip.dtsgan", "zip archive"), ("a.dtsgan.part", "not a")):
        assert main(["info", str(tmp_path / name)]) == 2
        assert said in capsys.readouterr().err
