"""What the mouse and the pen do in the picture: move it, move the handle of a wipe, or work with a tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QPointF, Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QTabletEvent

    from .canvas import Canvas
    from .tool import PointerEvent

NEAR_PX = 10


class Hand:
    """``moves`` is true while the space bar is down: then the left button moves the picture, whatever the tool.
    ``moved`` tells whether it did since."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.moves = self.moved = False
        self._holds: Literal["", "picture", "seam", "tool"] = ""
        self._button = Qt.MouseButton.NoButton
        self._grabbed = QPointF()

    @property
    def holds(self) -> bool:
        """Whether something is being moved or drawn."""
        return bool(self._holds)

    def set_moves(self, moves: bool) -> None:
        if moves:
            self.moved = False
        self.moves = moves
        self.show_cursor()

    def press(self, event: PointerEvent) -> None:
        canvas, at = self._canvas, event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        if self._holds:
            return
        self._button = event.button()
        if event.button() == Qt.MouseButton.MiddleButton or (left and self.moves):
            self._holds = "picture"
            self.moved = True
            self._grabbed = canvas.to_clip(at)
        elif left and self._near_seam(at):
            self._holds = "seam"
        elif canvas.tool is not None:
            self._holds = "tool"
            canvas.tool.press(event, canvas.to_clip(at))
        self.show_cursor(at)

    def move(self, event: PointerEvent) -> None:
        canvas, at = self._canvas, event.position()
        if self._holds == "picture":
            pane = canvas.pane_at(at)
            if pane.zoom is not None:  # of what fits in, nothing is hidden
                canvas.studio.view.set({"centre": pane.centred(self._grabbed, at)})
        elif self._holds == "seam":
            canvas.set_seam(at.x())
        elif canvas.tool is not None:
            canvas.tool.move(event, canvas.to_clip(at))
        self.show_cursor(at)

    def release(self, event: PointerEvent) -> None:
        if event.button() != self._button:
            return
        held, self._holds = self._holds, ""
        if held == "tool" and self._canvas.tool is not None:
            self._canvas.tool.release(event, self._canvas.to_clip(event.position()))
        self.show_cursor(event.position())

    def pen(self, event: QTabletEvent) -> None:
        """Qt makes mouse events of what isn't taken: without a tool the pen is a mouse."""
        if self._canvas.tool is None:
            event.ignore()
            return
        does = {
            QEvent.Type.TabletPress: self.press,
            QEvent.Type.TabletMove: self.move,
            QEvent.Type.TabletRelease: self.release,
        }
        does[event.type()](event)
        event.accept()

    def show_cursor(self, at: QPointF | None = None) -> None:
        tool = self._canvas.tool
        if self._holds == "picture":
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.moves:
            self._canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._holds == "seam" or (at is not None and self._near_seam(at)):
            self._canvas.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self._canvas.setCursor(tool.cursor if tool is not None else Qt.CursorShape.ArrowCursor)

    def _near_seam(self, at: QPointF) -> bool:
        """On the line of a wipe; with a tool, on its handle alone, so that the tool reaches what is below the line."""
        x = self._canvas.seam_x()
        if x is None or abs(at.x() - x) > NEAR_PX:
            return False
        return self._canvas.tool is None or abs(at.y() - self._canvas.pane().area.center().y()) < 2 * NEAR_PX
