"""A thread of an object that ends by itself some time after it was asked to."""

from __future__ import annotations

import threading
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal


class ThreadWorker(QObject):
    """Runs ``work`` on a thread of its own. It emits signals from there; ``closed`` tells it to end soon.

    Nobody waits for the thread: until it has ended, the object is kept alive here. If it died on the thread, while the
    window's own events for it are under way, the program would crash.
    """

    _ended = Signal()
    _running: ClassVar[set[ThreadWorker]] = set()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._ended.connect(self._forget, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        self._running.add(self)
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

    def _forget(self) -> None:
        self._thread.join()  # its last word was this signal
        # Not now: an object that is handling an event must not die of it.
        QTimer.singleShot(0, partial(self._running.discard, self))
