"""Masks as files that a worker reads: a picture, or a folder with one for each frame. Any thread may write them."""

from __future__ import annotations

import hashlib
import io
import shutil
import time
from typing import TYPE_CHECKING

import msgspec
from PIL import Image

from ...engine.errors import OptionError, OutputError
from ...engine.files import hidden_beside, replacing
from .keys import shapes_at, still
from .raster import pictures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np

    from ..document import Mask, Project

KEPT_S = 7 * 86_400
"""Masks that no job has asked for in a week are removed, and of younger ones all but the latest ``MOST_KEPT``."""

MOST_KEPT = 200
DIGITS = 6


def mask_frames(project: Project) -> range:
    """The frames whose masks a worker needs: of one that is to follow the camera the first alone."""
    return project.range()[:1] if project.replace.track else project.range()


def write_mask(
    mask: Mask, frames: range, clip_hw: tuple[int, int], folder: Path, size_hw: tuple[int, int] | None = None
) -> Path:
    """The mask of these frames of a clip of ``clip_hw`` pixels, so large or of ``size_hw``: a picture where it is the
    same in all of them, else a folder of one each.

    It is named by what it holds: what is there already is used again. It appears whole or not at all. Raises
    OutputError, and OptionError where nothing of the picture is masked.
    """
    sizes = (clip_hw, size_hw or clip_hw)
    frames = frames[:1] if still(mask, frames) else frames
    one = len(frames) == 1
    name = f"mask-{_digest(mask, frames, sizes)}"
    path = folder / (f"{name}.png" if one else name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.touch()
        else:
            made = pictures(mask, frames, clip_hw=sizes[0], size_hw=sizes[1])
            _write_one(path, next(made)) if one else _write_all(path, made)
        _make_room(folder)
    except OSError as error:
        problem = f"The mask can't be written to {folder}: {error.strerror or error}."
        raise OutputError(problem, remedy="Check the folder and the disk.") from error
    return path


def _digest(mask: Mask, frames: range, sizes: tuple[tuple[int, int], tuple[int, int]]) -> str:
    """Of what decides the pictures, no more: a still one is the same for all frames."""
    shown = shapes_at(mask, frames.start) if len(frames) == 1 else (mask, frames.start, frames.stop)
    return hashlib.blake2b(msgspec.json.encode((shown, sizes)), digest_size=12).hexdigest()


def _write_one(path: Path, picture: np.ndarray) -> None:
    _check(bool(picture.any()))
    with replacing(path) as temporary:
        temporary.write_bytes(_png(picture))


def _write_all(path: Path, made: Iterator[np.ndarray]) -> None:
    temporary = hidden_beside(path)
    temporary.mkdir()
    try:
        before, data, any_masked = None, b"", False
        for number, picture in enumerate(made):
            if picture is not before:
                before, data = picture, _png(picture)
                any_masked = any_masked or bool(picture.any())
            (temporary / f"{number:0{DIGITS}}.png").write_bytes(data)
        _check(any_masked)
        if not path.exists():  # another thread may have been faster
            temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _check(any_masked: bool) -> None:
    if not any_masked:
        problem = "Nothing is masked here: all was erased again, or lies beside the picture."
        raise OptionError(problem, remedy="Paint over what should go.")


def _png(picture: np.ndarray) -> bytes:
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "PNG", compress_level=1)
    return data.getvalue()


def _make_room(folder: Path) -> None:
    """Remove what no job has used for long, and what killed programs left."""
    oldest = time.time() - KEPT_S
    ages = {path: path.lstat().st_mtime for path in folder.glob("mask-*")}
    latest = sorted(ages, key=lambda path: ages[path], reverse=True)
    left = [path for path in folder.glob(".mask-*") if path.lstat().st_mtime < oldest]
    for old in [path for path in latest[:MOST_KEPT] if ages[path] < oldest] + latest[MOST_KEPT:] + left:
        shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)
