"""What all parts of the panel share: the project, what is looked at, the jobs, the pictures."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from msgspec import structs
from PySide6.QtCore import QObject, Signal

from ..engine.errors import UserError
from . import garbage
from .background import Background
from .binding import Store
from .document import Document, Project, Recovery
from .editing import Editing
from .exporting import free_path
from .jobs import PROGRAM, JobQueue
from .learning import Learning
from .library import Library
from .mask.files import mask_frames, write_mask
from .media import Media
from .notice import Notice
from .opening import Opening
from .previewing import Previewing
from .previews import Previews
from .tasks import part_of, replace_task, result_of
from .tasks.replace import entries_of
from .view import CLIP, PREVIEW, View
from .viewer.playing import clip_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from .document import Result
    from .jobs import Job, Task
    from .media import Pictures

HOME = "DTSGAN_HOME"
"""Environment variable with the folder for models, settings and recovery; the system's own by default."""


def home() -> Path:
    return Path(os.environ.get(HOME) or platformdirs.user_data_path("dtsgan"))


class Studio(QObject):
    """``told`` is emitted with a problem and its remedy that the person must see, which ``notice`` then holds;
    ``result_made`` with each new result.

    One is made for a window or a docked panel; ``program`` is what runs the command line.
    """

    told = Signal(str, str)
    result_made = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, folder: Path | None = None, program: Sequence[str] = PROGRAM
    ) -> None:
        super().__init__(parent)
        garbage.hold(self)
        self.folder = folder or home()
        self.program = tuple(program)
        self.recovery = Recovery(self.folder / "unsaved")
        self.document = Document(self.recovery.path, self)
        self.view = Store(View(), self)
        self.notice = Store(Notice(), self)
        self.queue = JobQueue(self, program=program)
        self.media = Media(self)
        self.library = Library(self.folder / "models", self)
        self.learning = Learning(self)
        self.opening = Opening(self)
        self.editing = Editing(self)
        self.previews = Previews(self.program, self)
        self.previewing = Previewing(self)
        self.motion: np.ndarray | None = None  # of the clip, once it was looked at
        self.queue.ended.connect(self._job_ended)
        self.told.connect(self.tell)
        self.document.failed.connect(self.told)
        self.library.told.connect(self.told)
        self.library.moved.connect(self._model_moved)
        self.library.refresh()
        self.document.changed.connect(self._project_changed)
        self.view.changed.connect(self._view_changed)

    @property
    def project(self) -> Project:
        return self.document.state

    def tell(self, problem: str, remedy: str = "") -> None:
        """Let the person know."""
        self.notice.replace(Notice(problem=problem, remedy=remedy))

    def pictures(self) -> Pictures | None:
        """Of what is shown now; None where there is nothing."""
        showing = self.view.state.showing
        if showing == PREVIEW:
            return self.previews.state.pictures
        if showing != CLIP and (result := self.result(showing)) is not None:
            return self.media.open(Path(result.path))
        clip = self.project.clip
        return None if clip is None else self.media.open(Path(clip.path), sequence_rate=clip.sequence_rate)

    def clip_frame(self, number: int | None = None) -> int | None:
        """The clip's frame that corresponds to a frame of what is shown, by default to the view's; None where that one
        is new."""
        view = self.view.state
        number = view.frame if number is None else number
        first = self.previews.state.first
        return clip_frame(self.project, view.showing, number, self.result(view.showing), first=first)

    def result(self, number: str) -> Result | None:
        return next((each for each in self.project.results if each.id == number), None)

    def variants(self) -> list[Result]:
        """Those that the view's filter lets through."""
        marks = {"all": ("", "starred", "rejected"), "starred": ("starred",), "kept": ("", "starred")}
        lets = marks[self.view.state.filter]
        return [each for each in self.project.results if each.made_by == "variants" and each.mark in lets]

    def mark(self, numbers: set[str], mark: str, text: str) -> None:
        """Star or reject results, as one step of undo that ``text`` names."""
        results = tuple(
            structs.replace(each, mark=mark) if each.id in numbers else each for each in self.project.results
        )
        self.document.change(text, {"results": results})

    def add_result(self, result: Result, clip: str) -> bool:
        """Note what was made of the clip with this path; false where another is open by now. The file stays, and undo
        to that clip finds it."""

        def add(project: Project) -> Project:
            if project.clip is None or project.clip.path != clip:
                return project
            return structs.replace(project, results=(*project.results, result))

        self.document.record(add)
        return self.result(result.id) is not None

    def use_settings(self, result: Result) -> None:
        """Set its page as it was for a result, with its model, as one step of undo; a problem is told."""
        try:
            part = part_of(result.settings, type(getattr(self.project, result.made_by)))
        except UserError as error:
            self.told.emit(error.problem, error.remedy)
            return
        self.document.change(self.tr("Use settings"), {result.made_by: part, "model": result.model})

    def results_folder(self) -> Path:
        """Where finished videos go: where people look for their videos."""
        stem = Path(self.project.clip.path).stem if self.project.clip else "untitled"
        return platformdirs.user_videos_path() / "dtsgan" / stem

    def make(self, task_for: Callable[[Path], Task], name: str, suffix: str = ".mp4") -> int | None:
        """Put a task into the queue, whose output goes into the folder for results under a name that is free; the
        job's number, or None where it can't be done, which is told."""
        folder = self.results_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return self.queue.add(task_for(free_path(folder, name, suffix, taken=self._taken())))
        except UserError as error:
            self.told.emit(error.problem, error.remedy)
        except OSError as error:
            problem = self.tr("The folder {folder} can't be made: {reason}.")
            remedy = self.tr("Make room for it, or give the rights to write there.")
            self.told.emit(problem.format(folder=folder, reason=error.strerror), remedy)
        return None

    def make_replaced(self) -> None:
        """Put the replacement that the project describes into the queue, once its mask is written."""
        project, clip = self.project, self.project.clip
        if clip is None:
            return
        folder = self.folder / "masks"
        suffix = ".mov" if project.replace.layer else ".mp4"

        def prepare() -> tuple[Path, range]:
            return write_mask(project.replace.mask, mask_frames(project), clip.size_hw, folder), entries_of(project)

        def make(prepared: tuple[Path, range]) -> None:
            mask, entries = prepared
            self.make(lambda output: replace_task(project, mask, output, entries=entries), "replaced", suffix)

        writing = Background(prepare)
        writing.done.connect(make)
        writing.failed.connect(self.told)
        writing.start()

    def close(self) -> None:
        """End all work and close all files; what isn't saved is in the recovery file."""
        self.editing.close()
        self.previews.close()
        self.learning.close()
        self.library.close()
        self.queue.end()
        self.media.close()
        self.document.close()
        self.recovery.close()
        garbage.release(self)

    def _taken(self) -> set[str]:
        """Files that jobs will write, and those of results, which may lie on a disk that isn't there now."""
        return {job.task.output for job in self.queue.jobs} | {result.path for result in self.project.results}

    def _job_ended(self, job: Job) -> None:
        if job.state == "done" and job.task.kind == "result":
            result = result_of(job, secrets.token_hex(4))
            if self.add_result(result, job.task.about.clip):
                if self.view.state.page == result.made_by:
                    self.view.set({"showing": result.id, "frame": 0, "speed": 0.0, "repeat": "all"})
                self.result_made.emit(result)
        elif job.state == "done" and job.task.kind == "sample":
            self.opening.open_clip(Path(job.task.output))
        elif job.state in ("failed", "crashed"):
            problem = f"{job.task.title}: {job.problem}"
            self.notice.replace(Notice(problem=problem, remedy=job.remedy, action="retry", job=job.id))

    def _model_moved(self, old: str, new: str) -> None:
        """A model with another name is still the one that was chosen."""

        def renamed(project: Project) -> Project:
            results = tuple(structs.replace(each, model=new) if each.model == old else each for each in project.results)
            model = new if project.model == old else project.model
            return structs.replace(project, model=model, results=results)

        self.document.record(renamed)

    def _view_changed(self, before: View, view: View) -> None:
        """What two results were compared for is over when comparing is."""
        if view.filter != before.filter or view.selected != before.selected:
            self._choose_seen()
        if view.compare == "none" and view.against != CLIP:
            self.view.set({"against": CLIP})

    def _project_changed(self, before: Project, after: Project) -> None:
        """What is looked at stays within what there is."""
        if before.clip != after.clip:
            self.motion = None
        if before.results != after.results:
            self._choose_seen()
        showing = self.view.state.showing
        if showing not in (CLIP, PREVIEW) and self.result(showing) is None:
            self.view.set({"showing": CLIP, "frame": 0})

    def _choose_seen(self) -> None:
        """Nothing is done to variants that the gallery doesn't show."""
        seen = {each.id for each in self.variants()}
        self.view.set({"selected": tuple(each for each in self.view.state.selected if each in seen)})
