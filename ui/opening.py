"""What is opened: clips, projects, what wasn't saved, and a sample where there is nothing."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ..engine.errors import UserError
from .document import Footage
from .document.files import SUFFIX, changed_since
from .jobs import Task
from .library.entries import SUFFIX as MODEL_SUFFIX
from .notice import Notice
from .view import CLIP

if TYPE_CHECKING:
    from collections.abc import Callable

    from .media import Pictures
    from .studio import Studio

SAMPLE_BYTES = 10 << 20
PICTURES_RATE = Fraction(25)


class Opening(QObject):
    """Opens what people open; every problem is told.

    ``may_leave`` is asked before another project takes the place of this one: a window's asks the person, without one
    the person is told to save. ``ask_rate`` gives the frames a second of a folder of pictures, None to open none.
    """

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self.may_leave: Callable[[], bool] = self._is_saved
        self.ask_rate: Callable[[], Fraction | None] = lambda: PICTURES_RATE

    def open(self, path: Path) -> None:
        """Open a project, bring a model into the library, or make a clip the project's."""
        if path.suffix == SUFFIX:
            self.open_project(path)
        elif path.suffix == MODEL_SUFFIX:
            bring = self._studio.library.bring_in
            bring(path, lambda made: self._studio.document.change(self.tr("Choose model"), {"model": made}))
        elif path.is_dir():
            rate = self.ask_rate()
            if rate is not None:
                self.open_clip(path, sequence_rate=rate)
        else:
            self.open_clip(path)

    def open_project(self, path: Path) -> bool:
        """Whether it could be opened; if not, what was open stays."""
        if path == self._studio.document.path:
            return True
        if not self.may_leave():
            return False
        try:
            self._studio.document.open(path)
        except UserError as error:
            self._studio.tell(error.problem, error.remedy)
            return False
        self._studio.view.set({"showing": CLIP, "frame": 0, "speed": 0.0})
        self.check_clip()
        return True

    def open_sample(self) -> None:
        """Open a small clip of a fire; the first time it is simulated, which takes seconds."""
        path = self._studio.folder / "sample" / "fire.mp4"
        if path.exists():
            self.open_clip(path)
            return
        if any(job.task.kind == "sample" and not job.ended for job in self._studio.queue.jobs):
            return  # it comes
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problem = self.tr("The folder {folder} can't be made: {reason}.")
            self._studio.tell(problem.format(folder=path.parent, reason=error.strerror))
            return
        self._studio.queue.add(
            Task(
                title=self.tr("Sample clip"),
                words=("sample", "-o", str(path), "--overwrite"),
                output=str(path),
                kind="sample",
                need_bytes=SAMPLE_BYTES,
            )
        )

    def open_clip(
        self,
        path: Path,
        *,
        sequence_rate: Fraction | None = None,
        then: Callable[[Footage], None] = lambda _: None,
    ) -> None:
        """Make a clip the project's, once it is known what it is, and ``then`` call on; a problem is told.
        ``sequence_rate`` is that of a folder of pictures."""

        def known(clip: Footage) -> None:
            changes = {"clip": clip, "span": None, "replace.mask.keys": (), "replace.reference": None, "results": ()}
            self._studio.document.change(self.tr("Open clip"), changes)
            self._studio.view.set({"showing": CLIP, "frame": 0})
            then(clip)

        self._look_at(path, sequence_rate, known)

    def locate_clip(self, path: Path) -> None:
        """Go on with the project's clip at another place. One that differs is told, and taken all the same: it may be
        another take."""
        before = self._studio.project.clip
        if before is None:
            return

        def known(clip: Footage) -> None:
            span = self._studio.project.span
            if span is not None and span[1] > clip.frames:
                span = None
            self._studio.document.change(self.tr("Locate clip"), {"clip": clip, "span": span})
            self.check_clip()  # which ends the message that it is missing
            if (clip.frames, clip.size_hw) != (before.frames, before.size_hw):
                problem = self.tr("{name} has another size or length than the clip that was used before.")
                self._studio.tell(problem.format(name=path.name), self.tr("Check masks and results, or undo."))

        self._look_at(path, before.sequence_rate, known)

    def check_clip(self) -> None:
        """Tell it if the project's clip is gone, or another by now."""
        clip = self._studio.project.clip
        state = changed_since(clip) if clip is not None else ""
        if clip is None or not state:
            if self._studio.notice.state.action == "locate":
                self._studio.notice.replace(Notice())
            return
        name = Path(clip.path).name
        if state == "missing":
            problem = self.tr("The clip {path} is missing.").format(path=clip.path)
            remedy = self.tr("Put it back, or say where it is now. Nothing of the project is lost.")
        else:
            problem = self.tr("The clip {name} was changed since the project knew it.").format(name=name)
            remedy = self.tr("Check masks and results, or say where the earlier one is.")
        self._studio.notice.replace(Notice(problem=problem, remedy=remedy, action="locate"))

    def offer_recovery(self) -> None:
        """Tell of what an earlier window didn't save, if anything."""
        if self._studio.recovery.left():
            problem = self.tr("Work of an earlier window wasn't saved.")
            self._studio.notice.replace(Notice(problem=problem, action="recover"))

    def recover(self) -> None:
        """Go on with what an earlier window didn't save last. Raises ProjectError."""
        left = self._studio.recovery.left()
        if left and self.may_leave():
            self._studio.document.recover(left[0])
            self.check_clip()
        elif left and not self._studio.notice.state.problem:
            self.offer_recovery()

    def _is_saved(self) -> bool:
        if not self._studio.document.unsaved or self._studio.project.clip is None:
            return True
        self._studio.tell(self.tr("What is open now isn't saved."), self.tr("Save it first, then try again."))
        return False

    def _look_at(self, path: Path, rate: Fraction | None, known: Callable[[Footage], None]) -> None:
        """Call ``known`` with what a clip is, once that is clear; a problem is told."""
        pictures = self._studio.media.open_now(path, sequence_rate=rate)
        if pictures.count:
            known(_footage(path, pictures, rate))
        else:
            pictures.opened.connect(lambda: known(_footage(path, pictures, rate)))
            pictures.failed.connect(lambda problem, remedy: self._failed(path, pictures, problem, remedy))

    def _failed(self, path: Path, pictures: Pictures, problem: str, remedy: str) -> None:
        """A clip can't be read, or no longer: the viewer tells that of one that it shows."""
        clip = self._studio.project.clip
        if clip is not None and clip.path == str(path.absolute()) and changed_since(clip):
            self.check_clip()
        elif not pictures.count:
            self._studio.told.emit(problem, remedy)


def _footage(path: Path, pictures: Pictures, rate: Fraction | None) -> Footage:
    facts = path.stat()
    return Footage(
        path=str(path.absolute()),
        frames=pictures.count,
        rate=pictures.rate,
        size_hw=pictures.size_hw,
        sample_aspect=pictures.sample_aspect,
        sequence_rate=rate,
        bytes=facts.st_size if path.is_file() else 0,
        changed_s=facts.st_mtime if path.is_file() else 0.0,
    )
