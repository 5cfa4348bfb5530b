from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from support.widgets import choose, shown, type_into

from dtsgan.ui.document import Extend
from dtsgan.ui.pages import ExtendPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.document import Footage
    from dtsgan.ui.studio import Studio


@pytest.fixture
def page(qtbot: QtBot, studio: Studio, clip: Footage) -> ExtendPage:
    del clip
    made = ExtendPage(studio)
    qtbot.addWidget(made)
    made.resize(400, 720)
    made.show()
    return made


USES: dict[str, tuple[Callable[[QtBot, ExtendPage], object], dict[str, Any]]] = {
    "loop": (lambda _, page: page.modes[1].click(), {"mode": "loop"}),
    "frames": (lambda qtbot, page: type_into(qtbot, page.added, "120"), {"added": 120}),
    "seconds": (lambda qtbot, page: type_into(qtbot, page.seconds, "1.56"), {"added": 39}),
    "in all": (lambda qtbot, page: type_into(qtbot, page.total, "12.5"), {"added": 212}),
    "in all, too short": (lambda qtbot, page: type_into(qtbot, page.total, "2"), {"added": 1}),
    "start": (lambda qtbot, page: choose(qtbot, page.at, "start"), {"at": "start"}),
    "both": (lambda qtbot, page: choose(qtbot, page.at, "both"), {"at": "both"}),
    "bridge": (lambda qtbot, page: type_into(qtbot, page.bridge, "24"), {"bridge": 24}),
    "seed": (lambda qtbot, page: type_into(qtbot, page.seed, "77"), {"seed": 77}),
    "largest seed": (lambda qtbot, page: type_into(qtbot, page.seed, "2147483647"), {"seed": 2147483647}),
    "another": (lambda _, page: page.another.click(), {"seed": 1}),
    "format": (lambda qtbot, page: choose(qtbot, page.format, "mkv"), {"format": "mkv"}),
    "sound": (lambda _, page: page.sound.click(), {"sound": False}),
    "quick": (lambda _, page: page.instant.click(), {"instant": True}),
}


@pytest.mark.parametrize("use", USES)
def test_controls_change_the_project(qtbot: QtBot, studio: Studio, page: ExtendPage, use: str) -> None:
    """Every control changes its own field alone; one step of undo brings back what was, and the page shows it."""
    act, fields = USES[use]
    if use == "bridge":
        studio.document.change("", {"extend.mode": "loop"})
    before, seen = studio.project, shown(page)
    act(qtbot, page)
    assert {name: getattr(studio.project.extend, name) for name in fields} == fields
    others = [name for name in Extend.__struct_fields__ if name not in fields]
    for name in others:
        assert getattr(studio.project.extend, name) == getattr(before.extend, name), name
    assert shown(page) != seen
    assert studio.document.undo_text
    while studio.project != before:
        studio.document.undo()
    assert shown(page) == seen


@pytest.mark.parametrize("use", ["frames", "seconds", "in all", "bridge", "seed"])
def test_typing_a_number_is_one_step(qtbot: QtBot, studio: Studio, page: ExtendPage, use: str) -> None:
    """A number of several digits, typed, is one step of undo."""
    studio.document.change("", {"extend.mode": "loop" if use == "bridge" else "extend"})
    before = studio.project
    USES[use][0](qtbot, page)
    assert studio.project != before
    studio.document.undo()
    assert studio.project == before


@pytest.mark.parametrize("name", ["added", "seconds", "total", "bridge", "seed"])
def test_typing_again_is_another_step(qtbot: QtBot, studio: Studio, page: ExtendPage, name: str) -> None:
    """What is typed later, though into the same box, can be taken back alone."""
    studio.document.change("", {"extend.mode": "loop" if name == "bridge" else "extend"})
    type_into(qtbot, getattr(page, name), "12")
    first = studio.project
    type_into(qtbot, getattr(page, name), "25")
    assert studio.project != first
    studio.document.undo()
    assert studio.project == first


CHANGES: list[dict[str, Any]] = [
    {"extend.mode": "loop"},
    {"extend.added": 33},
    {"extend.mode": "loop", "extend.bridge": 12},
    {"extend.at": "both", "extend.seed": 9},
    {"extend.format": "webm", "extend.sound": False, "extend.instant": True},
    {"model": "/models/fire.dtsgan"},
    {"span": (10, 60)},
    {"clip": None},
]


@pytest.mark.parametrize("changes", CHANGES, ids=range(len(CHANGES)))
def test_the_page_follows_the_project(qtbot: QtBot, studio: Studio, page: ExtendPage, changes: dict[str, Any]) -> None:
    """Changed elsewhere, and undone, the page shows the same as one that is made anew."""
    seen = shown(page)
    studio.document.change("", changes)
    assert shown(page) != seen
    anew = ExtendPage(studio)
    qtbot.addWidget(anew)
    assert shown(page) == shown(anew)
    studio.document.undo()
    assert shown(page) == shown(anew) == seen


def test_two_pages_show_the_same(qtbot: QtBot, studio: Studio, page: ExtendPage) -> None:
    """Whatever is done in one page, another shows it, too: neither keeps anything of its own."""
    second = ExtendPage(studio)
    qtbot.addWidget(second)
    for number, (act, _) in enumerate(USES.values()):
        act(qtbot, (page, second)[number % 2])
        assert shown(page) == shown(second)
    type_into(qtbot, page.seconds, "2.013")  # no whole number of frames
    assert shown(page) == shown(second)
    while studio.document.undo_text:
        studio.document.undo()
        assert shown(page) == shown(second)


def test_a_length_is_shown_as_it_will_be(qtbot: QtBot, studio: Studio, page: ExtendPage) -> None:
    """Seconds that are no whole number of frames are shown as what the frames take."""
    type_into(qtbot, page.seconds, "2.013")
    assert (studio.project.extend.added, page.seconds.value()) == (50, 2.0)


def test_nothing_can_be_made_without_a_clip(studio: Studio, page: ExtendPage) -> None:
    """Without a clip the button can't be pressed, and why is said."""
    studio.document.change("", {"clip": None})
    assert not page.go.isEnabled()
    assert "Open a clip first." in [row[1] for row in shown(page) if row[-2]]


@pytest.mark.parametrize(
    ("changes", "word", "name"),
    [({}, "extend", "extended 1.mp4"), ({"extend.mode": "loop", "extend.format": "mov"}, "loop", "loop 1.mov")],
)
def test_making_puts_it_into_the_queue(
    studio: Studio, page: ExtendPage, changes: dict[str, Any], word: str, name: str
) -> None:
    """The button puts what the page says into the queue, under a name that is free."""
    studio.document.change("", changes)
    page.go.click()
    (job,) = studio.queue.jobs
    assert job.task.words[0] == word
    assert job.task.output == str(studio.results_folder() / name)


def test_pressed_twice_makes_two(qtbot: QtBot, studio: Studio, page: ExtendPage) -> None:
    """Two jobs of one page never write to the same file, though neither has begun to."""
    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
    page.another.click()
    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
    names = [job.task.output.rsplit("/", 1)[-1] for job in studio.queue.jobs]
    assert names == ["extended 1.mp4", "extended 2.mp4"]
