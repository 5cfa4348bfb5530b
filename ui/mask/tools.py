"""What the mouse and the pen draw in the picture: strokes, outlines, rectangles.

A tool holds what is being drawn until it is finished; then it is one change of the project.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen, QPolygonF

from ..document import Polygon, Rectangle, Reference, Stroke
from ..theme import COLOURS
from ..viewer.tool import pressure

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from ..document import Shape
    from ..studio import Studio
    from ..viewer.canvas import Canvas
    from ..viewer.tool import PointerEvent

LEAST_STEP_PX = 0.35
"""Of the brush's radius: points nearer to the last one add nothing."""

NEAR_PX = 10
LEAST_RADIUS = 0.15
"""Of the brush's, with the lightest touch of a pen."""

Add = "Callable[[Shape, str], None]"


class BrushTool:
    """Paints strokes, or erases."""

    cursor: QCursor | Qt.CursorShape = Qt.CursorShape.BlankCursor

    def __init__(self, studio: Studio, add: Callable[[Shape, str], None], *, erase: bool) -> None:
        self._studio, self._add, self._erase = studio, add, erase
        self._points: list[tuple[float, float]] = []
        self._radii: list[float] = []
        self._at: QPointF | None = None

    def press(self, event: PointerEvent, point: QPointF) -> None:
        self._points, self._radii = [], []
        self._append(event, point)

    def move(self, event: PointerEvent, point: QPointF) -> None:
        self._at = point
        if self._points:
            step = math.dist(self._points[-1], point.toTuple())
            if step >= LEAST_STEP_PX * max(1.0, self._radii[-1]):
                self._append(event, point)

    def release(self, event: PointerEvent, point: QPointF) -> None:
        del event, point
        if self._points:
            stroke = Stroke(points=tuple(self._points), radii=tuple(self._radii), erase=self._erase)
            self._points, self._radii = [], []
            text = "Erase" if self._erase else "Brush stroke"
            self._add(stroke, QCoreApplication.translate("Mask", text))

    def key(self, event: QKeyEvent) -> bool:
        sizes = {Qt.Key.Key_BracketLeft: 1 / 1.25, Qt.Key.Key_BracketRight: 1.25}
        factor = sizes.get(Qt.Key(event.key()))
        if factor is None:
            return False
        self._studio.view.set({"brush_px": min(500.0, max(1.0, self._studio.view.state.brush_px * factor))})
        return True

    def leave(self) -> None:
        self._at = None
        self._points, self._radii = [], []

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = COLOURS[self._studio.view.state.theme]
        scale = canvas.transform().m11()
        colour = QColor("#000000" if self._erase else colours.mask)
        colour.setAlpha(150)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for (x, y), radius in zip(self._points, self._radii, strict=True):
            painter.drawEllipse(canvas.to_widget(QPointF(x, y)), radius * scale, radius * scale)
        if self._at is not None:
            self._paint_circle(painter, canvas.to_widget(self._at), self._studio.view.state.brush_px * scale)

    def _paint_circle(self, painter: QPainter, at: QPointF, radius: float) -> None:
        # White within black is seen on any picture.
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, colour in ((3, "#000000"), (1, "#ffffff")):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.DashLine if self._erase else Qt.PenStyle.SolidLine))
            painter.drawEllipse(at, radius, radius)

    def _append(self, event: PointerEvent, point: QPointF) -> None:
        self._at = point
        self._points.append((round(point.x(), 2), round(point.y(), 2)))
        share = max(LEAST_RADIUS, pressure(event))
        self._radii.append(round(self._studio.view.state.brush_px * share, 2))


class PolygonTool:
    """A point with each click; the first point, a double click or Enter closes it, Backspace takes back, Esc ends."""

    cursor: QCursor | Qt.CursorShape = Qt.CursorShape.CrossCursor

    def __init__(self, studio: Studio, add: Callable[[Shape, str], None], canvas: Canvas) -> None:
        self._studio, self._add, self._canvas = studio, add, canvas
        self._points: list[tuple[float, float]] = []
        self._at: QPointF | None = None

    def press(self, event: PointerEvent, point: QPointF) -> None:
        if self._points:
            first = self._canvas.to_widget(QPointF(*self._points[0]))
            last = self._canvas.to_widget(QPointF(*self._points[-1]))
            near = math.dist(first.toTuple(), event.position().toTuple()) < NEAR_PX
            twice = math.dist(last.toTuple(), event.position().toTuple()) < 3
            if len(self._points) > 2 and (near or twice):
                self._close()
                return
            if twice:
                return
        self._points.append((round(point.x(), 2), round(point.y(), 2)))

    def move(self, event: PointerEvent, point: QPointF) -> None:
        del event
        self._at = point

    def release(self, event: PointerEvent, point: QPointF) -> None:
        """Points come with the press."""

    def key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if len(self._points) > 2:
                self._close()
            case Qt.Key.Key_Backspace if self._points:
                self._points.pop()
            case Qt.Key.Key_Escape if self._points:
                self._points.clear()
            case _:
                return False
        self._canvas.update()
        return True

    def leave(self) -> None:
        self._at = None

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        points = [canvas.to_widget(QPointF(*point)) for point in self._points]
        if points and self._at is not None:
            points.append(canvas.to_widget(self._at))
        _paint_outline(painter, QPolygonF(points), COLOURS[self._studio.view.state.theme].mask)
        for point in points:
            painter.fillRect(QRectF(point.x() - 3, point.y() - 3, 6, 6), QColor("#ffffff"))

    def _close(self) -> None:
        points, self._points = tuple(self._points), []
        self._add(Polygon(points=points), QCoreApplication.translate("Mask", "Outline"))


class RectangleTool:
    """Drags a rectangle: a part of the mask, or with ``choose`` the reference."""

    cursor: QCursor | Qt.CursorShape = Qt.CursorShape.CrossCursor

    def __init__(self, studio: Studio, done: Callable[[QRectF], None], *, colour: str) -> None:
        self._studio, self._done, self._colour = studio, done, colour
        self._from: QPointF | None = None
        self._to = QPointF()

    def press(self, event: PointerEvent, point: QPointF) -> None:
        del event
        self._from = self._to = self._inside(point)

    def move(self, event: PointerEvent, point: QPointF) -> None:
        del event
        self._to = self._inside(point)

    def release(self, event: PointerEvent, point: QPointF) -> None:
        self.move(event, point)
        if self._from is None:
            return
        drawn, self._from = QRectF(self._from, self._to).normalized(), None
        if drawn.width() >= 2 and drawn.height() >= 2:
            self._done(drawn)

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self._from is not None:
            self._from = None
            return True
        return False

    def leave(self) -> None:
        self._from = None

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        if self._from is not None:
            rect = QRectF(canvas.to_widget(self._from), canvas.to_widget(self._to)).normalized()
            _paint_outline(painter, QPolygonF(rect), getattr(COLOURS[self._studio.view.state.theme], self._colour))

    def _inside(self, point: QPointF) -> QPointF:
        clip = self._studio.project.clip
        height, width = clip.size_hw if clip is not None else (1, 1)
        return QPointF(min(max(point.x(), 0.0), width), min(max(point.y(), 0.0), height))


def rectangle_of(drawn: QRectF) -> Rectangle:
    """A drawn rectangle as a part of a mask."""
    sides = (drawn.x(), drawn.y(), drawn.width(), drawn.height())
    x, y, width, height = (round(value, 2) for value in sides)
    return Rectangle(x=x, y=y, width=width, height=height)


def reference_of(drawn: QRectF, size_hw: tuple[int, int], frame: int, path: str | None = None) -> Reference:
    """A drawn rectangle as the patch that fills a region: whole pixels inside the picture."""
    x, y = (min(int(value), side - 1) for value, side in zip((drawn.x(), drawn.y()), size_hw[::-1], strict=True))
    width, height = max(1, round(drawn.width())), max(1, round(drawn.height()))
    return Reference(
        x=x, y=y, width=min(width, size_hw[1] - x), height=min(height, size_hw[0] - y), frame=frame, path=path
    )


def _paint_outline(painter: QPainter, outline: QPolygonF, colour: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, ink, style in ((3, "#000000", Qt.PenStyle.SolidLine), (1.5, colour, Qt.PenStyle.DashLine)):
        painter.setPen(QPen(QColor(ink), width, style))
        painter.drawPolyline(outline)
