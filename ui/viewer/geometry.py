"""Where a picture lies in a widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from fractions import Fraction

LEAST_ZOOM, MOST_ZOOM = 0.02, 64.0


class Pane(NamedTuple):
    """A picture of ``size_hw`` pixels whose shape is ``sample_aspect``, in a part of a widget. ``zoom`` is device
    pixels a picture's pixel (of its height), None to fit it in; ``centre`` (0 to 1) of the picture is in the middle of
    ``area`` where there is more picture than room; ``ratio`` is device pixels a pixel of the widget."""

    area: QRectF
    size_hw: tuple[int, int]
    sample_aspect: Fraction
    zoom: float | None
    centre: tuple[float, float]
    ratio: float

    @property
    def percent(self) -> float:
        return 100 * self._scale * self.ratio

    @property
    def rect(self) -> QRectF:
        """What the whole picture would cover in the widget."""
        width = self.size_hw[1] * float(self.sample_aspect) * self._scale
        height = self.size_hw[0] * self._scale
        left = self._begin(self.area.left(), self.area.width(), width, self.centre[0])
        top = self._begin(self.area.top(), self.area.height(), height, self.centre[1])
        return QRectF(left, top, width, height)

    def to_clip(self, point: QPointF) -> QPointF:
        """From the widget's pixels to the picture's."""
        rect = self.rect
        x = (point.x() - rect.left()) / rect.width() * self.size_hw[1]
        return QPointF(x, (point.y() - rect.top()) / rect.height() * self.size_hw[0])

    def to_widget(self, point: QPointF) -> QPointF:
        rect = self.rect
        x = rect.left() + point.x() / self.size_hw[1] * rect.width()
        return QPointF(x, rect.top() + point.y() / self.size_hw[0] * rect.height())

    def zoomed(self, factor: float, at: QPointF) -> tuple[float, tuple[float, float]]:
        """Zoom and centre after zooming such that what is at a point of the widget stays there."""
        zoom = min(MOST_ZOOM, max(LEAST_ZOOM, self.percent / 100 * factor))
        return zoom, self._replace(zoom=zoom).centred(self.to_clip(at), at)

    def centred(self, point: QPointF, at: QPointF) -> tuple[float, float]:
        """The centre with which a point of the picture comes to lie at one of the widget."""
        rect, middle = self.rect, self.area.center()
        x = point.x() / self.size_hw[1] + (middle.x() - at.x()) / rect.width()
        y = point.y() / self.size_hw[0] + (middle.y() - at.y()) / rect.height()
        return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))

    @property
    def _scale(self) -> float:
        """Pixels of the widget a pixel of the picture's height."""
        if self.zoom is not None:
            return self.zoom / self.ratio
        width = self.size_hw[1] * float(self.sample_aspect)
        return max(1e-6, min(self.area.width() / width, self.area.height() / self.size_hw[0]))

    def _begin(self, begin: float, room: float, taken: float, centre: float) -> float:
        if taken <= room:
            begin += (room - taken) / 2
        else:
            begin += room / 2 - centre * taken
        return round(begin * self.ratio) / self.ratio  # on whole device pixels: crisp
