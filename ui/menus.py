"""The window's menus."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QMessageBox

from .document.files import SUFFIX

if TYPE_CHECKING:
    from .window import Window

Key = QKeySequence.StandardKey


class Menus(QObject):
    """Made for a window; recent files are those of its settings."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._studio = window, window.studio
        actions = window.panel.actions_of
        bar = window.menuBar()
        file = bar.addMenu(self.tr("&File"))
        file.addAction(actions.open_clip)
        file.addAction(actions.open_pictures)
        file.addAction(actions.add(self.tr("Open project…"), self.choose_project, "Ctrl+Shift+O"))
        self.recent = file.addMenu(self.tr("Open recent"))
        file.addAction(actions.open_sample)
        file.addSeparator()
        file.addAction(actions.add(self.tr("New project"), self.new, Key.New))
        self.save = actions.add(self.tr("Save project"), self._save, Key.Save)
        file.addAction(self.save)
        file.addAction(actions.add(self.tr("Save project as…"), self._save_as, "Ctrl+Shift+S"))
        file.addAction(actions.export)
        file.addSeparator()
        file.addAction(actions.add(self.tr("Quit"), window.close, "Ctrl+Q"))
        edit = bar.addMenu(self.tr("&Edit"))
        edit.addAction(actions.undo)
        edit.addAction(actions.redo)
        view = bar.addMenu(self.tr("&View"))
        for action in actions.pages:
            view.addAction(action)
        view.addSeparator()
        for action in actions.looks:
            view.addAction(action)
        view.addSeparator()
        view.addAction(actions.theme)
        help_ = bar.addMenu(self.tr("&Help"))
        help_.addAction(actions.add(self.tr("Keys"), self._show_keys, Key.HelpContents))
        self._studio.document.changed.connect(self._remember)
        self._studio.document.saved_changed.connect(self._remember)
        window.settings.changed.connect(self._refresh)
        self._refresh()

    def open(self, path: Path) -> None:
        """Open a recent file, or one that was named when the program was started."""
        if not path.exists():
            self._window.settings.forget(path)
            problem = self.tr("{path} isn't there any more.").format(path=path)
            self._studio.tell(problem, self.tr("It may have been moved: open it from where it is now."))
        else:
            self._studio.opening.open(path)

    def choose_project(self) -> None:
        """Let the person choose a project, and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open a project"), str(self._studio.document.path or Path.home()), f"*{SUFFIX}"
        )
        if name:
            self.open(Path(name))

    def new(self) -> None:
        """Begin with nothing."""
        if self._window.leaving.may_leave():
            self._studio.document.new()

    def _save(self) -> None:
        self._window.leaving.save()

    def _save_as(self) -> None:
        self._window.leaving.save_as()

    def _remember(self, *_: object) -> None:
        """What is open is recent."""
        document, clip = self._studio.document, self._studio.project.clip
        recent = self._window.settings.state.recent
        for path in (clip.path if clip is not None else None, document.path):
            if path is not None and str(path) not in recent[:2]:
                self._window.settings.use(Path(path))

    def _refresh(self, *_: object) -> None:
        self.recent.clear()
        for name in self._window.settings.state.recent:
            path = Path(name)
            action = self.recent.addAction(self.tr("{name}  in {folder}").format(name=path.name, folder=path.parent))
            action.triggered.connect(lambda _checked=False, path=path: self.open(path))
        self.recent.setEnabled(bool(self.recent.actions()))

    def _show_keys(self) -> None:
        QMessageBox.information(self._window, self.tr("Keys"), self.keys())

    def keys(self) -> str:
        """All keys, in words."""
        return self.tr(
            "Space: play or stop\n"
            "J, K, L: backwards, stop, forwards; again: faster\n"
            "Left, Right: a frame; with Shift: a second\n"
            "Home, End: first and last frame\n"
            "I, O, X: in point, out point, clear them\n"
            "R: repeat; N: look at the next joint\n"
            "C: compare with the clip; T: slice through time\n"
            "F: fit in; 1: pixel by pixel; +, -: zoom; hold Space and drag: move the picture\n"
            "Ctrl+1 to Ctrl+5: pages\n"
            "Ctrl+Z, Ctrl+Shift+Z: undo, redo\n"
            "Replace: B brush, E eraser, P outline, M rectangle, G patch, Q show the mask, V preview or clip,\n"
            "comma and full stop: to the key frames before and after\n"
            "In the gallery: Enter shows, S stars, X rejects"
        )
