"""Frames of one clip, result or preview, as pictures to paint."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from .images import image_of
from .kept import Kept
from .loader import MOST_SIDE, Loader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ...engine.video.probe import ClipInfo

BUDGET_BYTES = 256 << 20
"""Of the frames that one clip keeps in memory."""

MOST_AHEAD = 36
"""Frames decoded ahead of the one that is seen: enough for playing backwards, where they come many at a time."""


class Pictures(QObject):
    """Frames that are painted ``size_hw`` pixels large (of the upright picture, stretched by ``sample_aspect``),
    however many they have.

    ``opened`` is emitted once ``count``, ``rate`` and sizes are known, and again if the file was replaced by another;
    ``arrived`` with the number of a frame that has come; ``failed`` with the problem and the remedy where one can't be
    had, which ``problem`` holds until it is ``mended``; ``sharpened`` when a whole picture has come.
    """

    opened = Signal()
    arrived = Signal(int)
    failed = Signal(str, str)
    mended = Signal()
    sharpened = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.count = 0
        self.rate = Fraction(25)
        self.size_hw = (1, 1)
        self.sample_aspect = Fraction(1)
        self.problem: tuple[str, str] | None = None

    @property
    def ahead(self) -> int:
        """How many frames may be wanted at a time."""
        return MOST_AHEAD

    def picture(self, number: int) -> QImage | None:
        """A frame, or None while it isn't there: then it is fetched, and ``arrived`` tells."""
        raise NotImplementedError

    def whole_picture(self, number: int) -> QImage | None:
        """A frame in the clip's own size, for who looks closely; None while it isn't there (``sharpened`` tells), and
        where the usual one has all there is. One is kept at a time."""
        del number
        return None

    def want(self, number: int, *, step: int = 0) -> None:
        """What is needed next: this frame, then those after it in steps of ``step`` (0: no more than itself). For who
        plays, one at a time; whoever wants single frames asks for their ``picture``."""
        if self.count:
            steps = range(self.ahead if step else 1)
            self.want_all([(number + step * each) % self.count for each in steps])

    def want_all(self, numbers: Sequence[int]) -> None:
        """What is needed next, in this order: the first at once. What was wanted before no longer is."""

    def close(self) -> None:
        """Give up memory, files and threads."""


class ArrayPictures(Pictures):
    """Frames in memory, (T, H, W, 3) or with straight alpha (T, H, W, 4) uint8, painted as large as a clip."""

    def __init__(
        self,
        frames_thwc: np.ndarray,
        *,
        rate: Fraction,
        size_hw: tuple[int, int],
        sample_aspect: Fraction = Fraction(1),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._frames = np.ascontiguousarray(frames_thwc)
        self.count = len(frames_thwc)
        self.rate, self.size_hw, self.sample_aspect = rate, size_hw, sample_aspect

    def picture(self, number: int) -> QImage | None:
        return image_of(self._frames[number]) if 0 <= number < self.count else None


class ClipPictures(Pictures):
    """Frames of a file, decoded on a thread of their own."""

    def __init__(self, path: Path, *, sequence_rate: Fraction | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path, self.sequence_rate = path, sequence_rate
        self.kept = Kept(BUDGET_BYTES)
        self._wanted: tuple[int, ...] = ()
        self._whole: tuple[int, QImage | None] = (-1, None)
        self._loader = Loader(path, sequence_rate, self.kept)
        self._loader.opened.connect(self._opened)
        self._loader.loaded.connect(self.arrived)
        self._loader.loaded_whole.connect(self._sharpened)
        self._loader.failed.connect(self._failed)
        self._loader.mended.connect(self._mended)
        self._loader.start()

    @property
    def ahead(self) -> int:
        height, width = self.size_hw
        shrink = min(1.0, MOST_SIDE / max(height, width))
        frame_bytes = 4 * height * width * shrink * shrink
        return max(1, min(MOST_AHEAD, int(0.75 * self.kept.budget_bytes / frame_bytes)))

    def picture(self, number: int) -> QImage | None:
        image = self.kept.get(number)
        if image is None and 0 <= number < self.count and number not in self._wanted:
            self._loader.ask(number)
        return image

    def whole_picture(self, number: int) -> QImage | None:
        if max(self.size_hw) <= MOST_SIDE:
            return None
        if self._whole[0] != number:
            self._whole = (number, None)
            self._loader.ask_whole(number)
        return self._whole[1]

    def want_all(self, numbers: Sequence[int]) -> None:
        if self._whole[0] not in numbers[:1]:
            self._whole = (-1, None)
        self._wanted = tuple(number for number in numbers if 0 <= number < self.count)
        self._loader.want(self._wanted)

    def close(self) -> None:
        self._loader.close()
        self.kept.clear()

    @Slot(object)
    def _opened(self, info: ClipInfo) -> None:
        self.count, self.rate = info.frames, info.rate
        self.size_hw, self.sample_aspect = info.size_hw, info.sample_aspect
        self.problem = None
        self._whole = (-1, None)
        self.want_all(self._wanted)
        self.opened.emit()

    @Slot(int, QImage)
    def _sharpened(self, number: int, image: QImage) -> None:
        if number == self._whole[0]:
            self._whole = (number, image)
            self.sharpened.emit()

    @Slot(str, str)
    def _failed(self, problem: str, remedy: str) -> None:
        self.problem = (problem, remedy)
        self.failed.emit(problem, remedy)

    @Slot()
    def _mended(self) -> None:
        self.problem = None
        self.mended.emit()
