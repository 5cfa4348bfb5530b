"""How the timeline is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from .. import words
from ..view import CLIP
from .layout import ticks

if TYPE_CHECKING:
    from ..studio import Studio
    from ..theme import Colours
    from .layout import Segment
    from .timeline import Timeline

RADIUS = 4
LEAST_LABEL_PX = 46
HANDLE_PX = 5


def paint(painter: QPainter, timeline: Timeline, studio: Studio, colours: Colours) -> None:
    """All of it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    plan = timeline.plan
    _paint_ruler(painter, timeline, colours)
    for segment in plan.clip:
        _paint_segment(painter, timeline, segment, timeline.row(0), colours, planned=False)
    for segment in plan.planned:
        _paint_segment(painter, timeline, segment, timeline.row(1), colours, planned=True)
    if plan.planned:
        _paint_added(painter, timeline, studio, colours)
    view = studio.view.state
    if view.showing == CLIP:
        used = studio.project.range()
        for frame, inwards in ((used.start, 1), (used.stop, -1)):
            _paint_handle(painter, timeline.x_of(frame), timeline.row(0), inwards, colours)
    if view.page == "replace" and view.showing == CLIP and len(studio.project.replace.mask.keys) > 1:
        for key in studio.project.replace.mask.keys:
            _paint_key(painter, timeline.x_of(key.frame), timeline.row(0), colours)
    _paint_head(painter, timeline, colours)


def _paint_ruler(painter: QPainter, timeline: Timeline, colours: Colours) -> None:
    first, end = timeline.plan.bounds
    painter.setPen(QColor(colours.faint))
    places = ticks(first, end, timeline.rate, timeline.row(0).width())
    by_frames = any(frame % timeline.rate for frame in places)
    for frame in places:
        x = timeline.x_of(frame)
        painter.drawLine(QPointF(x, 17), QPointF(x, 22))
        seconds = float(frame / timeline.rate)
        text = words.clock(seconds) if seconds >= 0 else f"-{words.clock(-seconds)}"
        if by_frames:
            text = f"{frame}"
        width = painter.fontMetrics().horizontalAdvance(text) + 4
        left = min(max(2.0, x - width / 2), timeline.width() - width - 2.0)
        painter.drawText(QRectF(left, 0, width, 16), Qt.AlignmentFlag.AlignCenter, text)


def _paint_segment(
    painter: QPainter, timeline: Timeline, segment: Segment, row: QRectF, colours: Colours, *, planned: bool
) -> None:
    left, right = timeline.x_of(segment.first), timeline.x_of(segment.end)
    rect = QRectF(left + 0.5, row.top(), max(1.0, right - left - 1), row.height())
    colour = QColor({"kept": colours.kept, "new": colours.new, "unused": colours.line}[segment.kind])
    path = QPainterPath()
    path.addRoundedRect(rect, RADIUS, RADIUS)
    soft = QColor(colour)
    soft.setAlpha(60 if planned else 110)
    painter.fillPath(path, soft)
    if segment.kind == "new":  # not by its colour alone
        hatch = QColor(colour)
        hatch.setAlpha(150)
        style = Qt.BrushStyle.BDiagPattern if planned else Qt.BrushStyle.Dense6Pattern
        painter.fillPath(path, QBrush(hatch, style))
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine if planned else Qt.PenStyle.SolidLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    if rect.width() > LEAST_LABEL_PX:
        painter.setPen(QColor(colours.text))
        painter.drawText(rect.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, _name(segment, planned=planned))


def _name(segment: Segment, *, planned: bool) -> str:
    tr = QCoreApplication.translate
    if segment.kind == "kept":
        return tr("Timeline", "clip")
    if segment.kind == "unused":
        return tr("Timeline", "not used")
    return tr("Timeline", "planned") if planned else tr("Timeline", "new")


def _paint_added(painter: QPainter, timeline: Timeline, studio: Studio, colours: Colours) -> None:
    """Behind the planned part, how much is new; of a loop, that its end leads to its start."""
    last, row = timeline.plan.planned[-1], timeline.row(1)
    new = sum(each.end - each.first for each in timeline.plan.planned if each.kind == "new")
    seconds, tr = float(new / timeline.rate), QCoreApplication.translate
    asked = studio.project.extend
    if asked.mode == "loop" and asked.bridge is None:
        text = tr("Timeline", "back to the start, as long as joins best")
    elif asked.mode == "loop":
        text = tr("Timeline", "back to the start: {seconds:.1f} s ({count} frames)")
    else:
        text = tr("Timeline", "+{seconds:.1f} s ({count} frames)")
    painter.setPen(QColor(colours.new))
    x = timeline.x_of(last.end)
    # Grip of the edge that can be dragged.
    painter.fillRect(QRectF(x - 1.5, row.top() + 8, 3, row.height() - 16), QColor(colours.new))
    text = text.format(seconds=seconds, count=new)
    width = painter.fontMetrics().horizontalAdvance(text) + 8
    painter.setPen(QColor(colours.text))
    if x + 10 + width < timeline.width():
        painter.drawText(QRectF(x + 10, row.top(), width, row.height()), Qt.AlignmentFlag.AlignVCenter, text)
    else:
        height = painter.fontMetrics().height()
        place = QRectF(timeline.width() - width - 14, row.bottom() + 1, width, height)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def _paint_handle(painter: QPainter, x: float, row: QRectF, inwards: int, colours: Colours) -> None:
    painter.setPen(QPen(QColor(colours.text), 2))
    path = QPainterPath(QPointF(x + inwards * HANDLE_PX, row.top() - 2))
    path.lineTo(x, row.top() - 2)
    path.lineTo(x, row.bottom() + 2)
    path.lineTo(x + inwards * HANDLE_PX, row.bottom() + 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _paint_key(painter: QPainter, x: float, row: QRectF, colours: Colours) -> None:
    y = row.bottom() - 7
    painter.setPen(QPen(QColor(colours.window), 1))
    painter.setBrush(QColor(colours.mask))
    painter.drawPolygon(QPolygonF([QPointF(x, y - 5), QPointF(x + 5, y), QPointF(x, y + 5), QPointF(x - 5, y)]))


def _paint_head(painter: QPainter, timeline: Timeline, colours: Colours) -> None:
    x = timeline.x_of(timeline.head + 0.5)
    painter.setPen(QPen(QColor(colours.text), 1.5))
    painter.drawLine(QPointF(x, 16), QPointF(x, timeline.height() - 2))
    painter.setBrush(QColor(colours.text))
    painter.drawPolygon(QPolygonF([QPointF(x - 6, 10), QPointF(x + 6, 10), QPointF(x, 19)]))
