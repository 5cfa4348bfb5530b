"""Ctrl-C and a polite kill: asked once, the work stops where it can go on later; asked twice, it ends at once.

A program that started this one asks by closing our standard input, which every system has.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Whether the person, or the system, has asked to stop."""

    def __init__(self) -> None:
        self._signal: int | None = None

    def is_set(self) -> bool:
        return self._signal is not None

    @property
    def exit_code(self) -> int:
        """128 plus the signal's number, as shells have it: 130 after Ctrl-C, 143 after a kill; 0 if none came."""
        return 0 if self._signal is None else 128 + self._signal

    def set(self, number: int) -> None:
        self._signal = number


@contextmanager
def interrupts(*, attended: bool = False) -> Iterator[Interrupts]:
    """Note the first signal in place of ending; the second does what it always did. ``attended``: the end of standard
    input counts as a polite kill."""
    asked = Interrupts()
    if attended:
        threading.Thread(target=_wait_for_end, args=(asked,), daemon=True).start()
    if threading.current_thread() is not threading.main_thread():  # signals only ever reach the main one
        yield asked
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def note(number: int, _frame: object) -> None:
        asked.set(number)
        restore()

    for number in SIGNALS:
        signal.signal(number, note)
    try:
        yield asked
    finally:
        restore()


def _wait_for_end(asked: Interrupts) -> None:
    # Read below Python's buffers: their lock, held by a waiting thread, would keep the program from ending.
    while os.read(sys.stdin.fileno(), 1 << 12):
        pass
    asked.set(signal.SIGTERM)
