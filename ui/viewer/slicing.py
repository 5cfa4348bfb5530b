"""How a slice through time is laid out and painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..theme import Colours

STRIP_PX = 16


class Field(NamedTuple):
    """Time runs down in ``rect`` for a row, to the right for a column; ``strip`` beside it says what is new."""

    rect: QRectF
    strip: QRectF
    along: Literal["row", "column"]
    frames: int

    @staticmethod
    def within(area: QRectF, along: Literal["row", "column"], count: int) -> Field:
        if along == "row":
            strip = QRectF(area.left(), area.top(), STRIP_PX, area.height())
            return Field(area.adjusted(STRIP_PX + 2, 0, 0, 0), strip, along, count)
        strip = QRectF(area.left(), area.top(), area.width(), STRIP_PX)
        return Field(area.adjusted(0, STRIP_PX + 2, 0, 0), strip, along, count)

    def frame_at(self, point: QPointF) -> int:
        """The frame at a point of the widget, or the nearest."""
        if self.along == "row":
            share = (point.y() - self.rect.top()) / self.rect.height()
        else:
            share = (point.x() - self.rect.left()) / self.rect.width()
        return max(0, min(self.frames - 1, int(share * self.frames)))

    def line(self, frame: float) -> QLineF:
        """Across the strip and the slice, where a frame begins."""
        share = frame / max(1, self.frames)
        if self.along == "row":
            y = self.rect.top() + share * self.rect.height()
            return QLineF(self.strip.left(), y, self.rect.right(), y)
        x = self.rect.left() + share * self.rect.width()
        return QLineF(x, self.strip.top(), x, self.rect.bottom())

    def part(self, rect: QRectF, first: float, end: float) -> QRectF:
        """The part of the slice or strip between two frames."""
        from_, to = first / max(1, self.frames), end / max(1, self.frames)
        if self.along == "row":
            return QRectF(rect.left(), rect.top() + from_ * rect.height(), rect.width(), (to - from_) * rect.height())
        return QRectF(rect.left() + from_ * rect.width(), rect.top(), (to - from_) * rect.width(), rect.height())


class Cut(NamedTuple):
    """A slice of the first ``frames``; None while none is read."""

    image: QImage | None
    frames: int


class Run(NamedTuple):
    first: int
    end: int
    new: bool


class Marks(NamedTuple):
    """What is known of the frames: ``joints`` begin something else; ``now`` is seen."""

    runs: tuple[Run, ...]
    joints: Sequence[int]
    now: int


def paint_field(painter: QPainter, field: Field, cut: Cut, marks: Marks, colours: Colours) -> None:
    """Paint a slice, with what is kept and what is new beside it."""
    painter.fillRect(field.rect, QColor(colours.raised))
    if cut.image is not None:
        target = field.part(field.rect, 0, cut.frames)
        shrinks = cut.image.width() > target.width() or cut.image.height() > target.height()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
        painter.drawImage(target, cut.image)
    for run in marks.runs:
        _paint_run(painter, field, run, colours)
    for joint in marks.joints:
        painter.setPen(QPen(QColor(colours.text), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(field.line(joint))
    for colour, width in ((colours.window, 3.0), (colours.accent, 1.5)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawLine(field.line(marks.now + 0.5))


def paint_line(painter: QPainter, rect: QRectF, along: str, at: float, colours: Colours) -> None:
    """The line that is cut, in the frame."""
    if along == "row":
        line = QLineF(rect.left(), rect.top() + at * rect.height(), rect.right(), rect.top() + at * rect.height())
    else:
        line = QLineF(rect.left() + at * rect.width(), rect.top(), rect.left() + at * rect.width(), rect.bottom())
    for colour, width in ((colours.window, 4.0), (colours.accent, 2.0)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawLine(line)


def _paint_run(painter: QPainter, field: Field, run: Run, colours: Colours) -> None:
    """New frames are hatched, so that they aren't told by colour alone."""
    first, end, new = run
    strip = field.part(field.strip, first, end)
    colour = QColor(colours.new if new else colours.kept)
    painter.fillRect(strip, QBrush(colour, Qt.BrushStyle.BDiagPattern if new else Qt.BrushStyle.SolidPattern))
    painter.setPen(QPen(colour, 1))
    painter.drawRect(strip.adjusted(0.5, 0.5, -0.5, -0.5))
    text = QCoreApplication.translate("Slice", "new") if new else QCoreApplication.translate("Slice", "kept")
    painter.save()
    room = field.part(field.rect, first, end)
    painter.setPen(QColor(colours.text))
    box = QRectF(painter.fontMetrics().boundingRect(text)).adjusted(-5, -2, 5, 2)
    box.moveTopLeft(room.topLeft() + QPointF(6, 6))
    if room.contains(box):
        back = QColor(colours.window)
        back.setAlpha(200)
        painter.fillRect(box, back)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
