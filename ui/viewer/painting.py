"""How pictures, and the words over them, are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap

from ..theme import paint_icon

if TYPE_CHECKING:
    from ..theme import Colours
    from .geometry import Pane
    from .said import Badge, Message

PIXELS_SEEN = 3.0
"""Device pixels a pixel of the clip, from which on pixels are shown as squares to whoever enlarges them that much."""

CHECK_PX = 8
BADGE_PX = 26
MARGIN_PX = 10
HANDLE_PX = 14


class Scaled:
    """The last picture in the size it was painted in: painting it again costs next to nothing."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._pixmap = QPixmap()

    def of(self, image: QImage, size: QSize, ratio: float) -> QPixmap:
        """It has ``size`` device pixels, ``ratio`` of them a pixel of the widget."""
        key = (image.cacheKey(), size.width(), size.height(), ratio)
        if key != self._key:
            how = (Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
            scaled = image if image.size() == size else image.scaled(size, *how)
            self._key, self._pixmap = key, QPixmap.fromImage(scaled)
            self._pixmap.setDevicePixelRatio(ratio)
        return self._pixmap


def paint_picture(painter: QPainter, image: QImage, pane: Pane, scaled: Scaled) -> None:
    """Paint a picture where the pane has it, over squares where it is transparent."""
    rect = pane.rect
    painter.save()
    painter.setClipRect(pane.area, Qt.ClipOperation.IntersectClip)
    if image.hasAlphaChannel():
        painter.fillRect(rect, _squares())
    width, height = round(rect.width() * pane.ratio), round(rect.height() * pane.ratio)
    whole = pane.area.adjusted(-1, -1, 1, 1).contains(rect)
    if whole and width <= image.width():
        painter.drawPixmap(rect.topLeft(), scaled.of(image, QSize(max(1, width), max(1, height)), pane.ratio))
    else:
        # Only what is seen: all of a picture that is enlarged many times could take gigabytes.
        own = image.width() >= pane.size_hw[1]  # not a preview's, which are none of the clip
        smooth = pane.zoom is None or not own or pane.percent < 100 * PIXELS_SEEN
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(rect, image)
    painter.restore()


def paint_badge(painter: QPainter, badge: Badge, area: QRectF, colours: Colours, *, right: bool = False) -> None:
    """Say what is seen in a picture's upper corner."""
    back, words = {
        "clip": (colours.window, colours.text),
        "new": (colours.window, colours.new),
        "result": (colours.accent, colours.on_accent),
        "preview": (colours.warning, colours.window),
    }[badge.kind]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = painter.font()
    font.setBold(badge.kind == "preview")
    painter.setFont(font)
    room = area.width() - 2 * MARGIN_PX - 44
    text = painter.fontMetrics().elidedText(badge.text, Qt.TextElideMode.ElideRight, max(0, int(room)))
    width = painter.fontMetrics().horizontalAdvance(text) + 44
    left = area.right() - MARGIN_PX - width if right else area.left() + MARGIN_PX
    box = QRectF(left, area.top() + MARGIN_PX, width, BADGE_PX)
    fill = QColor(back)
    fill.setAlpha(225)
    dashes = Qt.PenStyle.DashLine if badge.kind in ("preview", "new") else Qt.PenStyle.SolidLine
    painter.setPen(QPen(QColor(words), 1.5 if badge.kind == "preview" else 1.0, dashes))
    painter.setBrush(fill)
    painter.drawRoundedRect(box, 4, 4)
    paint_icon(painter, badge.kind, QRectF(left + 9, box.center().y() - 8, 16, 16), QColor(words))
    painter.drawText(box.adjusted(32, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


def paint_edge(painter: QPainter, rect: QRectF, colours: Colours) -> None:
    """A dashed edge around what isn't real."""
    painter.save()
    pen = QPen(QColor(colours.warning), 3, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRect(rect.adjusted(1.5, 1.5, -1.5, -1.5))
    painter.restore()


def paint_message(painter: QPainter, message: Message, area: QRectF, colours: Colours, *, over: bool) -> None:
    """Words in the middle, or below the middle of a picture that is still seen."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    text = f"{message.problem}\n{message.remedy}".strip()
    room = area.adjusted(32, 32, -32, -32)
    taken = QRectF(painter.boundingRect(room, flags, text))
    if over:
        taken.moveBottom(area.bottom() - 32)
    box = taken.adjusted(-16, -10, 16, 10)
    if over:
        fill = QColor(colours.window)
        fill.setAlpha(230)
        painter.setBrush(fill)
        painter.setPen(QPen(QColor(colours.warning), 1))
        painter.drawRoundedRect(box, 6, 6)
    painter.setPen(QColor(colours.text))
    painter.drawText(taken, flags, text)
    painter.restore()


def paint_seam(painter: QPainter, x: float, area: QRectF, colours: Colours) -> None:
    """The handle between before and after."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((colours.window, 4.0), (colours.text, 1.5)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    middle = QPointF(x, area.center().y())
    painter.setBrush(QColor(colours.text))
    painter.setPen(QPen(QColor(colours.window), 1.5))
    painter.drawEllipse(middle, HANDLE_PX, HANDLE_PX)
    painter.setPen(QPen(QColor(colours.window), 2))
    for way in (-1, 1):
        tip = middle + QPointF(way * 9, 0)
        painter.drawLine(tip, tip + QPointF(-way * 4, -4))
        painter.drawLine(tip, tip + QPointF(-way * 4, 4))
    painter.restore()


def _squares() -> QBrush:
    """Light and dark squares, which stand for nothing in every editor."""
    tile = QPixmap(2 * CHECK_PX, 2 * CHECK_PX)
    tile.fill(QColor("#c8c8c8"))
    painter = QPainter(tile)
    for x, y in ((0, 0), (CHECK_PX, CHECK_PX)):
        painter.fillRect(x, y, CHECK_PX, CHECK_PX, QColor("#8e8e8e"))
    painter.end()
    return QBrush(tile)
