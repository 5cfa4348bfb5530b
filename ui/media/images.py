"""From arrays to pictures that Qt paints."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage


def image_of(frame_hwc: np.ndarray) -> QImage:
    """A picture of uint8 levels, RGB or RGBA with straight alpha; it has its own copy of them."""
    height, width, channels = frame_hwc.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    return QImage(np.ascontiguousarray(frame_hwc).data, width, height, width * channels, kind).copy()


def screen_image(frame_hwc: np.ndarray, *, alpha: bool) -> QImage:
    """A picture of uint8 levels, blue, green, red and straight alpha, in the layout that Qt paints fastest; it has its
    own copy of them."""
    height, width, _ = frame_hwc.shape
    image = QImage(width, height, QImage.Format.Format_ARGB32 if alpha else QImage.Format.Format_RGB32)
    np.frombuffer(image.bits(), np.uint8).reshape(frame_hwc.shape)[:] = frame_hwc
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied) if alpha else image
