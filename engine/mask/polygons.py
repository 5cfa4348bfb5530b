"""Masks that are polygons with key frames, in a JSON file:

    {"keyframes": [{"frame": 0, "points": [[x, y], [x, y], [x, y]]}, ...]}

or several, whose union is masked: ``{"polygons": [{"keyframes": [...]}, ...]}``. Points are in pixels of the upright
picture, right and down from its top left corner; frames count from the clip's first one.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ClipError, OptionError
from .coverage import coverage
from .mask import Drawing, Edited

MAX_BYTES = 4_000_000
MAX_POLYGONS = 100
MAX_KEYFRAMES = 10_000
MAX_POINTS = 1_000
FARTHEST_PX = 1_000_000

FORM = '{"keyframes": [{"frame": 0, "points": [[x, y], [x, y], [x, y]]}]}'


class _Malformed(Exception):  # noqa: N818 - what is wrong, and where; read_polygons adds the file and the form
    pass


@dataclass(frozen=True, kw_only=True, eq=False)
class KeyFrame:
    """The corners at one frame, (N, 2) float64: x, y."""

    frame: int
    points: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Polygon:
    """An outline that moves; its key frames in order, all of as many points."""

    keyframes: tuple[KeyFrame, ...]

    def outline(self, frame: int) -> np.ndarray:
        """The corners at a frame, (N, 2): linear between key frames, held before the first and after the last."""
        later = bisect_right(self.keyframes, frame, key=lambda key: key.frame)
        if later in (0, len(self.keyframes)):
            return self.keyframes[max(0, later - 1)].points
        before, after = self.keyframes[later - 1], self.keyframes[later]
        share = (frame - before.frame) / (after.frame - before.frame)
        return before.points + share * (after.points - before.points)

    def moves(self, first: int, end: int) -> bool:
        """Whether the outline isn't the same in all frames of [first, end)."""
        turns = [key.frame for key in self.keyframes if first < key.frame < end]
        start = self.outline(first)
        return any(not np.array_equal(start, self.outline(frame)) for frame in (*turns, end - 1))


def draw_polygons(path: Path, edited: Edited) -> Drawing:
    """The polygons of a file, with antialiased edges. Raises as ``read_polygons`` does."""
    polygons = read_polygons(path)
    first, end = edited.span
    still = not any(polygon.moves(first, end) for polygon in polygons)
    frames = range(first, first + 1 if still else end)
    return Drawing(draw=lambda: (_picture(polygons, frame, edited.size_hw) for frame in frames), still=still)


def _picture(polygons: tuple[Polygon, ...], frame: int, size_hw: tuple[int, int]) -> np.ndarray:
    covered = np.zeros(size_hw, np.float32)
    for polygon in polygons:
        # Added up, so that between polygons that share an edge nothing shows through.
        covered += coverage(polygon.outline(frame), size_hw)
    return covered.clip(max=1)


def read_polygons(path: Path) -> tuple[Polygon, ...]:
    """Read a file that nobody vouches for. Raises ClipError, or OptionError telling what is malformed, and where."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ClipError(f"{path.name} can't be read: {error.strerror}.", remedy="Check its permissions.") from error
    try:
        return _polygons(_parsed(text))
    except _Malformed as error:
        raise OptionError(
            f"{path.name} is not a mask of polygons: {error}.",
            remedy=f'Write {FORM}, or several such as {{"polygons": [...]}}, in pixels from the top left corner.',
        ) from error


def _parsed(text: bytes) -> Any:
    if len(text) > MAX_BYTES:
        raise _Malformed(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _Malformed(f"no JSON at line {error.lineno}, column {error.colno} ({error.msg})") from error
    except (ValueError, RecursionError) as error:  # other letters than Unicode's, endless numbers, brackets in brackets
        raise _Malformed("no JSON") from error


def _polygons(outer: Any) -> tuple[Polygon, ...]:
    if not isinstance(outer, dict) or ("keyframes" in outer) == ("polygons" in outer):
        raise _Malformed('the outermost braces need either "keyframes" or "polygons"')
    if "keyframes" in outer:
        return (_polygon(outer, ""),)
    several = _list_in(outer, "polygons", "", most=MAX_POLYGONS)
    return tuple(_polygon(value, f"polygons[{number}]") for number, value in enumerate(several))


def _polygon(value: Any, where: str) -> Polygon:
    within = f"{where}." if where else ""
    listed = _list_in(value, "keyframes", where, most=MAX_KEYFRAMES)
    keys = [_keyframe(key, f"{within}keyframes[{number}]") for number, key in enumerate(listed)]
    frames = set()
    for number, key in enumerate(keys):
        if key.frame in frames:
            raise _Malformed(f"{within}keyframes[{number}] is another one of frame {key.frame}")
        frames.add(key.frame)
        if len(key.points) != len(keys[0].points):
            raise _Malformed(
                f"{within}keyframes[{number}] has {len(key.points)} points and keyframes[0] {len(keys[0].points)}, "
                "but all key frames of a polygon need equally many"
            )
    return Polygon(keyframes=tuple(sorted(keys, key=lambda key: key.frame)))


def _keyframe(value: Any, where: str) -> KeyFrame:
    points = _list_in(value, "points", where, most=MAX_POINTS)
    if len(points) < 3:
        raise _Malformed(f"{where}.points has {len(points)}, but a polygon needs at least 3")
    for number, point in enumerate(points):
        if not isinstance(point, list) or len(point) != 2 or not all(map(_is_coordinate, point)):
            raise _Malformed(
                f"{where}.points[{number}] is not [x, y], two numbers from {-FARTHEST_PX} to {FARTHEST_PX}"
            )
    frame = value.get("frame")
    if type(frame) is not int or frame < 0:
        raise _Malformed(f'{where} needs a "frame", a whole number from 0')
    return KeyFrame(frame=frame, points=np.array(points, np.float64))


def _is_coordinate(value: Any) -> bool:
    """Whether it is a number, finite and not so large that areas get inexact; true and false are none."""
    return type(value) in (int, float) and abs(value) <= FARTHEST_PX


def _list_in(holder: Any, key: str, where: str, *, most: int) -> list[Any]:
    """The list under ``key``, of one entry to ``most``."""
    if not isinstance(holder, dict) or not isinstance(holder.get(key), list):
        raise _Malformed(f'{where or "it"} needs "{key}", a list')
    values = holder[key]
    if not 1 <= len(values) <= most:
        raise _Malformed(f"{where}{'.' if where else ''}{key} has {len(values)} entries, but 1 to {most} are allowed")
    return values
