"""Small moving pictures of files, read on a thread, one file at a time."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ...engine.video.viewing import Viewing
from ..background import Background
from ..media.images import image_of

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

MOST_SIDE = 200
MOST_FRAMES = 36
EVERY = 2
"""Of the frames of a file that moves under the mouse: every second, for three seconds."""

MOST_MOVING = 16


class Thumbnails(QObject):
    """``changed`` is emitted with the path of a file whose pictures have come."""

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stills: dict[str, QImage] = {}
        self._moving: OrderedDict[str, list[QImage]] = OrderedDict()
        self._lost: set[str] = set()
        self._wanted: list[tuple[str, int]] = []
        self._reading: Background | None = None
        self._now = ("", 0)

    def still(self, path: str) -> QImage | None:
        """The first picture of a file; None while it isn't there, and then it is fetched."""
        if path not in self._stills:
            self._want(path, 1)
        return self._stills.get(path)

    def moving(self, path: str) -> list[QImage]:
        """Pictures that follow each other; empty while they aren't there."""
        if path not in self._moving:
            self._want(path, MOST_FRAMES)
        return self._moving.get(path, [])

    def forget(self) -> None:
        """Know nothing any more: other files may have the same names."""
        self._stills.clear()
        self._moving.clear()
        self._lost.clear()

    def _want(self, path: str, count: int) -> None:
        if path in self._lost or (path, count) in self._wanted:
            return
        # What the mouse is over comes before those further down.
        self._wanted.insert(0 if count > 1 else len(self._wanted), (path, count))
        self._next()

    def _next(self) -> None:
        if self._reading is not None or not self._wanted:
            return
        self._now = path, count = self._wanted[0]
        self._reading = Background(lambda: _read(path, count))
        # No lambda: it would be called when this is gone.
        self._reading.done.connect(self._came)
        self._reading.failed.connect(self._failed)
        self._reading.start()

    def _failed(self, *_: str) -> None:
        self._came([])

    def _came(self, images: list[QImage]) -> None:
        path, count = self._now
        self._reading = None
        self._wanted = [each for each in self._wanted if each != (path, count)]
        if not images:
            self._lost.add(path)
        else:
            self._stills[path] = images[0]
        if count > 1 and images:
            self._moving[path] = images
            while len(self._moving) > MOST_MOVING:
                self._moving.popitem(last=False)
        self.changed.emit(path)
        self._next()


def _read(path: str, count: int) -> list[QImage]:
    """Raises UserError."""
    images: list[QImage] = []
    for number, picture in Viewing(Path(path), most_side=MOST_SIDE).frames(0):
        if number % EVERY == 0:
            images.append(image_of(picture))
        if len(images) == count:
            break
    return images
