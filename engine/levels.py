"""Between the whole levels that files hold and the numbers in [-1, 1] that networks see."""

from __future__ import annotations

import numpy as np

from .scales import resize

LUMA_CHROMA = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]], np.float32)
"""From RGB to luma and two chromas."""


def levels(video_chw: np.ndarray, *, deep: bool = False) -> np.ndarray:
    """Video (..., 3, H, W) in [-1, 1] as whole levels (..., H, W, 3)."""
    most, kind = (65535, np.uint16) if deep else (255, np.uint8)
    # In place after the first step: a 4K frame has 100 MB.
    scaled = video_chw + np.float32(1)
    scaled *= most / 2
    np.clip(np.rint(scaled, out=scaled), 0, most, out=scaled)
    return np.moveaxis(scaled.astype(kind), -3, -1).copy()


def volume(frames_thwc: np.ndarray) -> np.ndarray:
    """Levels (..., H, W, 3), uint8 or uint16, as video (..., 3, H, W) in [-1, 1]."""
    most = 65535 if frames_thwc.dtype == np.uint16 else 255
    video = np.moveaxis(frames_thwc, -1, -3).astype(np.float32, order="C")
    video *= np.float32(2 / most)
    video -= 1
    return video


def resized(frames_thwc: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Levels (T, H, W, 3) at another size, levels again; themselves where they have it."""
    if frames_thwc.shape[1:3] == size_hw:
        return frames_thwc
    deep = frames_thwc.dtype == np.uint16
    return np.stack([levels(resize(volume(frame), size_hw), deep=deep) for frame in frames_thwc])
