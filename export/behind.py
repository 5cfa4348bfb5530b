"""Work done behind: while one frame is made, those before it are encoded."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import numpy as np

AHEAD = 8
"""Frames that may wait: the encoder swallows its look-ahead in bursts."""


class Behind:
    """Hands frames to ``take`` on a thread of its own, in order.

    What ``take`` raises comes out of the next ``put``, or of leaving the ``with`` block, which waits for the last
    frame.
    """

    def __init__(self, take: Callable[[np.ndarray], None]) -> None:
        self._take = take
        self._waiting: queue.Queue[np.ndarray | None] = queue.Queue(AHEAD)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def put(self, frame: np.ndarray) -> None:
        """Waits while ``AHEAD`` frames do."""
        self._waiting.put(frame)
        self._check()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._failure = self._failure or error  # what still waits is not wanted then
        self._waiting.put(None)
        self._thread.join()
        if kind is None:
            self._check()

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _work(self) -> None:
        while (frame := self._waiting.get()) is not None:
            if self._failure is None:
                try:
                    self._take(frame)
                except BaseException as failure:  # it is raised where the frames come from
                    self._failure = failure
