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

    import av


class Viewing:
    """An open clip; ``info`` has its facts. ``most_side`` bounds the longer side of its pictures, in px, or ``sized``
    gives their size from the clip's; all have ``size_hw``. With ``screen`` they are as screens take them, made fast
    rather than exactly.

    Raises ClipError, ReadStopped.
    """

    def __init__(
        self,
        path: Path,
        *,
        rate: Fraction | None = None,
        most_side: int | None = None,
        sized: Callable[[tuple[int, int]], tuple[int, int]] | None = None,
        screen: bool = False,
        stop: Callable[[], bool] = never,
    ) -> None:
        self._source = open_source(path, rate=rate, stop=stop)
        self._screen = screen
        self.info: ClipInfo
        self.info, first, self._orientation = describe(self._source, 0)
        height, width = self.info.size_hw
        shrink = min(1.0, (most_side or max(height, width)) / max(height, width))
        self.size_hw = (max(1, round(height * shrink)), max(1, round(width * shrink)))
        if sized is not None:
            self.size_hw = sized(self.info.size_hw)
        self._converter = self._converter_for(first, self.size_hw)

    def frames(self, first: int) -> Iterator[tuple[int, np.ndarray]]:
        """Number and picture of each frame from ``first`` on. Raises ClipError, OSError, ReadStopped."""
        for number, frame in self.decoded(first):
            yield number, self.picture(frame)

    def decoded(self, first: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """Number and frame from ``first`` on, for whom not all have to become pictures. Raises as ``frames`` does."""
        return self._source.frames(first, self.info.frames)

    def picture(self, frame: av.VideoFrame) -> np.ndarray:
        """Upright, (H, W, 3) uint8, or 4 with alpha; for a screen always 4, in the order blue, green, red, alpha."""
        if not self._converter.fits(frame):
            self._converter = self._converter_for(frame, self.size_hw)
        (picture,) = self._converter.push(frame)
        return picture if picture.dtype == np.uint8 else (picture >> 8).astype(np.uint8)

    def whole_picture(self, frame: av.VideoFrame) -> np.ndarray:
        """As ``picture``, in the clip's own size."""
        (picture,) = self._converter_for(frame, self.info.size_hw).push(frame)
        return picture if picture.dtype == np.uint8 else (picture >> 8).astype(np.uint8)

    def _converter_for(self, like: av.VideoFrame, size_hw: tuple[int, int]) -> RgbConverter:
        """For frames like this one. All pictures get one size, whatever size those in the file have."""
        native_hw = self._orientation.size((like.height, like.width))
        return RgbConverter(
            like,
            self.info.colour,
            orientation=self._orientation,
            deinterlace=False,
            size_hw=None if size_hw == native_hw else size_hw,
            screen=self._screen,
        )
