"""The pyramid's sizes, and moving video between them."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from .errors import OptionError

TOGETHER = 1 << 21
"""Values that are worked on at a time in double precision."""

BAND = 128
"""Old or new places, whichever are more, that one matrix product takes: fewer are many small products, more are many
zeros."""


def short_sides(*, coarsest: int, finest: int, scales: int) -> tuple[int, ...]:
    """Short side of every scale in px, coarsest first: equal ratios between neighbours, both ends exact."""
    if scales == 1:
        return (finest,)
    if not 0 < coarsest < finest:
        raise OptionError(
            f"The coarsest scale ({coarsest} px) has to be smaller than the finest ({finest} px).",
            remedy="Give a smaller --coarsest, a larger --size, or --scales 1.",
        )
    ratio = (finest / coarsest) ** (1 / (scales - 1))
    return tuple(round(coarsest * ratio**n) for n in range(scales))


def sizes_hw(
    *, coarsest: int, finest: int, scales: int, frame_hw: tuple[int, int], block: int
) -> tuple[tuple[int, int], ...]:
    """(height, width) of every scale for frames of this shape, each side a multiple of ``block``."""
    height, width = frame_hw
    short = min(height, width)

    def side(length: int, px: int) -> int:
        return max(block, round(length * px / short / block) * block)

    sizes = tuple(
        (side(height, px), side(width, px)) for px in short_sides(coarsest=coarsest, finest=finest, scales=scales)
    )
    if len(set(sizes)) < scales:
        raise OptionError(
            f"{scales} scales do not fit between {coarsest} and {finest} px.", remedy="Give fewer --scales."
        )
    return sizes


def resize(video: np.ndarray, size_hw: tuple[int, int], *, around: tuple[bool, bool] = (False, False)) -> np.ndarray:
    """Video (..., H, W) at another size: bicubic (Keys, 1981), antialiased when it shrinks. Of float64 it is such, else
    float32.

    ``around`` an axis, what is beyond its last place is its first.
    """
    height, width = video.shape[-2:]
    if (height, width) == size_hw:
        return video
    # The axis that shrinks the most goes first.
    if size_hw[0] * width <= size_hw[1] * height:
        return _resized_columns(_resized_rows(video, size_hw[0], around[0]), size_hw[1], around[1])
    return _resized_rows(_resized_columns(video, size_hw[1], around[1]), size_hw[0], around[0])


def resize_alike(
    video: np.ndarray, size_hw: tuple[int, int], *, around: tuple[bool, bool] = (False, False)
) -> np.ndarray:
    """As ``resize``, but float32 that is the same on every processor: made in double precision, then rounded. Video is
    (T, ..., H, W), of which some frames are worked on at a time."""
    if video.shape[-2:] == size_hw:
        return video
    made = np.empty((*video.shape[:-2], *size_hw), np.float32)
    together = max(1, TOGETHER * len(video) // max(1, video.size, made.size))
    for start in range(0, len(video), together):
        part = slice(start, start + together)
        made[part] = resize(video[part].astype(np.float64), size_hw, around=around)
    return made


def _resized_rows(video: np.ndarray, height: int, around: bool) -> np.ndarray:
    if video.shape[-2] == height:
        return video
    made = np.empty((*video.shape[:-2], height, video.shape[-1]), _kind(video))
    for out, into, weights in _bands(video.shape[-2], height, around):
        np.matmul(weights, video[..., into, :], out=made[..., out, :])
    return made


def _resized_columns(video: np.ndarray, width: int, around: bool) -> np.ndarray:
    if video.shape[-1] == width:
        return video
    made = np.empty((*video.shape[:-1], width), _kind(video))
    # Picture by picture: the last digits of a product depend on how many rows it has.
    pictures = np.ascontiguousarray(video).reshape(-1, *video.shape[-2:])
    for picture, wide in zip(pictures, made.reshape(-1, *made.shape[-2:]), strict=True):
        for out, into, weights in _bands(video.shape[-1], width, around):
            np.matmul(picture[:, into], weights.T, out=wide[:, out])
    return made


def _kind(video: np.ndarray) -> type[np.floating]:
    return np.float64 if video.dtype == np.float64 else np.float32


@lru_cache(maxsize=256)
def _bands(old: int, new: int, around: bool) -> list[tuple[slice, slice | np.ndarray, np.ndarray]]:
    """Some of an axis' new places, the old ones they are made of, and the weights between them, (new, old)."""
    together = max(1, round(BAND * min(1, new / old)))
    bands = []
    for first in range(0, new, together):
        last = min(first + together, new)
        weights = _weights(old, new, first, last, around)
        used = np.flatnonzero(weights.any(0))
        # A slice of an array is no copy.
        into = slice(int(used[0]), int(used[-1]) + 1) if used[-1] - used[0] < len(used) else used
        bands.append((slice(first, last), into, weights[:, into].copy()))
    return bands


def _weights(old: int, new: int, first: int, last: int, around: bool) -> np.ndarray:
    """How much of each old place goes into the new ones from ``first`` to ``last``, (last - first, old)."""
    ratio = old / new
    places = (np.arange(first, last)[:, None] + 0.5) * ratio - 0.5
    weights = np.zeros((last - first, old))
    turns = -(-2 * max(1, math.ceil(ratio)) // old) if around else 0
    for turn in range(-turns, turns + 1):
        away = np.abs(np.arange(old) + turn * old - places) / max(1.0, ratio)
        near = ((1.5 * away - 2.5) * away * away + 1) * (away < 1)
        far = (((-0.5 * away + 2.5) * away - 4) * away + 2) * ((away >= 1) & (away < 2))
        weights += near + far
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)
