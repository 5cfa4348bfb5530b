"""What is learned now, and what can be done with it already."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs
from PySide6.QtCore import QObject, QTimer, Signal

from ...engine.errors import UserError
from ..background import Background
from ..exporting import copy_file
from ..tasks.learn import Making, learn_task
from . import unfinished
from .planning import Choice, Planning
from .unfinished import Unfinished

if TYPE_CHECKING:
    from ..document import Project
    from ..jobs import Job, Task
    from ..studio import Studio
    from ..view import View

PAUSE_MS = 300


class Try(Struct, frozen=True, kw_only=True):
    """What a finished scale can do: a ``video`` of it, and a ``model`` of the scales so far."""

    scale: int
    scales: int
    size_hw: tuple[int, int]
    video: str
    model: str


class LearningState(Struct, frozen=True, kw_only=True):
    """``choices`` by quality, empty while they aren't known; ``tries`` of what is learned now or was last, the coarsest
    first; ``unfinished`` learnings that no job works on."""

    choices: dict[str, Choice] = {}
    tries: tuple[Try, ...] = ()
    unfinished: tuple[Unfinished, ...] = ()


class Learning(QObject):
    """``changed`` is emitted whenever ``state`` is another. A finished model is the project's if the clip still is."""

    changed = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self.state = LearningState()
        self.planning = Planning(studio.library.folder / "times.json", studio.program, self)
        self._began: dict[int, float] = {}
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._plan)
        self.planning.changed.connect(self._planned)
        studio.document.changed.connect(self._project_changed)
        studio.view.changed.connect(self._view_changed)
        studio.queue.said.connect(self._said)
        studio.queue.changed.connect(self._job_changed)
        studio.queue.ended.connect(self._ended)
        self._find_unfinished()

    @property
    def job(self) -> Job | None:
        """The learning that was started last, if any."""
        jobs = [job for job in self._studio.queue.jobs if job.task.kind == "model"]
        return jobs[-1] if jobs else None

    def start(self) -> None:
        """Learn the project's clip as the page says; a problem is told."""
        project, clip = self._studio.project, self._studio.project.clip
        if clip is None:
            return
        try:
            output = self._studio.library.free_path(f"{Path(clip.path).stem} {project.learn.quality}")
            task = self._task(project, output)
            unfinished.note(project, output)
        except UserError as error:
            self._studio.told.emit(error.problem, error.remedy)
            return
        self._set(tries=())
        self._studio.queue.add(task)

    def go_on(self, left: Unfinished) -> None:
        """Take up what was left unfinished; a problem is told."""
        try:
            task = self._task(left.project, Path(left.output))
        except UserError as error:
            self._studio.told.emit(error.problem, error.remedy)
            return
        if not (self.job and self.job.task.output == left.output):
            self._set(tries=())
        self._studio.queue.add(task)
        self._find_unfinished()

    def pause(self) -> None:
        """Stop learning; it can go on later, also after the program was closed."""
        if self.job is not None and not self.job.ended:
            self._studio.queue.stop(self.job.id)

    def discard(self, left: Unfinished) -> None:
        """Forget what was left unfinished, and what its scales could do."""
        unfinished.forget(Path(left.output))
        self._set(tries=())
        self._find_unfinished()

    def use(self, made: Try) -> None:
        """Pause learning, and use what is learned so far."""
        self.pause()
        stem = Path(self.job.task.output).stem if self.job is not None else Path(made.model).stem
        text = self.tr("{name}, {scale} of {scales} scales")
        name = text.format(name=stem, scale=made.scale + 1, scales=made.scales)
        copying = Background(lambda: copy_file(Path(made.model), self._studio.library.free_path(name)))
        copying.done.connect(self._use)
        copying.failed.connect(self._studio.told)
        copying.start()

    def close(self) -> None:
        self._timer.stop()
        self.planning.close()

    def _use(self, path: Path) -> None:
        self._studio.library.refresh()
        self._studio.document.change(self.tr("Choose model"), {"model": str(path)})

    def _task(self, project: Project, output: Path) -> Task:
        """Of learning it, where the person wants that done. Raises OptionError."""
        choice = self.planning.choices(project).get(project.learn.quality)
        memory = {} if choice is None else {"memory_bytes": choice.memory_bytes}
        planned = None if choice is None else choice.seconds
        scheduler = self._studio.view.state.cluster
        return learn_task(project, output, planned_s=planned, scheduler=scheduler, **memory)

    def _project_changed(self, before: Project, after: Project) -> None:
        if (before.clip, before.span) != (after.clip, after.span):
            self._set(choices=self.planning.choices(after))
            self._timer.start()

    def _view_changed(self, before: View, view: View) -> None:
        if view.page != before.page:
            self._timer.start()

    def _plan(self) -> None:
        if self._studio.view.state.page == "learn":
            self.planning.ask(self._studio.project)

    def _planned(self) -> None:
        self._set(choices=self.planning.choices(self._studio.project))

    def _said(self, job: Job, record: dict[str, Any]) -> None:
        if not isinstance(job.task.about, Making) or job.task.kind != "model":
            return
        if record.get("event") == "preview" and "video" in record:
            with contextlib.suppress(msgspec.ValidationError):
                made = msgspec.convert({name: record.get(name) for name in Try.__struct_fields__}, Try)
                others = [each for each in self.state.tries if each.scale != made.scale]
                self._set(tries=tuple(sorted([*others, made], key=lambda each: each.scale)))
        if record.get("event") == "planned" and record.get("resumed_step"):
            self._began[job.id] = 0.0  # a part of the time tells nothing

    def _job_changed(self, job: Job) -> None:
        if job.task.kind == "model" and job.state == "running":
            self._began.setdefault(job.id, time.monotonic())

    def _ended(self, job: Job) -> None:
        if job.task.kind != "model":
            return
        began = self._began.pop(job.id, 0.0)
        if job.state == "done" and self._collected(job):
            if began and job.task.about.planned_s:
                self.planning.note(planned_s=job.task.about.planned_s, took_s=time.monotonic() - began)
            unfinished.forget(Path(job.task.output))
            self._set(tries=(), choices=self.planning.choices(self._studio.project))
            clip = self._studio.project.clip
            if clip is not None and clip.path == job.task.about.clip:
                self._use(Path(job.task.output))
            else:
                self._studio.library.refresh()
        self._find_unfinished()

    def _collected(self, job: Job) -> bool:
        """Whether the model is where it belongs: what a cluster learned is put there; a problem is told."""
        if job.task.about.folder is None:
            return True
        (model,) = (job.result or {})["models"]
        try:
            Path(model).replace(job.task.output)
        except OSError as error:
            text = self.tr("The model {path} that the cluster learned can't be moved: {reason}.")
            remedy = self.tr("Free the folder {folder}, then continue.").format(folder=self._studio.library.folder)
            self._studio.told.emit(text.format(path=model, reason=error.strerror), remedy)
            return False
        return True

    def _find_unfinished(self) -> None:
        at_work = {job.task.output for job in self._studio.queue.jobs if not job.ended}
        found = (each for each in unfinished.find(self._studio.library.folder) if each.output not in at_work)
        self._set(unfinished=tuple(found))

    def _set(self, **changes: Any) -> None:
        state = structs.replace(self.state, **changes)
        if state != self.state:
            self.state = state
            self.changed.emit()
