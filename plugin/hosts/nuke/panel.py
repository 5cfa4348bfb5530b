"""The panel as a widget that Nuke and Hiero make by themselves, and throw away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ....ui.panel import Panel
from ....ui.studio import Studio

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent


class NukePanel(QWidget):
    """With a studio of its own, which ends with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.studio = Studio()
        self.panel = Panel(self.studio, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panel)
        end = _Ending(self.studio)
        self._end = end
        self.destroyed.connect(end.deleted)  # docks delete what they hold, without closing it

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        self._end.closed()
        super().closeEvent(event)


class _Ending:
    """Ends a studio once."""

    def __init__(self, studio: Studio) -> None:
        self._studio: Studio | None = studio

    def closed(self) -> None:
        studio, self._studio = self._studio, None
        if studio is not None:
            studio.close()

    def deleted(self) -> None:
        """The widgets are gone by now, and must hear of nothing any more."""
        if self._studio is not None:
            for each in self._studio.findChildren(QObject):
                each.blockSignals(True)
        self.closed()
