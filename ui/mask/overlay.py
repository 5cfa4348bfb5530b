"""The mask over the picture: hatched and outlined, so that it is seen on any picture and by anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from ..theme import COLOURS
from .keys import key_of, shapes_at
from .raster import raster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..document import Shape
    from ..studio import Studio
    from ..viewer.canvas import Canvas

MOST_SIDE = 720
"""Of the picture of the mask, in px; larger ones are stretched."""

HATCH = 10
FILL_ALPHA, HATCH_ALPHA, EDGE_ALPHA, ONION_ALPHA = 70, 150, 255, 120


class MaskOverlay:
    """Paints the mask at the frame that is seen, and the patch. On a preview only its outline: what fills it is to be
    seen."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._key: object = None
        self._image = QImage()

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        view, clip = self._studio.view.state, self._studio.project.clip
        frame = self._studio.clip_frame()
        if view.page != "replace" or not view.overlay or clip is None or frame is None:
            return
        size_hw = clip.size_hw
        corner, end = canvas.to_widget(QPointF(0, 0)), canvas.to_widget(QPointF(size_hw[1], size_hw[0]))
        place = QRectF(corner, end)
        image = self._image_of(frame, size_hw, filled=view.showing == "clip")
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, image)
        self._paint_reference(painter, canvas, frame)

    def _image_of(self, frame: int, size_hw: tuple[int, int], *, filled: bool) -> QImage:
        view, mask = self._studio.view.state, self._studio.project.replace.mask
        shapes = shapes_at(mask, frame)
        near: tuple[tuple[Shape, ...], ...] = ()
        place = key_of(mask, frame)
        if view.onion and place is not None:
            near = tuple(mask.keys[each].shapes for each in (place - 1, place + 1) if 0 <= each < len(mask.keys))
        key = (shapes, near, size_hw, filled, view.theme)
        if key != self._key:
            self._key = key
            self._image = _image(shapes, near, size_hw, COLOURS[view.theme].mask, filled=filled)
        return self._image

    def _paint_reference(self, painter: QPainter, canvas: Canvas, frame: int) -> None:
        asked = self._studio.project.replace
        patch = asked.reference
        if patch is None or asked.fill != "patch" or patch.path is not None:
            return
        corner = canvas.to_widget(QPointF(patch.x, patch.y))
        end = canvas.to_widget(QPointF(patch.x + patch.width, patch.y + patch.height))
        colours = COLOURS[self._studio.view.state.theme]
        style = Qt.PenStyle.SolidLine if patch.frame == frame else Qt.PenStyle.DotLine
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, ink in ((3, "#000000"), (1.5, colours.new)):
            painter.setPen(QPen(QColor(ink), width, style))
            painter.drawRect(QRectF(corner, end))


def _image(
    shapes: Sequence[Shape],
    near: Sequence[Sequence[Shape]],
    size_hw: tuple[int, int],
    colour: str,
    *,
    filled: bool,
) -> QImage:
    shrink = min(1.0, MOST_SIDE / max(size_hw))
    height, width = small_hw = (max(1, round(size_hw[0] * shrink)), max(1, round(size_hw[1] * shrink)))
    alpha = np.zeros(small_hw, np.uint8)
    for others in near:
        alpha[_edge(raster(others, size_hw, small_hw) > 127)] = ONION_ALPHA
    inside = raster(shapes, size_hw, small_hw) > 127
    if filled:
        rows, columns = np.ogrid[:height, :width]
        hatched = (rows + columns) % HATCH < HATCH // 4 + 1
        alpha[inside] = FILL_ALPHA
        alpha[inside & hatched] = HATCH_ALPHA
    alpha[_edge(inside)] = EDGE_ALPHA
    ink = QColor(colour)
    picture = np.empty((height, width, 4), np.uint8)
    picture[..., :3] = (ink.red(), ink.green(), ink.blue())
    picture[..., 3] = alpha
    return QImage(picture.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _edge(inside: np.ndarray) -> np.ndarray:
    """The outermost pixels of a region."""
    wide = np.pad(inside, 1)
    whole = wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    return inside & ~whole
