"""Outputs appear whole or not at all, and replace nothing without a word."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.videos import texture
from support.writing import everything, read, write

from dtsgan.engine.errors import OutputError
from dtsgan.engine.video.outputs import check_output
from dtsgan.engine.video.writer import open_output

SIZE = (48, 64)
FRAMES = texture(20, SIZE)
BASIC: dict[str, Any] = {"size_hw": SIZE, "rate": Fraction(25)}
EVERY = ["a.mp4", "a.mov", "a.mkv", "a.webm", "a.gif", "folder", "p_%03d.png", "p_####.png"]


@pytest.mark.parametrize("name", EVERY)
def test_existing_outputs_need_a_word(tmp_path: Path, name: str) -> None:
    """What exists is replaced with ``overwrite`` alone, and then wholly."""
    path = write(tmp_path / name, FRAMES)
    names = everything(tmp_path)
    before = read(path)
    with pytest.raises(OutputError) as caught:
        check_output(path, **BASIC)
    assert "exists" in caught.value.problem
    assert "--overwrite" in caught.value.remedy
    assert np.array_equal(read(path), before)
    write(path, FRAMES[:7], overwrite=True)
    assert len(read(path)) == 7
    assert set(everything(tmp_path)) <= set(names)


def test_other_files_in_a_folder_are_never_touched(tmp_path: Path) -> None:
    """Pictures go into a folder beside what is there; overwriting replaces pictures of the same pattern alone."""
    folder = tmp_path / "folder"
    folder.mkdir()
    strangers = {
        "notes.txt": b"mine",
        "frame_final.png": b"mine",
        "frame_000003.jpg": b"mine",
        "other_000001.png": b"x",
    }
    for name, content in strangers.items():
        (folder / name).write_bytes(content)
    write(folder, FRAMES)
    write(folder, FRAMES[:5], overwrite=True)
    assert {name: (folder / name).read_bytes() for name in strangers} == strangers
    assert len(everything(folder)) == len(strangers) + 5


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("existing", [True, False])
def test_a_failure_leaves_no_trace(tmp_path: Path, name: str, existing: bool) -> None:
    """An exception in the middle removes what was written, and what was there before stays."""
    path = tmp_path / name
    if existing:
        write(path, FRAMES)
    before = {name: (tmp_path / name).read_bytes() for name in everything(tmp_path) if (tmp_path / name).is_file()}

    def fail_at_frame(count: int) -> None:
        with open_output(path, overwrite=True, **BASIC) as writer:
            for frame in FRAMES[:count]:
                writer.write(frame)
            raise KeyboardInterrupt

    for count in (0, 5):
        with pytest.raises(KeyboardInterrupt):
            fail_at_frame(count)
    after = {name: (tmp_path / name).read_bytes() for name in everything(tmp_path) if (tmp_path / name).is_file()}
    assert after == before
    assert path.exists() == (existing and "_" not in name)


def test_nothing_shows_before_the_end(tmp_path: Path) -> None:
    """Until the last frame is written there is no file of that name."""
    path = tmp_path / "a.mkv"
    with open_output(path, **BASIC) as writer:
        for frame in FRAMES:
            writer.write(frame)
        assert not path.exists()
    assert path.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(("name", "channels"), [("a.mkv", 3), ("a.mkv", 4), ("a.mov", 4)])
def test_a_disk_that_fills_up_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, channels: int
) -> None:
    """Running out of space while writing is called that, and nothing is left."""
    from dtsgan.engine.video import writer as module

    hidden = tmp_path / f".a.partial{Path(name).suffix}"
    hidden.symlink_to("/dev/full")
    monkeypatch.setattr(module, "hidden_beside", lambda _: hidden)
    noise = np.random.default_rng(0).integers(0, 255, (40, 200, 200, channels), np.uint8)
    with pytest.raises(OutputError, match="disk is full"):
        write(tmp_path / name, noise, alpha=channels == 4)
    assert everything(tmp_path) == []


def test_no_frame_is_no_output(tmp_path: Path) -> None:
    """A writer that was given nothing leaves nothing."""
    with pytest.raises(ValueError, match="no frame"), open_output(tmp_path / "a.mp4", **BASIC):
        pass
    assert everything(tmp_path) == []


def test_wrong_frames_are_a_programming_error(tmp_path: Path) -> None:
    """A frame of another size, depth or number of channels than planned raises ValueError and leaves nothing."""
    for frame in (FRAMES[0, :40], FRAMES[0].astype(np.uint16), np.zeros((*SIZE, 4), np.uint8)):
        with pytest.raises(ValueError, match="expected uint8"), open_output(tmp_path / "a.mp4", **BASIC) as writer:
            writer.write(frame)
    assert everything(tmp_path) == []
