"""Gives the picture the tool that the view names, while the page "replace" is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ..document import Shape
from .keys import with_shape
from .overlay import MaskOverlay
from .tools import BrushTool, PolygonTool, RectangleTool, rectangle_of, reference_of

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from ..studio import Studio
    from ..view import View
    from ..viewer.canvas import Canvas
    from ..viewer.tool import Tool


class Toolbox(QObject):
    """Ties a studio's mask to a canvas."""

    def __init__(self, studio: Studio, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._studio, self._canvas = studio, canvas
        self._given = "none"
        canvas.overlays.append(MaskOverlay(studio))
        studio.view.changed.connect(self._give)
        studio.document.changed.connect(canvas.update)
        self._give(studio.view.state, studio.view.state)

    def _give(self, before: View, view: View) -> None:
        del before
        # Nothing can be drawn where no frame of the clip is seen.
        drawn = view.page == "replace" and self._studio.clip_frame() is not None and not view.slice
        wanted = view.tool if drawn else "none"
        if wanted != self._given:
            self._given = wanted
            self._canvas.set_tool(self._tool(wanted))
        self._canvas.update()

    def _tool(self, name: str) -> Tool | None:
        match name:
            case "brush" | "eraser":
                return BrushTool(self._studio, self._add, erase=name == "eraser")
            case "polygon":
                return PolygonTool(self._studio, self._add, self._canvas)
            case "rectangle":
                return RectangleTool(self._studio, self._add_rectangle, colour="mask")
            case "reference":
                return RectangleTool(self._studio, self._choose_reference, colour="new")
        return None

    def _add(self, shape: Shape, text: str) -> None:
        frame = self._studio.clip_frame()
        if frame is not None:
            mask = with_shape(self._studio.project.replace.mask, frame, shape)
            self._studio.document.change(text, {"replace.mask": mask})

    def _add_rectangle(self, drawn: QRectF) -> None:
        self._add(rectangle_of(drawn), self.tr("Rectangle"))

    def _choose_reference(self, drawn: QRectF) -> None:
        clip, frame = self._studio.project.clip, self._studio.clip_frame()
        if clip is not None and frame is not None:
            patch = reference_of(drawn, clip.size_hw, frame)
            self._studio.document.change(self.tr("Choose patch"), {"replace.reference": patch, "replace.fill": "patch"})
            self._studio.view.set({"tool": "none"})
