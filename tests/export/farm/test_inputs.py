"""Models and clips on their way to workers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from dtsgan.engine.errors import OutputError
from dtsgan.export.farm import inputs
from dtsgan.export.farm.inputs import Input, at_hand, keep

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PIECE_BYTES", 10)


def written(folder: Path, **contents: bytes) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        paths.append(folder / name)
    return paths


def input_of(path: Path, files: list[Path]) -> Input:
    return Input.of(path, hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest(), files)


@pytest.mark.parametrize("kind", ["file", "folder", "pattern"])
def test_all_kinds_arrive(tmp_path: Path, kind: str) -> None:
    """In pieces that know nothing of files; it is found again, and found where the client has it."""
    files = written(tmp_path / "here", **{"p_1.png": b"a" * 25, "p_2.png": b"", "p_3.png": b"b" * 7})
    files = files[:1] if kind == "file" else files
    path = {"file": files[0], "folder": tmp_path / "here", "pattern": tmp_path / "here" / "p_%d.png"}[kind]
    given = input_of(path, files)
    store = tmp_path / "store"
    assert at_hand(given, store) == path
    pieces = list(given.pieces())
    assert max(map(len, pieces)) == 10
    (tmp_path / "here").rename(tmp_path / "elsewhere")
    assert at_hand(given, store) is None
    kept = keep(given, pieces, store)
    assert at_hand(given, store) == kept
    assert kept.name == path.name
    folder = kept if kind == "folder" else kept.parent
    assert [file.read_bytes() for file in sorted(folder.iterdir())] == [
        (tmp_path / "elsewhere" / file.name).read_bytes() for file in files
    ]
    assert given.size == sum(map(len, pieces))


def test_another_file_of_the_name_is_not_it(tmp_path: Path) -> None:
    """One that has changed is noticed, as large as it may be."""
    (file,) = written(tmp_path / "here", clip=b"one")
    given = input_of(file, [file])
    file.write_bytes(b"two")
    assert at_hand(given, tmp_path / "store") is None


def test_what_is_not_what_was_sent_is_refused(tmp_path: Path) -> None:
    """Cut short, or damaged on the way."""
    (file,) = written(tmp_path / "here", clip=b"0123456789abc")
    given = input_of(file, [file])
    for pieces in ([b"0123456789"], [b"0123456789", b"xyz"], []):
        with pytest.raises(OutputError, match="not what was sent"):
            keep(given, pieces, tmp_path / "store")
    assert at_hand(given, tmp_path / "store") == file


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "..\\evil", ".hidden"])
def test_no_name_leads_out_of_the_store(tmp_path: Path, name: str) -> None:
    """Whatever a client says."""
    content = b"abc"
    given = Input(sha256=hashlib.sha256(content).hexdigest(), folder=str(tmp_path / "x"), name=name, files=((name, 3),))
    kept = keep(given, [content], tmp_path / "deep" / "store")
    assert kept.parent == tmp_path / "deep" / "store" / given.sha256
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep"]
