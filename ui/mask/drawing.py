"""Drawing shapes, with soft edges of a pixel, on whatever a painter paints on."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from ..document import Moving, Polygon, Rectangle, Stroke
from .runs import places_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..document import Shape

EQUAL_PX = 1e-3


class Sheet(NamedTuple):
    """What is drawn on: so large, in pixels; on it the clip's picture of ``clip_hw`` begins at ``left`` and ``top``,
    its pixels ``across`` and ``down`` large."""

    size_hw: tuple[int, int]
    clip_hw: tuple[int, int]
    across: float
    down: float
    left: float = 0.0
    top: float = 0.0

    @classmethod
    def of(cls, clip_hw: tuple[int, int], size_hw: tuple[int, int]) -> Sheet:
        """All of the clip's picture and nothing else."""
        return cls(size_hw, clip_hw, size_hw[1] / clip_hw[1], size_hw[0] / clip_hw[0])

    @property
    def transform(self) -> QTransform:
        return QTransform(self.across, 0, 0, self.down, self.left, self.top)


def drawn(shapes: Iterable[Shape], sheet: Sheet, *, below: QImage | None = None) -> QImage:
    """Shapes in white on nothing, or over a copy of what was drawn before."""
    if below is None:
        image = QImage(sheet.size_hw[1], sheet.size_hw[0], QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
    else:
        image = below.copy()
    painter = QPainter(image)
    for shape in shapes:
        draw(painter, shape, sheet)
    painter.end()
    return image


def draw(painter: QPainter, shape: Shape, sheet: Sheet, *, first: int = 0) -> None:
    """Draw a shape in white, or take it away; of a stroke what comes from the point of number ``first`` on, so that it
    can be drawn as it grows from two points on."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(sheet.transform)
    painter.setBrush(Qt.GlobalColor.white)
    painter.setPen(Qt.PenStyle.NoPen)
    if shape.erase:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
    match shape:
        case Stroke():
            _draw_stroke(painter, shape, first)
        case Polygon():
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in shape.points]), Qt.FillRule.WindingFill)
        case Rectangle():
            painter.drawRect(QRectF(shape.x, shape.y, shape.width, shape.height))
        case Moving():
            height, width = sheet.clip_hw
            painter.drawImage(QRectF(0, 0, width, height), _moving_image(shape))
    painter.restore()


def _draw_stroke(painter: QPainter, stroke: Stroke, first: int) -> None:
    """A piece for each two points: a line with round ends, or where the radius changes what holds both circles."""
    points, radii = stroke.points, stroke.radii
    if len(points) == 1:
        painter.drawEllipse(QPointF(*points[0]), radii[0], radii[0])
    for place in range(max(1, first), min(len(points), len(radii))):
        start, near, end, far = points[place - 1], radii[place - 1], points[place], radii[place]
        if abs(near - far) < EQUAL_PX:
            painter.setPen(QPen(Qt.GlobalColor.white, 2 * far, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(*start), QPointF(*end))
            painter.setPen(Qt.PenStyle.NoPen)
        else:
            painter.drawPath(_around(start, near, end, far))


def _around(start: tuple[float, float], near: float, end: tuple[float, float], far: float) -> QPainterPath:
    """The outline of two circles and what lies between their outer tangents: one line, since soft edges that lie over
    each other add up."""
    path, length = QPainterPath(), math.dist(start, end)
    if length <= abs(near - far):  # one circle holds the other
        centre, radius = (start, near) if near > far else (end, far)
        path.addEllipse(QPointF(*centre), radius, radius)
        return path
    along = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    lean = math.degrees(math.acos((near - far) / length))
    # Qt counts degrees against the clock, with y upwards.
    path.arcMoveTo(_square(start, near), -along - lean)
    path.arcTo(_square(start, near), -along - lean, 2 * lean - 360)
    path.arcTo(_square(end, far), lean - along, -2 * lean)
    path.closeSubpath()
    return path


def _square(centre: tuple[float, float], radius: float) -> QRectF:
    return QRectF(centre[0] - radius, centre[1] - radius, 2 * radius, 2 * radius)


@lru_cache(maxsize=8)
def _moving_image(moving: Moving) -> QImage:
    height, width = moving.size_hw
    pixels = np.where(places_of(moving), np.uint32(0xFFFFFFFF), np.uint32(0))
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
