"""What a page lets people do in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QTabletEvent

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QCursor, QKeyEvent, QPainter

    from .canvas import Canvas

PointerEvent = QMouseEvent | QTabletEvent


class Overlay(Protocol):
    """Something painted over the picture, in the widget's pixels: ``canvas.to_widget`` and ``canvas.transform`` lead
    there from the clip's."""

    def paint(self, painter: QPainter, canvas: Canvas) -> None: ...


class Tool(Overlay, Protocol):
    """What the left mouse button and the pen do. Points are in pixels of the clip, and may lie beside it; ``move``
    comes with no button pressed, too. ``leave`` comes when the pointer goes away."""

    @property
    def cursor(self) -> QCursor | Qt.CursorShape: ...

    def press(self, event: PointerEvent, point: QPointF) -> None: ...

    def move(self, event: PointerEvent, point: QPointF) -> None: ...

    def release(self, event: PointerEvent, point: QPointF) -> None: ...

    def key(self, event: QKeyEvent) -> bool:
        """A key pressed; whether it meant something to the tool. The others are the player's."""
        ...

    def leave(self) -> None: ...


def pressure(event: PointerEvent) -> float:
    """How hard a pen is pressed, 0 to 1; a mouse presses fully."""
    return float(event.pressure()) if isinstance(event, QTabletEvent) else 1.0
