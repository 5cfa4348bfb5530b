"""Masks for a clip that there needn't be, and the words of what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support.videos import write_video

from dtsgan.engine.errors import ClipError, OptionError
from dtsgan.engine.mask import Mask, open_mask

HW = (24, 32)
SQUARE = np.s_[5:15, 8:20]


def open_here(path: Path, **options: Any) -> Mask:
    """The mask of frames 4 to 9 of fire.mov, which has 12 frames of 32 x 24 pixels."""
    given: dict[str, Any] = {"size_hw": HW, "span": (4, 10), "clip_frames": 12, "name": "fire.mov"}
    return open_mask(path, **given | options)


def all_of(mask: Mask) -> np.ndarray:
    return np.stack(list(mask.frames()))


def square(value: int = 255, kind: type = np.uint8) -> np.ndarray:
    """A picture, HW, black but for a rectangle."""
    picture = np.zeros(HW, kind)
    picture[SQUARE] = value
    return picture


def white_at(*places: tuple[slice, slice]) -> np.ndarray:
    """A film, THWC: white where each frame says."""
    film = np.zeros((len(places), *HW, 3), np.uint8)
    for frame, place in zip(film, places, strict=True):
        frame[place] = 255
    return film


def passing(frames: int) -> np.ndarray:
    """A film whose frame n has column n white."""
    return white_at(*(np.s_[:, number : number + 1] for number in range(frames)))


def save(path: Path, picture: np.ndarray | Image.Image, **options: Any) -> Path:
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(path, **options)
    return path


def write_film(path: Path, frames_thwc: np.ndarray) -> Path:
    """A film as it is, without loss."""
    return write_video(path, frames_thwc, codec="ffv1", pixel_format="bgr0")


def write_json(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def box(x: float, y: float, width: float, height: float) -> list[Any]:
    """The corners of a rectangle."""
    return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]


def keyed(*keys: tuple[int, list[Any]]) -> dict[str, Any]:
    """A polygon of (frame, corners)."""
    return {"keyframes": [{"frame": frame, "points": points} for frame, points in keys]}


def refusal(path: Path, **options: Any) -> OptionError | ClipError:
    """What opening the mask raises, which has a remedy."""
    with pytest.raises((OptionError, ClipError)) as caught:
        open_here(path, **options)
    assert caught.value.remedy
    return caught.value
