"""The timeline below the viewer: which frames are the clip's own, and which are new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from .studio import Studio


class Timeline(QWidget):
    """See the module."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setMinimumHeight(72)
        self.setMaximumHeight(120)
