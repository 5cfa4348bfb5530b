"""Threads that end by themselves some time after they were asked to, and that never take a widget with them."""

from __future__ import annotations

import atexit
import threading
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from .. import garbage

LAST_WAIT_S = 5.0


class ThreadWorker(QObject):
    """Runs ``work`` on a thread of its own. It emits signals from there; ``closed`` tells it to end soon.

    Nobody waits for the thread: until it has ended, the object is kept alive here, since it must not die on the thread.
    Nor must any other, which ``garbage`` sees to.
    """

    _ended = Signal()
    _running: ClassVar[set[ThreadWorker]] = set()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._ended.connect(self._forget, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        if not self._running:
            atexit.register(_end_all)
        self._running.add(self)
        garbage.hold(self)
        self._thread.start()

    def close(self) -> None:
        """Let the thread end, at the next frame that it decodes."""
        self.closed = True

    def work(self) -> None:
        raise NotImplementedError

    def _run(self) -> None:
        try:
            self.work()
        finally:
            self._ended.emit()

    @Slot()
    def _forget(self) -> None:
        self._thread.join()  # its last word was this signal
        # Not now: an object that is handling an event must not die of it.
        QTimer.singleShot(0, partial(_forget, self))


def _forget(worker: ThreadWorker) -> None:
    ThreadWorker._running.discard(worker)
    garbage.release(worker)
    if not ThreadWorker._running:
        atexit.unregister(_end_all)


def _end_all() -> None:
    """The program ends: a thread that still decodes then would crash it."""
    for worker in ThreadWorker._running:
        worker.close()
    for worker in ThreadWorker._running:
        worker._thread.join(LAST_WAIT_S)
