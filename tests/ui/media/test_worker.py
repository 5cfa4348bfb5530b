from __future__ import annotations

import gc
import threading
import weakref
from typing import TYPE_CHECKING

from dtsgan.ui import garbage as garbage_of
from dtsgan.ui.media.worker import ThreadWorker

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Waiting(ThreadWorker):
    """Works until it is let go."""

    def __init__(self) -> None:
        super().__init__("a test's thread")
        self.go = threading.Event()

    def work(self) -> None:
        self.go.wait()


def alive(worker: weakref.ref[Waiting]) -> bool:
    return worker() is not None


def test_a_thread_outlives_whoever_started_it(qtbot: QtBot) -> None:
    """An object that nobody knows any more stays until its thread has ended, and then goes on the window's thread."""
    worker = Waiting()
    go, known = worker.go, weakref.ref(worker)
    died_on: list[int] = []
    weakref.finalize(worker, lambda: died_on.append(threading.get_ident()))
    worker.start()
    del worker
    gc.collect()
    assert alive(known)
    go.set()
    qtbot.waitUntil(lambda: not alive(known))
    assert died_on == [threading.get_ident()]


def test_garbage_is_collected_on_the_windows_thread_alone(qtbot: QtBot, qapp: object) -> None:
    """While a thread runs, Python doesn't collect by itself, but garbage goes all the same; then it does again."""
    garbage_of.release(qapp)
    qtbot.waitUntil(gc.isenabled)  # threads of other tests have ended
    worker = Waiting()
    worker.start()
    assert not gc.isenabled()
    collected_on: set[int] = set()

    def note(phase: str, _facts: dict[str, int]) -> None:
        if phase == "start":
            collected_on.add(threading.get_ident())

    gc.callbacks.append(note)
    garbage = [[] for _ in range(5000)]
    qtbot.waitUntil(lambda: bool(collected_on))
    gc.callbacks.remove(note)
    assert collected_on == {threading.get_ident()}
    del garbage
    worker.go.set()
    qtbot.waitUntil(gc.isenabled)
