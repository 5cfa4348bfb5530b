"""The picture, and what is painted over it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QPainter, QTransform
from PySide6.QtWidgets import QWidget

from ..theme import COLOURS, paint_focus
from ..view import PREVIEW
from .geometry import Pane
from .hand import Hand
from .painting import Scaled, paint_badge, paint_edge, paint_message, paint_picture, paint_seam
from .said import badge_of, message_of, other_badge

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QPaintEvent, QTabletEvent, QWheelEvent

    from ..studio import Studio
    from .shown import Shown
    from .tool import Overlay, Tool

SIDE_GAP = 4
NOTCH = 120.0
WHEEL_STEP = 1.25


class Canvas(QWidget):
    """Paints what ``shown`` has, where the view says. ``overlays`` are painted over it, then the tool.

    ``painted`` is emitted when a picture is seen that wasn't before. Left button and pen are the tool's if there is
    one; the middle button, or the left one with the space bar, moves the picture; the wheel zooms.
    """

    painted = Signal()

    def __init__(self, studio: Studio, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.studio, self._shown = studio, shown
        self.overlays: list[Overlay] = []
        self.hand = Hand(self)
        self._tool: Tool | None = None
        self._now, self._then = Scaled(), Scaled()
        self._seen = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._framed = False
        self.setMouseTracking(True)
        self.setMinimumSize(160, 90)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Picture"))
        shown.changed.connect(self.update)

    @property
    def tool(self) -> Tool | None:
        return self._tool

    def set_tool(self, tool: Tool | None) -> None:
        """Let a tool have the left button and the pen; None for no tool."""
        if self._tool is not None and tool is not self._tool:
            self._tool.leave()
        self._tool = tool
        self.hand.show_cursor()
        self.update()

    def pane(self, *, clip: bool = False) -> Pane:
        """Where the picture is; side by side, the ``clip``'s or that of what is compared with it."""
        view, pictures = self.studio.view.state, self._shown.pictures
        area = QRectF(self.rect())
        if view.compare == "side":
            half = max(1.0, (area.width() - SIDE_GAP) / 2)
            area = QRectF(0.0 if clip else half + SIDE_GAP, 0.0, half, area.height())
        size_hw = pictures.size_hw if pictures is not None else (9, 16)
        aspect = pictures.sample_aspect if pictures is not None else Fraction(1)
        return Pane(area, size_hw, aspect, view.zoom, view.centre, self.devicePixelRatioF())

    def pane_at(self, point: QPointF) -> Pane:
        """Side by side, the one that a point of the widget lies in."""
        clip = self.pane(clip=True)
        return clip if clip.area.contains(point) else self.pane()

    def to_clip(self, point: QPointF) -> QPointF:
        """From the widget's pixels to the clip's, which may lie beside it."""
        return self.pane_at(point).to_clip(point)

    def to_widget(self, point: QPointF) -> QPointF:
        """From the clip's pixels to the widget's; side by side, to those of what is compared with the clip."""
        return self.pane().to_widget(point)

    def transform(self) -> QTransform:
        """From the clip's pixels to the widget's, for painting."""
        pane = self.pane()
        rect, (height, width) = pane.rect, pane.size_hw
        return QTransform(rect.width() / width, 0, 0, rect.height() / height, rect.left(), rect.top())

    def fit(self) -> None:
        """Show the whole picture."""
        self.studio.view.set({"zoom": None, "centre": (0.5, 0.5)})

    def zoom_to(self, zoom: float) -> None:
        """Device pixels a pixel of the clip; what is in the middle stays there."""
        self.zoom_by(100 * zoom / self.pane().percent)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Enlarge around a point of the widget, or around the middle."""
        pane = self.pane() if at is None else self.pane_at(at)
        zoom, centre = pane.zoomed(factor, pane.area.center() if at is None else at)
        self.studio.view.set({"zoom": zoom, "centre": centre})

    def seam_x(self) -> float | None:
        """Where the handle between before and after is; None where there is none."""
        if self.studio.view.state.compare != "wipe" or self._shown.image is None:
            return None
        rect = self.pane().rect.intersected(QRectF(self.rect()))
        return rect.left() + self.studio.view.state.wipe * rect.width()

    def set_seam(self, x: float) -> None:
        rect = self.pane().rect.intersected(QRectF(self.rect()))
        if rect.width():
            self.studio.view.set({"wipe": min(1.0, max(0.0, (x - rect.left()) / rect.width()))})

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        del event
        shown, colours = self._shown, COLOURS[self.studio.view.state.theme]
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.window)
        if shown.image is not None:
            self._paint_shown(painter, shown.image)
        message = message_of(self.studio, shown)
        if message is not None:
            paint_message(painter, message, QRectF(self.rect()), colours, over=shown.image is not None)
        if self._framed:
            paint_focus(painter, self.rect(), colours)
        painter.end()
        if shown.image is not None and shown.image.cacheKey() != self._seen:
            self._seen = shown.image.cacheKey()
            self.painted.emit()

    def _paint_shown(self, painter: QPainter, image: QImage) -> None:
        view, pane = self.studio.view.state, self.pane()
        colours = COLOURS[view.theme]
        if pane.rect.width() * pane.ratio > image.width() < pane.size_hw[1]:
            image = self._shown.sharp_image() or image
        paint_picture(painter, image, pane, self._now)
        if view.showing == PREVIEW:
            paint_edge(painter, pane.rect.intersected(pane.area), colours)
        x, left = self.seam_x(), self.pane(clip=True)
        if x is not None:
            painter.save()
            painter.setClipRect(QRectF(0, 0, x, self.height()))
            left = pane
        if view.compare != "none":
            self._paint_beside(painter, left)
        if x is not None:
            painter.restore()
        painter.save()
        painter.setClipRect(pane.area)
        for over in (*self.overlays, self._tool):
            if over is not None:
                painter.save()
                over.paint(painter, self)
                painter.restore()
        painter.restore()
        if x is not None:
            paint_seam(painter, x, pane.rect.intersected(pane.area), colours)
        if view.compare != "none":
            paint_badge(painter, other_badge(self.studio, self._shown), left.area, colours)
        paint_badge(painter, badge_of(self.studio), pane.area, colours, right=view.compare == "wipe")

    def _paint_beside(self, painter: QPainter, pane: Pane) -> None:
        """The clip's frame; where there is none, an empty picture."""
        beside = self._shown.beside
        if beside is not None:
            paint_picture(painter, beside, pane, self._then)
        elif self._shown.clip_frame() is None:
            colours = COLOURS[self.studio.view.state.theme]
            painter.fillRect(pane.rect.intersected(pane.area), colours.raised)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  # Qt's name
        turned = event.angleDelta().y()
        if turned and self._shown.image is not None:
            self.zoom_by(WHEEL_STEP ** (turned / NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        self.hand.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        self.hand.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        self.hand.release(event)

    def tabletEvent(self, event: QTabletEvent) -> None:  # noqa: N802  # Qt's name
        self.hand.pen(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        if self._tool is not None:
            self._tool.leave()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        """Who works with the mouse judges pictures here, without a frame around them."""
        self._framed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        self._framed = False
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        if self._tool is None or not self._tool.key(event):
            super().keyPressEvent(event)  # goes on to the viewer
