from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QInputDevice,
    QKeyEvent,
    QNativeGestureEvent,
    QPainter,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dtsgan.ui.media import ArrayPictures
from dtsgan.ui.previews import Preview
from dtsgan.ui.viewer.said import badge_of, message_of
from dtsgan.ui.viewer.tool import pressure

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from dtsgan.ui.document import Result
    from dtsgan.ui.studio import Studio
    from dtsgan.ui.viewer import Viewer
    from dtsgan.ui.viewer.canvas import Canvas
    from dtsgan.ui.viewer.tool import PointerEvent

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier


def grabbed(viewer: Viewer) -> QImage:
    return viewer.canvas.grab().toImage()


def level_at(viewer: Viewer, x: float, y: float) -> int:
    """Where a share of the canvas's width and height is."""
    image = grabbed(viewer)
    return image.pixelColor(int(x * image.width()), int(y * image.height())).green()


def show(qtbot: QtBot, studio: Studio, viewer: Viewer, showing: str, frame: int) -> None:
    """Wait until a frame is seen, and what it is compared with."""
    studio.view.set({"showing": showing, "frame": frame})
    shown = viewer.shown

    def there() -> bool:
        beside = studio.view.state.compare == "none" or shown.clip_frame() is None or shown.beside is not None
        return shown.number == frame and beside

    qtbot.waitUntil(there)


class Pencil:
    """A tool that notes what happens to it, and paints a square of ten pixels of the clip at its top left corner."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self) -> None:
        self.notes: list[tuple[str, int, int, float]] = []
        self.keys: list[int] = []
        self.left = 0

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        painter.setTransform(canvas.transform(), combine=True)
        painter.fillRect(0, 0, 10, 10, QColor("#00ff00"))

    def press(self, event: PointerEvent, point: QPointF) -> None:
        self._note("press", event, point)

    def move(self, event: PointerEvent, point: QPointF) -> None:
        self._note("move", event, point)

    def release(self, event: PointerEvent, point: QPointF) -> None:
        self._note("release", event, point)

    def key(self, event: QKeyEvent) -> bool:
        self.keys.append(event.key())
        return event.key() == Qt.Key.Key_BracketLeft

    def leave(self) -> None:
        self.left += 1

    def _note(self, what: str, event: PointerEvent, point: QPointF) -> None:
        self.notes.append((what, round(point.x()), round(point.y()), pressure(event)))


@pytest.fixture
def pencil(watched: Viewer) -> Pencil:
    made = Pencil()
    watched.canvas.set_tool(made)
    return made


def at(viewer: Viewer, x: float, y: float) -> QPoint:
    return viewer.canvas.to_widget(QPointF(x, y)).toPoint()


def test_the_picture_is_painted(qtbot: QtBot, studio: Studio, watched: Viewer) -> None:
    """The frame that the view says, and no other."""
    for frame in (7, 33):
        show(qtbot, studio, watched, "clip", frame)
        assert level_at(watched, 0.5, 0.5) == pytest.approx(20 + 3 * frame, abs=2)


def test_a_wipe_shows_the_clip_on_the_left(qtbot: QtBot, studio: Studio, watched: Viewer, loop: Result) -> None:
    """Left of the line is the clip's corresponding frame, right of it the result's."""
    studio.view.set({"compare": "wipe", "wipe": 0.6})
    show(qtbot, studio, watched, loop.id, 25)
    assert level_at(watched, 0.5, 0.7) == pytest.approx(20 + 3 * 35, abs=2)
    assert level_at(watched, 0.7, 0.7) == pytest.approx(200 - 25, abs=2)


def test_side_by_side(qtbot: QtBot, studio: Studio, watched: Viewer, loop: Result) -> None:
    """The clip's corresponding frame is on the left, whole, what it is compared with on the right."""
    studio.view.set({"compare": "side"})
    show(qtbot, studio, watched, loop.id, 10)
    for x in (0.03, 0.25, 0.47):
        assert level_at(watched, x, 0.5) == pytest.approx(20 + 3 * 20, abs=2)
        assert level_at(watched, x + 0.5, 0.5) == pytest.approx(200 - 10, abs=2)


def test_a_new_frame_is_compared_with_nothing(qtbot: QtBot, studio: Studio, watched: Viewer, loop: Result) -> None:
    """Where the clip has no such frame, an empty picture says so, rather than another frame."""
    studio.view.set({"compare": "side"})
    show(qtbot, studio, watched, loop.id, 45)
    assert watched.shown.beside is None
    assert level_at(watched, 0.25, 0.5) < 60
    assert level_at(watched, 0.75, 0.5) == pytest.approx(155, abs=2)


def test_the_clip_compared_with_itself_is_the_same(qtbot: QtBot, studio: Studio, watched: Viewer) -> None:
    """Nothing is fetched twice, and both sides agree."""
    studio.view.set({"compare": "side"})
    show(qtbot, studio, watched, "clip", 12)
    assert level_at(watched, 0.25, 0.5) == level_at(watched, 0.75, 0.5)


def test_a_preview_is_stretched_over_the_clip(qtbot: QtBot, studio: Studio, watched: Viewer) -> None:
    """Its small pictures lie where the clip's are, its first is the in point's, and a dashed edge says what it is."""
    studio.document.change("", {"span": (10, 60)})
    frames = np.full((50, 12, 16, 3), 90, np.uint8)
    pictures = ArrayPictures(frames, rate=Fraction(25), size_hw=(48, 64), parent=studio)
    before = watched.canvas.pane().rect
    studio.previews.state = Preview(state="ready", pictures=pictures, first=10)
    studio.view.set({"compare": "wipe", "wipe": 0.5})
    show(qtbot, studio, watched, "preview", 20)
    assert watched.canvas.pane().rect == before
    assert level_at(watched, 0.7, 0.7) == 90
    assert level_at(watched, 0.3, 0.7) == pytest.approx(20 + 3 * 30, abs=2)


def test_badges_tell_what_is_real(studio: Studio, watched: Viewer, loop: Result) -> None:
    """Words and kinds differ for clip, result and preview; the corner has another look for each."""
    said, looks = [], []
    for showing in ("clip", loop.id, "preview"):
        studio.view.set({"showing": showing})
        said.append(badge_of(studio))
    assert [badge.text for badge in said] == ["Clip", "Result: Loop, seed 3", "PREVIEW: small, not saved"]
    assert len({badge.kind for badge in said}) == 3
    studio.previews.state = Preview(
        pictures=ArrayPictures(np.zeros((1, 8, 8, 3), np.uint8), rate=Fraction(25), size_hw=(48, 64), parent=studio)
    )
    for showing in ("clip", "preview"):
        studio.view.set({"showing": showing})
        corner = watched.canvas.grab().copy(12, 12, 24, 20).toImage()
        looks.append(bytes(corner.convertToFormat(corner.Format.Format_RGB32).constBits()))
    assert looks[0] != looks[1]


def test_what_is_missing_is_said(qtbot: QtBot, studio: Studio, watched: Viewer, film: Path) -> None:
    """A clip that vanishes leaves its last picture, with words over it."""
    assert message_of(studio, watched.shown) is None
    film.unlink()
    qtbot.waitUntil(lambda: watched.shown.problem is not None)
    message = message_of(studio, watched.shown)
    assert message is not None
    assert "film.mp4 is no longer where it was" in message.problem
    assert level_at(watched, 0.5, 0.5) == pytest.approx(20, abs=2)
    studio.view.set({"showing": "preview"})
    message = message_of(studio, watched.shown)
    assert message is not None
    assert message.problem == "There is no preview yet."


def test_transparent_parts_show_squares(qtbot: QtBot, studio: Studio, watched: Viewer) -> None:
    """Nothing is told from black by light and dark squares."""
    frames = np.zeros((1, 48, 64, 4), np.uint8)
    frames[..., 3] = 0
    pictures = ArrayPictures(frames, rate=Fraction(25), size_hw=(48, 64), parent=studio)
    studio.previews.state = Preview(state="ready", pictures=pictures, first=10)
    show(qtbot, studio, watched, "preview", 0)
    image = grabbed(watched)
    middle = range(image.width() // 2, image.width() // 2 + 32)
    assert {image.pixelColor(x, image.height() // 2).name() for x in middle} == {"#c8c8c8", "#8e8e8e"}


def test_far_zoomed_in_pixels_are_squares(qtbot: QtBot, studio: Studio, watched: Viewer) -> None:
    """At 800 % a pixel is eight equal ones; scaled down, fine stripes become an even grey."""
    frames = np.zeros((1, 480, 640, 3), np.uint8)
    frames[:, :, 1::2] = 200
    pictures = ArrayPictures(frames, rate=Fraction(25), size_hw=(480, 640), parent=studio)
    studio.previews.state = Preview(state="ready", pictures=pictures, first=10)
    studio.view.set({"zoom": 8.0})
    show(qtbot, studio, watched, "preview", 0)
    image = grabbed(watched)
    x = watched.canvas.to_widget(QPointF(320, 240)).toPoint().x()
    row = [image.pixelColor(x + each, image.height() // 2).green() for each in range(16)]
    assert row == [0] * 8 + [200] * 8
    studio.view.set({"zoom": 0.5})
    image = grabbed(watched)
    row = [image.pixelColor(x, image.height() // 2).green() for x in range(image.width() // 2, image.width() // 2 + 9)]
    assert max(row) - min(row) < 20
    assert 80 < np.mean(row) < 120


def test_points_of_the_clip_and_back(studio: Studio, watched: Viewer) -> None:
    """However it is zoomed and compared, both ways agree, and the transform too."""
    canvas, point = watched.canvas, QPointF(13.5, 40.25)
    for view in ({}, {"zoom": 20.0, "centre": (0.1, 0.8)}, {"compare": "side"}, {"compare": "wipe", "zoom": None}):
        studio.view.set(view)
        assert (canvas.to_clip(canvas.to_widget(point)) - point).manhattanLength() < 1e-6
        assert (canvas.transform().map(point) - canvas.to_widget(point)).manhattanLength() < 1e-6
    studio.view.set({"compare": "side"})
    left = canvas.pane(clip=True).to_widget(point)
    assert left.x() < canvas.width() / 2 < canvas.to_widget(point).x()
    assert (canvas.to_clip(left) - point).manhattanLength() < 1e-6


def test_the_wheel_zooms_around_the_pointer(studio: Studio, watched: Viewer) -> None:
    """What is under it stays there."""
    studio.view.set({"zoom": 20.0})
    place = QPointF(watched.canvas.width() * 0.7, watched.canvas.height() * 0.3)
    before = watched.canvas.to_clip(place)
    turn = QWheelEvent(
        place, place, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(watched.canvas, turn)
    assert studio.view.state.zoom == pytest.approx(25)
    assert (watched.canvas.to_clip(place) - before).manhattanLength() < 0.2


def test_two_fingers_zoom_around_themselves(studio: Studio, watched: Viewer) -> None:
    """A pinch on a touchpad makes the picture larger where it is made."""
    studio.view.set({"zoom": 20.0})
    place = QPointF(watched.canvas.width() * 0.3, watched.canvas.height() * 0.6)
    before, pad = watched.canvas.to_clip(place), QPointingDevice.primaryPointingDevice()
    kind = Qt.NativeGestureType.ZoomNativeGesture
    pinch = QNativeGestureEvent(kind, pad, 2, place, place, place, 0.1, QPointF())
    QApplication.sendEvent(watched.canvas, pinch)
    assert studio.view.state.zoom == pytest.approx(22)
    assert (watched.canvas.to_clip(place) - before).manhattanLength() < 0.2


@pytest.mark.parametrize("with_space", [False, True])
def test_dragging_moves_the_picture(studio: Studio, watched: Viewer, pencil: Pencil, with_space: bool) -> None:
    """With the middle button, or the left one and the space bar, also while a tool is at work; space then doesn't
    play."""
    studio.view.set({"zoom": 40.0})
    canvas, button = watched.canvas, LEFT if with_space else MIDDLE
    start, end = QPoint(300, 200), QPoint(360, 170)
    held = canvas.to_clip(QPointF(start))
    if with_space:
        QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.mousePress(canvas, button, NONE, start)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, button, NONE, end)
    if with_space:
        QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert (canvas.to_clip(QPointF(end)) - held).manhattanLength() < 0.2
    assert studio.view.state.speed == 0
    assert not [note for note in pencil.notes if note[0] in ("press", "release")]


def test_the_wipes_handle_is_dragged(qtbot: QtBot, studio: Studio, watched: Viewer, loop: Result) -> None:
    """Anywhere on its line; where the mouse lets go it stays, within the picture."""
    studio.view.set({"compare": "wipe"})
    show(qtbot, studio, watched, loop.id, 0)
    canvas, rect = watched.canvas, watched.canvas.pane().rect
    for share, expected in ((0.25, 0.25), (1.4, 1.0)):
        x = canvas.seam_x()
        assert x is not None
        QTest.mousePress(canvas, LEFT, NONE, QPoint(round(x), 80))
        QTest.mouseMove(canvas, QPoint(round(rect.left() + share * rect.width()), 90))
        QTest.mouseRelease(canvas, LEFT, NONE, QPoint(round(rect.left() + share * rect.width()), 90))
        assert studio.view.state.wipe == pytest.approx(expected, abs=0.01)


def test_a_tool_gets_points_of_the_clip(watched: Viewer, pencil: Pencil) -> None:
    """Pressed, moved and released, in the clip's pixels, a mouse with full pressure."""
    canvas = watched.canvas
    QTest.mousePress(canvas, LEFT, NONE, at(watched, 10, 20))
    QTest.mouseMove(canvas, at(watched, 30, 40))
    QTest.mouseRelease(canvas, LEFT, NONE, at(watched, 30, 40))
    assert pencil.notes == [("press", 10, 20, 1.0), ("move", 30, 40, 1.0), ("release", 30, 40, 1.0)]


def test_a_pens_pressure_reaches_the_tool(watched: Viewer, pencil: Pencil) -> None:
    """Each event of a pen brings its own; without a tool the pen is left to be a mouse."""
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Pressure,
        1,
        1,
    )

    def pen(kind: QEvent.Type, hard: float, buttons: Qt.MouseButton) -> QTabletEvent:
        place = QPointF(at(watched, 20, 20))
        event = QTabletEvent(kind, device, place, place, hard, 0, 0, 0, 0, 0, NONE, LEFT, buttons)
        QApplication.sendEvent(watched.canvas, event)
        return event

    assert pen(QEvent.Type.TabletPress, 0.25, LEFT).isAccepted()
    pen(QEvent.Type.TabletMove, 0.75, LEFT)
    pen(QEvent.Type.TabletRelease, 0.0, Qt.MouseButton.NoButton)
    assert [(note[0], round(note[3], 2)) for note in pencil.notes] == [
        ("press", 0.25),
        ("move", 0.75),
        ("release", 0.0),
    ]
    watched.canvas.set_tool(None)
    assert not pen(QEvent.Type.TabletPress, 0.5, LEFT).isAccepted()


def test_a_tool_paints_and_has_the_first_word_on_keys(studio: Studio, watched: Viewer, pencil: Pencil) -> None:
    """It paints over the picture, takes its own keys, and leaves the others to the player."""
    image = grabbed(watched)
    place = at(watched, 5, 5) + QPoint(0, 40)  # below the badge
    assert image.pixelColor(place).name() == "#00ff00"
    QTest.keyClick(watched.canvas, Qt.Key.Key_BracketLeft)
    QTest.keyClick(watched.canvas, Qt.Key.Key_End)
    assert pencil.keys[0] == Qt.Key.Key_BracketLeft
    assert studio.view.state.frame == 59
    assert watched.canvas.cursor().shape() == Qt.CursorShape.CrossCursor


def test_a_tool_that_is_put_away_is_told(watched: Viewer, pencil: Pencil) -> None:
    """When the pointer leaves, and when another tool takes its place."""
    QApplication.sendEvent(watched.canvas, QEvent(QEvent.Type.Leave))
    assert pencil.left == 1
    watched.canvas.set_tool(None)
    assert pencil.left == 2
    assert watched.canvas.tool is None


def test_overlays_are_painted_over_the_picture(watched: Viewer) -> None:
    """As many as there are, in their order, the tool last."""
    order: list[str] = []

    class Overlay:
        def __init__(self, name: str) -> None:
            self.name = name

        def paint(self, painter: QPainter, canvas: Canvas) -> None:
            del painter, canvas
            order.append(self.name)

    watched.canvas.overlays += [Overlay("first"), Overlay("second")]
    watched.canvas.grab()
    assert order[:2] == ["first", "second"]


def test_zoomed_in_a_large_clip_is_seen_in_its_own_pixels(
    qtbot: QtBot, studio: Studio, viewer: Viewer, long_uhd: Path
) -> None:
    """What was made smaller to be played is fetched whole while it stands still, and nowhere else."""
    studio.opening.open_clip(long_uhd)
    qtbot.waitUntil(lambda: viewer.shown.image is not None)
    assert viewer.shown.pictures is not None
    viewer.canvas.grab()
    assert viewer.shown.image is not None
    assert viewer.shown.image.width() == 1920
    studio.view.set({"zoom": 2.0})
    with qtbot.waitSignal(viewer.shown.pictures.sharpened):
        viewer.canvas.grab()
    image = viewer.shown.sharp_image()
    assert image is not None
    assert image.width() == 3840
    studio.view.set({"speed": 1.0})
    assert viewer.shown.sharp_image() is viewer.shown.image
    studio.view.set({"speed": 0.0})
