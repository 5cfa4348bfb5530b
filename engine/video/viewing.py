"""Frames to be looked at: opened once, decoded from anywhere, 8 bits, no larger than they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .convert import RgbConverter
from .probe import ClipInfo, describe
from .source import never, open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction
    from pathlib import Path


class Viewing:
    """An open clip; ``info`` has its facts. ``most_side`` bounds the longer side of its pictures, in px.

    Raises ClipError, ReadStopped.
    """

    def __init__(
        self,
        path: Path,
        *,
        rate: Fraction | None = None,
        most_side: int | None = None,
        stop: Callable[[], bool] = never,
    ) -> None:
        self._source = open_source(path, rate=rate, stop=stop)
        self.info: ClipInfo
        self.info, self._first, self._orientation = describe(self._source, 0)
        height, width = self.info.size_hw
        shrink = min(1.0, (most_side or max(height, width)) / max(height, width))
        self.size_hw = (max(1, round(height * shrink)), max(1, round(width * shrink)))

    def frames(self, first: int) -> Iterator[tuple[int, np.ndarray]]:
        """Number and upright picture of each frame from ``first`` on, (H, W, 3) uint8, or 4 with alpha."""
        converter = self._converter()
        for number, frame in self._source.frames(first, self.info.frames):
            if not converter.fits(frame):
                return
            for picture in converter.push(frame):
                yield number, picture if picture.dtype == np.uint8 else (picture >> 8).astype(np.uint8)

    def _converter(self) -> RgbConverter:
        size_hw = None if self.size_hw == self.info.size_hw else self.size_hw
        return RgbConverter(
            self._first, self.info.colour, orientation=self._orientation, deinterlace=False, size_hw=size_hw
        )
