"""Points of shapes that can be dragged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ..document import Polygon, Rectangle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..document import Shape
    from ..viewer.canvas import Canvas
    from .keys import Shapes

NEAR_PX = 9.0
"""Of the screen, within which a handle is meant."""

MIDDLE = -1


class Handle(NamedTuple):
    """Of the shape at ``place``: the corner of number ``corner``, or the middle, which moves all of it."""

    place: int
    corner: int
    x: float
    y: float


def corners_of(shape: Shape) -> tuple[tuple[float, float], ...]:
    """Of what has corners."""
    if isinstance(shape, Polygon):
        return shape.points
    if isinstance(shape, Rectangle):
        right, bottom = shape.x + shape.width, shape.y + shape.height
        return ((shape.x, shape.y), (right, shape.y), (right, bottom), (shape.x, bottom))
    return ()


def handles_of(shapes: Shapes, kind: type) -> Iterator[Handle]:
    for place, shape in enumerate(shapes):
        corners = corners_of(shape)
        if not isinstance(shape, kind) or not corners:
            continue
        for number, (x, y) in enumerate(corners):
            yield Handle(place, number, x, y)
        xs, ys = zip(*corners, strict=True)
        yield Handle(place, MIDDLE, (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)


def nearest(shapes: Shapes, kind: type, point: QPointF, canvas: Canvas) -> Handle | None:
    """The handle that is meant at a point of the clip; the topmost of equally near ones."""
    at = canvas.to_widget(point)
    best, least = None, NEAR_PX
    for handle in handles_of(shapes, kind):
        there = canvas.to_widget(QPointF(handle.x, handle.y))
        far = math.hypot(there.x() - at.x(), there.y() - at.y())
        if far <= least:
            best, least = handle, far
    return best


def dragged(shape: Shape, handle: Handle, point: QPointF) -> Shape:
    """With the handle at another point."""
    x, y = round(point.x(), 2), round(point.y(), 2)
    if handle.corner == MIDDLE:
        return _shifted(shape, x - handle.x, y - handle.y)
    if isinstance(shape, Polygon):
        points = (*shape.points[: handle.corner], (x, y), *shape.points[handle.corner + 1 :])
        return structs.replace(shape, points=points)
    if isinstance(shape, Rectangle):
        return rectangle(corners_of(shape)[(handle.corner + 2) % 4], (x, y), erase=shape.erase)
    return shape


def rectangle(corner: tuple[float, float], other: tuple[float, float], *, erase: bool = False) -> Rectangle:
    """Between two opposite corners."""
    (x, y), (right, bottom) = sorted_pair(corner, other)
    return Rectangle(x=x, y=y, width=round(right - x, 2), height=round(bottom - y, 2), erase=erase)


def sorted_pair(
    corner: tuple[float, float], other: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The top left and the bottom right corner."""
    lows = min(corner[0], other[0]), min(corner[1], other[1])
    return lows, (max(corner[0], other[0]), max(corner[1], other[1]))


def paint_handles(painter: QPainter, canvas: Canvas, shapes: Shapes, kind: type, hovered: Handle | None) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for handle in handles_of(shapes, kind):
        near = hovered is not None and (handle.place, handle.corner) == (hovered.place, hovered.corner)
        paint_point(painter, canvas.to_widget(QPointF(handle.x, handle.y)), large=near, cross=handle.corner == MIDDLE)


def paint_point(painter: QPainter, at: QPointF, *, large: bool = False, cross: bool = False) -> None:
    """A square, or a cross that moves all; white with a dark rim."""
    half = 5.5 if large else 4.0
    if cross:
        for colour, width in ((Qt.GlobalColor.black, 4.0), (Qt.GlobalColor.white, 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(at - QPointF(half + 1, 0), at + QPointF(half + 1, 0))
            painter.drawLine(at - QPointF(0, half + 1), at + QPointF(0, half + 1))
        return
    painter.setPen(QPen(Qt.GlobalColor.black, 1.5))
    painter.setBrush(Qt.GlobalColor.white)
    painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))


def paint_frame(
    painter: QPainter,
    canvas: Canvas,
    start: QPointF,
    end: QPointF,
    *,
    colour: str = "#ffffff",
    line: Qt.PenStyle = Qt.PenStyle.DashLine,
) -> None:
    """A rectangle between two points of the clip."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    place = QRectF(canvas.to_widget(start), canvas.to_widget(end)).normalized()
    for ink, width, style in (("#000000", 3.0, Qt.PenStyle.SolidLine), (colour, 1.5, line)):
        painter.setPen(QPen(QColor(ink), width, style))
        painter.drawRect(place)


def _shifted(shape: Shape, x: float, y: float) -> Shape:
    if isinstance(shape, Polygon):
        return structs.replace(shape, points=tuple((px + x, py + y) for px, py in shape.points))
    if isinstance(shape, Rectangle):
        return structs.replace(shape, x=shape.x + x, y=shape.y + y)
    return shape
