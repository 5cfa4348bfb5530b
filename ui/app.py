"""The program with the window."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from .document.files import SUFFIX
from .studio import Studio
from .window import Window

if TYPE_CHECKING:
    from pathlib import Path


def run_app(path: Path | None = None) -> int:
    """Open the window, and in it a clip or a project; the exit code once it is closed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    studio = Studio()
    window = Window(studio)
    if path is not None and path.suffix == SUFFIX:
        studio.document.open(path)
    elif path is not None:
        studio.open_clip(path)
    window.show()
    return application.exec()
