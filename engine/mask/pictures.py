"""Masks that are pictures, one for all frames or one each: white is replaced."""

from __future__ import annotations

import struct
import zlib
from itertools import repeat
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from ..clip import Span
from ..errors import ClipError, OptionError
from ..video.probe import probe
from ..video.reader import iter_frames
from .mask import Drawing, Edited

FORMATS = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"II*\0": "TIFF", b"MM\0*": "TIFF", b"BM": "BMP"}
LOSSY = {"JPEG", "WEBP"}

LUMA = np.array([299, 587, 114], np.uint32)
"""Thousandths of R, G and B: whole numbers, so that white is exactly 1."""

NOISE = 4 / 255
"""How far lossy compression leaves black and white from where they were."""

DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow raises for pictures that are damaged, or larger than any clip's."""


def picture_format(head: bytes) -> str | None:
    """Pillow's name of the format that a file with these first bytes has; None where it is no picture we read."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return next((name for magic, name in FORMATS.items() if head.startswith(magic)), None)


def draw_picture(path: Path, picture_format: str, edited: Edited) -> Drawing:
    """One picture for all frames; an animated PNG is a film. Raises ClipError, OptionError."""
    try:
        with Image.open(path, formats=[picture_format]) as picture:
            pictures = getattr(picture, "n_frames", 1)
            levels_hwc = _levels(picture, path.name, edited) if pictures == 1 else None
    except DAMAGED as error:
        raise ClipError(f"{path.name} can't be read as a picture.", remedy="Export it again, as PNG.") from error
    if levels_hwc is None and picture_format == "PNG":
        return draw_film(path, edited)
    if levels_hwc is None:
        raise OptionError(
            f"{path.name} holds {pictures} pictures.",
            remedy="Give a single one for all frames, or a video or a folder of numbered pictures for one each.",
        )
    values_hw = luma(levels_hwc)
    if picture_format in LOSSY:
        values_hw = without_noise(values_hw)
    return Drawing(draw=lambda: repeat(values_hw, 1), still=True)


def draw_film(path: Path, edited: Edited) -> Drawing:
    """A picture for each frame, of the whole clip or of the span alone. Raises ClipError, OptionError."""
    info = probe(path)
    _check_size(path.name, info.size_hw, edited)
    if info.truncated:
        raise ClipError(
            f"{path.name} is cut short: of {info.declared_frames} frames only the first {info.frames} can be read.",
            remedy="Copy or export it again.",
        )
    first, end = edited.span
    if info.frames not in (edited.clip_frames, edited.frames):
        raise OptionError(
            f"{path.name} has {info.frames} frame{'' if info.frames == 1 else 's'}, and {edited.name} "
            f"{edited.clip_frames}, of which {edited.frames} are edited ({first}:{end}).",
            remedy="Give a mask with as many frames as one of the two, or one picture for all frames.",
        )
    span = Span(start=first, stop=end) if info.frames == edited.clip_frames else None
    return Drawing(draw=lambda: (without_noise(luma(frame)) for frame in iter_frames(path, span=span)), still=False)


def luma(levels_hwc: np.ndarray) -> np.ndarray:
    """Luma of RGB, times alpha of RGBA, as float32 in [0, 1]; from uint8 or full-scale uint16."""
    most = np.iinfo(levels_hwc.dtype).max
    values = np.divide(levels_hwc[..., :3] @ LUMA, 1000 * most, dtype=np.float32)
    if levels_hwc.shape[-1] == 4:
        values *= np.divide(levels_hwc[..., 3], most, dtype=np.float32)
    return values


def without_noise(values_hw: np.ndarray) -> np.ndarray:
    """What is within ``NOISE`` of black or white made so, in place."""
    values_hw[values_hw < NOISE] = 0
    values_hw[values_hw > 1 - NOISE] = 1
    return values_hw


def _levels(picture: Image.Image, name: str, edited: Edited) -> np.ndarray:
    """The upright picture as levels, RGB or RGBA."""
    if sorted(picture.size) != sorted(edited.size_hw):  # told before any pixel is decoded
        _check_size(name, (picture.height, picture.width), edited)
    if picture.mode in ("I", "F"):
        raise OptionError(f"{name} has 32 bits a pixel.", remedy="Export it with 8 or 16 bits a channel.")
    picture = ImageOps.exif_transpose(picture)
    _check_size(name, (picture.height, picture.width), edited)
    if picture.mode.startswith("I;16"):
        return np.asarray(picture)[..., None].repeat(3, 2)
    return np.asarray(picture.convert("RGBA" if picture.has_transparency_data else "RGB"))


def _check_size(name: str, size_hw: tuple[int, int], edited: Edited) -> None:
    if size_hw != edited.size_hw:
        (height, width), (clip_height, clip_width) = size_hw, edited.size_hw
        raise OptionError(
            f"{name} has {width} x {height} pixels, and {edited.name} {clip_width} x {clip_height}.",
            remedy="Export the mask in the size of the clip's upright picture.",
        )
