from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from dtsgan.engine.errors import OutputError, ResourceError
from dtsgan.engine.files import check_target, replacing

if TYPE_CHECKING:
    from pathlib import Path


def test_a_good_target_passes_and_leaves_nothing(tmp_path: Path) -> None:
    """The check writes nothing."""
    check_target(tmp_path / "new", overwrite=False, need_bytes=1)
    assert not list(tmp_path.iterdir())


def test_bad_targets_are_refused_by_name(tmp_path: Path) -> None:
    """A missing folder, a folder in the file's place and an existing file are each said, with a remedy."""
    (tmp_path / "there").write_text("old")
    cases = {
        tmp_path / "no" / "new": "There is no folder",
        tmp_path: "is a folder",
        tmp_path / "there": "exists already",
        tmp_path / "there" / "new": "There is no folder",
    }
    for path, words in cases.items():
        with pytest.raises(OutputError, match=words) as caught:
            check_target(path, overwrite=False)
        assert caught.value.remedy
    check_target(tmp_path / "there", overwrite=True)


def test_a_read_only_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that can't be written to is noticed before the work."""

    def refuse(**_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(OutputError, match="can't be written"):
        check_target(tmp_path / "new", overwrite=False)


def test_a_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little disk is said with what there is and what is needed."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=70_000_000))
    check_target(tmp_path / "new", overwrite=False, need_bytes=70_000_000)
    with pytest.raises(ResourceError, match=r"new may need 0\.08 GB, and only 0\.07 GB are free"):
        check_target(tmp_path / "new", overwrite=False, need_bytes=80_000_000)


def test_a_file_is_replaced_only_when_its_block_ends_well(tmp_path: Path) -> None:
    """Until then, and where the block fails, the old file stands, and nothing is left beside it."""
    path = tmp_path / "film.mp4"
    path.write_text("old")

    def fail_halfway() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert path.read_text() == "old"
    with replacing(path) as temporary:
        assert temporary.suffix == ".mp4"
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_don_t_meet(tmp_path: Path) -> None:
    """Two runs that write the same file write to different temporary ones."""
    with replacing(tmp_path / "a") as one, replacing(tmp_path / "a") as other:
        assert one != other
        one.write_text("1")
        other.write_text("2")
    assert (tmp_path / "a").read_text() == "1"


def test_a_finished_file_has_ordinary_permissions(tmp_path: Path) -> None:
    """Whatever the library that wrote it chose, the file is as readable as any other the person makes."""
    usual, made = tmp_path / "usual", tmp_path / "made"
    usual.touch()
    with replacing(made) as temporary:
        temporary.write_bytes(b"x")
        temporary.chmod(0o600)
    assert made.stat().st_mode == usual.stat().st_mode
