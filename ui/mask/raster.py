"""From shapes to the picture that they are."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from ..document import Moving, Polygon, Rectangle, Stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..document import Shape


def raster(shapes: Sequence[Shape], clip_hw: tuple[int, int], size_hw: tuple[int, int]) -> np.ndarray:
    """The mask of a clip of ``clip_hw`` pixels as (H, W) uint8 levels of ``size_hw``: 255 is replaced."""
    height, width = size_hw
    image = QImage(width, height, QImage.Format.Format_Alpha8)
    image.fill(0)
    painter = QPainter(image)
    painter.setTransform(QTransform.fromScale(width / clip_hw[1], height / clip_hw[0]))
    paint_shapes(painter, shapes, clip_hw)
    painter.end()
    levels = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return levels[:, :width].copy()


def paint_shapes(painter: QPainter, shapes: Sequence[Shape], clip_hw: tuple[int, int]) -> None:
    """Paint opaque where a shape is, clear where one erases; the painter leads from the clip's pixels."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    for shape in shapes:
        mode = QPainter.CompositionMode
        painter.setCompositionMode(
            mode.CompositionMode_DestinationOut if shape.erase else mode.CompositionMode_SourceOver
        )
        _paint(painter, shape, clip_hw)


def moving_runs(picture_hw: np.ndarray) -> tuple[int, ...]:
    """A picture of bools as the lengths of its runs, row by row, false ones first (see ``Moving``)."""
    flat = np.concatenate([[False], picture_hw.ravel()])
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    return tuple(np.diff(np.concatenate([[0], changes, [picture_hw.size]])).tolist())


def _paint(painter: QPainter, shape: Shape, clip_hw: tuple[int, int]) -> None:
    solid = QColor(255, 255, 255)
    match shape:
        case Stroke():
            _paint_stroke(painter, shape, solid)
        case Polygon(points=points):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(solid)
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]), Qt.FillRule.WindingFill)
        case Rectangle(x=x, y=y, width=width, height=height):
            painter.fillRect(QRectF(x, y, width, height), solid)
        case Moving():
            painter.drawImage(QRectF(0, 0, clip_hw[1], clip_hw[0]), _image_of(shape))


def _paint_stroke(painter: QPainter, stroke: Stroke, solid: QColor) -> None:
    """A line whose width goes from point to point; a dab where there is one alone."""
    round_, cap = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap
    joined = list(zip(stroke.points, stroke.radii, strict=True))
    painter.setBrush(solid)
    if len(joined) == 1:
        (point, radius) = joined[0]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(*point), radius, radius)
        return
    if len(set(stroke.radii)) == 1:  # in one go: where it crosses itself its soft edge must not add up
        painter.setPen(QPen(solid, 2 * stroke.radii[0], round_, cap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF([QPointF(*point) for point, _ in joined]))
        return
    for (one, radius), (other, later) in pairwise(joined):
        painter.setPen(QPen(solid, radius + later, round_, cap))
        painter.drawLine(QPointF(*one), QPointF(*other))


def _image_of(moving: Moving) -> QImage:
    height, width = moving.size_hw
    values = np.repeat(np.arange(len(moving.runs)) % 2, moving.runs).astype(np.uint8) * 255
    alpha = np.zeros(height * width, np.uint8)
    alpha[: len(values)] = values[: height * width]
    premultiplied = np.ascontiguousarray(alpha.reshape(height, width, 1).repeat(4, 2))
    return QImage(premultiplied.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
