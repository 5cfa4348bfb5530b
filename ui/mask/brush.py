"""The brush, and the eraser."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPointingDevice, QTabletEvent

from ..document import Stroke
from ..viewer.tool import pressure

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ..viewer.canvas import Canvas
    from ..viewer.tool import PointerEvent
    from .editing import Editing
    from .overlay import MaskOverlay

LEAST_PX, MOST_PX = 1.0, 500.0
STEP = 1.2
"""By which a key makes the brush larger."""

LIGHTEST = 0.1
"""Of the radius: a pen that hardly touches."""

SPACING = 0.12
"""Of the radius, between the points that are kept of a line."""


class Brush:
    """Paints a line of round dabs, or with ``erase`` takes away; so does a pen's other end. A pen's pressure sets how
    wide it is."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, editing: Editing, layer: MaskOverlay, canvas: Canvas, *, erase: bool) -> None:
        self._editing, self._layer, self._canvas, self._erase = editing, layer, canvas, erase
        self._at: QPointF | None = None
        self._stroke: Stroke | None = None

    def press(self, event: PointerEvent, point: QPointF) -> None:
        self._at = point
        other_end = (
            isinstance(event, QTabletEvent) and event.pointerType() == QPointingDevice.PointerType.Eraser
        )  # a pen turned around
        self._stroke = Stroke(points=(), radii=(), erase=self._erase or other_end)
        self._go(event, point)

    def move(self, event: PointerEvent, point: QPointF) -> None:
        self._at = point
        if self._stroke is not None:
            self._go(event, point)
        self._canvas.update()

    def release(self, event: PointerEvent, point: QPointF) -> None:
        del event, point
        stroke, self._stroke = self._stroke, None
        self._layer.follow(None)
        if stroke is not None:
            say = QCoreApplication.translate
            self._editing.add(stroke, say("Mask", "Eraser stroke") if stroke.erase else say("Mask", "Brush stroke"))
        self._canvas.update()

    def key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_BracketLeft: -1, Qt.Key.Key_BracketRight: 1}.get(Qt.Key(event.key()))
        if steps is not None:
            view = self._editing.studio.view
            view.set({"brush_px": resized(view.state.brush_px, steps)})
        elif event.key() == Qt.Key.Key_Escape and self._stroke is not None:
            self._stroke = None
            self._layer.follow(None)
        else:
            return False
        self._canvas.update()
        return True

    def leave(self) -> None:
        self._at = None
        self._canvas.update()

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """A circle as large as the brush, seen over light and dark."""
        if self._at is None:
            return
        radius = self._editing.studio.view.state.brush_px
        middle, side = canvas.to_widget(self._at), canvas.to_widget(self._at + QPointF(radius, radius))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((Qt.GlobalColor.black, 3.0), (Qt.GlobalColor.white, 1.2)):
            line = Qt.PenStyle.DashLine if self._erase and width < 3 else Qt.PenStyle.SolidLine
            painter.setPen(QPen(colour, width, line))
            painter.drawEllipse(middle, side.x() - middle.x(), side.y() - middle.y())

    def _go(self, event: PointerEvent, point: QPointF) -> None:
        """Take the stroke on to a point, unless that is hardly another one."""
        assert self._stroke is not None
        stroke, radius = self._stroke, self._editing.studio.view.state.brush_px
        radius = round(max(LEAST_PX / 2, radius * max(LIGHTEST, pressure(event))), 2)
        here = (round(point.x(), 2), round(point.y(), 2))
        if stroke.points:
            far = math.dist(here, stroke.points[-1])
            if far < max(1.0, SPACING * radius) and abs(radius - stroke.radii[-1]) < max(0.5, SPACING * radius):
                return
        self._stroke = Stroke(points=(*stroke.points, here), radii=(*stroke.radii, radius), erase=stroke.erase)
        self._layer.follow(self._stroke)


def resized(radius_px: float, steps: int) -> float:
    """The brush some key presses larger, or smaller."""
    return min(MOST_PX, max(LEAST_PX, round(radius_px * STEP**steps, 1)))
