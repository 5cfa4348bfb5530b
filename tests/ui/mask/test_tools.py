from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt
from support.drawing import FakeCanvas, square, stroke, with_clip

from dtsgan.ui.document import Key, Mask, Polygon, Rectangle, Reference, Stroke
from dtsgan.ui.mask.toolbox import Toolbox
from dtsgan.ui.previews import Preview

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from dtsgan.ui.studio import Studio


@pytest.fixture
def canvas(qtbot: QtBot, studio: Studio) -> FakeCanvas:
    """Shows a clip of 160 x 90 pixels, twice as large, on the page Replace."""
    made = FakeCanvas()
    qtbot.addWidget(made)
    made.resize(360, 200)
    with_clip(studio, size_hw=(90, 160))
    Toolbox(studio, cast("Any", made))
    made.show()
    return made


def shapes(studio: Studio) -> tuple[object, ...]:
    keys = studio.project.replace.mask.keys
    return keys[-1].shapes if keys else ()


def choose(studio: Studio, tool: str) -> None:
    studio.view.set({"tool": tool})


def test_a_stroke_becomes_part_of_the_mask(studio: Studio, canvas: FakeCanvas) -> None:
    """Dragging the brush adds a stroke of its points, as wide as the brush, in one step of undo."""
    choose(studio, "brush")
    studio.view.set({"brush_px": 8.0})
    canvas.drag((20, 30), (50, 30), (50, 60))
    assert shapes(studio) == (stroke((20, 30), (50, 30), (50, 60), radius=8),)
    assert studio.document.undo_text == "Brush stroke"
    studio.document.undo()
    assert studio.project.replace.mask == Mask()


def test_a_click_is_a_dab(studio: Studio, canvas: FakeCanvas) -> None:
    """A click without moving paints one point."""
    choose(studio, "brush")
    canvas.click(20, 30)
    assert shapes(studio) == (stroke((20, 30), radius=20),)


def test_points_that_hardly_differ_are_left_out(studio: Studio, canvas: FakeCanvas) -> None:
    """A slow hand makes no more points than a stroke needs."""
    choose(studio, "brush")
    canvas.drag(*((20 + step / 4, 30.0) for step in range(200)))
    (made,) = shapes(studio)
    assert isinstance(made, Stroke)
    assert 10 < len(made.points) < 30


def test_a_pen_presses(studio: Studio, canvas: FakeCanvas) -> None:
    """A pen's pressure sets each point's radius; its other end erases, whatever the tool."""
    choose(studio, "brush")
    canvas.pen((20, 30, 0.5), (60, 30, 1.0), (90, 30, 0.01))
    canvas.pen((20, 30, 0.5), eraser=True)
    first, second = shapes(studio)
    assert isinstance(first, Stroke)
    assert isinstance(second, Stroke)
    assert first.radii == pytest.approx((10.0, 20.0, 2.0), abs=0.01)
    assert not first.erase
    assert second.erase
    assert studio.document.undo_text == "Eraser stroke"


def test_the_eraser_takes_away(studio: Studio, canvas: FakeCanvas) -> None:
    """The eraser's strokes erase."""
    choose(studio, "eraser")
    canvas.drag((20, 30), (50, 30))
    assert shapes(studio) == (stroke((20, 30), (50, 30), radius=20, erase=True),)


def test_a_stroke_can_be_given_up(studio: Studio, canvas: FakeCanvas, qtbot: QtBot) -> None:
    """Escape while the button is held paints nothing."""
    choose(studio, "brush")
    canvas.press_at(20, 30)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    canvas.release_at(20, 30)
    assert shapes(studio) == ()


@pytest.mark.parametrize("end", ["double click", "first point", "Enter"])
def test_polygons_are_clicked(studio: Studio, canvas: FakeCanvas, qtbot: QtBot, end: str) -> None:
    """Clicks are corners; a double click, one on the first corner or Enter closes it, in one step."""
    choose(studio, "polygon")
    canvas.click(20, 20)
    canvas.click(80, 20)
    if end == "double click":
        canvas.double_click(50, 70)
    else:
        canvas.click(50, 70)
        canvas.click(21, 21) if end == "first point" else qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert shapes(studio) == (Polygon(points=((20, 20), (80, 20), (50, 70))),)
    assert studio.document.undo_text == "Polygon"
    studio.document.undo()
    assert shapes(studio) == ()


def test_polygons_can_be_taken_back(studio: Studio, canvas: FakeCanvas, qtbot: QtBot) -> None:
    """Backspace takes the last corner back and Escape all; neither changes the project. Two corners make none."""
    choose(studio, "polygon")
    for x, y in ((20, 20), (80, 20), (150, 80)):
        canvas.click(x, y)
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert shapes(studio) == ()
    canvas.click(50, 70)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert shapes(studio) == (Polygon(points=((20, 20), (80, 20), (50, 70))),)
    canvas.click(100, 10)
    canvas.click(120, 10)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert len(shapes(studio)) == 1


def test_points_are_dragged(studio: Studio, canvas: FakeCanvas) -> None:
    """Near a corner, dragging moves it; at the cross in the middle, all of the polygon: a step each."""
    choose(studio, "polygon")
    canvas.click(20, 20)
    canvas.click(80, 20)
    canvas.double_click(50, 70)
    canvas.drag((81, 21), (100, 30), (110, 40))
    assert shapes(studio) == (Polygon(points=((20, 20), (110, 40), (50, 70))),)
    assert studio.document.undo_text == "Move point"
    canvas.drag((65, 45), (70, 50), (75, 55))
    assert shapes(studio) == (Polygon(points=((30, 30), (120, 50), (60, 80))),)
    assert studio.document.undo_text == "Move shape"
    for left in (((20, 20), (110, 40), (50, 70)), ((20, 20), (80, 20), (50, 70))):
        studio.document.undo()
        assert shapes(studio) == (Polygon(points=left),)


def test_rectangles_are_dragged(studio: Studio, canvas: FakeCanvas) -> None:
    """From any corner to the opposite one; a corner can be dragged afterwards, past the others, too."""
    choose(studio, "rectangle")
    canvas.drag((60, 50), (40, 40), (20, 20))
    assert shapes(studio) == (Rectangle(x=20, y=20, width=40, height=30),)
    assert studio.document.undo_text == "Rectangle"
    canvas.drag((60, 50), (30, 40), (10, 10))
    assert shapes(studio) == (Rectangle(x=10, y=10, width=10, height=10),)
    canvas.click(100, 70)
    assert len(shapes(studio)) == 1


def test_undo_goes_back_through_all_edits(studio: Studio, canvas: FakeCanvas) -> None:
    """Undo restores every mask there was, one after the other, and redo every one again."""
    seen = [studio.project.replace.mask]
    choose(studio, "brush")
    canvas.drag((20, 30), (50, 30))
    seen.append(studio.project.replace.mask)
    choose(studio, "rectangle")
    canvas.drag((20, 20), (60, 50))
    seen.append(studio.project.replace.mask)
    canvas.drag((60, 50), (65, 55), (70, 60))
    seen.append(studio.project.replace.mask)
    choose(studio, "eraser")
    canvas.drag((30, 30), (40, 30))
    seen.append(studio.project.replace.mask)
    studio.view.set({"keying": True, "frame": 12})
    canvas.drag((30, 60), (40, 60))
    seen.append(studio.project.replace.mask)
    assert len(set(seen)) == 6
    for mask in reversed(seen[:-1]):
        studio.document.undo()
        assert studio.project.replace.mask == mask
    for mask in seen[1:]:
        studio.document.redo()
        assert studio.project.replace.mask == mask


def test_drawing_makes_key_frames_if_wanted(studio: Studio, canvas: FakeCanvas) -> None:
    """Without key frames a stroke counts in all frames, with them from the frame on that is seen. In a preview that is
    the clip's frame there."""
    choose(studio, "rectangle")
    studio.view.set({"frame": 30})
    canvas.drag((20, 20), (60, 50))
    studio.view.set({"keying": True, "frame": 12})
    canvas.drag((100, 20), (140, 50))
    studio.document.change("range", {"span": (5, 40)})
    studio.previews.state = Preview(first=5)
    studio.view.set({"showing": "preview", "frame": 20})
    canvas.drag((20, 60), (60, 80))
    keys = studio.project.replace.mask.keys
    assert [(key.frame, len(key.shapes)) for key in keys] == [(0, 1), (12, 2), (25, 3)]


def test_the_tool_is_there_on_its_page_alone(studio: Studio, canvas: FakeCanvas) -> None:
    """On another page, or with a result in view, the picture has no tool; chosen there, the clip is shown again."""
    choose(studio, "brush")
    assert canvas.tool is not None
    studio.view.set({"page": "extend"})
    assert canvas.tool is None
    studio.view.set({"page": "replace", "showing": "a result"})
    assert canvas.tool is None
    choose(studio, "polygon")
    assert studio.view.state.showing == "clip"
    assert canvas.tool is not None
    choose(studio, "none")
    assert canvas.tool is None


def test_a_patch_is_dragged_from_the_clip(studio: Studio, canvas: FakeCanvas) -> None:
    """A rectangle becomes the reference, in whole pixels within the picture, from the frame that is seen; a click is
    none. From a preview one gets to the clip."""
    studio.view.set({"showing": "preview", "frame": 7})
    choose(studio, "reference")
    assert studio.view.state.showing == "clip"
    canvas.click(30, 30)
    assert studio.project.replace.reference is None
    canvas.drag((120.5, 60.2), (150, 70), (200, 99))
    assert studio.project.replace.reference == Reference(x=120, y=60, width=40, height=30, frame=7)
    assert studio.project.replace.fill == "patch"
    assert studio.document.undo_text == "Choose patch"


def test_the_mask_is_seen_over_the_picture(studio: Studio, canvas: FakeCanvas) -> None:
    """What is masked is tinted at its place; a stroke is seen while it is drawn; switched off, nothing is."""
    empty = canvas.seen()
    mask = Mask(keys=(Key(frame=0, shapes=(square(20, 20, 20),)),))
    studio.document.change("mask", {"replace.mask": mask})
    assert canvas.changed_from(empty) == pytest.approx((20, 20, 40, 40), abs=1)
    choose(studio, "brush")
    studio.view.set({"brush_px": 5.0})
    canvas.press_at(100, 60)
    canvas.move_to(120, 60)
    assert canvas.changed_from(empty) == pytest.approx((20, 20, 125, 65), abs=1.5)
    canvas.release_at(120, 60)
    canvas.tool.leave()
    assert canvas.changed_from(empty) == pytest.approx((20, 20, 125, 65), abs=1.5)
    studio.view.set({"overlay": False})
    assert canvas.changed_from(empty) is None


def test_a_growing_stroke_looks_as_it_will(studio: Studio, canvas: FakeCanvas) -> None:
    """What is seen of a stroke before the button is released is what is seen of it afterwards, to the pixel."""
    choose(studio, "brush")
    studio.view.set({"brush_px": 7.0})
    canvas.press_at(30, 30)
    for x, y in ((50, 34), (90, 60), (60, 70), (40, 20)):
        canvas.move_to(x, y)
        canvas.seen()
    canvas.tool.leave()
    growing = canvas.seen()
    canvas.release_at(40, 20)
    assert canvas.changed_from(growing) is None


def test_neighbouring_keys_are_seen_as_outlines(studio: Studio, canvas: FakeCanvas) -> None:
    """With onion skin, the keys before and after show faintly where they are, and nowhere else."""
    boxes = tuple(Key(frame=frame, shapes=(square(x, 20, 20),)) for frame, x in ((0, 20), (10, 60), (20, 100)))
    studio.document.change("mask", {"replace.mask": Mask(keys=boxes)})
    studio.view.set({"frame": 10})
    without = canvas.changed_from(canvas.blank())
    assert without == pytest.approx((60, 20, 80, 40), abs=1)
    studio.view.set({"onion": True})
    assert canvas.changed_from(canvas.blank()) == pytest.approx((20, 20, 120, 40), abs=1)
