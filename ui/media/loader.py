"""A thread that decodes what is wanted next, and nothing else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ...engine.errors import UserError
from ...engine.video.index import ReadStopped
from ...engine.video.viewing import Viewing
from .images import image_of

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

MOST_SIDE = 1920
"""Of the pictures that are shown; the largest screens stretch them."""

NEAR = 24
"""Frames that are sooner decoded through than sought."""

AHEAD = 12
"""Frames decoded ahead of the one that is seen."""


class Loader(QObject):
    """``opened`` brings the number of frames, rate, size and sample aspect; ``loaded`` a frame's number and picture."""

    opened = Signal(int, object, object, object)
    loaded = Signal(int, QImage)
    failed = Signal(str, str)

    def __init__(self, path: Path, sequence_rate: Fraction | None) -> None:
        super().__init__()
        self._path, self._rate = path, sequence_rate
        self._changed = threading.Condition()
        self._wanted: tuple[int, int] | None = None
        self._loaded: set[int] = set()
        self._again: int | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=f"frames of {path.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def want(self, number: int, *, step: int, kept: frozenset[int]) -> None:
        with self._changed:
            self._wanted, self._loaded = (number, step), set(kept)
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        try:
            viewing = Viewing(self._path, rate=self._rate, most_side=MOST_SIDE, stop=lambda: self._closed)
            info = viewing.info
            self.opened.emit(info.frames, info.rate, info.size_hw, info.sample_aspect)
            while (number := self._next(info.frames)) is not None:
                self._load(viewing, number)
        except UserError as error:
            self.failed.emit(error.problem, error.remedy)
        except ReadStopped:
            return
        except OSError as error:
            self.failed.emit(f"{self._path.name} can't be read: {error.strerror}.", "Check that it is still there.")

    def _load(self, viewing: Viewing, number: int) -> None:
        """Decode on from a frame for as long as the next one wanted is near ahead."""
        for at, picture in viewing.frames(number):
            if at == number:
                self._loaded.add(at)
                self.loaded.emit(at, image_of(picture))
                following = self._next(viewing.info.frames)
                if following is None or not at < following <= at + NEAR:
                    self._again = following
                    return
                number = following

    def _next(self, count: int) -> int | None:
        """The number of the frame to load next, waited for; None once closed."""
        if self._again is not None:
            number, self._again = self._again, None
            return number
        with self._changed:
            while True:
                if self._closed:
                    return None
                number = self._missing(count)
                if number is not None:
                    return number
                self._changed.wait()

    def _missing(self, count: int) -> int | None:
        if self._wanted is None:
            return None
        number, step = self._wanted
        wanted = [number] if not step else [number + step * ahead for ahead in range(AHEAD)]
        found = [each % count for each in wanted if each % count not in self._loaded]
        if not found:
            return None
        # Backwards, a run is decoded forwards.
        return found[0] if step >= 0 or found[0] == number else min(found)
