"""Films whose every frame tells its number."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from support.videos import write_video

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage

RATE = Fraction(24000, 1001)


def numbered_film(path: Path, *, frames: int = 60, first: int = 20, step: int = 3) -> Path:
    """Grey frames of 48 x 64 whose level is ``first`` + ``step`` times their number; a key frame every ten."""
    levels = (first + step * np.arange(frames)).astype(np.uint8)
    pictures = np.zeros((frames, 48, 64, 3), np.uint8) + levels[:, None, None, None]
    return write_video(path, pictures, rate=RATE, options={"crf": "4", "g": "10"})


def level(image: QImage) -> int:
    """Of the middle of a picture."""
    return image.pixelColor(image.width() // 2, image.height() // 2).green()
