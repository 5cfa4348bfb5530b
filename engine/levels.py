"""Between the whole levels that files hold and the numbers in [-1, 1] that networks see."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


def levels(video_chw: Tensor, *, deep: bool = False) -> np.ndarray:
    """Video (..., 3, H, W) in [-1, 1] as whole levels (..., H, W, 3)."""
    most, kind = (65535, np.uint16) if deep else (255, np.uint8)
    return torch.round((video_chw.clamp(-1, 1) + 1) * (most / 2)).movedim(-3, -1).numpy().astype(kind)


def volume(frames_thwc: np.ndarray) -> Tensor:
    """Levels (T, H, W, 3), uint8 or uint16, as video (T, 3, H, W) in [-1, 1]."""
    most = 65535 if frames_thwc.dtype == np.uint16 else 255
    return torch.from_numpy(frames_thwc.astype(np.float32) / (most / 2) - 1).movedim(-1, -3)
