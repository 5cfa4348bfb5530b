"""Masks as files that a worker reads. Nothing here needs a window: it may run on any thread."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import msgspec
from PIL import Image

from ...engine.errors import OutputError
from ...engine.files import hidden_beside, replacing
from .keys import moves, shapes_at
from .raster import raster

if TYPE_CHECKING:
    from pathlib import Path

    from ..document import Mask

MOST_KEPT = 40

Sizes = tuple[tuple[int, int], tuple[int, int]]
"""The clip's own, and the picture's."""


def write_mask(
    mask: Mask, frames: range, clip_hw: tuple[int, int], folder: Path, size_hw: tuple[int, int] | None = None
) -> Path:
    """The mask of these frames of a clip of ``clip_hw`` pixels, so large or of ``size_hw``: a picture where it is the
    same in all of them, else a folder of one each.

    It is named by what it holds, so that the same mask is written once; of those written long ago the oldest go.
    Raises OutputError.
    """
    sizes = (clip_hw, size_hw or clip_hw)
    held = msgspec.json.encode([mask, [frames.start, frames.stop], sizes])
    name = hashlib.sha256(held).hexdigest()[:24]
    still = not moves(mask)
    path = folder / (f"{name}.png" if still else name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.touch()
        elif still:
            with replacing(path) as temporary:
                _write(mask, frames.start, sizes, temporary)
        else:
            _write_film(mask, frames, sizes, path)
        _make_room(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"The mask can't be written to {folder}: {reason}.", remedy="Free some space.") from error
    return path


def _write(mask: Mask, frame: int, sizes: Sizes, path: Path) -> None:
    Image.fromarray(raster(shapes_at(mask, frame), *sizes)).save(path, "PNG", compress_level=1)


def _write_film(mask: Mask, frames: range, sizes: Sizes, folder: Path) -> None:
    temporary = hidden_beside(folder)
    temporary.mkdir()
    try:
        before = None
        for place, frame in enumerate(frames):
            path, shapes = temporary / f"{place:06}.png", shapes_at(mask, frame)
            if place and shapes == before:
                shutil.copyfile(temporary / f"{place - 1:06}.png", path)
            else:
                _write(mask, frame, sizes, path)
            before = shapes
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _make_room(folder: Path) -> None:
    kept = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in kept[MOST_KEPT:]:
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.unlink(missing_ok=True)
