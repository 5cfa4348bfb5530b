"""The project that is open: every change can be undone, and none is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from ...engine.errors import UserError
from ..binding import Binder, with_fields
from .files import ProjectError, read_project, write_project
from .project import Project

MOST_STEPS = 500
AUTOSAVE_MS = 1500


class _Step(NamedTuple):
    """A project as it was before a change that has this ``text``; of changes in one go, such as a slider's, ``merge``
    names them."""

    project: Project
    text: str
    merge: str


class Document(QObject):
    """``changed`` is emitted with the project before and after; ``saved_changed`` when a name or the star that says
    "not saved" changes; ``failed`` with the problem and the remedy where autosaving can't write.

    ``recovery`` is the file that all changes are written to shortly after they are made, until they are saved.
    """

    changed = Signal(object, object)
    saved_changed = Signal()
    failed = Signal(str, str)

    def __init__(self, recovery: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = self._saved = Project()
        self._past: list[_Step] = []
        self._future: list[_Step] = []
        self._path: Path | None = None
        self._lock: QLockFile | None = None
        self._recovery = recovery
        self._recoverable = False  # the recovery file holds changes of this project
        self._timer = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._timer.timeout.connect(self.autosave)

    @property
    def state(self) -> Project:
        return self._project

    @property
    def path(self) -> Path | None:
        """Where it is saved; None for a project without a name yet."""
        return self._path

    @property
    def unsaved(self) -> bool:
        return self._project != self._saved

    @property
    def undo_text(self) -> str:
        """What undo would take back, empty where there is nothing."""
        return self._past[-1].text if self._past else ""

    @property
    def redo_text(self) -> str:
        return self._future[-1].text if self._future else ""

    def change(self, text: str, changes: Mapping[str, Any], *, merge: str = "") -> None:
        """Change fields, named by dotted paths, as one step of undo that ``text`` names. A change with the same
        ``merge`` as the step before it becomes part of that."""
        after = with_fields(self._project, changes)
        if after == self._project:
            return
        if not (merge and self._past and not self._future and self._past[-1].merge == merge):
            self._past = [*self._past[1 - MOST_STEPS :], _Step(self._project, text, merge)]
        self._future.clear()
        self._show(after)

    def end_merge(self) -> None:
        """Let the next change be a step of its own: a mouse button was released."""
        if self._past:
            self._past[-1] = self._past[-1]._replace(merge="")

    def record(self, change: Callable[[Project], Project]) -> None:
        """Note what happened, such as a finished result: undo can't make it not have happened."""
        self._past = [step._replace(project=change(step.project)) for step in self._past]
        self._future = [step._replace(project=change(step.project)) for step in self._future]
        self._show(change(self._project))

    def undo(self) -> None:
        self._travel(self._past, self._future)

    def redo(self) -> None:
        self._travel(self._future, self._past)

    def binder(self, parent: Any) -> Binder:
        """Binds a page's widgets to fields of the project; a slider's whole way is one step of undo."""
        return Binder(
            parent,
            state=lambda: self._project,
            changed=self.changed,
            change=lambda path, value, text: self.change(text, {path: value}, merge=path),
            ended=self.end_merge,
        )

    def new(self) -> None:
        self._begin(Project(), None, None)

    def open(self, path: Path) -> None:
        """Raises ProjectError, and then what was open stays."""
        if path == self._path:
            return
        lock = _locked(path)
        try:
            project = read_project(path)
        except UserError:
            lock.unlock()
            raise
        self._begin(project, path, lock)

    def recover(self, left: Path | None = None) -> None:
        """Go on with what was not saved when the program ended: what is in the recovery file, or in that which another
        window ``left``, which is then ours. Raises ProjectError."""
        self._begin(read_project(left or self._recovery), None, None, saved=Project())
        self._recoverable = True
        self.autosave()
        if left is not None and left != self._recovery and self._recovery.exists():
            left.unlink(missing_ok=True)

    def save(self, path: Path | None = None) -> None:
        """Save, under another name if one is given. Raises OutputError, ProjectError."""
        path = path or self._path
        if path is None:
            raise ProjectError("The project has no name yet.", remedy="Save it under a name.")
        if path != self._path:
            lock = _locked(path)
            try:
                write_project(self._project, path)
            except UserError:
                lock.unlock()
                raise
            self._release()
            self._path, self._lock = path, lock
        else:
            write_project(self._project, path)
        self._saved = self._project
        self._timer.stop()
        self._forget()
        self.saved_changed.emit()

    def autosave(self) -> None:
        """Write all that isn't saved to the recovery file. What an earlier window left there stays until then."""
        self._timer.stop()
        if not self.unsaved:
            if self._recoverable:
                self._forget()
            return
        self._recoverable = True
        try:
            self._recovery.parent.mkdir(parents=True, exist_ok=True)
            write_project(self._project, self._recovery)
        except (UserError, OSError) as error:
            problem = error.problem if isinstance(error, UserError) else f"{self._recovery} can't be written: {error}."
            self.failed.emit(problem, "Free some space, then save the project: until then a crash would lose changes.")

    def close(self) -> None:
        """Give up the project's lock; what isn't saved stays in the recovery file."""
        self.autosave()
        self._release()

    def discard(self) -> None:
        """Forget what isn't saved."""
        self._forget()
        self._begin(Project(), None, None)

    def _begin(
        self, project: Project, path: Path | None, lock: QLockFile | None, *, saved: Project | None = None
    ) -> None:
        self._timer.stop()
        self._release()
        self._recoverable = False
        self._past.clear()
        self._future.clear()
        self._path, self._lock = path, lock
        self._saved = project if saved is None else saved
        self._show(project)
        self.saved_changed.emit()

    def _travel(self, origin: list[_Step], target: list[_Step]) -> None:
        if not origin:
            return
        step = origin.pop()
        target.append(_Step(self._project, step.text, ""))
        self._show(step.project)

    def _show(self, project: Project) -> None:
        before, self._project = self._project, project
        if self.unsaved or self._recoverable:
            self._timer.start()
        self.changed.emit(before, project)
        self.saved_changed.emit()

    def _forget(self) -> None:
        """Leave nothing to recover."""
        self._recovery.unlink(missing_ok=True)
        self._recoverable = False

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.unlock()
        self._path = self._lock = None


def _locked(path: Path) -> QLockFile:
    """A lock that keeps other windows from the project. Raises ProjectError."""
    lock = QLockFile(str(path.with_name(f".{path.name}.lock")))
    lock.setStaleLockTime(0)  # it is given up when its owner ends, however long that takes
    if lock.tryLock(0):
        return lock
    if lock.error() == QLockFile.LockError.LockFailedError:
        raise ProjectError(
            f"{path.name} is open in another window.", remedy="Go on there, or close it there and open it here again."
        )
    raise ProjectError(
        f"The folder {path.parent} can't be written to, so the project can't be opened safely.",
        remedy="Copy it to another folder and open it there.",
    )
