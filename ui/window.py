"""The window of our own, around the panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtWidgets import QMainWindow

from .leaving import Leaving
from .menus import Menus
from .panel import Panel
from .settings import SEEN
from .theme import dress

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from .settings import Remembered
    from .studio import Studio

SIZE = (1280, 720)


class Window(QMainWindow):
    """Closes the studio when it is closed, or, if the person wants that, once what is at work is done: ``gone`` is
    emitted then."""

    gone = Signal()

    def __init__(self, studio: Studio, settings: Remembered) -> None:
        super().__init__()
        self.studio, self.settings = studio, settings
        self._over = False
        studio.view.set({name: getattr(settings.state, name) for name in SEEN})
        self.panel = Panel(studio, self)
        self.setCentralWidget(self.panel)
        self.leaving = Leaving(studio, self)
        studio.opening.may_leave = self.leaving.may_leave
        self.menus = Menus(self)
        for action in self.panel.actions():  # the panel's keys are all of the window's
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.panel.setFocus()
        self.resize(*SIZE)
        self.restoreGeometry(QByteArray.fromBase64(settings.state.geometry.encode()))
        studio.document.saved_changed.connect(self._refresh)
        studio.document.changed.connect(self._refresh)
        studio.view.changed.connect(self._remember)
        studio.queue.ended.connect(self._work_ended)
        dress(self, studio.view.state.theme)
        self._refresh()

    def end(self) -> None:
        """Close for good, without a question."""
        if not self._over:
            self._over = True
            self.studio.close()
            self.gone.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        if self.isVisible() and not self._over and not self.leaving.may_close():
            event.ignore()
            return
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.settings.set({"geometry": geometry})
        event.accept()
        if self.leaving.background and self.studio.queue.busy:
            self.hide()
            return
        self.end()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.studio.opening.check_clip()  # it may have been moved while others were in front

    def _work_ended(self, *_: object) -> None:
        """What went on without the window is done: keep what it made."""
        if self.isHidden() and self.leaving.background and not self.studio.queue.busy:
            self.leaving.save_quietly()
            self.end()

    def _remember(self, *_: object) -> None:
        seen = {name: getattr(self.studio.view.state, name) for name in SEEN}
        before = self.settings.state
        changed = {name: value for name, value in seen.items() if getattr(before, name) != value}
        if changed:
            self.settings.set(changed)
        if "theme" in changed:
            dress(self, changed["theme"])

    def _refresh(self, *_: object) -> None:
        document, clip = self.studio.document, self.studio.project.clip
        if document.path is not None:
            name, path = document.path.stem, str(document.path)
        else:
            name = Path(clip.path).name if clip is not None else self.tr("no clip")
            path = ""
        self.setWindowTitle(f"{name}[*] \N{EN DASH} dtsgan")
        self.setWindowFilePath(path)
        self.setWindowModified(document.unsaved and clip is not None)
