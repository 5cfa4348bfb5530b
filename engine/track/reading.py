"""Reading how the camera moves through a shot, and telling where it doesn't."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..clip import Span
from ..errors import ClipError, OptionError
from ..mask.pictures import luma
from ..scales import resize
from ..video import ReadStopped, iter_frames, probe
from ..video.reader import square_size
from ..video.source import never
from .track import IDENTITY, Track, between_sizes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path

    from ..video.probe import ClipInfo
    from .camera import Fix

SHORT_SIDE = 360
"""Px of the pictures in which features are followed; px below are theirs."""

LEAST = 0.5
"""Px that a corner of the picture has to move, once at least, or the camera is taken to be at rest."""

NOTHING = 0.25
"""Px below which a single frame of a moving camera counts as seen from the reference's place."""

RESTING = 0.98
"""Of the frames: where features at rest are seen in so many, what moves is not the camera."""

LASTS_S = 0.25
"""Features of what stands still are found for so long at least, and ..."""

TOGETHER = 0.5
"""... at least so many of those found move as one ..."""

OFTEN = 0.25
"""... in so many of the frames that tell of a motion, or it is not the camera's."""

EXPLAINED = 0.9
"""Of how unlike the reference frames are: if more is left when they are moved onto it, it wasn't the camera."""

LONGEST_GAP = 8
"""Frames between two that are known which may be unknown."""


def check_opencv() -> None:
    """Raise OptionError, telling what to install, where OpenCV is not there."""
    try:
        import cv2  # noqa: F401
    except ImportError as error:
        raise OptionError(
            f"Following the camera takes OpenCV, which can't be loaded ({error}).",
            remedy="Install it: pip install 'dtsgan[track]'.",
        ) from error


def read_track(
    path: Path,
    *,
    span: tuple[int, int],
    rate: Fraction | None = None,
    region_hw: np.ndarray | None = None,
    stop: Callable[[], bool] = never,
) -> Track:
    """Follow the camera (pan, tilt, zoom, roll) through a shot, with one frame in memory at a time.

    Parameters
    ----------
    path, rate : as for ``read_clip``.
    span : frame numbers, half-open, without a cut among them. The first frame is the reference.
    region_hw : the region that follows the camera, (H, W) in the reference: over 0 there, and no feature of it is
        used, since it may hold what moves by itself.
    stop : asked between frames.

    What moves by itself, as water and flames do, has features, too, but they soon look different or don't agree. Where
    no motion can be told from theirs, or none of half a pixel of a picture of 360 lines, every matrix is exactly the
    identity; a notice tells either way.

    Raises
    ------
    OptionError without OpenCV; ClipError as ``iter_frames`` does, and where a motion is lost; ReadStopped.
    """
    check_opencv()
    info = probe(path, rate=rate)
    small_hw = square_size(info.size_hw, info.sample_aspect, SHORT_SIDE)
    hidden_hw = None if region_hw is None else resize(region_hw.astype(np.float32), small_hw) > 0
    fixes = _followed(_lumas(path, span, rate, small_hw, stop), hidden_hw)
    if _moves(fixes, small_hw, info.rate):
        track = _track(_without_gaps(fixes, span[0], path.name), small_hw, span[0], info)
    else:
        notice = f"No motion of the camera can be told in {path.name}: the region stays where it is."
        still = np.tile(IDENTITY[:2], (len(fixes), 1, 1))
        track = Track(first=span[0], matrices=still, size_hw=info.size_hw, notices=(notice,))
    if region_hw is not None and (away := sum(share == 0 for share in track.shares(region_hw > 0))):
        told = f"The region is out of the picture in {away} of {len(fixes)} frames."
        track = replace(track, notices=(*track.notices, told))
    return track


def _lumas(
    path: Path, span: tuple[int, int], rate: Fraction | None, size_hw: tuple[int, int], stop: Callable[[], bool]
) -> Iterator[np.ndarray]:
    """The frames of a range, small, (h, w) uint8."""
    for frame in iter_frames(path, span=Span(start=span[0], stop=span[1]), size_hw=size_hw, rate=rate):
        if stop():
            raise ReadStopped
        yield np.rint(255 * luma(frame[..., :3])).astype(np.uint8)


def _followed(lumas: Iterator[np.ndarray], hidden_hw: np.ndarray | None) -> list[Fix]:
    from .camera import Camera

    camera = Camera(next(lumas), hidden_hw)
    for luma_hw in lumas:
        camera.see(luma_hw)
    return camera.fixes()


def _moves(fixes: Sequence[Fix], size_hw: tuple[int, int], rate: Fraction) -> bool:
    """Whether what was found is a motion of the camera at all."""
    if np.mean([fix.at_rest for fix in fixes]) >= RESTING:
        return False
    known = [(fix, _farthest(fix.matrix, size_hw)) for fix in fixes if fix.matrix is not None]
    lasts = min(round(LASTS_S * rate), len(fixes) // 2)
    if np.mean([fix.since >= lasts and fix.agree >= TOGETHER for fix, _ in known]) < OFTEN:
        return False
    away = [fix.unlike for fix, farthest in known if farthest > LEAST]
    moved, left = np.sum(away, 0) if away else (0.0, 0.0)
    return bool(moved < EXPLAINED * left)


def _farthest(matrix: np.ndarray, size_hw: tuple[int, int]) -> float:
    """By how many px a matrix moves that corner of the picture which it moves most."""
    right, bottom = size_hw[1] - 1, size_hw[0] - 1
    corners = np.array([[0, right, 0, right], [0, 0, bottom, bottom], [1, 1, 1, 1]])
    return float(np.hypot(*(matrix @ corners - corners)[:2]).max())


def _without_gaps(fixes: Sequence[Fix], first: int, name: str) -> np.ndarray:
    """All frames' matrices (T, 3, 3), those between two that are known as on the way from the one to the other.

    Raises ClipError where too many in a row aren't known, or the last ones.
    """
    places = np.array([place for place, fix in enumerate(fixes) if fix.matrix is not None])
    found = np.array([fix.matrix.ravel() for fix in fixes if fix.matrix is not None])
    lost = np.flatnonzero(np.diff(places) > LONGEST_GAP + 1).tolist()
    if lost or places[-1] + 1 < len(fixes):
        last = first + int(places[lost[0] if lost else -1])
        raise ClipError(
            f"The camera's motion in {name} is lost after frame {last}: too little of what stands still is seen there.",
            remedy=f"End the --range at {last + 1}, or do without --track and give the polygon key frames.",
        )
    entries = [np.interp(np.arange(len(fixes)), places, entry) for entry in found.T]
    return np.stack(entries, 1).reshape(-1, 3, 3)


def _track(known: np.ndarray, small_hw: tuple[int, int], first: int, info: ClipInfo) -> Track:
    """Of matrices (T, 3, 3) between small pictures, those between full-size ones; what is nearly at rest is at rest."""
    matrices = np.tile(IDENTITY, (len(known), 1, 1))
    for place, matrix in enumerate(known):
        if _farthest(matrix, small_hw) > NOTHING:
            matrices[place] = between_sizes(matrix, small_hw, info.size_hw)
    most = max(_farthest(matrix, info.size_hw) for matrix in matrices)
    notice = f"The region follows the camera, which moves the picture of {info.path.name} by up to {most:.1f} pixels."
    return Track(first=first, matrices=matrices[:, :2], size_hw=info.size_hw, notices=(notice,))
