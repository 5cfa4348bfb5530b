"""The window of our own, around the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow

from .panel import Panel

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from .studio import Studio


class Window(QMainWindow):
    """Closes the studio when it is closed."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.panel = Panel(studio, self)
        self.setCentralWidget(self.panel)
        self.resize(1280, 720)
        self.setWindowTitle("dtsgan")

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        self.studio.close()
        super().closeEvent(event)
