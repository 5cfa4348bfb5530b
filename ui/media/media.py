"""Who asks for a file's pictures gets the same ones as everybody else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import QObject

from .pictures import BUDGET_BYTES, ClipPictures

MOST_OPEN = 8

MOST_BUSY = 2
"""Files that are looked at at a time: what is shown, and what it is compared with."""

RESTING_BYTES = 24 << 20
"""Of the pictures kept for each other one."""


class Media(QObject):
    """Open files, the latest used ones alone: a gallery may point at hundreds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: dict[tuple[Path, Fraction | None], ClipPictures] = {}

    def open(self, path: Path, *, sequence_rate: Fraction | None = None) -> ClipPictures:
        """The pictures of a file. They come later; ask again rather than keep them."""
        key = (path, sequence_rate)
        busy = list(self._open)[-MOST_BUSY:]
        pictures = self._open.pop(key, None) or ClipPictures(path, sequence_rate=sequence_rate, parent=self)
        self._open[key] = pictures
        if key not in busy:
            self._share()
        return pictures

    def open_now(self, path: Path, *, sequence_rate: Fraction | None = None) -> ClipPictures:
        """The same, read anew where it couldn't be read before: it may be there by now."""
        if self.open(path, sequence_rate=sequence_rate).problem is not None:
            self.forget(path)
        return self.open(path, sequence_rate=sequence_rate)

    def forget(self, path: Path) -> None:
        """Close a file, for good or to open it anew."""
        for key in [key for key in self._open if key[0] == path]:
            self._forget(key)

    def close(self) -> None:
        for key in list(self._open):
            self._forget(key)

    def _share(self) -> None:
        """Let the latest used ones have most of the memory."""
        while len(self._open) > MOST_OPEN:
            self._forget(next(iter(self._open)))
        latest = list(self._open.values())[-MOST_BUSY:]
        for pictures in self._open.values():
            pictures.kept.allow(BUDGET_BYTES if pictures in latest else RESTING_BYTES)

    def _forget(self, key: tuple[Path, Fraction | None]) -> None:
        pictures = self._open.pop(key)
        pictures.close()
        pictures.deleteLater()
