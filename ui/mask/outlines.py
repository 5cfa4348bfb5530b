"""The tools that draw outlines: polygon and rectangle. Their points can be dragged afterwards."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ..document import Polygon, Rectangle
from .handles import NEAR_PX, Handle, dragged, nearest, paint_frame, paint_handles, paint_point, rectangle

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ..viewer.canvas import Canvas
    from ..viewer.tool import PointerEvent
    from .editing import Editing

MERGE = "mask point"
LEAST_CORNERS = 3


class Outline:
    """What both have in common: dragging points of shapes of one kind."""

    kind: ClassVar[type]

    def __init__(self, editing: Editing, canvas: Canvas) -> None:
        self._editing, self._canvas = editing, canvas
        self._hovered: Handle | None = None
        self._held: Handle | None = None
        self._at: QPointF | None = None

    @property
    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.SizeAllCursor if self._hovered or self._held else Qt.CursorShape.CrossCursor

    def move(self, event: PointerEvent, point: QPointF) -> None:
        del event
        self._at = point
        if self._held is not None:
            self._drag(self._held, point)
        else:
            self._hovered = None if self._drawing() else self._near(point)
        self._canvas.update()

    def release(self, event: PointerEvent, point: QPointF) -> None:
        del event, point
        if self._held is not None:
            self._held = None
            self._editing.studio.document.end_merge()

    def leave(self) -> None:
        self._at = self._hovered = None
        self._canvas.update()

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        if self._editing.studio.view.state.overlay:
            paint_handles(painter, canvas, self._editing.shapes, self.kind, self._held or self._hovered)

    def _drawing(self) -> bool:
        """Whether a shape has begun that isn't finished."""
        raise NotImplementedError

    def _near(self, point: QPointF) -> Handle | None:
        return nearest(self._editing.shapes, self.kind, point, self._canvas)

    def _grab(self, point: QPointF) -> bool:
        self._held = self._near(point)
        return self._held is not None

    def _drag(self, handle: Handle, point: QPointF) -> None:
        shapes = self._editing.shapes
        if handle.place >= len(shapes):
            return  # undone meanwhile
        shape = dragged(shapes[handle.place], handle, point)
        text = QCoreApplication.translate("Mask", "Move shape" if handle.corner < 0 else "Move point")
        self._editing.exchange(handle.place, shape, text, merge=MERGE)
        # A corner dragged past another one is that one now; all of it moves from where it is.
        self._held = Handle(handle.place, handle.corner, round(point.x(), 2), round(point.y(), 2))
        if self.kind is Rectangle and handle.corner >= 0:
            self._held = self._near(point) or self._held


class PolygonTool(Outline):
    """Click for each point. A double click, a click on the first point or Enter closes it; Backspace takes the last
    point back, Escape all."""

    kind = Polygon

    def __init__(self, editing: Editing, canvas: Canvas) -> None:
        super().__init__(editing, canvas)
        self._points: tuple[tuple[float, float], ...] = ()

    def press(self, event: PointerEvent, point: QPointF) -> None:
        del event
        self._at = point
        if not self._points and self._grab(point):
            return
        # A double click is two: the second one is where the last point is.
        if self._points and (self._is_at(point, self._points[-1]) or self._is_at(point, self._points[0])):
            self._close()
        else:
            self._points = (*self._points, (round(point.x(), 2), round(point.y(), 2)))
        self._canvas.update()

    def key(self, event: QKeyEvent) -> bool:
        if not self._points:
            return False
        key = Qt.Key
        if event.key() in (key.Key_Return, key.Key_Enter):
            self._close()
        elif event.key() == key.Key_Backspace:
            self._points = self._points[:-1]
        elif event.key() == key.Key_Escape:
            self._points = ()
        else:
            return False
        self._canvas.update()
        return True

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        super().paint(painter, canvas)
        if not self._points:
            return
        corners = [canvas.to_widget(QPointF(x, y)) for x, y in self._points]
        end = [] if self._at is None else [canvas.to_widget(self._at)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((Qt.GlobalColor.black, 3.5), (Qt.GlobalColor.white, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawPolyline(QPolygonF([*corners, *end]))
        for number, corner in enumerate(corners):
            paint_point(painter, corner, large=number == 0 and len(corners) >= LEAST_CORNERS)

    def _drawing(self) -> bool:
        return bool(self._points)

    def _is_at(self, point: QPointF, corner: tuple[float, float]) -> bool:
        at, there = self._canvas.to_widget(point), self._canvas.to_widget(QPointF(*corner))
        return math.hypot(there.x() - at.x(), there.y() - at.y()) <= NEAR_PX

    def _close(self) -> None:
        """Make it a shape, if it has an inside."""
        if len(self._points) < LEAST_CORNERS:
            return
        points, self._points = self._points, ()
        self._editing.add(Polygon(points=points), QCoreApplication.translate("Mask", "Polygon"))


class RectangleTool(Outline):
    """Drag from corner to corner."""

    kind = Rectangle

    def __init__(self, editing: Editing, canvas: Canvas) -> None:
        super().__init__(editing, canvas)
        self._start: QPointF | None = None

    def press(self, event: PointerEvent, point: QPointF) -> None:
        del event
        self._at = point
        if not self._grab(point):
            self._start = point

    def release(self, event: PointerEvent, point: QPointF) -> None:
        super().release(event, point)
        start, self._start = self._start, None
        if start is not None:
            shape = rectangle((round(start.x(), 2), round(start.y(), 2)), (round(point.x(), 2), round(point.y(), 2)))
            if shape.width >= 1 and shape.height >= 1:
                self._editing.add(shape, QCoreApplication.translate("Mask", "Rectangle"))
        self._canvas.update()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self._start is not None:
            self._start = None
            self._canvas.update()
            return True
        return False

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        super().paint(painter, canvas)
        if self._start is not None and self._at is not None:
            paint_frame(painter, canvas, self._start, self._at)

    def _drawing(self) -> bool:
        return self._start is not None
