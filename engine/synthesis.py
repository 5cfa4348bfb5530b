"""New video from a texture model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from .packing import unpack
from .prior import Draw
from .scales import resize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from .model import TextureModel

CHUNK = 32
"""Frames made together. Chunks lie on a fixed grid, so that a frame never depends on the range asked for."""


def synthesise(
    model: TextureModel, *, frames: range, seed: int, size_hw: tuple[int, int] | None = None
) -> Iterator[np.ndarray]:
    """Yield frames of the endless video drawn by ``seed``, HWC RGB: uint8, or uint16 where the source is deeper.

    Any range equals the same frames of a longer one, and memory does not depend on the length. ``size_hw`` scales the
    finest scale's picture. Raises ModelFileError where the model's parts don't belong together.
    """
    pyramid = unpack(model)
    draw = Draw(seed=seed)
    deep = model.facts.bit_depth > 8
    for number in range(frames.start // CHUNK, -(-frames.stop // CHUNK)):
        chunk = range(number * CHUNK, (number + 1) * CHUNK)
        wanted = range(max(chunk.start, frames.start), min(chunk.stop, frames.stop))
        video = pyramid.video(chunk, draw)[wanted.start - chunk.start : wanted.stop - chunk.start]
        for frame in video:
            yield levels(resize(frame, size_hw or model.size_hw), deep=deep)


def levels(video_chw: Tensor, *, deep: bool = False) -> np.ndarray:
    """Video (..., 3, H, W) in [-1, 1] as whole levels (..., H, W, 3)."""
    most, kind = (65535, np.uint16) if deep else (255, np.uint8)
    return torch.round((video_chw.clamp(-1, 1) + 1) * (most / 2)).movedim(-3, -1).numpy().astype(kind)


def volume(frames_thwc: np.ndarray) -> Tensor:
    """Levels (T, H, W, 3), uint8 or uint16, as video (T, 3, H, W) in [-1, 1]."""
    most = 65535 if frames_thwc.dtype == np.uint16 else 255
    return torch.from_numpy(frames_thwc.astype(np.float32) / (most / 2) - 1).movedim(-1, -3)
