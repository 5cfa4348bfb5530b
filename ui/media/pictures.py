"""Frames of one clip, result or preview, as pictures to paint."""

from __future__ import annotations

from collections import OrderedDict
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from .images import image_of
from .loader import Loader

if TYPE_CHECKING:
    from pathlib import Path

BUDGET_BYTES = 192 << 20
"""Of the frames that one clip keeps in memory."""


class Pictures(QObject):
    """Frames that are painted ``size_hw`` pixels large (of the upright picture, stretched by ``sample_aspect``),
    however many they have.

    ``opened`` is emitted once ``count``, ``rate`` and sizes are known, ``arrived`` with the number of a frame that has
    come, ``failed`` with the problem and the remedy where one can't be had.
    """

    opened = Signal()
    arrived = Signal(int)
    failed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.count = 0
        self.rate = Fraction(25)
        self.size_hw = (1, 1)
        self.sample_aspect = Fraction(1)

    def picture(self, number: int) -> QImage | None:
        """A frame, or None while it isn't there: then it is fetched, and ``arrived`` tells."""
        raise NotImplementedError

    def want(self, number: int, *, step: int = 0) -> None:
        """What is needed next: this frame, then those after it in steps of ``step`` (0: no more than itself)."""

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
        self.path = path
        self._kept: OrderedDict[int, QImage] = OrderedDict()
        self._bytes = 0
        self._loader = Loader(path, sequence_rate)
        self._loader.opened.connect(self._opened)
        self._loader.loaded.connect(self._loaded)
        self._loader.failed.connect(self.failed)
        self._loader.start()

    def picture(self, number: int) -> QImage | None:
        image = self._kept.get(number)
        if image is None:
            self.want(number)
        else:
            self._kept.move_to_end(number)
        return image

    def want(self, number: int, *, step: int = 0) -> None:
        self._loader.want(number, step=step, kept=frozenset(self._kept))

    def close(self) -> None:
        self._loader.close()
        self._kept.clear()

    def _opened(self, count: int, rate: Fraction, size_hw: tuple[int, int], sample_aspect: Fraction) -> None:
        self.count, self.rate, self.size_hw, self.sample_aspect = count, rate, size_hw, sample_aspect
        self.opened.emit()

    def _loaded(self, number: int, image: QImage) -> None:
        self._kept[number] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > BUDGET_BYTES and len(self._kept) > 2:
            _, old = self._kept.popitem(last=False)
            self._bytes -= old.sizeInBytes()
        self.arrived.emit(number)
