"""The widget: scrubbing, in and out points, and the clip's edge dragged outwards."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..document.project import MOST_FRAMES
from ..theme import COLOURS, paint_focus
from ..view import CLIP, PREVIEW
from . import painting
from .layout import Plan, plan_of

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from ..document import Project
    from ..studio import Studio

Handle = Literal["", "head", "in", "out", "left", "right"]

HEIGHT_PX = 116
MARGIN_PX = 14
RULER_PX, ROW_PX, GAP_PX = 24, 34, 4
NEAR_PX = 7


class _Hold(NamedTuple):
    """What the mouse holds. Of an edge: the ``frame`` that it is at, how far (``offset_px``) from the mouse it was
    taken, and the ``bounds`` of what was seen then, since nothing may move under the hand."""

    handle: Handle = ""
    frame: int = 0
    offset_px: float = 0.0
    bounds: tuple[int, int] | None = None


class Timeline(QWidget):
    """Shows a studio's clip, or the result that is seen. A drag is one step of undo."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._hold = _Hold()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Timeline"))
        self.setToolTip(self.tr("Drag to move through the clip; drag its ends, or those of what is planned"))
        studio.view.changed.connect(self._refresh)
        studio.document.changed.connect(self._refresh)
        studio.previews.changed.connect(self._refresh)
        self._refresh()

    @property
    def plan(self) -> Plan:
        view = self._studio.view.state
        result = self._studio.result(view.showing)
        return plan_of(self._studio.project, result, planning=view.page == "extend")

    @property
    def head(self) -> int:
        """Where the playhead is, in the timeline's own numbers."""
        view = self._studio.view.state
        return view.frame + (self._studio.previews.state.first if view.showing == PREVIEW else 0)

    def x_of(self, frame: float) -> float:
        """Where a frame begins, in the widget's pixels."""
        first, end = self._bounds()
        return MARGIN_PX + (frame - first) / (end - first) * max(1, self.width() - 2 * MARGIN_PX)

    def frame_at(self, x: float) -> int:
        """The frame at a place, which may lie outside the clip."""
        return math.floor(self._frame_at(x))

    def row(self, place: int) -> QRectF:
        """The first row or the second."""
        top = RULER_PX + place * (ROW_PX + GAP_PX)
        return QRectF(MARGIN_PX, top, self.width() - 2 * MARGIN_PX, ROW_PX)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        return QSize(400, HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        del event
        painter = QPainter(self)
        colours = COLOURS[self._studio.view.state.theme]
        painter.fillRect(self.rect(), colours.raised)
        if self._studio.project.clip is not None:
            painting.paint(painter, self, self._studio, colours)
        if self.hasFocus():
            paint_focus(painter, self.rect(), colours)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        if event.button() == Qt.MouseButton.LeftButton and self._studio.project.clip is not None:
            x = event.position().x()
            handle = self._handle_at(x, event.position().y())
            frame = self._place_of(handle)
            self._hold = _Hold(handle)
            if frame is None:
                self._seek(self.frame_at(x))
            else:
                self._hold = _Hold(handle, frame, self.x_of(frame) - x, self._bounds())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        at = event.position()
        if self._hold.handle == "head":
            self._seek(self.frame_at(at.x()))
        elif self._hold.handle:
            frame = round(self._frame_at(at.x() + self._hold.offset_px))
            if frame != self._hold.frame:
                self._hold = self._hold._replace(frame=frame)
                self._drag(frame)
        else:
            edge = self._studio.project.clip is not None and self._handle_at(at.x(), at.y()) != "head"
            self.setCursor(Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        del event
        if self._hold.bounds is not None:
            self._studio.document.end_merge()
        self._hold = _Hold()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Plus and minus change what is planned by a frame; all others are the player's."""
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self.plan.planned:
            super().keyPressEvent(event)
            return
        before, after = self._planned()
        self._set_new(before + after + step, at=self._studio.project.extend.at)

    def focusInEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        del event
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        del event
        self.update()

    def _frame_at(self, x: float) -> float:
        first, end = self._bounds()
        return first + (x - MARGIN_PX) / max(1, self.width() - 2 * MARGIN_PX) * (end - first)

    def _bounds(self) -> tuple[int, int]:
        if self._hold.bounds is not None:
            return self._hold.bounds
        first, end = self.plan.bounds
        # There is room to drag an edge to.
        room = max(1, (end - first) // 5) if self.plan.planned else 0
        return first - (room if self._studio.project.extend.at != "end" and room else 0), end + room

    def _handle_at(self, x: float, y: float) -> Handle:
        plan, view = self.plan, self._studio.view.state
        if plan.planned and y >= self.row(1).top():
            left, right = self.x_of(plan.planned[0].first), self.x_of(plan.planned[-1].end)
            if abs(x - right) < NEAR_PX:
                return "right"
            if abs(x - left) < NEAR_PX and self._studio.project.extend.mode == "extend":
                return "left"
        used = self._studio.project.range()
        if view.showing == CLIP and y < self.row(0).bottom() and y > RULER_PX / 2:
            if abs(x - self.x_of(used.start)) < NEAR_PX:
                return "in"
            if abs(x - self.x_of(used.stop)) < NEAR_PX:
                return "out"
        return "head"

    def _place_of(self, handle: Handle) -> int | None:
        """The frame at which an edge is; None of what is none."""
        used, planned = self._studio.project.range(), self.plan.planned
        places = {"in": used.start, "out": used.stop}
        if planned:
            places |= {"left": planned[0].first, "right": planned[-1].end}
        return places.get(handle)

    def _drag(self, frame: int) -> None:
        """Put the edge that is held at a frame."""
        project = self._studio.project
        used = project.range()
        match self._hold.handle:
            case "in":
                self._set_span(min(max(0, frame), used.stop - 1), used.stop)
            case "out":
                assert project.clip is not None
                self._set_span(used.start, max(used.start + 1, min(frame, project.clip.frames)))
            case "right":
                at = "both" if project.extend.at == "both" else "end"
                self._set_new((frame - used.stop) * (2 if at == "both" else 1), at=at)
            case "left":
                at = "both" if project.extend.at == "both" else "start"
                self._set_new((used.start - frame) * (2 if at == "both" else 1), at=at)

    def _seek(self, frame: int) -> None:
        view = self._studio.view.state
        pictures = self._studio.pictures()
        if pictures is None or not pictures.count:
            return
        first = self._studio.previews.state.first if view.showing == PREVIEW else 0
        if view.showing == PREVIEW and not 0 <= frame - first < pictures.count:
            self._studio.previewing.show(preview=False)
            self._seek(frame)
            return
        self._studio.view.set({"frame": min(max(0, frame - first), pictures.count - 1), "speed": 0.0})

    def _set_span(self, first: int, end: int) -> None:
        clip = self._studio.project.clip
        assert clip is not None
        span = None if (first, end) == (0, clip.frames) else (first, end)
        self._studio.document.change(self.tr("In and out points"), {"span": span}, merge="span")

    def _set_new(self, count: int, *, at: str) -> None:
        count = min(MOST_FRAMES, max(1, count))
        if self._studio.project.extend.mode == "loop":
            self._studio.document.change(self.tr("Bridge"), {"extend.bridge": count}, merge="extend.bridge")
        else:
            changes = {"extend.added": count, "extend.at": at}
            self._studio.document.change(self.tr("Length"), changes, merge="extend.added")

    def _planned(self) -> tuple[int, int]:
        new = [each for each in self.plan.planned if each.kind == "new"]
        before = sum(each.end - each.first for each in new if each is self.plan.planned[0])
        return before, sum(each.end - each.first for each in new) - before

    def _refresh(self, *_: object) -> None:
        self.setAccessibleDescription(self._said(self._studio.project))
        self.update()

    def _said(self, project: Project) -> str:
        if project.clip is None:
            return self.tr("No clip is open.")
        kind = next((each.kind for each in self.plan.clip if each.first <= self.head < each.end), "kept")
        what = {"kept": self.tr("of the clip"), "new": self.tr("new"), "unused": self.tr("not used")}[kind]
        end = self.plan.clip[-1].end
        return self.tr("Frame {frame} of {count}, {what}").format(frame=self.head, count=end, what=what)

    @property
    def rate(self) -> Fraction:
        clip = self._studio.project.clip
        return clip.rate if clip is not None else Fraction(25)
