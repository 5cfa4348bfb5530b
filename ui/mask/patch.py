"""The reference patch, dragged from the picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRect, Qt

from ..document import Reference
from ..view import CLIP, PREVIEW
from .handles import paint_frame, sorted_pair

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter

    from ..studio import Studio
    from ..viewer.canvas import Canvas
    from ..viewer.tool import PointerEvent

LEAST_PX = 8
"""The sides of the smallest patch that has any texture."""


class PatchTool:
    """Drag a rectangle around what is to fill the region, in the frame from which on it is to be taken."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, studio: Studio, canvas: Canvas) -> None:
        self._studio, self._canvas = studio, canvas
        self._start: QPointF | None = None
        self._end = QPointF()

    def press(self, event: PointerEvent, point: QPointF) -> None:
        del event
        self._start = self._end = point

    def move(self, event: PointerEvent, point: QPointF) -> None:
        del event
        self._end = point
        self._canvas.update()

    def release(self, event: PointerEvent, point: QPointF) -> None:
        del event
        start, self._start = self._start, None
        clip, frame = self._studio.project.clip, self._studio.clip_frame()
        if start is not None and clip is not None and frame is not None:
            rect = patch_between(start, point, clip.size_hw)
            if rect is not None:
                choose_patch(self._studio, rect, frame=frame, path=None)
                self._studio.view.set({"tool": "none"})
        self._canvas.update()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self._start is not None:
            self._start = None
            self._canvas.update()
            return True
        return False

    def leave(self) -> None:
        self._canvas.update()

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        if self._start is not None:
            paint_frame(painter, canvas, self._start, self._end)


def patch_between(start: QPointF, end: QPointF, size_hw: tuple[int, int]) -> QRect | None:
    """All pixels that a dragged rectangle touches, within the picture; None for a click or hardly more."""
    (left, top), (right, bottom) = sorted_pair((start.x(), start.y()), (end.x(), end.y()))
    whole = QRect(0, 0, size_hw[1], size_hw[0])
    x, y = math.floor(left), math.floor(top)
    rect = QRect(x, y, math.ceil(right) - x, math.ceil(bottom) - y) & whole
    return rect if min(rect.width(), rect.height()) >= LEAST_PX else None


def choose_patch(studio: Studio, rect: QRect, *, frame: int, path: str | None) -> None:
    """Fill the region with a patch; a step of undo."""
    patch = Reference(x=rect.x(), y=rect.y(), width=rect.width(), height=rect.height(), frame=frame, path=path)
    text = QCoreApplication.translate("Mask", "Choose patch")
    studio.document.change(text, {"replace.reference": patch, "replace.fill": "patch"})


def show_clip(studio: Studio) -> None:
    """Show the clip itself where its preview is seen: patches are taken from the clip."""
    frame = studio.clip_frame()
    if studio.view.state.showing == PREVIEW and frame is not None:
        studio.view.set({"showing": CLIP, "frame": frame})
