"""The mask's tools in a canvas: the one that the view names, while the page is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ..view import CLIP
from .brush import Brush
from .editing import Editing
from .outlines import PolygonTool, RectangleTool
from .overlay import MaskOverlay
from .patch import PatchTool, show_clip

if TYPE_CHECKING:
    from ..studio import Studio
    from ..view import View
    from ..viewer.canvas import Canvas
    from ..viewer.tool import Tool

PAGE = "replace"


class Toolbox(QObject):
    """Gives a canvas the mask over its picture, and the tool that is chosen."""

    def __init__(self, studio: Studio, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._studio, self._canvas = studio, canvas
        editing, self.layer = Editing(studio), MaskOverlay(studio)
        self._tools: dict[str, Tool] = {
            "brush": Brush(editing, self.layer, canvas, erase=False),
            "eraser": Brush(editing, self.layer, canvas, erase=True),
            "polygon": PolygonTool(editing, canvas),
            "rectangle": RectangleTool(editing, canvas),
            "reference": PatchTool(studio, canvas),
        }
        self._chosen: Tool | None = None
        canvas.overlays.append(self.layer)
        studio.view.changed.connect(self._viewed)
        studio.document.changed.connect(self._changed)
        self._choose()

    @property
    def tool(self) -> Tool | None:
        return self._chosen

    def _viewed(self, before: View, now: View) -> None:
        if now.page == PAGE and now.tool not in ("none", before.tool):
            if self._studio.clip_frame() is None:
                self._studio.view.set({"showing": CLIP, "frame": 0})
            if now.tool == "reference":
                show_clip(self._studio)
        self._choose()
        self._canvas.update()

    def _changed(self) -> None:
        self._choose()
        self._canvas.update()

    def _choose(self) -> None:
        view = self._studio.view.state
        # Nothing can be drawn where no frame of the clip is seen.
        usable = view.page == PAGE and self._studio.clip_frame() is not None and not view.slice
        tool = self._tools.get(view.tool) if usable else None
        if tool is not self._chosen:
            self._chosen = tool
            self._canvas.set_tool(tool)
