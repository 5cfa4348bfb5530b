"""Shapes as pictures. Whoever needs a mask's pixels, on the screen, in a preview or in a file, gets them here."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from .drawing import Sheet, drawn
from .keys import shapes_at, still

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..document import Mask
    from .keys import Shapes

MOST_KEPT = 6
"""Drawn images that are kept: the last few steps of undo."""


class Rasters:
    """Images of shapes, the latest few kept: one more shape on top costs no more than itself."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Sheet, Shapes], QImage] = OrderedDict()

    def image(self, shapes: Shapes, sheet: Sheet) -> QImage:
        """In white on nothing, not to be painted on."""
        image = self._kept.pop((sheet, shapes), None)
        if image is None:
            below = self._kept.get((sheet, shapes[:-1])) if shapes else None
            image = drawn(shapes, sheet) if below is None else drawn(shapes[-1:], sheet, below=below)
        self._kept[sheet, shapes] = image
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return image


def raster(shapes: Shapes, clip_hw: tuple[int, int], size_hw: tuple[int, int]) -> np.ndarray:
    """What shapes mask of a clip's picture, at any size: (H, W) uint8, 255 where all of a pixel is masked."""
    return coverage_of(drawn(shapes, Sheet.of(clip_hw, size_hw)))


def pictures(mask: Mask, frames: range, *, clip_hw: tuple[int, int], size_hw: tuple[int, int]) -> Iterator[np.ndarray]:
    """The mask at each of some frames, as ``raster`` has it; one array again while it stays the same."""
    known: Shapes | None = None
    picture = np.empty(0)
    constant = still(mask, frames)
    for frame in frames:
        shapes = known if constant and known is not None else shapes_at(mask, frame)
        if shapes != known:
            known, picture = shapes, raster(shapes, clip_hw=clip_hw, size_hw=size_hw)
        yield picture


def coverage_of(image: QImage) -> np.ndarray:
    """A copy of how much of each pixel was drawn, (H, W) uint8."""
    alone = image.convertToFormat(QImage.Format.Format_Alpha8)
    rows = np.frombuffer(alone.constBits(), np.uint8).reshape(alone.height(), alone.bytesPerLine())
    return rows[:, : alone.width()].copy()
