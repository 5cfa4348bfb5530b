from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from support.studios import program

from dtsgan.ui.document.files import SUFFIX
from dtsgan.ui.jobs import Task
from dtsgan.ui.settings import Remembered
from dtsgan.ui.studio import Studio
from dtsgan.ui.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

Button = QMessageBox.StandardButton


@pytest.fixture
def edited(qtbot: QtBot, window: Window, clip: Path) -> Window:
    """A window with a clip and a change that isn't saved."""
    window.studio.opening.open(clip)
    qtbot.waitUntil(lambda: window.studio.project.clip is not None)
    window.studio.document.change("Length", {"extend.added": 77})
    return window


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], list[str]]:
    """Answers the next questions, by a standard button or by a button's first words; what was asked."""

    def prepare(choice: object) -> list[str]:
        asked: list[str] = []

        def execute(box: QMessageBox) -> object:
            asked.append(box.text())
            named = next((each for each in box.buttons() if each.text().startswith(str(choice))), None)
            monkeypatch.setattr(QMessageBox, "clickedButton", lambda _: named)
            return choice

        monkeypatch.setattr(QMessageBox, "exec", execute)
        return asked

    return prepare


def test_closing_asks_to_save_and_saves(
    edited: Window, answer: Callable[[object], list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A project without a name is asked for one, and is saved there before the window closes."""
    path = tmp_path / f"work{SUFFIX}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path.with_suffix("")), ""))
    asked = answer(Button.Save)
    assert edited.close()
    assert asked
    assert path.exists()
    assert edited.settings.state.recent[0] == str(path)


def test_closing_can_be_cancelled_or_forget(edited: Window, answer: Callable[[object], list[str]]) -> None:
    """Cancel leaves all as it is; discard closes, and nothing is offered for recovery."""
    answer(Button.Cancel)
    assert not edited.close()
    assert edited.studio.project.extend.added == 77
    answer(Button.Discard)
    assert edited.close()
    assert not edited.studio.recovery.path.exists()


def test_a_project_that_cant_be_saved_keeps_the_window_open(
    edited: Window, answer: Callable[[object], list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The reason is told, and the window stays."""
    gone = tmp_path / "gone" / f"work{SUFFIX}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(gone), ""))
    answer(Button.Save)
    assert not edited.close()
    assert edited.studio.notice.state.problem


def test_work_goes_on_without_the_window(qtbot: QtBot, tmp_path: Path, answer: Callable[[object], list[str]]) -> None:
    """If the person wants that, the window closes, the job is done, and then all ends."""
    body = "import pathlib\nwhile not pathlib.Path(words[0]).exists(): time.sleep(0.01)\nsay('result')"
    studio = Studio(folder=tmp_path / "home", program=program(tmp_path, body))
    window = Window(studio, Remembered(tmp_path / "settings.json", studio))
    window.show()
    gone: list[bool] = []
    window.gone.connect(lambda: gone.append(True))
    studio.queue.add(Task(title="Work", words=(str(tmp_path / "go"),), output=str(tmp_path / "out"), kind="other"))
    answer("Go on")
    assert window.close()
    assert not window.isVisible()
    assert not gone
    (tmp_path / "go").touch()
    qtbot.waitUntil(lambda: bool(gone))
    assert studio.queue.jobs[0].state == "done"
    window.deleteLater()


def test_work_is_stopped_if_that_is_wanted(window: Window, answer: Callable[[object], list[str]]) -> None:
    """Stop ends the worker with the window; cancel keeps both."""
    task = Task(title="Work", words=("x",), output="out", kind="other")
    number = window.studio.queue.add(task)
    answer(Button.Cancel)
    assert not window.close()
    job = window.studio.queue.job(number)
    assert job is not None
    assert job.state == "running"
    answer("Stop it")
    assert window.close()


def test_keys_work_wherever_the_focus_is(qtbot: QtBot, edited: Window) -> None:
    """Undo, redo, pages by their keys, the viewer's letters beside them."""
    qtbot.waitUntil(edited.isVisible)
    edited.panel.viewer.setFocus()
    canvas = edited.panel.viewer.canvas
    QTest.keySequence(canvas, QKeySequence(QKeySequence.StandardKey.Undo))
    assert edited.studio.project.extend.added == 50
    QTest.keySequence(canvas, QKeySequence(QKeySequence.StandardKey.Redo))
    assert edited.studio.project.extend.added == 77
    QTest.keySequence(canvas, QKeySequence("Ctrl+3"))
    assert edited.studio.view.state.page == "replace"
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert edited.studio.view.state.frame == 1


def test_keys_work_before_anything_is_clicked(qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right after the start Ctrl+O opens a clip."""
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: asked.append("a clip") or ("", ""))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keySequence(window.windowHandle(), QKeySequence("Ctrl+O"))
    qtbot.waitUntil(lambda: bool(asked))


def test_the_menus_say_what_undo_takes_back(edited: Window) -> None:
    """Their words name the change; with nothing to undo they can't be used."""
    actions = edited.panel.actions_of
    assert actions.undo.text().endswith("Length")
    actions.undo.trigger()
    assert actions.redo.text().endswith("Length")
    actions.undo.trigger()
    assert not actions.undo.isEnabled()


def test_theme_and_recent_files_are_remembered(window: Window, tmp_path: Path) -> None:
    """Another window begins as the last one was."""
    window.panel.actions_of.theme.trigger()
    window.settings.use(tmp_path / "a.mp4")
    window.studio.view.set({"on_cluster": True, "scheduler": "tcp://boss:8786"})
    after = Remembered(window.studio.folder / "settings.json").state
    assert (after.theme, after.on_cluster, after.scheduler) == ("light", True, "tcp://boss:8786")
    assert after.recent == (str(tmp_path / "a.mp4"),)
    assert window.studio.view.state.theme == "light"


@pytest.mark.parametrize("content", [b"", b"{]", b'{"theme": "purple", "recent": ["/a.mp4"]}', b"[1]", b"\xff"])
def test_settings_that_cant_be_read_are_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    """What makes no sense has its default, what does stays, and new ones can be written."""
    (tmp_path / "settings.json").write_bytes(content)
    settings = Remembered(tmp_path / "settings.json")
    assert settings.state.theme == "dark"
    assert settings.state.recent == (("/a.mp4",) if b"a.mp4" in content else ())
    settings.set({"theme": "light"})
    assert Remembered(tmp_path / "settings.json").state.theme == "light"


def test_the_status_line_follows_the_job_that_runs(qtbot: QtBot, tmp_path: Path) -> None:
    """Title, what it does, time left and those that wait; its button stops it."""
    body = "say('progress', 'scale 1', done=0.5, left_s=60)\nwait_for_end()\nsys.exit(130)"
    studio = Studio(folder=tmp_path / "home", program=program(tmp_path, body))
    window = Window(studio, Remembered(tmp_path / "settings.json", studio))
    window.show()
    status = window.panel.status
    assert not status.isVisible()
    for name in ("One", "Two"):
        studio.queue.add(Task(title=name, words=("x",), output=str(tmp_path / "out"), kind="other"))
    qtbot.waitUntil(lambda: "scale 1" in status._text.text())
    assert "One" in status._text.text()
    assert "1 waiting" in status._text.text()
    status.queue.click()
    assert studio.view.state.page == "queue"
    status.stop.click()
    qtbot.waitUntil(lambda: "Two" in status._text.text())
    studio.queue.stop_all()
    qtbot.waitUntil(lambda: not status.isVisible())
    window.leaving.may_close = lambda: True
    window.close()
    window.deleteLater()
