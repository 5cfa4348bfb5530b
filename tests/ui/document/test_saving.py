from __future__ import annotations

import errno
import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from msgspec import structs

from dtsgan.engine.errors import OutputError
from dtsgan.ui.document import (
    Document,
    Extend,
    Footage,
    Key,
    Learn,
    Mask,
    Moving,
    Polygon,
    Project,
    Rectangle,
    Reference,
    Replace,
    Result,
    Shape,
    Stroke,
    Variants,
)
from dtsgan.ui.document import document as document_module
from dtsgan.ui.document.files import ProjectError, changed_since, read_project, write_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

CLIP = Footage(
    path="/clips/bénitier \N{FIRE}.mp4",
    frames=240,
    rate=Fraction(24000, 1001),
    size_hw=(1080, 1920),
    sample_aspect=Fraction(64, 45),
    sequence_rate=Fraction(30000, 1001),
    bytes=1 << 40,
    changed_s=1764000000.1234567,
)
SHAPES = (
    Stroke(points=((0.1, 0.2), (1e-9, 33.3333333333333)), radii=(0.5, 12.25)),
    Stroke(points=((5.0, 5.0),), radii=(3.0,), erase=True),
    Polygon(points=((1.0, 2.0), (3.0, 4.5), (-2.0, 7.0)), erase=True),
    Rectangle(x=1.5, y=2.5, width=30.0, height=40.0),
    Moving(size_hw=(9, 16), runs=(0, 10, 134), erase=True),
)
RESULTS = (
    Result(
        id="a1",
        path="/made/loop 1.mov",
        made_by="extend",
        settings='{"mode":"loop"}',
        model="/models/fire.dtsgan",
        title="Loop",
        seed=3,
        fine_seed=4,
        frames=270,
        loop=True,
        kept=(0, 240),
        kept_from=12,
        joints=((240, 0.75), (0, 1.0 / 3.0)),
        mark="starred",
    ),
    Result(id="b2", path="/made/b.mp4", made_by="variants", settings="{}", mark="rejected"),
)
FULL = Project(
    clip=CLIP,
    span=(12, 228),
    model="/models/fire.dtsgan",
    learn=Learn(quality="fine", seed=7),
    extend=Extend(mode="loop", added=99, at="both", bridge=31, seed=5, instant=True, format="mov", sound=False),
    replace=Replace(
        mask=Mask(keys=(Key(frame=0, shapes=SHAPES), Key(frame=17), Key(frame=200, shapes=SHAPES[:2]))),
        fill="patch",
        reference=Reference(x=3, y=4, width=50, height=60, frame=9, path="/clips/water.mp4"),
        strength=1,
        feather_px=2.5,
        track=True,
        layer=True,
        seed=11,
        instant=True,
    ),
    variants=Variants(count=3, first_seed=40, sizes_hw=((1080, 1920), (720, 1280)), frames=77, loop=True),
    results=RESULTS,
)


@pytest.fixture
def document(qtbot: QtBot, tmp_path: Path) -> Iterator[Document]:
    """A new project."""
    del qtbot
    made = Document(tmp_path / "home" / "recovery.dtsproject")
    yield made
    made.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where to save."""
    return tmp_path / "my fire.dtsproject"


def test_every_field_has_another_value() -> None:
    """The project of these tests leaves out nothing that could be lost: a new field has to be added to it."""
    records = (FULL, CLIP, FULL.learn, FULL.extend, FULL.replace, FULL.replace.reference, FULL.variants, RESULTS[0])
    same = [
        f"{type(record).__name__}.{each.name}"
        for record in records
        if record is not None
        for each in structs.fields(record)
        if getattr(record, each.name) == each.default and each.name != "version"
    ]
    assert same == []
    kinds = {type(shape) for key in FULL.replace.mask.keys for shape in key.shapes}
    assert kinds == set(get_args(Shape))


def test_a_project_comes_back_exactly(document: Document, path: Path) -> None:
    """Saved and opened, all is there again to the last bit: shapes, results, exact rates."""
    document.record(lambda _: FULL)
    document.save(path)
    document.new()
    document.open(path)
    assert document.state == FULL
    assert document.path == path
    assert not document.unsaved
    assert document.undo_text == ""


def test_the_star_that_says_not_saved(document: Document, path: Path, qtbot: QtBot) -> None:
    """A project is unsaved from its first change on until it is saved, or undone to what was saved."""
    assert not document.unsaved
    with qtbot.waitSignal(document.saved_changed):
        document.change("Seed", {"extend.seed": 1})
    assert document.unsaved
    with qtbot.waitSignal(document.saved_changed):
        document.save(path)
    assert not document.unsaved
    document.undo()
    assert document.unsaved
    document.redo()
    assert not document.unsaved


def test_saving_needs_a_name(document: Document) -> None:
    """Without a name the person is told to give one, and nothing is lost."""
    document.change("Seed", {"extend.seed": 1})
    with pytest.raises(ProjectError, match="no name"):
        document.save()
    assert document.unsaved


def test_saving_elsewhere_leaves_the_first_file(document: Document, path: Path, tmp_path: Path) -> None:
    """Saved under another name the project goes on there, and the first file can be opened by others again."""
    document.change("Seed", {"extend.seed": 1})
    document.save(path)
    document.change("Seed", {"extend.seed": 2})
    document.save(tmp_path / "other.dtsproject")
    document.change("Seed", {"extend.seed": 3})
    document.save()
    assert read_project(path).extend.seed == 1
    assert read_project(tmp_path / "other.dtsproject").extend.seed == 3
    second = Document(tmp_path / "second.dtsproject")
    second.open(path)
    second.close()


def test_opening_what_is_open_changes_nothing(document: Document, path: Path) -> None:
    """What isn't saved is not thrown away by opening the same project again."""
    document.save(path)
    document.change("Seed", {"extend.seed": 1})
    document.open(path)
    assert document.state.extend.seed == 1


DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut off": (lambda data: data[: len(data) // 2], "no project"),
    "empty": (lambda data: b"" * len(data), "no project"),
    "another kind": (lambda data: b"\x00\x01\x02\xff" + data, "no project"),
    "not a record": (lambda data: b"[%d]" % len(data), "no project"),
    "newer": (lambda data: data.replace(b'"version": 1', b'"version": 2'), "newer version"),
    "unknown field": (lambda data: data.replace(b'"span"', b'"spam"'), "spam"),
    "wrong type": (lambda data: data.replace(b'"seed": 7', b'"seed": "7"'), "seed"),
    "seed too large": (lambda data: data.replace(b'"seed": 11', b'"seed": 2147483648'), "seed"),
    "nothing added": (lambda data: data.replace(b'"added": 99', b'"added": 0'), "added"),
    "no rate": (lambda data: data.replace(b'"24000/1001"', b'"1/0"'), "fraction"),
    "bad rate": (lambda data: data.replace(b'"24000/1001"', b'"fast"'), "no project"),
    "still": (lambda data: data.replace(b'"24000/1001"', b'"0/1"'), "no frames"),
    "no frames": (lambda data: data.replace(b'"frames": 240', b'"frames": 0'), "no frames"),
    "span outside": (lambda data: data.replace(b"228", b"241"), "outside the clip"),
    "keys out of order": (lambda data: data.replace(b'"frame": 17', b'"frame": 201'), "out of order"),
    "deep": (lambda data: b'{"version": 1, "clip": ' + b"[" * 100_000 + data, "no project"),
    "unknown shape": (lambda data: data.replace(b'"polygon"', b'"ellipse"'), "ellipse"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_file_that_is_no_project_is_refused(document: Document, path: Path, damage: str) -> None:
    """Damaged files, and those of newer versions, are refused in words; what was open stays, and so does the file."""
    change, why = DAMAGE[damage]
    write_project(FULL, path)
    damaged = change(path.read_bytes())
    assert damaged != path.read_bytes()
    path.write_bytes(damaged)
    document.change("Seed", {"extend.seed": 1})
    before = document.state
    with pytest.raises(ProjectError, match=why) as caught:
        document.open(path)
    assert path.name in caught.value.problem
    assert caught.value.remedy
    assert (document.state, document.path, document.undo_text) == (before, None, "Seed")
    assert path.read_bytes() == damaged
    document.save(path)  # its lock was given up
    assert read_project(path) == before


def test_a_file_that_is_missing_is_refused(document: Document, path: Path) -> None:
    """A project that isn't there is told by its path."""
    with pytest.raises(ProjectError, match="can't be read"):
        document.open(path)
    assert document.path is None


def test_a_folder_that_cannot_be_written_to(document: Document, tmp_path: Path) -> None:
    """Where no lock can be made, the person is told to copy the project elsewhere."""
    with pytest.raises(ProjectError, match="can't be written to"):
        document.open(tmp_path / "gone" / "a.dtsproject")
    assert document.path is None


def test_a_huge_file_is_refused_unread(document: Document, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large to be a project isn't read into memory."""
    with path.open("wb") as file:
        file.truncate((256 << 20) + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    with pytest.raises(ProjectError, match="too large"):
        document.open(path)


def test_a_second_window_is_kept_out(document: Document, path: Path, tmp_path: Path) -> None:
    """A project is open in one window at a time: another can neither open it nor save over it, until it is closed."""
    document.save(path)
    second = Document(tmp_path / "second" / "recovery.dtsproject")
    second.change("Seed", {"extend.seed": 1})
    with pytest.raises(ProjectError, match="open in another window"):
        second.open(path)
    with pytest.raises(ProjectError, match="open in another window"):
        second.save(path)
    assert (second.path, second.state.extend.seed, second.unsaved) == (None, 1, True)
    assert read_project(path) == Project()
    document.close()
    second.save(path)
    assert read_project(path).extend.seed == 1
    second.close()


def test_locks_leave_no_trace(document: Document, path: Path) -> None:
    """After closing, the project file alone is left in its folder."""
    document.save(path)
    document.close()
    assert [each.name for each in path.parent.iterdir() if "dtsproject" in each.name] == [path.name]


@pytest.mark.parametrize("named", ["{}", "D:\\clips\\{}", "/home/other/clips/{}"])
def test_a_clip_that_moved_along_is_found(document: Document, path: Path, named: str) -> None:
    """A clip that lies beside the project file, wherever it was before and on whatever system, is found again."""
    (path.parent / "fire.mp4").write_bytes(b"film")
    clip = structs.replace(CLIP, path=named.format("fire.mp4"))
    write_project(Project(clip=clip), path)
    document.open(path)
    assert document.state.clip == structs.replace(clip, path=str(path.parent / "fire.mp4"))
    assert not document.unsaved


def test_a_clip_that_is_lost_stays_named(document: Document, path: Path) -> None:
    """A project whose clip is gone opens, and still says where that was."""
    write_project(FULL, path)
    document.open(path)
    assert document.state.clip == CLIP


def test_a_clip_that_changed_is_noticed(tmp_path: Path) -> None:
    """A clip that is gone or was written anew is told from one that is the same."""
    path = tmp_path / "fire.mp4"
    path.write_bytes(b"film")
    facts = path.stat()
    clip = structs.replace(CLIP, path=str(path), bytes=facts.st_size, changed_s=facts.st_mtime)
    assert changed_since(clip) == ""
    os.utime(path, (facts.st_atime, facts.st_mtime + 5))
    assert changed_since(clip) == "changed"
    path.write_bytes(b"another film")
    assert changed_since(clip) == "changed"
    path.unlink()
    assert changed_since(clip) == "missing"
    assert changed_since(structs.replace(clip, path=str(tmp_path), bytes=0)) == ""


def test_changes_are_soon_in_the_recovery_file(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change is written without anyone asking; after a crash another window goes on from there."""
    monkeypatch.setattr(document_module, "AUTOSAVE_MS", 1)
    recovery = tmp_path / "home" / "recovery.dtsproject"
    crashed, next_one = Document(recovery), Document(recovery)
    crashed.record(lambda _: FULL)
    crashed.change("Seed", {"extend.seed": 123})
    qtbot.waitUntil(lambda: recovery.exists() and read_project(recovery) == crashed.state)
    next_one.recover()
    assert next_one.state == crashed.state
    assert next_one.unsaved
    assert next_one.path is None
    assert next_one.undo_text == ""


def test_saved_changes_leave_nothing_to_recover(document: Document, path: Path, tmp_path: Path) -> None:
    """Once saved, or thrown away, there is no recovery file."""
    recovery = tmp_path / "home" / "recovery.dtsproject"
    document.change("Seed", {"extend.seed": 1})
    document.autosave()
    assert recovery.exists()
    document.save(path)
    assert not recovery.exists()
    document.change("Seed", {"extend.seed": 2})
    document.autosave()
    document.discard()
    assert not recovery.exists()
    assert (document.state, document.path, document.unsaved) == (Project(), None, False)


def test_undone_changes_leave_nothing_to_recover(document: Document, tmp_path: Path) -> None:
    """Undone to what was saved, there is nothing to recover either."""
    document.change("Seed", {"extend.seed": 1})
    document.autosave()
    document.undo()
    document.autosave()
    assert not (tmp_path / "home" / "recovery.dtsproject").exists()


def test_what_another_window_left_is_kept(document: Document, tmp_path: Path) -> None:
    """A window that changes nothing keeps what an earlier one left to recover."""
    recovery = tmp_path / "home" / "recovery.dtsproject"
    recovery.parent.mkdir()
    write_project(FULL, recovery)
    document.autosave()
    document.close()
    assert read_project(recovery) == FULL


def test_closing_keeps_what_is_not_saved(document: Document, path: Path, tmp_path: Path) -> None:
    """Changes made just before the window closes are in the recovery file."""
    document.save(path)
    document.change("Seed", {"extend.seed": 1})
    document.close()
    assert read_project(tmp_path / "home" / "recovery.dtsproject").extend.seed == 1
    assert read_project(path).extend.seed == 0


def test_a_damaged_recovery_file_is_refused(document: Document, tmp_path: Path) -> None:
    """What can't be recovered is told, and what is open stays."""
    recovery = tmp_path / "home" / "recovery.dtsproject"
    recovery.parent.mkdir()
    recovery.write_bytes(b"{")
    document.change("Seed", {"extend.seed": 1})
    with pytest.raises(ProjectError):
        document.recover()
    assert document.state.extend.seed == 1


def _full_disk(path: Path, data: bytes) -> int:
    path.open("wb").close()  # a file without content is left, as on a real one
    del data
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def test_a_full_disk_is_told_and_nothing_is_lost(
    document: Document, path: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where autosaving or saving can't write, the person is told; what was saved before stays whole, and saving works
    again once there is room."""
    recovery = tmp_path / "home" / "recovery.dtsproject"
    document.change("Seed", {"extend.seed": 1})
    document.save(path)
    document.change("Seed", {"extend.seed": 2})
    document.autosave()
    document.change("Seed", {"extend.seed": 3})
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", _full_disk)
        with qtbot.waitSignal(document.failed) as told:
            document.autosave()
        with pytest.raises(OutputError, match="can't be written"):
            document.save()
    problem, remedy = told.args or ("", "")
    assert os.strerror(errno.ENOSPC) in problem
    assert "Free some space" in remedy
    assert (document.state.extend.seed, document.unsaved, document.path) == (3, True, path)
    assert read_project(path).extend.seed == 1
    assert read_project(recovery).extend.seed == 2
    assert not [each for each in (*path.parent.iterdir(), *recovery.parent.iterdir()) if "partial" in each.name]
    document.save()
    assert read_project(path).extend.seed == 3
    assert not recovery.exists()


def test_saving_under_a_name_that_cannot_be_written(document: Document, path: Path, tmp_path: Path) -> None:
    """When saving elsewhere fails, the project stays what and where it was."""
    document.save(path)
    document.change("Seed", {"extend.seed": 1})
    (tmp_path / "folder.dtsproject").mkdir()
    with pytest.raises(OutputError):
        document.save(tmp_path / "folder.dtsproject")
    assert (document.path, document.unsaved) == (path, True)
    document.save()
    assert read_project(path).extend.seed == 1
