"""How what paints itself shows that it has the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

if TYPE_CHECKING:
    from .colours import Colours


def paint_focus(painter: QPainter, rect: QRect, colours: Colours) -> None:
    """A frame inside ``rect``, as the style sheet gives to other widgets."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.accent), 2))
    painter.drawRect(QRectF(rect).adjusted(1, 1, -1, -1))
