"""Before a project is left: what isn't saved, and what is still at work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox

from ..engine.errors import UserError
from .document.files import SUFFIX

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from .studio import Studio

Button = QMessageBox.StandardButton
Role = QMessageBox.ButtonRole


class Leaving(QObject):
    """Asks in dialogs over ``window``. ``background`` is true once work is to go on without it."""

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._window = studio, window
        self.background = False

    def may_close(self) -> bool:
        """Whether the window may close: all is saved, or needn't be, and it is clear what becomes of what runs."""
        return self.may_leave() and self._may_end_work()

    def may_leave(self) -> bool:
        """Whether another project may be opened: this one is saved, or needn't be."""
        document = self._studio.document
        if not document.unsaved or self._studio.project.clip is None:
            return True
        box = self._box(self.tr("Save the project?"))
        box.setInformativeText(self.tr("It holds what was drawn, set and made. Finished videos stay either way."))
        box.setStandardButtons(Button.Save | Button.Discard | Button.Cancel)
        box.setDefaultButton(Button.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == Button.Save:
            return self.save()
        if answer == Button.Discard:
            document.discard()
            return True
        return False

    def save(self) -> bool:
        """Save under the project's name, or under one that the person gives; whether it was."""
        return self.save_as() if self._studio.document.path is None else self._save(None)

    def save_as(self) -> bool:
        clip = self._studio.project.clip
        proposed = Path(clip.path).with_suffix(SUFFIX) if clip is not None else Path.home() / f"untitled{SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the project"), str(self._studio.document.path or proposed), f"*{SUFFIX}"
        )
        return bool(name) and self._save(Path(name).with_suffix(SUFFIX))

    def save_quietly(self) -> None:
        """Save what work without a window has made, if the project has a name; else it is offered the next time."""
        document = self._studio.document
        if document.path is not None and document.unsaved:
            self._save(None)

    def _save(self, path: Path | None) -> bool:
        try:
            self._studio.document.save(path)
        except UserError as error:
            self._studio.tell(error.problem, error.remedy)
            return False
        return True

    def _may_end_work(self) -> bool:
        self.background = False
        if not self._studio.queue.busy:
            return True
        box = self._box(self.tr("Something is still being made."))
        box.setInformativeText(self.tr("It can go on without the window, which then closes for good when all is done."))
        on = box.addButton(self.tr("Go on without the window"), Role.AcceptRole)
        stop = box.addButton(self.tr("Stop it"), Role.DestructiveRole)
        box.addButton(Button.Cancel)
        box.setDefaultButton(on)
        box.exec()
        box.deleteLater()
        self.background = box.clickedButton() is on
        return self.background or box.clickedButton() is stop

    def _box(self, text: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("dtsgan")
        box.setText(text)
        return box
