"""Shots to edit, of frames that were read from nowhere or written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.writing import write

from dtsgan.engine.instant import texture_of
from dtsgan.engine.shot import Shot, read_shot

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from dtsgan.engine.synthesis import Texture

SIDE = 12
"""Short side of the small pictures."""


def shot_of(folder: Path, frames_thwc: np.ndarray) -> tuple[Shot, Texture]:
    """The frames as a lossless file, read for editing, and their texture without learning."""
    shot = read_shot(write(folder / "clip.mkv", frames_thwc), short_side=SIDE)
    return shot, texture_of(shot.clip, shot.exemplar, cut_off=True)
