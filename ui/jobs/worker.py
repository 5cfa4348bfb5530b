"""A process that does one piece of work and tells of it in JSON lines."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import psutil
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = (sys.executable, "-m", "dtsgan")
"""What runs the command line. A host with a Python of its own names another one's."""

GRACE_MS = 2000
"""After which a process that was asked to stop is ended."""

SILENCE_MS = 120_000
"""Fitting a long clip takes a minute without a word."""

NICE = 10
"""Priority of the processes that work, on systems that count it so."""

MOST_LINE = 1 << 20
LAST_WORDS = 2000


class Worker(QObject):
    """Runs ``program`` with ``words``; it stops when its input ends, so that it can't outlive this process.

    ``said`` is emitted with every record that it writes. ``silent`` is emitted with true once it has said nothing for
    ``silence_ms``, with false when it speaks again. ``ended`` comes once, last, with the exit code (None where it
    crashed or couldn't be started) and what it wrote on its standard error.
    """

    said = Signal(dict)
    silent = Signal(bool)
    ended = Signal(object, str)

    def __init__(
        self,
        words: Sequence[str],
        parent: QObject | None = None,
        *,
        program: Sequence[str] = PROGRAM,
        silence_ms: int = SILENCE_MS,
        nice: int = NICE,
    ) -> None:
        super().__init__(parent)
        self._nice = nice
        self._over = False
        self._waiting = b""
        self._process = process = QProcess(self)
        process.setProgram(program[0])
        process.setArguments([*program[1:], *words])
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        environment.insert("PYTHONIOENCODING", "utf-8")
        process.setProcessEnvironment(environment)
        process.started.connect(self._step_back)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        self._watch = QTimer(self, singleShot=True, interval=silence_ms)
        self._watch.timeout.connect(lambda: self.silent.emit(True))
        self._grace = QTimer(self, singleShot=True, interval=GRACE_MS)
        self._grace.timeout.connect(self.kill)

    @property
    def pid(self) -> int:
        """The process's number; 0 while it doesn't run."""
        return self._process.processId()

    def start(self) -> None:
        self._watch.start()
        self._process.start()

    def send(self, record: dict[str, Any] | None) -> None:
        """Write a JSON line to its standard input; None is an empty one."""
        self._process.write((b"" if record is None else json.dumps(record).encode()) + b"\n")

    def stop(self) -> None:
        """Ask it to end; it is ended if it doesn't soon. What it leaves unfinished leaves no trace."""
        self._process.closeWriteChannel()
        self._grace.start()

    def kill(self) -> None:
        """End it now."""
        self._process.kill()

    def end(self) -> None:
        """End it now and wait until it is gone: the program closes."""
        self._over = True
        self._process.kill()
        self._process.waitForFinished(GRACE_MS)

    def _step_back(self) -> None:
        """Let the window, and all else that a person works with, go first."""
        with contextlib.suppress(psutil.Error, OSError):
            below = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", self._nice)  # known on Windows alone
            if self._nice:
                psutil.Process(self.pid).nice(below)

    def _read(self) -> None:
        if self._over:
            return
        if not self._watch.isActive():
            self.silent.emit(False)
        self._watch.start()
        *lines, self._waiting = (self._waiting + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        if len(self._waiting) > MOST_LINE:
            self._waiting = b""
        for line in lines:
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue  # a library's own chatter
            if isinstance(record, dict):
                self.said.emit(record)

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._over:
            return
        self._read()
        self._end(code if status == QProcess.ExitStatus.NormalExit else None)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and not self._over:
            self._end(None)

    def _end(self, code: int | None) -> None:
        self._over = True
        self._watch.stop()
        self._grace.stop()
        words = bytes(self._process.readAllStandardError().data()).decode(errors="replace")[-LAST_WORDS:].strip()
        if not words and code is None:
            words = self._process.errorString()
        self.ended.emit(code, words.replace(os.linesep, "\n"))
