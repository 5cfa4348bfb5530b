"""Pictures moved by a matrix. Needs OpenCV."""

from __future__ import annotations

import cv2
import numpy as np


def warped(picture: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """A picture whose place (x, y) goes to ``matrix`` (3, 3) times (x, y, 1), in its own size and kind.

    (H, W) is mixed linearly and 0 beyond its edges; (H, W, C) is interpolated by Lanczos' kernel and goes on beyond its
    edges as it ends.
    """
    size = (picture.shape[1], picture.shape[0])
    if picture.ndim == 3:
        made = cv2.warpAffine(picture, matrix[:2], size, flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(made).reshape(picture.shape)
    values = picture.astype(np.float32) if picture.dtype == bool else picture
    made = np.asarray(cv2.warpAffine(values, matrix[:2], size, flags=cv2.INTER_LINEAR))
    return made >= 0.5 if picture.dtype == bool else made
