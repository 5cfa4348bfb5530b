from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec import json
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QListWidget
from support.widgets import shown

from dtsgan.ui.document import Extend, Replace
from dtsgan.ui.pages.results import Results, verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.document import Footage, Result
    from dtsgan.ui.studio import Studio


@pytest.fixture
def page(qtbot: QtBot, studio: Studio, clip: Footage) -> Results:
    del clip
    made = Results(studio, "extend")
    qtbot.addWidget(made)
    made.resize(400, 400)
    return made


def rows(page: Results) -> list[str]:
    listed = page.findChildren(QListWidget)[0]
    return [listed.item(row).text() for row in range(listed.count())]


def test_results_are_listed_newest_first(studio: Studio, page: Results, result: Callable[..., Result]) -> None:
    """Results of this page alone, each with its name, seed and length; without any nothing is seen."""
    assert page.isHidden()
    result("a", seed=1)
    result("b", made_by="replace")
    result("c", seed=2, title="Loop", frames=250)
    assert rows(page) == ["Loop, seed 2, 10 s", "Extended clip, seed 1, 6 s"]
    assert not page.isHidden()
    assert page.shown is None
    studio.document.change("", {"results": ()})
    assert rows(page) == []


def test_choosing_one_shows_it(qtbot: QtBot, studio: Studio, page: Results, result: Callable[..., Result]) -> None:
    """What is chosen in the list is seen in the viewer, and what is seen there is chosen in the list."""
    for name in "abc":
        result(name)
    listed = page.findChildren(QListWidget)[0]
    studio.view.set({"frame": 7})
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    assert (studio.view.state.showing, studio.view.state.frame) == ("c", 0)
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    assert studio.view.state.showing == "b"
    studio.view.set({"showing": "a"})
    assert listed.currentRow() == 2
    studio.view.set({"showing": "clip"})
    assert listed.currentRow() == -1
    assert not any(each.isEnabled() for each in (page.joint, page.export, page.settings, page.folder, page.remove))


def test_two_lists_show_the_same(qtbot: QtBot, studio: Studio, page: Results, result: Callable[..., Result]) -> None:
    """Lists keep nothing of their own: what is chosen and shown is the same in another, and in one made later."""
    second = Results(studio, "extend")
    qtbot.addWidget(second)
    for name in "abc":
        result(name, kept=(0, 100), joints=((100, 1.3),))
    for act in (
        lambda: studio.view.set({"showing": "b"}),
        lambda: qtbot.keyClick(page.findChildren(QListWidget)[0], Qt.Key.Key_Down),
        second.remove.click,
        studio.document.undo,
    ):
        act()
        anew = Results(studio, "extend")
        qtbot.addWidget(anew)
        assert shown(page) == shown(second) == shown(anew)


def test_a_result_is_taken_off_the_list(
    studio: Studio, page: Results, result: Callable[..., Result], tmp_path: Path
) -> None:
    """Removing keeps the file, shows the clip again, and can be undone."""
    path = tmp_path / "a.mp4"
    path.write_bytes(b"film")
    made = result("a", path=str(path))
    studio.view.set({"showing": "a"})
    page.remove.click()
    assert (studio.project.results, studio.view.state.showing) == ((), "clip")
    assert path.exists()
    studio.document.undo()
    assert studio.project.results == (made,)


@pytest.mark.parametrize(
    ("made_by", "part"), [("extend", Extend(mode="loop", seed=8)), ("replace", Replace(fill="texture", seed=8))]
)
def test_settings_are_taken_from_a_result(
    qtbot: QtBot, studio: Studio, result: Callable[..., Result], made_by: str, part: Any
) -> None:
    """The page is set as it was for the result, with its model, as one step of undo."""
    page = Results(studio, made_by)
    qtbot.addWidget(page)
    result("a", made_by=made_by, settings=json.encode(part).decode(), model="/models/fire.dtsgan")
    studio.view.set({"showing": "a"})
    before = studio.project
    page.settings.click()
    assert (getattr(studio.project, made_by), studio.project.model) == (part, "/models/fire.dtsgan")
    studio.document.undo()
    assert studio.project == before


def test_settings_that_cannot_be_read_are_told(
    qtbot: QtBot, studio: Studio, page: Results, result: Callable[..., Result]
) -> None:
    """Settings of another version change nothing, and the person is told."""
    result("a", settings='{"speed": 3}')
    studio.view.set({"showing": "a"})
    before = studio.project
    with qtbot.waitSignal(studio.told):
        page.settings.click()
    assert studio.project == before


def test_looking_at_joints(studio: Studio, page: Results, result: Callable[..., Result]) -> None:
    """The button plays across the joint that is seen most, then across the next, and round again."""
    result("a", kept=(20, 120), joints=((20, 0.5), (120, 1.4)))
    studio.view.set({"showing": "a", "slice": True})
    seen = []
    for _ in range(3):
        page.joint.click()
        view = studio.view.state
        seen.append((view.repeat, view.joint, view.speed, view.slice))
    assert seen == [("joint", 1, 1.0, False), ("joint", 0, 1.0, False), ("joint", 1, 1.0, False)]


@pytest.mark.parametrize(
    ("ratio", "said", "role"),
    [(1.1, "can't be seen", "good"), (1.2, "may be seen", "hint"), (1.6, "is visible", "warning")],
)
def test_the_verdict_names_the_worst_joint(
    studio: Studio, result: Callable[..., Result], ratio: float, said: str, role: str
) -> None:
    """The joint that is seen most is judged in words, with its time; a loop's last joint is at its end."""
    made = result("a", loop=True, frames=150, joints=((100, 0.2), (0, ratio)))
    text, as_role = verdict(made, studio.project)
    assert said in text
    assert as_role == role
    assert ("0:06" in text) == (role != "good")
    assert verdict(result("b"), studio.project) == ("", "hint")


def test_exporting(
    qtbot: QtBot, studio: Studio, page: Results, result: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A copy goes where the person says, with the result's own extension, and that is said; giving up changes
    nothing."""
    folder = studio.folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.mov").write_bytes(b"film")
    result("a", path=str(folder / "a.mov"))
    studio.view.set({"showing": "a"})
    answers = [("", ""), (str(folder / "out.mp4"), "")]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answers.pop(0))
    page.export.click()
    assert not any("Export" in str(row[1]) for row in shown(page) if row[0] == "QLabel")
    page.export.click()
    said = f"Exported to {folder / 'out.mov'}"
    qtbot.waitUntil(lambda: said in [row[1] for row in shown(page)])
    assert (folder / "out.mov").read_bytes() == b"film"


def test_exporting_what_is_gone_is_told(
    qtbot: QtBot, studio: Studio, page: Results, result: Callable[..., Result], tmp_path: Path
) -> None:
    """A result whose file is gone is told so, and nothing says that it was exported, or still is."""
    result("a", path=str(tmp_path / "gone.mp4"))
    studio.view.set({"showing": "a"})
    with qtbot.waitSignal(studio.told) as told:
        page.export_shown(tmp_path / "out.mp4")
    assert "is gone" in (told.args or [""])[0]
    assert not [row for row in shown(page) if "Exporting" in str(row[1])]
    assert not (tmp_path / "out.mp4").exists()


def test_showing_the_folder(
    studio: Studio, page: Results, result: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The folder that the file is in is opened."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    result("a", path=str(tmp_path / "a.mp4"))
    studio.view.set({"showing": "a"})
    page.folder.click()
    assert opened == [str(tmp_path)]
