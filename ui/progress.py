"""What long work shows while it runs: lines for people, or JSON lines for programs."""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from . import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BAR = 24


class Reporter(Protocol):
    """Where a command tells what happens. Facts are JSON values; the text says the same in words."""

    def say(self, event: str, text: str, **facts: Any) -> None:
        """Something happened that is worth a line."""
        ...

    def progress(self, text: str, *, done: float, left_s: float | None, **facts: Any) -> None:
        """The work goes on: ``done`` is the part of all that is done, 0 to 1."""
        ...

    def finish(self, text: str, facts: Mapping[str, Any]) -> None:
        """The command's result, its last word on standard output."""
        ...

    def fail(self, problem: str, remedy: str) -> None:
        """The command ends without a result."""
        ...


class TextReporter:
    """Lines for people: progress and notices on ``notes`` (stderr), the result alone on ``results`` (stdout).

    On a terminal progress is one line that is written over, at most every tenth of a second; in a file or a pipe it
    is a line every half minute.
    """

    def __init__(self, results: TextIO, notes: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._results = results
        self._notes = notes
        self._clock = clock
        self._live = notes.isatty()
        self._pause_s = 0.1 if self._live else 30.0
        self._shown_at: float | None = None
        self._width = 0

    def say(self, event: str, text: str, **facts: Any) -> None:  # noqa: ARG002  # the text holds them
        self._write(self._notes, text)

    def progress(self, text: str, *, done: float, left_s: float | None, **facts: Any) -> None:  # noqa: ARG002
        now = self._clock()
        if self._shown_at is not None and now - self._shown_at < self._pause_s:
            return
        self._shown_at = now
        tail = f"{done:4.0%}  {text}, {words.left(left_s)}"
        if not self._live:
            self._write(self._notes, tail)
            return
        filled = round(done * BAR)
        line = f"{'#' * filled}{'.' * (BAR - filled)} {tail}"[: shutil.get_terminal_size().columns - 1]
        self._notes.write(f"\r{line.ljust(self._width)}")
        self._notes.flush()
        self._width = len(line)

    def finish(self, text: str, facts: Mapping[str, Any]) -> None:  # noqa: ARG002
        self._write(self._results, text)

    def fail(self, problem: str, remedy: str) -> None:
        self._write(self._notes, f"dtsgan: {problem}" + (f"\n{remedy}" if remedy else ""))

    def _write(self, stream: TextIO, text: str) -> None:
        if self._width:
            self._notes.write(f"\r{' ' * self._width}\r")
            self._notes.flush()
            self._width = 0
        stream.write(f"{text}\n")
        stream.flush()


class PercentageReporter(TextReporter):
    """Lines for people, but progress as whole percents, a line each, for programs that look for those."""

    def __init__(self, results: TextIO, notes: TextIO) -> None:
        super().__init__(results, notes)
        self._last = -1

    def progress(self, text: str, *, done: float, left_s: float | None, **facts: Any) -> None:  # noqa: ARG002
        if int(100 * done) != self._last:
            self._last = int(100 * done)
            self._write(self._notes, f"percentage: {self._last}")


class JsonReporter:
    """One JSON object a line on ``results`` (stdout), the last one the result or the failure; nothing elsewhere."""

    def __init__(self, results: TextIO) -> None:
        self._results = results

    def say(self, event: str, text: str, **facts: Any) -> None:
        self._write({"event": event, "text": text, **facts})

    def progress(self, text: str, *, done: float, left_s: float | None, **facts: Any) -> None:
        self._write({"event": "progress", "text": text, "done": done, "left_s": left_s, **facts})

    def finish(self, text: str, facts: Mapping[str, Any]) -> None:  # noqa: ARG002  # the facts say it
        self._write({"event": "result", **facts})

    def fail(self, problem: str, remedy: str) -> None:
        self._write({"event": "failure", "problem": problem, "remedy": remedy})

    def _write(self, record: Mapping[str, Any]) -> None:
        self._results.write(json.dumps(record, default=str) + "\n")
        self._results.flush()
