"""When Python may collect cycles of garbage: at moments that are safe for Qt.

Python collects on whichever thread comes by, in the middle of whatever it does. A Qt object that dies on another
thread than its own crashes the program; one that dies while Qt holds one of its locks, which it does when it asks
Python for an override, waits for that lock for ever. So while anything of ours lives, the event loop alone collects.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QTimer

COLLECT_MS = 250

_holders: set[int] = set()
_timers: list[QTimer] = []


def hold(holder: object) -> None:
    """Let the event loop of this thread alone collect, until ``holder`` releases it."""
    _holders.add(id(holder))
    if not _timers:
        gc.disable()
        timer = QTimer(interval=COLLECT_MS)
        timer.timeout.connect(_collect)
        timer.start()
        _timers.append(timer)


def release(holder: object) -> None:
    """Let Python collect as it likes once nobody else minds."""
    _holders.discard(id(holder))
    if not _holders and _timers:
        timer = _timers.pop()
        timer.stop()
        timer.deleteLater()
        gc.enable()


def _collect() -> None:
    """As Python does by itself."""
    for generation, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
        if count > most:
            gc.collect(generation)
