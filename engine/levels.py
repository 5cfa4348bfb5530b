"""Between the whole levels that files hold and the numbers in [-1, 1] that networks see."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


def levels(video_chw: Tensor, *, deep: bool = False) -> np.ndarray:
    """Video (..., 3, H, W) in [-1, 1] as whole levels (..., H, W, 3)."""
    most, kind = (65535, np.uint16) if deep else (255, np.uint8)
    # In place after the first step: a 4K frame has 100 MB.
    scaled = (video_chw + 1).mul_(most / 2).clamp_(0, most).round_()
    return scaled.movedim(-3, -1).numpy().astype(kind, order="C")


def volume(frames_thwc: np.ndarray) -> Tensor:
    """Levels (T, H, W, 3), uint8 or uint16, as video (T, 3, H, W) in [-1, 1]."""
    most = 65535 if frames_thwc.dtype == np.uint16 else 255
    return torch.from_numpy(frames_thwc.astype(np.float32) / (most / 2) - 1).movedim(-1, -3)
