"""The viewer: the picture, and below it what moves it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ..parts import line
from .canvas import Canvas
from .commands import Commands
from .invite import Invite
from .keys import Keys
from .player import Player
from .shown import Shown
from .slice import SliceView
from .transport import Transport

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent

    from ..studio import Studio


class Viewer(QWidget):
    """Shows what the studio's view says. Without a clip it invites to open one: ``open_asked``, ``sample_asked``;
    ``dropped`` is emitted with the paths of what is dropped on it.

    ``press_key`` and ``release_key`` are for whoever gets keys that mean nothing where they were pressed.
    """

    open_asked = Signal()
    sample_asked = Signal()
    dropped = Signal(list)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.shown = Shown(studio, self)
        self.canvas = Canvas(studio, self.shown)
        self.commands = Commands(studio, self.shown)
        self.player = Player(studio.view, self.shown.way, self)
        self.slice = SliceView(studio, self.shown)
        self.invite = Invite()
        self.transport = Transport(studio, self.shown, self.commands, self.canvas)
        self.keys = Keys(self.commands, self.canvas)
        self.player.measured.connect(self.transport.show_pace)
        self.canvas.painted.connect(self.player.seen)
        self.invite.open_asked.connect(self.open_asked)
        self.invite.sample_asked.connect(self.sample_asked)
        self._pages = QStackedWidget()
        for page in (self.invite, self.canvas, self.slice):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(line())
        column.addWidget(self.transport)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.canvas)
        self.shown.changed.connect(self._turn_page)
        self._turn_page()

    def press_key(self, event: QKeyEvent) -> bool:
        """Whether the key was one of the viewer's."""
        return self.shown.pictures is not None and self.keys.press(event)

    def release_key(self, event: QKeyEvent) -> bool:
        return self.keys.release(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        if not self.press_key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        if not self.release_key(event):
            super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  # Qt's name
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowDeactivate:
            self.keys.forget()
        return super().event(event)

    def _turn_page(self) -> None:
        before, now = self._pages.currentWidget(), self.invite
        if self.shown.pictures is not None or self._studio.project.clip is not None:
            now = self.slice if self._studio.view.state.slice else self.canvas
        if now is not before:
            focused = before is not None and before.hasFocus()
            self._pages.setCurrentWidget(now)
            if focused:
                now.setFocus()  # else keys would go to whatever is next
