"""Who asks for a file's pictures gets the same ones as everybody else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import QObject

from .pictures import ClipPictures

MOST_OPEN = 6


class Media(QObject):
    """Open files, the latest used ones alone: a gallery may point at hundreds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: dict[tuple[Path, Fraction | None], ClipPictures] = {}

    def open(self, path: Path, *, sequence_rate: Fraction | None = None) -> ClipPictures:
        """The pictures of a file. They come later; ask again rather than keep them."""
        key = (path, sequence_rate)
        pictures = self._open.pop(key, None) or ClipPictures(path, sequence_rate=sequence_rate, parent=self)
        self._open[key] = pictures
        while len(self._open) > MOST_OPEN:
            self._forget(next(iter(self._open)))
        return pictures

    def forget(self, path: Path) -> None:
        """Close a file that changed, or is to be replaced."""
        for key in [key for key in self._open if key[0] == path]:
            self._forget(key)

    def close(self) -> None:
        for key in list(self._open):
            self._forget(key)

    def _forget(self, key: tuple[Path, Fraction | None]) -> None:
        pictures = self._open.pop(key)
        pictures.close()
        pictures.deleteLater()
