"""Work that a window must not wait for, on a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from ..engine.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable


class Background(QObject):
    """Runs one function; ``done`` is emitted with what it returns, ``failed`` with the problem and the remedy of a
    UserError or OSError that it raises. ``progressed`` is the function's own to emit."""

    done = Signal(object)
    failed = Signal(str, str)
    progressed = Signal(float)

    def __init__(self, work: Callable[[], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work

    def start(self) -> None:
        QThreadPool.globalInstance().start(_Runner(self))

    def run(self) -> None:
        """On a thread of the pool."""
        try:
            made = self._work()
        except UserError as error:
            self.failed.emit(error.problem, error.remedy)
        except OSError as error:
            self.failed.emit(f"{error.filename or ''}: {error.strerror or error}.".removeprefix(": "), "")
        else:
            self.done.emit(made)


class _Runner(QRunnable):
    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background

    def run(self) -> None:
        self._background.run()
