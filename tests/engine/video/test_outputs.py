"""Outputs that can't be written are refused before any work."""

from __future__ import annotations

import errno
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from dtsgan.engine.clip import Colour
from dtsgan.engine.errors import OutputError, ResourceError
from dtsgan.engine.video.outputs import check_output

BASIC: dict[str, Any] = {"size_hw": (48, 64), "rate": Fraction(25)}


@pytest.mark.parametrize(
    ("name", "options", "what"),
    [
        ("a.mp4", {"alpha": True}, "alpha"),
        ("a.gif", {"alpha": True}, "alpha"),
        ("a.gif", {"bit_depth": 10}, "8 bits"),
        ("a.gif", {"rate": Fraction(60)}, "60 fps"),
        ("a.gif", {"sample_aspect": Fraction(4, 3)}, "4/3"),
        ("a.gif", {"colour": Colour(transfer="arib-std-b67")}, "arib-std-b67"),
        ("a.gif", {"colour": Colour(primaries="bt2020")}, "bt2020"),
        ("a.webp", {"bit_depth": 10}, "8 bits"),
        ("a.webp", {"colour": Colour(primaries="bt2020")}, "bt2020"),
        ("a.mkv", {"sample_aspect": Fraction(4, 3)}, "4/3"),
        ("a.webm", {"sample_aspect": Fraction(4, 3)}, "4/3"),
        ("a.webm", {"bit_depth": 10, "alpha": True}, "8 bits with alpha"),
        ("a.mov", {"size_hw": (48, 63)}, "odd width"),
        ("a.avi", {}, ".avi"),
        ("a.jpg", {}, ".jpg"),
        ("a_%d.jpg", {}, ".jpg"),
    ],
)
def test_what_a_format_cannot_carry_is_refused_by_name(
    tmp_path: Path, name: str, options: dict[str, Any], what: str
) -> None:
    """Before any work, with another format as the remedy."""
    with pytest.raises(OutputError) as caught:
        check_output(tmp_path / name, **{**BASIC, **options})
    assert what in caught.value.problem
    assert "rite" in caught.value.remedy


@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "a.mkv", "a.webm", "a.webp", "A.MP4"])
def test_no_remedy_for_alpha_loses_it(tmp_path: Path, name: str) -> None:
    """What is advised for frames with alpha takes them: neither MP4 nor GIF is ever named."""
    with pytest.raises(OutputError) as caught:
        check_output(tmp_path / name, alpha=True, sample_aspect=Fraction(4, 3), **BASIC)
    assert name in caught.value.problem
    assert ".mov" in caught.value.remedy
    assert not {".mp4", ".gif"} & set(caught.value.remedy.replace(",", "").split())


def test_missing_folder(tmp_path: Path) -> None:
    """A missing folder is named."""
    with pytest.raises(OutputError, match="There is no folder"):
        check_output(tmp_path / "none" / "a.mp4", **BASIC)
    with pytest.raises(OutputError, match="There is no folder"):
        check_output(tmp_path / "none" / "p_%d.png", **BASIC)


def test_read_only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that refuses a file is refused, also where permissions don't tell, as for a superuser."""
    folder = tmp_path / "locked"
    folder.mkdir()

    def refuse(**_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(OutputError, match="can't be written to: Read-only file system"):
        check_output(folder / "a.mp4", **BASIC)
    assert list(folder.iterdir()) == []


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder named like a video, and a file where a folder is wanted, are refused."""
    (tmp_path / "a.mp4").mkdir()
    (tmp_path / "a.mp4" / "frame_000001.png").write_bytes(b"x")
    with pytest.raises(OutputError, match="exists"):
        check_output(tmp_path / "a.mp4", **BASIC)
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(OutputError, match="is a file"):
        check_output(tmp_path / "file", overwrite=True, **BASIC)


def test_a_full_disk_is_told_before(tmp_path: Path) -> None:
    """More frames than the disk can take are refused before the first, with both figures."""
    with pytest.raises(ResourceError, match=r"may need .* GB, and only .* GB are free"):
        check_output(tmp_path / "a.mkv", expected_frames=10**12, **BASIC)
    check_output(tmp_path / "a.mkv", expected_frames=10, **BASIC)
