"""All frames of a clip at once, small: what slices through time are cut from."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Literal

import numpy as np
from av.error import FFmpegError
from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from ...engine.errors import UserError
from ...engine.video.index import ReadStopped
from ...engine.video.viewing import Viewing
from ..media.worker import ThreadWorker

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from ..media import Pictures

BUDGET_BYTES = 96 << 20
MOST_FRAMES = 2000
"""Of a longer clip each so-manieth frame is taken: a screen has no more rows."""

MOST_SIDE = 960
LEAST_SIDE = 64
TOLD_S = 0.1


class Volume(ThreadWorker):
    """``read`` frames are there, the first and then each ``stride``-th of ``count``; ``grown`` is emitted when there
    are more. It is filled by ``read_file`` on a thread of its own, or at once by ``take``."""

    grown = Signal()

    def __init__(self, count: int, size_hw: tuple[int, int]) -> None:
        super().__init__("slice through time")
        self.count = count
        self.stride = math.ceil(count / MOST_FRAMES)
        self.read = 0
        self.problem = ""
        planned = math.ceil(count / self.stride)
        room = BUDGET_BYTES / 4 / planned
        shrink = min(1.0, math.sqrt(room / (size_hw[0] * size_hw[1])), MOST_SIDE / max(size_hw))
        self.most_side = max(LEAST_SIDE, int(max(size_hw) * shrink))
        self._planned = planned
        self._frames = np.zeros((0, 1, 1, 4), np.uint8)
        self._file: tuple[Path, Fraction | None] | None = None

    @property
    def whole(self) -> bool:
        return self.read == self._planned or bool(self.problem)

    @property
    def bytes(self) -> int:
        return self._frames.nbytes

    def read_file(self, path: Path, rate: Fraction | None) -> None:
        self._file = (path, rate)
        self.start()

    def take(self, pictures: Pictures) -> None:
        """From pictures that are all in memory."""
        images = [pictures.picture(number) for number in range(0, self.count, self.stride)]
        self._frames = np.stack([_levels(image) for image in images if image is not None])
        self.read = len(self._frames)

    def slice(self, along: Literal["row", "column"], at: float) -> QImage | None:
        """The row or column ``at`` (0 to 1) of the height or width: of rows time runs down, of columns to the right.
        None while nothing is read."""
        frames = self._frames[: self.read]
        if not len(frames):
            return None
        _, height, width, _ = frames.shape
        if along == "row":
            cut = frames[:, min(height - 1, int(at * height))]
        else:
            cut = frames[:, :, min(width - 1, int(at * width))].swapaxes(0, 1)
        cut = np.ascontiguousarray(cut)
        return QImage(cut.data, cut.shape[1], cut.shape[0], cut.strides[0], QImage.Format.Format_RGB32).copy()

    def work(self) -> None:
        assert self._file is not None
        path, rate = self._file
        try:
            self._fill(path, rate)
        except ReadStopped:
            return
        except UserError as error:
            self.problem = error.problem
        except (OSError, FFmpegError) as error:
            self.problem = f"{path.name}: {error.strerror}."
        if not self.closed:
            self.grown.emit()

    def _fill(self, path: Path, rate: Fraction | None) -> None:
        viewing = Viewing(path, rate=rate, most_side=self.most_side, screen=True, stop=lambda: self.closed)
        self._frames = np.zeros((self._planned, *viewing.size_hw, 4), np.uint8)
        told = time.monotonic()
        for number, frame in viewing.decoded(0):
            if self.closed or self.read == self._planned:
                return
            if number % self.stride:
                continue
            self._frames[self.read] = viewing.picture(frame)
            self.read += 1
            if time.monotonic() - told > TOLD_S:
                told = time.monotonic()
                self.grown.emit()


def _levels(image: QImage) -> np.ndarray:
    """(H, W, 4) in the order blue, green, red, alpha."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    levels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return levels[:, : image.width()].copy()
