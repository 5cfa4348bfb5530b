"""Where windows keep what isn't saved: a file each, and those that are left over after a crash."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile

if TYPE_CHECKING:
    from pathlib import Path

NAME = "unsaved {number}.dtsproject"


class Recovery:
    """A window's place in ``folder``: ``path`` is its own as long as it lives. ``left`` are the files of windows that
    ended without saving."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with contextlib.suppress(OSError):  # saving tells of it
            folder.mkdir(parents=True, exist_ok=True)
        numbered = (folder / NAME.format(number=number) for number in itertools.count(1))
        self.path = next(path for path in numbered if not path.exists() and self._take(path))

    def left(self) -> list[Path]:
        """The latest first."""
        found = [path for path in self._folder.glob(NAME.format(number="*")) if path != self.path and _free(path)]
        return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)

    def close(self) -> None:
        """Leave the place to others."""
        self._own.unlock()

    def _take(self, path: Path) -> bool:
        """Whether a place is ours now; where nothing can be locked, it is."""
        self._own = _lock(path)
        return self._own.tryLock(0) or self._own.error() != QLockFile.LockError.LockFailedError


def _lock(path: Path) -> QLockFile:
    lock = QLockFile(f"{path}.lock")
    lock.setStaleLockTime(0)  # it is given up when its owner ends, however long that takes
    return lock


def _free(path: Path) -> bool:
    lock = _lock(path)
    if not lock.tryLock(0):
        return False
    lock.unlock()
    return True
