from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QInputDialog
from support.studios import program
from support.videos import texture, write_video

from dtsgan.ui.document import Stroke
from dtsgan.ui.document.files import SUFFIX
from dtsgan.ui.mask.keys import with_shape
from dtsgan.ui.studio import Studio

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.window import Window


def opened(qtbot: QtBot, studio: Studio, clip: Path) -> None:
    studio.opening.open(clip)
    qtbot.waitUntil(lambda: studio.project.clip is not None and studio.project.clip.path == str(clip))


def test_a_clip_that_is_dropped_is_opened(qtbot: QtBot, window: Window, clip: Path) -> None:
    """Dropped on the viewer it becomes the project's clip, can be undone, and is recent."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(clip))])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, button, keys)
    window.panel.viewer.dropEvent(drop)
    qtbot.waitUntil(lambda: window.studio.project.clip is not None)
    assert window.settings.state.recent[0] == str(clip)
    assert "waves.mp4" in window.windowTitle()
    window.studio.document.undo()
    assert window.studio.project.clip is None


def test_a_file_that_is_no_clip_is_told_and_changes_nothing(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    """The message names the file; what was open stays."""
    (tmp_path / "notes.txt").write_text("no video")
    before = window.studio.project
    window.studio.opening.open(tmp_path / "notes.txt")
    qtbot.waitUntil(lambda: bool(window.studio.notice.state.problem))
    assert "notes.txt" in window.panel.banner.text.text()
    assert window.panel.banner.isVisible()
    window.panel.banner.close_it.click()
    assert not window.panel.banner.isVisible()
    assert window.studio.project == before


@pytest.mark.parametrize(("chosen", "rate"), [("23.976", Fraction(24000, 1001)), (None, None)])
def test_a_folder_of_pictures_has_the_rate_that_is_chosen(
    qtbot: QtBot,
    window: Window,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    chosen: str | None,
    rate: Fraction | None,
) -> None:
    """Pictures don't say how fast they follow each other: the person does, exactly, or opens none."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, frame in enumerate(texture(6, (24, 32))):
        Image.fromarray(frame).save(folder / f"{number:04d}.png")
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_, **__: (chosen or "", chosen is not None))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))
    window.panel.actions_of.open_pictures.trigger()
    if rate is None:
        assert window.studio.project.clip is None
        return
    qtbot.waitUntil(lambda: window.studio.project.clip is not None)
    clip = window.studio.project.clip
    assert clip is not None
    assert (clip.rate, clip.sequence_rate, clip.frames) == (rate, rate, 6)


def test_a_recent_file_that_is_gone_says_so_and_is_forgotten(window: Window, tmp_path: Path) -> None:
    """Choosing it tells what happened, and takes it off the list."""
    window.settings.use(tmp_path / "gone.mp4")
    window.menus.recent.actions()[0].trigger()
    assert "gone.mp4" in window.studio.notice.state.problem
    assert not window.settings.state.recent
    assert not window.menus.recent.isEnabled()


def test_a_clip_that_vanishes_can_be_located(qtbot: QtBot, window: Window, clip: Path, tmp_path: Path) -> None:
    """Its message has a button; with the clip found again masks, range and results stay."""
    studio = window.studio
    opened(qtbot, studio, clip)
    studio.document.change("Range", {"span": (2, 15)})
    moved = tmp_path / "elsewhere" / "waves.mp4"
    moved.parent.mkdir()
    clip.rename(moved)
    studio.opening.check_clip()
    assert studio.notice.state.action == "locate"
    assert str(clip) in studio.notice.state.problem
    window.panel.actions_of.locate_clip = lambda: studio.opening.locate_clip(moved)  # in place of the dialog
    window.panel.banner.act.click()
    qtbot.waitUntil(lambda: studio.project.clip is not None and studio.project.clip.path == str(moved))
    assert studio.project.span == (2, 15)
    assert not studio.notice.state.problem


def test_a_clip_that_was_put_back_is_told_no_more(qtbot: QtBot, window: Window, clip: Path, tmp_path: Path) -> None:
    """The message ends by itself once the file is there again."""
    opened(qtbot, window.studio, clip)
    clip.rename(tmp_path / "away.mp4")
    window.studio.opening.check_clip()
    assert window.studio.notice.state.problem
    (tmp_path / "away.mp4").rename(clip)
    window.studio.opening.check_clip()
    assert not window.studio.notice.state.problem


def test_a_clip_that_was_changed_is_told(qtbot: QtBot, window: Window, clip: Path) -> None:
    """A file of another time or size is another clip, perhaps."""
    opened(qtbot, window.studio, clip)
    os.utime(clip, (1, 1))
    window.studio.opening.check_clip()
    assert "changed" in window.studio.notice.state.problem


def test_another_clip_in_its_place_is_taken_and_told(qtbot: QtBot, window: Window, clip: Path, tmp_path: Path) -> None:
    """One of another length is used; its range goes where it can't be; undo takes it back."""
    studio = window.studio
    opened(qtbot, studio, clip)
    studio.document.change("Range", {"span": (2, 15)})
    other = write_video(tmp_path / "other.mp4", texture(10, (48, 64)))
    studio.opening.locate_clip(other)
    qtbot.waitUntil(lambda: studio.project.clip is not None and studio.project.clip.frames == 10)
    assert studio.project.span is None
    assert "other.mp4" in studio.notice.state.problem
    studio.document.undo()
    assert studio.project.span == (2, 15)


def test_the_sample_is_made_once_and_opened(qtbot: QtBot, tmp_path: Path, clip: Path) -> None:
    """The first time a worker makes it; after that it is there."""
    body = f"""
    import shutil
    assert words[0] == "sample"
    shutil.copy({str(clip)!r}, words[words.index("-o") + 1])
    say("result")
    """
    studio = Studio(folder=tmp_path / "home", program=program(tmp_path, body))
    studio.opening.open_sample()
    qtbot.waitUntil(lambda: studio.project.clip is not None)
    studio.document.new()
    studio.opening.open_sample()
    qtbot.waitUntil(lambda: studio.project.clip is not None)
    assert len(studio.queue.jobs) == 1
    studio.close()


def test_a_project_reopens_exactly(qtbot: QtBot, window: Window, clip: Path, tmp_path: Path) -> None:
    """Saved, closed and opened in another window it is the same record; a second window at once is refused."""
    studio = window.studio
    opened(qtbot, studio, clip)
    stroke = Stroke(points=((1.5, 2.25), (3.0, 4.0)), radii=(2.0, 2.5))
    mask = with_shape(studio.project.replace.mask, 0, stroke, keying=False)
    studio.document.change("Draw", {"replace.mask": mask})
    studio.document.change("Length", {"extend.added": 77, "extend.mode": "loop", "span": (1, 9)})
    path = tmp_path / f"work{SUFFIX}"
    studio.document.save(path)
    assert not window.isWindowModified()
    before = studio.project
    other = Studio(folder=tmp_path / "other home", program=studio.program)
    assert not other.opening.open_project(path)
    assert "another window" in other.notice.state.problem
    studio.document.new()
    assert other.opening.open_project(path)
    assert other.project == before
    other.close()


def test_work_of_a_crashed_window_is_offered_and_recovered(qtbot: QtBot, tmp_path: Path, clip: Path) -> None:
    """What a window left in its recovery file comes back in the next one, and is then that one's."""
    first = Studio(folder=tmp_path / "home", program=program(tmp_path, "wait_for_end()"))
    opened(qtbot, first, clip)
    first.document.change("Length", {"extend.added": 77})
    first.close()  # unsaved: as a crash leaves it
    second = Studio(folder=tmp_path / "home", program=first.program)
    second.opening.offer_recovery()
    assert second.notice.state.action == "recover"
    second.opening.recover()
    assert second.project.extend.added == 77
    assert second.document.unsaved
    third = Studio(folder=tmp_path / "home", program=first.program)
    third.opening.offer_recovery()
    assert not third.notice.state.problem
    for studio in (second, third):
        studio.close()


def test_nothing_that_isnt_saved_gives_way_to_another_project(
    qtbot: QtBot, tmp_path: Path, clip: Path, studio: Studio
) -> None:
    """Where nobody can be asked, a project that is dropped or recovered waits until what is open is saved."""
    first = Studio(folder=tmp_path / "home", program=studio.program)
    opened(qtbot, first, clip)
    first.document.change("Length", {"extend.added": 77})
    first.document.save(tmp_path / f"other{SUFFIX}")
    first.document.change("Length", {"extend.added": 78})
    first.close()
    opened(qtbot, studio, clip)
    before = studio.project
    studio.opening.open(tmp_path / f"other{SUFFIX}")
    studio.opening.recover()
    assert studio.project == before
    assert studio.notice.state.problem
    assert len(studio.recovery.left()) == 1
    studio.document.save(tmp_path / f"mine{SUFFIX}")
    studio.opening.recover()
    assert studio.project.extend.added == 78
    studio.document.save(tmp_path / f"mine too{SUFFIX}")
    studio.opening.open(tmp_path / f"other{SUFFIX}")
    assert studio.project.extend.added == 77


def test_two_windows_keep_what_isnt_saved_apart(qtbot: QtBot, tmp_path: Path, clip: Path) -> None:
    """Each has a file of its own while both live."""
    studios = [Studio(folder=tmp_path / "home", program=program(tmp_path, "wait_for_end()")) for _ in range(2)]
    for number, studio in enumerate(studios):
        opened(qtbot, studio, clip)
        studio.document.change("Length", {"extend.added": 10 + number})
        studio.document.autosave()
    assert not any(studio.recovery.left() for studio in studios)
    for studio in studios:
        studio.close()
    last = Studio(folder=tmp_path / "home", program=studios[0].program)
    assert len(last.recovery.left()) == 2
    last.close()


def test_a_worker_that_crashes_is_a_message_with_a_button(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The banner names the job and why; its button does it again."""
    monkeypatch.setattr(window.studio.queue, "_program", program(tmp_path, "os._exit(9)", name="crash.py"))
    window.studio.opening.open_sample()
    qtbot.waitUntil(lambda: window.studio.notice.state.action == "retry")
    assert "Sample clip" in window.panel.banner.text.text()
    with qtbot.waitSignal(window.studio.queue.ended):
        window.panel.banner.act.click()
    qtbot.waitUntil(lambda: window.studio.notice.state.action == "retry")
