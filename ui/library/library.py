"""The models in one folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QObject, Signal

from ...engine.errors import ModelFileError, OutputError
from ...engine.files import check_target
from ..background import Background
from ..exporting import copy_file
from .entries import SUFFIX, Entry, Known, look_at, tidy

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

MOST_KEPT = 500


class Library(QObject):
    """``changed`` is emitted when there are others; ``told`` with a problem and its remedy; ``moved`` with the paths
    of a model before and after it got another name."""

    changed = Signal()
    told = Signal(str, str)
    moved = Signal(str, str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.entries: tuple[Entry, ...] = ()
        self._images: dict[str, QImage] = {}
        self._looking: Background | None = None
        self._again = False

    def refresh(self) -> None:
        """Look at the folder, on a thread."""
        if self._looking is not None:
            self._again = True
            return
        self._looking = Background(lambda: _look(self.folder))
        self._looking.done.connect(self._came)
        self._looking.failed.connect(lambda *_: self._came([]))
        self._looking.start()

    def entry(self, path: str | None) -> Entry | None:
        return next((each for each in self.entries if each.path == path), None)

    def image(self, path: str) -> QImage | None:
        """A picture of a model; None where it has none."""
        return self._images.get(path)

    def free_path(self, name: str) -> Path:
        """Where a new model of this name goes: "name 2" where there is one. Raises OutputError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"The folder {self.folder} can't be made: {error.strerror}.",
                remedy="Make room, or allow writing there.",
            ) from error
        path, number = self.folder / f"{name}{SUFFIX}", 2
        while path.exists() or path.with_name(f"{path.name}.part").exists():
            path = self.folder / f"{name} {number}{SUFFIX}"
            number += 1
        return path

    def bring_in(self, source: Path, then: Callable[[str], None] | None = None) -> None:
        """Copy a model from elsewhere into the library, once it proves to be one; ``then`` gets its path."""

        def copied() -> str:
            if look_at(source, self.folder / ".known").entry.problem:
                raise ModelFileError(
                    look_at(source, self.folder / ".known").entry.problem, remedy="Choose another file."
                )
            return str(copy_file(source, self.free_path(source.stem)))

        def done(path: str) -> None:
            self.refresh()
            if then is not None:
                then(path)

        self._work(copied, done)

    def copy_out(self, path: str, target: Path) -> None:
        """Copy a model to where the person wants it."""
        self._work(lambda: copy_file(Path(path), target), lambda _: None)

    def rename(self, path: str, name: str) -> None:
        """Give a model another name."""
        old, name = Path(path), name.strip()
        new = old.parent / f"{name}{SUFFIX}"
        try:
            if not name or Path(name).name != name:
                raise OutputError(f"{name!r} can't be a name.", remedy="Use letters, digits and spaces.")
            check_target(new, overwrite=False)
            old.rename(new)
        except OutputError as error:
            self.told.emit(error.problem, error.remedy.replace(", or add --overwrite", ""))
            return
        except OSError as error:
            self.told.emit(
                self.tr("{name} can't be renamed: {reason}.").format(name=old.name, reason=error.strerror), ""
            )
            return
        self.moved.emit(str(old), str(new))
        self.refresh()

    def trash(self, path: str) -> None:
        """Move a model to the system's trash, from where it can come back."""
        if not QFile.moveToTrash(path):
            self.told.emit(
                self.tr("{name} can't be moved to the trash.").format(name=Path(path).name),
                self.tr("Remove it by hand: it is in {folder}.").format(folder=Path(path).parent),
            )
        self.refresh()

    def close(self) -> None:
        if self._looking is not None:
            self._looking.close()

    def _came(self, known: list[Known]) -> None:
        self._looking = None
        self.entries = tuple(each.entry for each in known)
        self._images = {each.entry.path: each.image for each in known if each.image is not None}
        self.changed.emit()
        if self._again:
            self._again = False
            self.refresh()

    def _work(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        background = Background(work)
        background.done.connect(done)
        background.failed.connect(self.told)
        background.start()


def _look(folder: Path) -> list[Known]:
    """All models of a folder, the newest first."""
    cache = folder / ".known"
    known = []
    for path in sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            known.append(look_at(path, cache))
        except OSError:
            continue  # it is gone by now
    tidy(cache, MOST_KEPT)
    return known
