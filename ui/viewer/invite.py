"""What is seen while no clip is open."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ..parts import button, heading, hint


class Invite(QWidget):
    """``open_asked`` and ``sample_asked`` are emitted when a person wants that."""

    open_asked = Signal()
    sample_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = heading(self.tr("Drop a clip here"))
        words = hint(self.tr("A few seconds of fire, water, smoke or leaves: a video file, or a folder of pictures."))
        for label in (title, words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.open = button(
            self.tr("Open a clip…"), self.tr("Choose a video file (Ctrl+O)"), self.open_asked.emit, primary=True
        )
        self.sample = button(
            self.tr("Play with a sample"),
            self.tr("Open a small clip that comes with the program"),
            self.sample_asked.emit,
        )
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.open)
        row.addWidget(self.sample)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(words)
        column.addLayout(row)
        column.addStretch(1)
