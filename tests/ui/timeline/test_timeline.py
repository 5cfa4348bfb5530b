from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs
from PySide6.QtCore import QPoint, Qt
from support.numbered import numbered_film

from dtsgan.ui.document import Result
from dtsgan.ui.timeline import Timeline
from dtsgan.ui.timeline.timeline import MOST_FRAMES

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.studio import Studio

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def timeline(qtbot: QtBot, studio: Studio, tmp_path: Path) -> Timeline:
    """Of a clip of 60 frames, 24000/1001 a second, that can be read; on the page Extend."""
    path = numbered_film(tmp_path / "film.mp4")
    studio.opening.open_clip(path)
    qtbot.waitUntil(lambda: studio.project.clip is not None)
    studio.view.set({"page": "extend"})
    made = Timeline(studio)
    qtbot.addWidget(made)
    made.resize(800, 104)
    made.show()
    return made


def at(timeline: Timeline, frame: float, row: int = 0) -> QPoint:
    return QPoint(round(timeline.x_of(frame)), round(timeline.row(row).center().y()))


def drag(qtbot: QtBot, timeline: Timeline, start: QPoint, *ways: QPoint) -> None:
    qtbot.mousePress(timeline, LEFT, pos=start)
    for way in ways:
        qtbot.mouseMove(timeline, way)
    qtbot.mouseRelease(timeline, LEFT, pos=ways[-1])


def steps(studio: Studio) -> list[str]:
    """The texts of all that can be undone, the latest first; all of it is undone."""
    found = []
    while studio.document.undo_text:
        found.append(studio.document.undo_text)
        studio.document.undo()
    return found


def test_a_frame_and_its_place(timeline: Timeline) -> None:
    """From a frame to its place and back is the same frame, beyond the clip's ends, too."""
    for frame in (0, 1, 31, 59, 60, 110):
        assert timeline.frame_at(timeline.x_of(frame) + 0.5) == frame
    assert timeline.frame_at(timeline.x_of(0) - 5) < 0


Drag = tuple[dict[str, Any], str, int, dict[str, Any]]

DRAGS: list[Drag] = [
    ({"extend.added": 40}, "end", 90, {"added": 30, "at": "end"}),
    ({"extend.added": 40}, "end", 30, {"added": 1, "at": "end"}),
    ({"extend.added": 40}, "end", 130, {"added": 70, "at": "end"}),
    ({"extend.at": "both", "extend.added": 20}, "end", 90, {"added": 60, "at": "both"}),
    ({"extend.at": "start", "extend.added": 20}, "end", 75, {"added": 15, "at": "end"}),
    ({"extend.at": "start", "extend.added": 20}, "start", -25, {"added": 25, "at": "start"}),
    ({"extend.at": "both", "extend.added": 20}, "start", -5, {"added": 10, "at": "both"}),
    ({"extend.added": 40}, "start", -6, {"added": 6, "at": "start"}),
    ({"extend.mode": "loop"}, "end", 70, {"bridge": 10}),
    ({"extend.mode": "loop", "extend.bridge": 20}, "end", 10, {"bridge": 1}),
]


@pytest.mark.parametrize("way", DRAGS, ids=range(len(DRAGS)))
def test_an_edge_is_dragged(qtbot: QtBot, studio: Studio, timeline: Timeline, way: Drag) -> None:
    """Dragging an end of what is planned sets how many frames are new, and where: the end is where the mouse lets it
    go, whatever way that went; all of it is one step of undo, and another drag another one."""
    planned, edge, to, after = way
    studio.document.change("planned", planned)
    bounds = (timeline.plan.planned[0].first, timeline.plan.planned[-1].end)
    start = at(timeline, bounds[edge == "end"], 1)
    ways = [QPoint(at(timeline, to, 1).x() + step, start.y()) for step in (-90, 60, 1, 0, 0)]
    drag(qtbot, timeline, start, *ways)
    asked = studio.project.extend
    assert {name: getattr(asked, name) for name in after} == after
    again = at(timeline, timeline.plan.planned[-1].end, 1)
    drag(qtbot, timeline, again, again + QPoint(60, 0))
    name = "Bridge" if asked.mode == "loop" else "Length"
    assert steps(studio)[:3] == [name, name, "planned"]


@pytest.mark.parametrize("planned", [{"extend.mode": "loop"}, {"extend.at": "both", "extend.added": 30}], ids=range(2))
def test_a_click_on_an_edge_changes_nothing(
    qtbot: QtBot, studio: Studio, timeline: Timeline, planned: dict[str, Any]
) -> None:
    """Edges are taken from a few pixels away, and don't jump to the mouse."""
    studio.document.change("planned", {**planned, "span": (10, 50)})
    before = studio.document.state
    for frame, row in ((10, 0), (50, 0), (timeline.plan.planned[-1].end, 1), (timeline.plan.planned[0].first, 1)):
        for offset in (-6, 0, 6):
            place = at(timeline, frame, row) + QPoint(offset, 0)
            drag(qtbot, timeline, place, place + QPoint(1, 0), place)
    assert studio.document.state == before


@pytest.mark.parametrize(
    "way",
    [(0, 12, (12, 60)), (1, 33, (0, 33)), (0, 70, (59, 60)), (1, -3, (0, 1)), (0, -9, None), (1, 80, None)],
)
def test_in_and_out_points_are_dragged(
    qtbot: QtBot, studio: Studio, timeline: Timeline, way: tuple[int, int, tuple[int, int] | None]
) -> None:
    """The clip's ends are in and out points, within the clip and never at one place; the whole clip is none. Each drag
    is one step."""
    edge, to, span = way
    studio.view.set({"page": "variants"})
    start = at(timeline, (0, 60)[edge])
    middle = at(timeline, 40)
    drag(qtbot, timeline, start, middle, at(timeline, to))
    assert studio.project.span == span
    assert steps(studio)[0] == "In and out points"


def test_scrubbing(qtbot: QtBot, studio: Studio, timeline: Timeline) -> None:
    """Dragging elsewhere goes to the frame under the mouse, and stops playing; what is looked at is no step."""
    studio.view.set({"speed": 1.0})
    text = studio.document.undo_text
    seen = []
    qtbot.mousePress(timeline, LEFT, pos=at(timeline, 20.5))
    for frame in (25.5, 400, -30):
        seen.append((studio.view.state.frame, studio.view.state.speed))
        qtbot.mouseMove(timeline, at(timeline, frame))
    qtbot.mouseRelease(timeline, LEFT, pos=at(timeline, -30))
    assert [*seen, (studio.view.state.frame, 0.0)] == [(20, 0.0), (25, 0.0), (59, 0.0), (0, 0.0)]
    assert studio.document.undo_text == text


def test_other_buttons_and_no_clip(qtbot: QtBot, studio: Studio, timeline: Timeline) -> None:
    """The right button, or any without a clip, does nothing."""
    qtbot.mousePress(timeline, Qt.MouseButton.RightButton, pos=at(timeline, 20))
    assert studio.view.state.frame == 0
    studio.document.change("", {"clip": None})
    drag(qtbot, timeline, QPoint(100, 40), QPoint(300, 40))
    assert studio.view.state.frame == 0
    assert "No clip" in timeline.accessibleDescription()
    timeline.grab()


@pytest.mark.parametrize(
    "way",
    [
        ({}, Qt.Key.Key_Plus, {"added": 51}),
        ({"extend.at": "both", "extend.added": 7}, Qt.Key.Key_Minus, {"added": 6, "at": "both"}),
        ({"extend.added": 1}, Qt.Key.Key_Minus, {"added": 1}),
        ({"extend.added": MOST_FRAMES}, Qt.Key.Key_Plus, {"added": MOST_FRAMES}),
        ({"extend.mode": "loop", "extend.bridge": 9}, Qt.Key.Key_Plus, {"bridge": 10}),
    ],
    ids=range(5),
)
def test_keys_change_the_length(
    qtbot: QtBot, studio: Studio, timeline: Timeline, way: tuple[dict[str, Any], Qt.Key, dict[str, Any]]
) -> None:
    """Plus and minus change what is planned by a frame, within what can be."""
    planned, key, after = way
    studio.document.change("planned", planned)
    qtbot.keyClick(timeline, key)
    assert {name: getattr(studio.project.extend, name) for name in after} == after


def test_nothing_is_planned_elsewhere(qtbot: QtBot, studio: Studio, timeline: Timeline) -> None:
    """On other pages there is one row, and plus changes nothing."""
    studio.view.set({"page": "variants"})
    assert timeline.plan.planned == ()
    qtbot.keyClick(timeline, Qt.Key.Key_Plus)
    assert studio.project.extend.added == 50


def test_a_result_has_no_edges(qtbot: QtBot, studio: Studio, timeline: Timeline) -> None:
    """Of a result kept and new frames are told apart, and dragging scrubs."""
    path = studio.project.clip.path if studio.project.clip else ""
    made = Result(id="a", path=path, made_by="extend", settings="{}", frames=60, kept=(10, 50))
    studio.document.record(lambda project: structs.replace(project, results=(made,)))
    studio.view.set({"showing": "a", "frame": 3})
    assert [each.kind for each in timeline.plan.clip] == ["new", "kept", "new"]
    assert timeline.accessibleDescription() == "Frame 3 of 60, new"
    drag(qtbot, timeline, at(timeline, 0), at(timeline, 30.5))
    assert (studio.view.state.frame, studio.project.span) == (30, None)


def test_the_playhead_is_told(studio: Studio, timeline: Timeline) -> None:
    """A screen reader hears which frame is seen, and what it is."""
    studio.document.change("", {"span": (10, 50)})
    said = []
    for frame in (5, 10, 59):
        studio.view.set({"frame": frame})
        said.append(timeline.accessibleDescription())
    assert said == ["Frame 5 of 60, not used", "Frame 10 of 60, of the clip", "Frame 59 of 60, not used"]


def test_edges_are_shown_by_the_mouse(qtbot: QtBot, timeline: Timeline) -> None:
    """Over an edge the mouse says that it can be dragged."""
    shapes = []
    for place in (at(timeline, 60), at(timeline, 30), at(timeline, 110, 1), at(timeline, 80, 1)):
        qtbot.mouseMove(timeline, place)
        shapes.append(timeline.cursor().shape())
    across, arrow = Qt.CursorShape.SizeHorCursor, Qt.CursorShape.ArrowCursor
    assert shapes == [across, arrow, across, arrow]


def test_it_is_painted_at_any_size(studio: Studio, timeline: Timeline) -> None:
    """However narrow, and whatever is planned, it can be painted in both themes."""
    for changes in ({}, {"extend.mode": "loop"}, {"extend.at": "both"}, {"span": (20, 21)}):
        studio.document.change("", changes)
        for width in (1, 40, 2000):
            timeline.resize(width, 104)
            for theme in ("dark", "light"):
                studio.view.set({"theme": theme})
                assert not timeline.grab().isNull()
