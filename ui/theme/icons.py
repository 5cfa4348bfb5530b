"""Pictures on buttons, drawn in the theme's colours at any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .colours import Colours

GRID = 16
SIZE_PX = 18
RATIOS = (1, 2, 3)

Points = tuple[tuple[float, float], ...]

# On a grid of 16 x 16: lines that are drawn, and areas that are filled.
LINES: dict[str, tuple[Points, ...]] = {
    "in": (((10, 2), (5, 2), (5, 14), (10, 14)),),
    "out": (((6, 2), (11, 2), (11, 14), (6, 14)),),
    "clear": (((4, 4), (12, 12)), ((12, 4), (4, 12))),
    "first": (((3.5, 3), (3.5, 13)),),
    "last": (((12.5, 3), (12.5, 13)),),
    "back": (((12.5, 3), (12.5, 13)),),
    "forward": (((3.5, 3), (3.5, 13)),),
    "once": (((2, 8), (12, 8)), ((14, 3), (14, 13))),
    "repeat": (((11, 2), (13.5, 4.5), (11, 7)), ((13.5, 4.5), (2.5, 4.5), (2.5, 7.5)),
               ((5, 14), (2.5, 11.5), (5, 9)), ((2.5, 11.5), (13.5, 11.5), (13.5, 8.5))),
    "range": (((4, 2), (2, 2), (2, 14), (4, 14)), ((12, 2), (14, 2), (14, 14), (12, 14)), ((5, 8), (11, 8))),
    "joint": (((8, 1.5), (8, 4.5)), ((8, 6.5), (8, 9.5)), ((8, 11.5), (8, 14.5)), ((1, 8), (6, 8)),
              ((10, 8), (15, 8)), ((4, 6), (6, 8), (4, 10)), ((12.5, 6), (14.8, 8), (12.5, 10))),
    "wipe": (((2, 3), (14, 3), (14, 13), (2, 13), (2, 3)), ((8, 1), (8, 15))),
    "side": (((1.5, 4), (7, 4), (7, 12), (1.5, 12), (1.5, 4)), ((9, 4), (14.5, 4), (14.5, 12), (9, 12), (9, 4))),
    "plain": (((2, 3), (14, 3), (14, 13), (2, 13), (2, 3)),),
    "slice": (((2, 2), (14, 2), (14, 14), (2, 14), (2, 2)), ((5, 4), (7, 7), (5, 10), (6.5, 13)),
              ((10, 4), (12, 7), (10, 10), (11.5, 13))),
    "fit": (((2, 6), (2, 2), (6, 2)), ((10, 2), (14, 2), (14, 6)), ((14, 10), (14, 14), (10, 14)),
            ((6, 14), (2, 14), (2, 10))),
    "clip": (((2, 3), (14, 3), (14, 13), (2, 13), (2, 3)), ((5, 3), (5, 13)), ((11, 3), (11, 13)), ((2, 8), (5, 8)),
             ((11, 8), (14, 8))),
    "result": (((2, 8.5), (6, 12.5), (14, 3.5)),),
    "preview": (((1, 8), (4.5, 4.5), (8, 3.5), (11.5, 4.5), (15, 8), (11.5, 11.5), (8, 12.5), (4.5, 11.5), (1, 8)),),
    "new": (((8, 2), (8, 14)), ((2, 8), (14, 8)), ((4, 4), (12, 12)), ((12, 4), (4, 12))),
    "open": (((1.5, 13), (1.5, 3), (6, 3), (7.5, 5), (13, 5), (13, 7)), ((1.5, 13), (4, 7), (15, 7), (12.5, 13),
             (1.5, 13))),
}  # fmt: skip
AREAS: dict[str, tuple[Points, ...]] = {
    "play": (((4, 2.5), (13, 8), (4, 13.5)),),
    "stop": (((4, 3), (7, 3), (7, 13), (4, 13)), ((9, 3), (12, 3), (12, 13), (9, 13))),
    "back": (((10.5, 3), (10.5, 13), (3.5, 8)),),
    "forward": (((5.5, 3), (5.5, 13), (12.5, 8)),),
    "first": (((12.5, 3), (12.5, 13), (5.5, 8)),),
    "last": (((3.5, 3), (3.5, 13), (10.5, 8)),),
    "once": (((8, 4.5), (12.5, 8), (8, 11.5)),),
    "wipe": (((2, 3), (8, 3), (8, 13), (2, 13)),),
    "side": (((1.5, 4), (7, 4), (7, 12), (1.5, 12)),),
    "preview": (((6, 8), (8, 6), (10, 8), (8, 10)),),
}  # fmt: skip
NAMES = tuple(sorted({*LINES, *AREAS}))


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Paint an icon. Raises KeyError for a name that there isn't."""
    if name not in NAMES:
        raise KeyError(name)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / GRID, rect.height() / GRID)
    for points in AREAS.get(name, ()):
        painter.fillPath(_path(points), colour)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, cap, join))
    for points in LINES.get(name, ()):
        painter.drawPath(_path(points))
    painter.restore()


def icon(name: str, colours: Colours) -> QIcon:
    """An icon for a button; on one that is pressed in it has the colour of words there."""
    made = QIcon()
    for mode, state, colour in (
        (QIcon.Mode.Normal, QIcon.State.Off, colours.text),
        (QIcon.Mode.Normal, QIcon.State.On, colours.on_accent),
        (QIcon.Mode.Disabled, QIcon.State.Off, colours.line),
        (QIcon.Mode.Disabled, QIcon.State.On, colours.line),
    ):
        for ratio in RATIOS:
            pixmap = QPixmap(SIZE_PX * ratio, SIZE_PX * ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            paint_icon(painter, name, QRectF(pixmap.rect()), QColor(colour))
            painter.end()
            pixmap.setDevicePixelRatio(ratio)
            made.addPixmap(pixmap, mode, state)
    return made


def _path(points: Sequence[tuple[float, float]]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    return path
