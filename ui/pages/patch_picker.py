"""Choosing a patch from another clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QSizePolicy, QSlider, QVBoxLayout, QWidget

from ..mask.patch import LEAST_PX, choose_patch, patch_between
from ..parts import GAP, MARGIN, hint, set_role
from ..theme import COLOURS, dress

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from ..media import Pictures
    from ..studio import Studio

STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
KEY_STEPS = 40
"""Key presses across the picture."""


class PatchPicker(QDialog):
    """Shows a clip, in which a rectangle is dragged; accepted, that is the project's patch. It is taken from the clip's
    first frame on, whichever is seen here."""

    def __init__(self, studio: Studio, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._path = studio, path
        self.setWindowTitle(self.tr("Patch from {name}").format(name=path.name))
        self.pictures = studio.media.open_now(path)
        self.frame = PatchFrame(self.pictures, COLOURS[studio.view.state.theme].new)
        self.text = hint(self.tr("Opening the clip…"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Frame"))
        self.slider.setToolTip(self.tr("Look at other frames of the clip"))
        self.slider.setEnabled(False)
        self.slider.valueChanged.connect(self.frame.show_frame)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._use = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._use.setText(self.tr("Use this patch"))
        self._use.setEnabled(False)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        for widget in (self.frame, self.slider, self.text, self.buttons):
            column.addWidget(widget)
        dress(self, studio.view.state.theme)
        self.frame.chosen.connect(self._chosen)
        self.pictures.failed.connect(self._failed)
        self.pictures.opened.connect(self._opened)
        if self.pictures.count:
            self._opened()

    def accept(self) -> None:
        """Make it the project's patch."""
        if self.frame.rect_px is not None:
            choose_patch(self._studio, self.frame.rect_px, frame=0, path=str(self._path.absolute()))
            super().accept()

    def _opened(self) -> None:
        self.slider.setRange(0, self.pictures.count - 1)
        self.slider.setEnabled(True)
        self.text.setText(
            self.tr("Drag a rectangle over the texture that is to fill the region. It is used from the first frame on.")
        )
        self.frame.show_frame(0)

    def _failed(self, problem: str, remedy: str) -> None:
        set_role(self.text, "warning")
        self.text.setText(f"{problem} {remedy}")

    def _chosen(self, rect: QRect | None) -> None:
        self._use.setEnabled(rect is not None)
        if rect is None:
            return
        text = self.tr("{width} x {height} px. It is used from the clip's first frame on.")
        self.text.setText(text.format(width=rect.width(), height=rect.height()))


class PatchFrame(QWidget):
    """A frame of a clip with a rectangle, ``rect_px`` in its pixels; ``chosen`` is emitted with it. With the keyboard,
    arrows move a rectangle, and with Shift its lower right corner."""

    chosen = Signal(object)

    def __init__(self, pictures: Pictures, colour: str) -> None:
        super().__init__()
        self._pictures, self._colour = pictures, colour
        self._number = 0
        self._start: QPointF | None = None
        self.rect_px: QRect | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 180)
        self.setAccessibleName(self.tr("Frame of the clip"))
        self.setToolTip(self.tr("Drag a rectangle; or use the arrow keys, with Shift for its size"))
        pictures.arrived.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        return QSize(720, 420)

    def show_frame(self, number: int) -> None:
        self._number = number
        self._pictures.want(number)
        self.update()

    def area(self) -> QRectF:
        """Where the picture is painted."""
        height, width = self._pictures.size_hw
        width = width * float(self._pictures.sample_aspect)
        scale = min(self.width() / width, self.height() / height)
        size_x, size_y = width * scale, height * scale
        return QRectF((self.width() - size_x) / 2, (self.height() - size_y) / 2, size_x, size_y)

    def to_widget(self, rect: QRect) -> QRectF:
        area, (height, width) = self.area(), self._pictures.size_hw
        across, down = area.width() / width, area.height() / height
        return QRectF(
            area.x() + rect.x() * across, area.y() + rect.y() * down, rect.width() * across, rect.height() * down
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        del event
        painter, area = QPainter(self), self.area()
        picture = self._pictures.picture(self._number) if self._pictures.count else None
        if picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, picture)
        if self.rect_px is not None:
            place = self.to_widget(self.rect_px)
            painter.setClipRect(area)
            for ink, width in (("#000000", 3.0), (self._colour, 1.5)):
                painter.setPen(QPen(QColor(ink), width))
                painter.drawRect(place)
        if self.hasFocus():
            painter.setClipping(False)
            painter.setPen(QPen(QColor(self._colour), 1, Qt.PenStyle.DotLine))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        if event.button() == Qt.MouseButton.LeftButton and self._pictures.count:
            self._start = self._to_clip(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        if self._start is not None:
            self._choose(patch_between(self._start, self._to_clip(event.position()), self._pictures.size_hw))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        self.mouseMoveEvent(event)
        self._start = None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or not self._pictures.count:
            super().keyPressEvent(event)
            return
        height, width = self._pictures.size_hw
        rect = self.rect_px or QRect(width // 4, height // 4, max(LEAST_PX, width // 2), max(LEAST_PX, height // 2))
        x, y = step[0] * max(1, width // KEY_STEPS), step[1] * max(1, height // KEY_STEPS)
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if shift:
            rect = rect.adjusted(0, 0, x, y) & QRect(0, 0, width, height)
        else:
            left = min(max(0, rect.left() + x), width - rect.width())
            rect = QRect(left, min(max(0, rect.top() + y), height - rect.height()), rect.width(), rect.height())
        if min(rect.width(), rect.height()) >= LEAST_PX:
            self._choose(rect)

    def _choose(self, rect: QRect | None) -> None:
        self.rect_px = rect
        self.chosen.emit(rect)
        self.update()

    def _to_clip(self, point: QPointF) -> QPointF:
        area, (height, width) = self.area(), self._pictures.size_hw
        return QPointF((point.x() - area.x()) * width / area.width(), (point.y() - area.y()) * height / area.height())
