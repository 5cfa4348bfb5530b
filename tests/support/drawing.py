"""A canvas for the mask's tools, and hands that use it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import structs
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QInputDevice, QKeyEvent, QMouseEvent, QPainter, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QWidget

from dtsgan.ui.document import Footage, Rectangle, Stroke

if TYPE_CHECKING:
    from pathlib import Path

    from dtsgan.ui.studio import Studio

LEFT = Qt.MouseButton.LeftButton
HELD = Qt.KeyboardModifier.NoModifier


def with_clip(
    studio: Studio, path: Path | str = "/clips/fire.mp4", *, frames: int = 50, size_hw: tuple[int, int]
) -> None:
    """Give the project a clip, there or not, and look at it on the page."""
    clip = Footage(path=str(path), frames=frames, rate=Fraction(25), size_hw=size_hw)
    studio.document.record(lambda project: structs.replace(project, clip=clip))
    studio.view.set({"page": "replace"})


class FakeCanvas(QWidget):
    """Shows a clip at so many pixels a pixel, from so far right and down."""

    def __init__(self, *, scale: float = 2.0, offset: tuple[float, float] = (10.0, 6.0)) -> None:
        super().__init__()
        self.overlays: list[Any] = []
        self.tool: Any = None
        self._scale, self._offset = scale, QPointF(*offset)
        self.setMouseTracking(True)

    def set_tool(self, tool: Any) -> None:
        if self.tool is not None and tool is not self.tool:
            self.tool.leave()
        self.tool = tool

    def to_clip(self, point: QPointF) -> QPointF:
        return (point - self._offset) / self._scale

    def to_widget(self, point: QPointF) -> QPointF:
        return point * self._scale + self._offset

    def paintEvent(self, event: Any) -> None:  # noqa: N802
        del event
        painter = QPainter(self)
        for over in (*self.overlays, self.tool):
            if over is not None:
                painter.save()
                over.paint(painter, self)
                painter.restore()
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.tool.press(event, self.to_clip(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.tool.move(event, self.to_clip(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.tool.release(event, self.to_clip(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if not self.tool.key(event):
            super().keyPressEvent(event)

    def drag(self, *points: tuple[float, float]) -> None:
        """With the left button, along points of the clip."""
        self._mouse(QEvent.Type.MouseButtonPress, points[0])
        for point in points[1:]:
            self._mouse(QEvent.Type.MouseMove, point)
        self._mouse(QEvent.Type.MouseButtonRelease, points[-1])

    def click(self, x: float, y: float) -> None:
        self.drag((x, y))

    def hover(self, x: float, y: float) -> None:
        self._mouse(QEvent.Type.MouseMove, (x, y), button=Qt.MouseButton.NoButton)

    def press_at(self, x: float, y: float) -> None:
        self._mouse(QEvent.Type.MouseButtonPress, (x, y))

    def move_to(self, x: float, y: float) -> None:
        self._mouse(QEvent.Type.MouseMove, (x, y))

    def release_at(self, x: float, y: float) -> None:
        self._mouse(QEvent.Type.MouseButtonRelease, (x, y))

    def seen(self) -> np.ndarray:
        """What is painted now, (H, W, 4) uint8."""
        image = self.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
        return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()

    def blank(self) -> np.ndarray:
        """What is painted where there is nothing."""
        return np.broadcast_to(self.seen()[-1, -1], self.seen().shape)

    def changed_from(self, before: np.ndarray) -> tuple[float, float, float, float] | None:
        """Left, top, right and bottom, in pixels of the clip, of what is painted another way now; None for nothing."""
        changed = (self.seen() != before).any(2)
        rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
        if not len(rows):
            return None
        corner = self.to_clip(QPointF(float(columns[0]), float(rows[0])))
        other = self.to_clip(QPointF(float(columns[-1] + 1), float(rows[-1] + 1)))
        return corner.x(), corner.y(), other.x(), other.y()

    def double_click(self, x: float, y: float) -> None:
        """As Qt tells of it: the second press has a name of its own."""
        self.click(x, y)
        self._mouse(QEvent.Type.MouseButtonDblClick, (x, y))
        self._mouse(QEvent.Type.MouseButtonRelease, (x, y))

    def pen(self, *points: tuple[float, float, float], eraser: bool = False) -> None:
        """A pen along (x, y, pressure) of the clip, at the tool directly: Qt has no way to send a window a pen."""
        kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * (len(points) - 1)]
        for kind, (x, y, pressure) in zip(kinds, points, strict=True):
            event = _pen(kind, self.to_widget(QPointF(x, y)), pressure, eraser=eraser)
            (self.tool.press if kind == QEvent.Type.TabletPress else self.tool.move)(event, QPointF(x, y))
        x, y, _ = points[-1]
        event = _pen(QEvent.Type.TabletRelease, self.to_widget(QPointF(x, y)), 0.0, eraser=eraser)
        self.tool.release(event, QPointF(x, y))

    def _mouse(self, kind: QEvent.Type, point: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
        at = self.to_widget(QPointF(*point))
        pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        changed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
        event = QMouseEvent(kind, at, self.mapToGlobal(at), changed, pressed, HELD)
        self.event(event)


PENS: dict[bool, QPointingDevice] = {}
"""The two ends of a pen; events know them by their place in memory alone."""


def _pen(kind: QEvent.Type, at: QPointF, pressure: float, *, eraser: bool) -> QTabletEvent:
    if eraser not in PENS:
        end = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
        stylus, presses = QInputDevice.DeviceType.Stylus, QInputDevice.Capability.Pressure
        PENS[eraser] = QPointingDevice("pen", 7, stylus, end, presses, 1, 1)
    device = PENS[eraser]
    pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
    return QTabletEvent(kind, device, at, at, pressure, 0.0, 0.0, 0.0, 0.0, 0.0, HELD, LEFT, pressed)


def stroke(*points: tuple[float, float], radius: float = 3.0, erase: bool = False) -> Stroke:
    return Stroke(points=points, radii=(radius,) * len(points), erase=erase)


def square(x: float, y: float, side: float, *, erase: bool = False) -> Rectangle:
    return Rectangle(x=x, y=y, width=side, height=side, erase=erase)
