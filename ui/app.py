"""The program with the window."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from ..engine.errors import ResourceError
from .settings import Remembered
from .studio import Studio
from .window import Window

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from .editing import Link

STOP_MS = 300


def run_app(path: Path | None = None, *, link: Link | None = None, stop: Callable[[], bool] = lambda: False) -> int:
    """Open the window, and in it a clip or a project, or what an editor sends over its ``link``; the exit code once it
    is closed. It closes without a question once ``stop()`` is true: what isn't saved can be recovered. Raises
    ResourceError where there is no screen."""
    if QApplication.instance() is None:
        _check_screen()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    QCoreApplication.setApplicationName("dtsgan")
    window = open_window()
    QApplication.setQuitOnLastWindowClosed(False)  # work may go on without one
    window.gone.connect(lambda: application.exit(0))  # quit() would ask the window to close once more
    watch = QTimer(window, interval=STOP_MS)
    watch.timeout.connect(lambda: window.end() if stop() else None)
    watch.start()
    sys.excepthook = lambda kind, error, trace: _our_fault(window.studio, kind, error, trace)
    window.show()
    window.studio.opening.offer_recovery()
    if path is not None:
        window.menus.open(path.absolute())
    if link is not None:
        window.studio.editing.connect_to(link)
    return application.exec()


def open_window() -> Window:
    """A window that isn't shown yet, with a studio of its own."""
    studio = Studio()
    return Window(studio, Remembered(studio.folder / "settings.json", studio))


def _check_screen() -> None:
    """Qt would end the program without a word."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise ResourceError(
            "There is no screen to open a window on.",
            remedy="Start it from a desktop, or use the command line: dtsgan --help.",
        )


def _our_fault(studio: Studio, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of a fault of ours, and go on: nothing of the project is lost."""
    details = "".join(traceback.format_exception(kind, error, trace))
    with tempfile.NamedTemporaryFile("w", prefix="dtsgan-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(details)
    studio.document.autosave()
    studio.tell(
        QCoreApplication.translate("App", "This is a fault of dtsgan: {what}.").format(what=error),
        QCoreApplication.translate("App", "Your project is safe. The details are in {log}; please report them.").format(
            log=log.name
        ),
    )
