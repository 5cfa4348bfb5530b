"""What a person can do wherever the panel is: menus show it, keys and buttons do it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QInputDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from .panel import Panel
    from .studio import Studio

Key = QKeySequence.StandardKey

RATES = (
    ("23.976", Fraction(24000, 1001)),
    ("24", Fraction(24)),
    ("25", Fraction(25)),
    ("29.97", Fraction(30000, 1001)),
    ("30", Fraction(30)),
    ("50", Fraction(50)),
    ("59.94", Fraction(60000, 1001)),
    ("60", Fraction(60)),
)
"""Frames a second, as people say it and exactly."""


class Actions(QObject):
    """Made for a panel, whose keys they are."""

    def __init__(self, studio: Studio, panel: Panel) -> None:
        super().__init__(panel)
        self._studio, self._panel = studio, panel
        commands, canvas = panel.viewer.commands, panel.viewer.canvas
        self.open_clip = self.add(self.tr("Open clip…"), self.choose_clip, "Ctrl+O")
        self.open_pictures = self.add(self.tr("Open folder of pictures…"), self.choose_pictures)
        self.open_sample = self.add(self.tr("Play with a sample"), studio.opening.open_sample)
        self.export = self.add(self.tr("Export…"), panel.export, "Ctrl+E")
        self.undo = self.add(self.tr("Undo"), studio.document.undo, Key.Undo)
        self.redo = self.add(self.tr("Redo"), studio.document.redo, Key.Redo)
        names = (
            (self.tr("Learn"), "learn"),
            (self.tr("Extend"), "extend"),
            (self.tr("Replace"), "replace"),
            (self.tr("Variants"), "variants"),
            (self.tr("Queue"), "queue"),
        )
        self.pages = [
            self.add(name, lambda page=page: studio.view.set({"page": page}), f"Ctrl+{number}")
            for number, (name, page) in enumerate(names, 1)
        ]
        # Single letters are the viewer's own keys, which work where no words are typed.
        self.looks = [
            self.add(self.tr("Play or stop\tSpace"), commands.play_or_stop),
            self.add(self.tr("Set in point\tI"), commands.set_in),
            self.add(self.tr("Set out point\tO"), commands.set_out),
            self.add(self.tr("Clear in and out points\tX"), commands.clear_marks),
            self.add(self.tr("Look at the joint\tN"), commands.next_joint),
            self.add(self.tr("Before and after\tC"), commands.next_compare),
            self.add(self.tr("Slice through time\tT"), commands.slice),
            self.add(self.tr("Fit in\tF"), canvas.fit),
        ]
        studio.opening.ask_rate = self.ask_rate
        self.theme = self.add(self.tr("Light theme"), self._turn_theme, checkable=True)
        studio.document.saved_changed.connect(self._refresh)
        studio.document.changed.connect(self._refresh)
        studio.view.changed.connect(self._refresh)
        self._refresh()

    def add(
        self,
        text: str,
        does: Callable[[], object],
        key: str | Key | None = None,
        *,
        checkable: bool = False,
    ) -> QAction:
        """An action with its key, which works anywhere in the panel."""
        action = QAction(text, self)
        action.setCheckable(checkable)
        if key is not None:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._panel.addAction(action)
        action.triggered.connect(lambda _checked=False: does())
        return action

    def choose_clip(self) -> None:
        """Let the person choose a clip, and open it."""
        name, _ = QFileDialog.getOpenFileName(self._panel, self.tr("Open a clip"), self._folder())
        if name:
            self._studio.opening.open(Path(name))

    def choose_pictures(self) -> None:
        """Let the person choose a folder of numbered pictures, and open it as a clip."""
        name = QFileDialog.getExistingDirectory(self._panel, self.tr("Open a folder of pictures"), self._folder())
        if name:
            self._studio.opening.open(Path(name))

    def ask_rate(self) -> Fraction | None:
        """How fast pictures follow each other, which they don't say themselves; None if the person wants none."""
        title, text = self.tr("Folder of pictures"), self.tr("Frames a second")
        names = [name for name, _ in RATES]
        chosen, taken = QInputDialog.getItem(self._panel, title, text, names, names.index("25"), editable=False)
        return dict(RATES)[chosen] if taken else None

    def locate_clip(self) -> None:
        """Let the person say where the project's clip is now."""
        name, _ = QFileDialog.getOpenFileName(self._panel, self.tr("Where is the clip now?"), self._folder())
        if name:
            self._studio.opening.locate_clip(Path(name))

    def _folder(self) -> str:
        """Where the person looks for clips."""
        clip = self._studio.project.clip
        folder = Path(clip.path).parent if clip is not None else Path.home()
        return str(folder if folder.is_dir() else Path.home())

    def _turn_theme(self) -> None:
        light = self._studio.view.state.theme == "dark"
        self._studio.view.set({"theme": "light" if light else "dark"})

    def _refresh(self, *_: object) -> None:
        document = self._studio.document
        undo, redo = document.undo_text, document.redo_text
        self.undo.setEnabled(bool(undo))
        self.redo.setEnabled(bool(redo))
        self.undo.setText(self.tr("Undo: {what}").format(what=undo) if undo else self.tr("Undo"))
        self.redo.setText(self.tr("Redo: {what}").format(what=redo) if redo else self.tr("Redo"))
        self.theme.setChecked(self._studio.view.state.theme == "light")
        for action in self.looks:
            action.setEnabled(self._studio.project.clip is not None)
