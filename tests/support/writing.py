"""Short ways to write a film with the writer under test and to read it back."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from dtsgan.engine.video.reader import iter_frames
from dtsgan.engine.video.writer import open_output


def write(path: Path, frames: np.ndarray, **options: Any) -> Path:
    """Write all frames at 25 a second and in their own size, unless ``options`` say otherwise."""
    options = {"rate": Fraction(25), "size_hw": frames.shape[1:3], **options}
    with open_output(path, **options) as writer:
        for frame in frames:
            writer.write(frame)
    return path


def read(path: Path) -> np.ndarray:
    """All frames at full resolution, THWC."""
    return np.stack(list(iter_frames(path)))


def everything(folder: Path) -> list[str]:
    """All files and folders below, hidden ones too, by their relative names."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
