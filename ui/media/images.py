"""From arrays to pictures that Qt paints."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage


def image_of(frame_hwc: np.ndarray) -> QImage:
    """A picture of uint8 levels, RGB or RGBA with straight alpha; it has its own copy of them."""
    height, width, channels = frame_hwc.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    return QImage(np.ascontiguousarray(frame_hwc).data, width, height, width * channels, kind).copy()
