"""A picture that moves for as long as it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..theme import COLOURS
from .thumbnails import EVERY, Thumbnails

if TYPE_CHECKING:
    from ..studio import Studio

HEIGHT_PX = 150
RATE = 25


class MovingPicture(QWidget):
    """Plays a small file again and again, as large as it fits."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._path: str | None = None
        self._step = 0
        self._thumbnails = Thumbnails(self)
        self._thumbnails.changed.connect(self.update)
        self._timer = QTimer(self, interval=EVERY * 1000 // RATE)
        self._timer.timeout.connect(self._move)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_file(self, path: str | None) -> None:
        """Play this one, or nothing."""
        if path != self._path:
            self._path, self._step = path, 0
            if path is None:
                self._thumbnails.forget()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        return QSize(HEIGHT_PX * 16 // 9, HEIGHT_PX)

    def showEvent(self, event: Any) -> None:  # noqa: N802  # Qt's name
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: Any) -> None:  # noqa: N802  # Qt's name
        self._timer.stop()
        super().hideEvent(event)

    def paintEvent(self, event: Any) -> None:  # noqa: N802  # Qt's name
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(COLOURS[self._studio.view.state.theme].window))
        moving = self._thumbnails.moving(self._path) if self._path else []
        if moving:
            image = moving[self._step % len(moving)]
            size = image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(QRectF(self.rect()).center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, image)
        painter.end()

    def _move(self) -> None:
        self._step += 1
        self.update()
