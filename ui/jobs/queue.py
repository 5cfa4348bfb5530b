"""Jobs in a row, one at a time: each has all of the machine."""

from __future__ import annotations

import itertools
import math
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from msgspec import structs
from PySide6.QtCore import QCoreApplication, QObject, Signal

from .. import words
from .job import Job, Task
from .worker import PROGRAM, SILENCE_MS, Worker

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES = 500


class JobQueue(QObject):
    """``changed`` is emitted with a job whenever anything of it changes, ``removed`` with its number, ``said`` with a
    job and each record that its process writes, ``ended`` with a job once it has ended."""

    changed = Signal(object)
    removed = Signal(int)
    said = Signal(object, dict)
    ended = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, program: Sequence[str] = PROGRAM, silence_ms: int = SILENCE_MS
    ) -> None:
        super().__init__(parent)
        self._program = tuple(program)
        self._silence_ms = silence_ms
        self._jobs: dict[int, Job] = {}
        self._numbers = itertools.count(1)
        self._worker: Worker | None = None
        self._running: int | None = None

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All that are known, in the order of their adding."""
        return tuple(self._jobs.values())

    @property
    def running(self) -> Job | None:
        return None if self._running is None else self._jobs[self._running]

    @property
    def busy(self) -> bool:
        """Whether any job waits or runs."""
        return any(not job.ended for job in self._jobs.values())

    def job(self, number: int) -> Job | None:
        return self._jobs.get(number)

    def add(self, task: Task) -> int:
        """Do a task when those before it are done; its number. One that can't be is there at once, failed."""
        number = next(self._numbers)
        self._jobs[number] = Job(id=number, task=task, text=self.tr("Waiting"))
        self.changed.emit(self._jobs[number])
        self._next()
        return number

    def retry(self, number: int) -> None:
        """Do one again that has ended without a result. Learning goes on from where it was."""
        job = self._jobs[number]
        if job.ended and job.state != "done":
            self._set(number, Job(id=number, task=job.task, text=self.tr("Waiting")))
            self._next()

    def sooner(self, number: int) -> None:
        """Let a waiting one be done before the one that waits before it."""
        waiting = [job.id for job in self.jobs if job.state == "waiting"]
        place = waiting.index(number) if number in waiting else 0
        if place:
            other = waiting[place - 1]
            order = [{number: other, other: number}.get(each, each) for each in self._jobs]
            self._jobs = {each: self._jobs[each] for each in order}
            self.changed.emit(self._jobs[number])

    def stop(self, number: int) -> None:
        """Stop one at once, or take it out of the row."""
        job = self._jobs[number]
        if job.state == "waiting":
            self._end(number, "stopped", text=self.tr("Stopped"))
        elif job.state == "running" and self._worker is not None:
            self._update(number, state="stopping", text=self.tr("Stopping"))
            self._worker.stop()

    def stop_all(self) -> None:
        for job in self.jobs:
            if not job.ended:
                self.stop(job.id)

    def remove(self, number: int) -> None:
        """Forget one that has ended."""
        if self._jobs[number].ended:
            del self._jobs[number]
            self.removed.emit(number)

    def end(self) -> None:
        """End all that runs and wait until it is gone: the program closes."""
        self._jobs = {number: job for number, job in self._jobs.items() if job.ended or number == self._running}
        if self._worker is not None:
            self._worker.end()

    def _next(self) -> None:
        if self._running is not None:
            return
        for number, job in list(self._jobs.items()):
            if job.state != "waiting":
                continue
            lack = _lack(job.task)
            if lack is None:
                self._start(number, job)
                return
            self._end(number, "failed", problem=lack[0], remedy=lack[1])

    def _start(self, number: int, job: Job) -> None:
        self._running = number
        self._worker = worker = Worker(
            [*job.task.words, "--json", "--attended"], self, program=self._program, silence_ms=self._silence_ms
        )
        worker.said.connect(self._said)
        worker.silent.connect(lambda silent: self._update(number, silent=silent))
        worker.ended.connect(self._ended)
        self._update(number, state="running", text=self.tr("Starting"))
        worker.start()

    def _said(self, record: dict[str, Any]) -> None:
        number = self._running
        if number is None:
            return
        job = self._jobs[number]
        event, text = record.get("event"), str(record.get("text", ""))
        match event:
            case "progress":
                done, left = _number(record.get("done")), _number(record.get("left_s"))
                self._update(number, text=text, done=min(1.0, max(0.0, done or 0.0)), left_s=left)
            case "result":
                self._update(number, result={key: value for key, value in record.items() if key != "event"})
            case "failure":
                problem, remedy = (words.for_window(str(record.get(name, ""))) for name in ("problem", "remedy"))
                self._update(number, problem=problem, remedy=remedy)
            case "dashboard":
                self._update(number, link=str(record.get("link", "")), log=(*job.log[1 - MOST_LINES :], text))
            case "preview":  # whoever shows those says so
                self._update(number, log=(*job.log[1 - MOST_LINES :], text))
            case _:
                self._update(number, text=text or job.text, log=(*job.log[1 - MOST_LINES :], text))
        self.said.emit(self._jobs[number], record)

    def _ended(self, code: int | None, words: str) -> None:
        number, worker = self._running, self._worker
        self._running = self._worker = None
        if worker is not None:
            worker.deleteLater()
        if number is None:
            return
        job = self._jobs[number]
        if words:
            job = structs.replace(job, log=(*job.log, *words.splitlines()[1 - MOST_LINES :]))
            self._jobs[number] = job
        if code == 0 and job.result is not None:
            self._end(number, "done", done=1.0, left_s=0.0, text=self.tr("Done"))
        elif job.state == "stopping":
            self._end(number, "stopped", text=self.tr("Stopped"))
        elif code in (1, 2) and job.problem:
            self._end(number, "failed", text=self.tr("Failed"))
        else:
            problem = self.tr("The worker process ended unexpectedly.")
            remedy = self.tr("Nothing of your project is lost. Try again; if it happens again, the log says more.")
            self._end(number, "crashed", text=self.tr("Crashed"), problem=problem, remedy=remedy)
        self._next()

    def _end(self, number: int, state: str, **changes: Any) -> None:
        self._update(number, state=state, silent=False, **changes)
        self.ended.emit(self._jobs[number])

    def _update(self, number: int, **changes: Any) -> None:
        if number in self._jobs:
            self._set(number, structs.replace(self._jobs[number], **changes))

    def _set(self, number: int, job: Job) -> None:
        self._jobs[number] = job
        self.changed.emit(job)


def _lack(task: Task) -> tuple[str, str] | None:
    """What the machine lacks for a task, and the remedy; None where it has all."""
    folder = next((each for each in Path(task.output).absolute().parents if each.is_dir()), None)
    if folder is not None and (free := shutil.disk_usage(folder).free) < task.need_bytes:
        problem = QCoreApplication.translate(
            "JobQueue", "{title} may need {need}, and only {free} are free in {folder}."
        ).format(title=task.title, need=words.size(task.need_bytes), free=words.size(free), folder=folder)
        return problem, QCoreApplication.translate("JobQueue", "Free some space, then try again.")
    if (free := psutil.virtual_memory().available) < task.need_memory_bytes:
        problem = QCoreApplication.translate(
            "JobQueue", "{title} needs about {need} of memory, and {free} are free."
        ).format(title=task.title, need=words.size(task.need_memory_bytes), free=words.size(free))
        return problem, QCoreApplication.translate("JobQueue", "Close other programs, then try again.")
    return None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
