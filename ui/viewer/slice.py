"""A slice through time: one line of the picture through all frames. Where frames don't follow each other, it breaks."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QMetaObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ..media import ClipPictures
from ..parts import button, hint
from ..theme import COLOURS, paint_focus
from .geometry import Pane
from .painting import Scaled, paint_badge, paint_message, paint_picture
from .playing import joints_of
from .said import Message, badge_of
from .slicing import Cut, Field, Marks, Run, paint_field, paint_line
from .volume import Volume

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from ..media import Pictures
    from ..studio import Studio
    from .shown import Shown

SIDE_SHARE = 0.26
GAP = 12
BADGE_ROOM = 34
LINE_STEP = 0.01


class SliceView(QWidget):
    """On the left the frame, with the line to drag in it; beside it that line through all frames, where a click goes to
    a frame. Reads nothing before it is looked at."""

    def __init__(self, studio: Studio, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._shown = studio, shown
        self._volume: Volume | None = None
        self._of: Pictures | None = None
        self._link = QMetaObject.Connection()
        self._small = Scaled()
        self._drags = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Slice through time"))
        self.words = hint(self.tr("Drag the line in the small picture. Click in the slice to go to a frame."))
        self.words.setParent(self)
        self.turn = button(
            self.tr("Turn the line"), self.tr("Cut along a column instead of a row, or back (U)"), self._turn
        )
        self.turn.setParent(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        shown.changed.connect(self._refresh)

    @property
    def volume(self) -> Volume | None:
        """What is cut; None while nothing is looked at."""
        return self._volume

    def small(self) -> Pane:
        """Where the frame is."""
        pictures = self._shown.pictures
        width = max(1.0, self.width() * SIDE_SHARE)
        area = QRectF(GAP, GAP + BADGE_ROOM, width, max(1.0, self.height() - 2 * GAP - BADGE_ROOM))
        size_hw = pictures.size_hw if pictures is not None else (9, 16)
        shape = size_hw[1] * float(pictures.sample_aspect if pictures is not None else 1) / size_hw[0]
        area.setHeight(min(area.height(), width / shape))
        aspect = pictures.sample_aspect if pictures is not None else Fraction(1)
        return Pane(area, size_hw, aspect, None, (0.5, 0.5), self.devicePixelRatioF())

    def field(self) -> Field:
        """Where the slice is."""
        left = GAP + self.width() * SIDE_SHARE + GAP
        area = QRectF(left, GAP, max(1.0, self.width() - left - GAP), max(1.0, self.height() - 2 * GAP))
        count = self._shown.pictures.count if self._shown.pictures is not None else 0
        return Field.within(area, self._studio.view.state.slice_along, count)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        del event
        view, shown, small = self._studio.view.state, self._shown, self.small()
        colours = COLOURS[view.theme]
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.window)
        if shown.image is not None:
            paint_picture(painter, shown.image, small, self._small)
        paint_line(painter, small.rect, view.slice_along, view.slice_at, colours)
        paint_badge(painter, badge_of(self._studio), QRectF(2, 2, self.width() * SIDE_SHARE + GAP, 40), colours)
        field, volume = self.field(), self._volume
        cut = Cut(None, 0)
        if volume is not None:
            read = min(volume.count, volume.read * volume.stride)
            cut = Cut(volume.slice(view.slice_along, view.slice_at), read)
        paint_field(painter, field, cut, self._marks(), colours)
        if volume is not None and not volume.whole:
            words = self.tr("Reading: {done} %").format(done=round(100 * cut.frames / max(1, volume.count)))
            paint_message(painter, Message(words), field.rect, colours, over=True)
        elif volume is not None and volume.problem:
            paint_message(painter, Message(volume.problem), field.rect, colours, over=True)
        if self.hasFocus():
            paint_focus(painter, self.rect(), colours)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        self._drags = "line" if self.small().rect.contains(event.position()) else ""
        if self.field().rect.contains(event.position()) or self.field().strip.contains(event.position()):
            self._drags = "frame"
        self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        del event
        self._drags = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        view = self._studio.view
        steps = {Qt.Key.Key_Up: -LINE_STEP, Qt.Key.Key_Down: LINE_STEP}
        if event.key() in steps:
            view.set({"slice_at": min(1.0, max(0.0, view.state.slice_at + steps[Qt.Key(event.key())]))})
        elif event.key() == Qt.Key.Key_U:
            self._turn()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Put words and button below the small picture."""
        rect = self.small().area.toRect()
        high = self.words.heightForWidth(rect.width())
        self.words.setGeometry(rect.left(), rect.bottom() + GAP, rect.width(), high)
        self.turn.setGeometry(rect.left(), self.words.geometry().bottom() + GAP, rect.width(), BADGE_ROOM)

    def _turn(self) -> None:
        view = self._studio.view
        view.set({"slice_along": "column" if view.state.slice_along == "row" else "row"})

    def _drag(self, at: QPointF) -> None:
        view, rect = self._studio.view, self.small().rect
        if self._drags == "frame" and self.field().frames:
            view.set({"frame": self.field().frame_at(at), "speed": 0.0})
        elif self._drags == "line":
            share = (at.y() - rect.top()) / rect.height()
            if view.state.slice_along == "column":
                share = (at.x() - rect.left()) / rect.width()
            view.set({"slice_at": min(1.0, max(0.0, share))})

    def _marks(self) -> Marks:
        result, view = self._shown.result, self._studio.view.state
        if result is None:
            return Marks((), (), view.frame)
        runs: list[Run] = []
        if result.made_by != "replace":
            first, end = result.kept or (0, 0)
            runs = [Run(0, first, True), Run(first, end, False), Run(end, self.field().frames, True)]
        joints = [joint for joint in joints_of(result) if joint]
        return Marks(tuple(run for run in runs if run.first < run.end), joints, view.frame)

    def _refresh(self) -> None:
        if not self._studio.view.state.slice:
            self._forget()
            return
        pictures = self._shown.pictures
        if self._volume is not None and pictures is not self._of:
            self._forget()
        if pictures is not None and pictures.count and self._volume is None:
            self._read(pictures)
        self._place()
        self.update()

    def _read(self, pictures: Pictures) -> None:
        self._of = pictures
        self._volume = volume = Volume(pictures.count, pictures.size_hw)
        volume.grown.connect(self.update)
        self._link = pictures.opened.connect(self._reread)
        if isinstance(pictures, ClipPictures):
            volume.read_file(pictures.path, pictures.sequence_rate)
        else:
            volume.take(pictures)

    def _reread(self) -> None:
        """The file became another."""
        self._forget()
        self._refresh()

    def _forget(self) -> None:
        if self._volume is not None:
            self._volume.close()
            self._volume.grown.disconnect(self.update)
            self.disconnect(self._link)
        self._volume = self._of = None
