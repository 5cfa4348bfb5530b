"""The mask over the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from ..document import Stroke
from ..theme import COLOURS
from ..view import PREVIEW
from .drawing import Sheet, draw
from .editing import Editing
from .handles import paint_frame
from .keys import neighbours
from .raster import Rasters
from .tint import outlined, tinted

if TYPE_CHECKING:
    from typing import Literal

    from ..document import Key
    from ..studio import Studio
    from ..viewer.canvas import Canvas

REACH = 3
"""Screen pixels beside a change that may look different, too: its outline."""


class MaskOverlay:
    """Paints the mask at the frame that is seen, and the stroke that is being drawn. Over a preview it is an outline
    alone, so that what comes there is seen."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._editing = Editing(studio)
        self._rasters, self._beside = Rasters(), Rasters()
        self._stroke: Stroke | None = None
        self._drawn = 0
        self._finished = QImage()
        self._live: QImage | None = None
        self._tinted: QImage | None = None
        self._look: tuple[object, ...] = ()
        self._outlines: dict[str, tuple[tuple[object, ...], QImage]] = {}

    def follow(self, stroke: Stroke | None) -> None:
        """Show a stroke as it grows, on top of all; None once it is the mask's."""
        if stroke is None or self._stroke is None:
            self._live, self._drawn = None, 0
        self._stroke = stroke

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        view, clip = self._studio.view.state, self._studio.project.clip
        frame = self._studio.clip_frame()
        if clip is None or frame is None or not view.overlay or view.page != "replace":
            return
        sheet = sheet_of(canvas, clip.size_hw)
        dots = canvas.devicePixelRatioF()
        if view.onion:
            for side, key in zip(("before", "after"), neighbours(self._editing.mask, frame), strict=True):
                if key is not None:
                    self._show(painter, self._outline(side, key, sheet), dots)
        self._show(painter, self._seen(sheet), dots)
        self._paint_patch(painter, canvas, frame)

    def _paint_patch(self, painter: QPainter, canvas: Canvas, frame: int) -> None:
        """What fills the region, where it lies: with a solid line in the frame that it begins with."""
        asked = self._studio.project.replace
        patch = asked.reference
        if patch is not None and asked.fill == "patch" and patch.path is None:
            corner = QPointF(patch.x, patch.y)
            line = Qt.PenStyle.SolidLine if patch.frame == frame else Qt.PenStyle.DotLine
            colour = COLOURS[self._studio.view.state.theme].new
            paint_frame(painter, canvas, corner, corner + QPointF(patch.width, patch.height), colour=colour, line=line)

    def _show(self, painter: QPainter, image: QImage, dots: float) -> None:
        size = image.size()
        painter.drawImage(QRectF(0, 0, size.width() / dots, size.height() / dots), image)

    def _seen(self, sheet: Sheet) -> QImage:
        view = self._studio.view.state
        finished = self._rasters.image(self._editing.shapes, sheet)
        look = (finished.cacheKey(), sheet, view.theme, view.showing == PREVIEW)
        if self._tinted is None or look != self._look or (self._stroke is None) != (self._live is None):
            self._look, self._drawn, self._finished = look, 0, finished
            self._live = None if self._stroke is None else finished.copy()
            self._tinted = QImage(finished.size(), QImage.Format.Format_ARGB32_Premultiplied)
            self._tinted.fill(Qt.GlobalColor.transparent)
            self._tint(finished, _bounds(finished))
        if self._stroke is not None and self._live is not None:
            self._grow(self._stroke, self._live, sheet)
        return self._tinted

    def _grow(self, stroke: Stroke, live: QImage, sheet: Sheet) -> None:
        """Draw what the stroke has more than before."""
        if self._drawn == len(stroke.points):
            return
        if self._drawn == 1:  # a dab, which is no part of a line: soft edges would add up
            painter = QPainter(live)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(0, 0, self._finished)
            painter.end()
        painter = QPainter(live)
        draw(painter, stroke, sheet, first=self._drawn)
        painter.end()
        since = max(0, self._drawn - 1)
        self._drawn = len(stroke.points)
        xs, ys = zip(*stroke.points[since:], strict=True)
        most = max(stroke.radii[since:])
        part = QRectF(min(xs) - most, min(ys) - most, max(xs) - min(xs) + 2 * most, max(ys) - min(ys) + 2 * most)
        self._tint(live, sheet.transform.mapRect(part).toAlignedRect())

    def _tint(self, coverage: QImage, rect: QRect) -> None:
        """Colour a part anew."""
        image = self._tinted
        wide = rect.adjusted(-2 * REACH, -2 * REACH, 2 * REACH, 2 * REACH) & coverage.rect()
        part = rect.adjusted(-REACH, -REACH, REACH, REACH) & coverage.rect()
        if image is None or rect.isEmpty() or part.isEmpty():
            return
        view = self._studio.view.state
        levels = _alpha(coverage)[_cut(wide)]
        seen = tinted(
            levels,
            COLOURS[view.theme].mask,
            filled=view.showing != PREVIEW,
            origin_xy=(wide.left(), wide.top()),
        )
        inner = part.translated(-wide.topLeft())
        _pixels(image)[_cut(part)] = seen[_cut(inner)]

    def _outline(self, side: Literal["before", "after"], key: Key, sheet: Sheet) -> QImage:
        theme = self._studio.view.state.theme
        drawn = self._beside.image(key.shapes, sheet)
        look = (drawn.cacheKey(), theme)
        known = self._outlines.get(side)
        if known is None or known[0] != look:
            image = QImage(drawn.size(), QImage.Format.Format_ARGB32_Premultiplied)
            _pixels(image)[:] = outlined(_alpha(drawn), COLOURS[theme].mask, side)
            known = self._outlines[side] = (look, image)
        return known[1]


def sheet_of(canvas: Canvas, clip_hw: tuple[int, int]) -> Sheet:
    """The canvas as something to draw shapes on, in pixels of the screen."""
    height, width = clip_hw
    dots = canvas.devicePixelRatioF()
    origin, end = canvas.to_widget(QPointF(0, 0)), canvas.to_widget(QPointF(width, height))
    return Sheet(
        size_hw=(max(1, round(canvas.height() * dots)), max(1, round(canvas.width() * dots))),
        clip_hw=clip_hw,
        across=dots * (end.x() - origin.x()) / width,
        down=dots * (end.y() - origin.y()) / height,
        left=dots * origin.x(),
        top=dots * origin.y(),
    )


def _alpha(image: QImage) -> np.ndarray:
    """How much of each pixel is drawn, a view of the image."""
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return pixels[:, :, 3]  # little-endian: B, G, R, A


def _pixels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)


def _bounds(image: QImage) -> QRect:
    """Around all that is drawn; empty where nothing is."""
    alpha = _alpha(image)
    rows, columns = np.flatnonzero(alpha.any(1)), np.flatnonzero(alpha.any(0))
    if not len(rows):
        return QRect()
    return QRect(QPoint(int(columns[0]), int(rows[0])), QPoint(int(columns[-1]), int(rows[-1])))


def _cut(rect: QRect) -> tuple[slice, slice]:
    return slice(rect.top(), rect.bottom() + 1), slice(rect.left(), rect.right() + 1)
