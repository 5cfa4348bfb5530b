"""Work that a window must not wait for, on a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from ..engine.errors import UserError
from .media.worker import ThreadWorker

if TYPE_CHECKING:
    from collections.abc import Callable


class Background(ThreadWorker):
    """Runs one function; ``done`` is emitted with what it returns, ``failed`` with the problem and the remedy of a
    UserError or OSError that it raises. Once ``close`` was called neither is."""

    done = Signal(object)
    failed = Signal(str, str)

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__("background")
        self._work = work

    def work(self) -> None:
        """On the thread."""
        try:
            made = self._work()
        except UserError as error:
            self._fail(error.problem, error.remedy)
        except OSError as error:
            self._fail(f"{error.filename or ''}: {error.strerror or error}.".removeprefix(": "), "")
        else:
            if not self.closed:
                self.done.emit(made)

    def _fail(self, problem: str, remedy: str) -> None:
        if not self.closed:
            self.failed.emit(problem, remedy)
