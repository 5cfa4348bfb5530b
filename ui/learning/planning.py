"""What learning a clip takes on this machine: asked of a process, then put right by what learning has taken before."""

from __future__ import annotations

import contextlib
import statistics
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs
from PySide6.QtCore import QObject, Signal

from ...engine.errors import UserError
from ...engine.files import replacing
from ..jobs import Worker
from ..tasks.common import rate_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..document import Project

MOST_TIMES = 5
FACTORS = (0.1, 10.0)
"""Beyond which a measured time is believed no more: the machine slept, or did much else."""


class Choice(Struct, frozen=True, kw_only=True):
    """What a quality takes: sizes (H, W) of its scales, coarsest first, memory, and seconds, None where only trying can
    tell."""

    sizes_hw: tuple[tuple[int, int], ...]
    memory_bytes: int
    seconds: float | None = None


class Planning(QObject):
    """``changed`` is emitted when ``choices``, by quality, are known. ``times`` is the file for what learning took."""

    changed = Signal()

    def __init__(self, times: Path, program: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._times = times
        self._program = tuple(program)
        self._known: dict[object, dict[str, Choice]] = {}
        self._worker: Worker | None = None
        self._asked: object = None

    def choices(self, project: Project) -> dict[str, Choice]:
        """By quality, for the project's clip between its in and out points; empty while they aren't known."""
        factor = self.factor
        return {
            name: choice if choice.seconds is None else structs.replace(choice, seconds=choice.seconds * factor)
            for name, choice in self._known.get((project.clip, project.span), {}).items()
        }

    @property
    def factor(self) -> float:
        """How many times as long as planned learning took here, lately."""
        times = self._read_times()
        return statistics.median(times) if times else 1.0

    def ask(self, project: Project) -> None:
        """Find out, if it isn't known; what was asked for before no longer is."""
        clip, asked = project.clip, (project.clip, project.span)
        if clip is None or asked in self._known or asked == self._asked:
            return
        self.close()
        words = ["plan", clip.path]
        words += ["--range", f"{project.span[0]}:{project.span[1]}"] if project.span else []
        words += ["--rate", rate_text(clip.sequence_rate)] if clip.sequence_rate is not None else []
        self._asked = asked
        self._worker = worker = Worker([*words, "--json", "--attended"], self, program=self._program)
        worker.said.connect(lambda record: self._said(asked, record))
        worker.ended.connect(lambda *_: self._ended(worker))
        worker.start()

    def note(self, *, planned_s: float, took_s: float) -> None:
        """Remember how long it took what was planned (by ``choices``) to take so long."""
        least, most = FACTORS
        times = [*self._read_times(), min(most, max(least, self.factor * took_s / planned_s))][-MOST_TIMES:]
        with contextlib.suppress(UserError, OSError), replacing(self._times) as temporary:
            temporary.write_bytes(msgspec.json.encode(times))

    def close(self) -> None:
        worker, self._worker, self._asked = self._worker, None, None
        if worker is not None:
            worker.end()
            worker.deleteLater()

    def _said(self, asked: object, record: dict[str, Any]) -> None:
        if record.get("event") == "result":
            with contextlib.suppress(msgspec.ValidationError):
                self._known[asked] = msgspec.convert(record.get("choices"), dict[str, Choice])
                self.changed.emit()

    def _ended(self, worker: Worker) -> None:
        if self._worker is worker:
            self._worker = None
        worker.deleteLater()

    def _read_times(self) -> list[float]:
        try:
            times = msgspec.json.decode(self._times.read_bytes(), type=list[float])
        except (OSError, msgspec.DecodeError):
            return []
        return [time for time in times if time > 0]
