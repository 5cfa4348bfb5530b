"""A clip in memory, and how a person names a part of one: a range of frames, a rectangle."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from .errors import ClipError, OptionError


@dataclass(frozen=True, kw_only=True)
class Colour:
    """Colour tags under FFmpeg's names; None where the source has no tag."""

    primaries: str | None = None
    transfer: str | None = None
    matrix: str | None = None
    range: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rect:
    """A rectangle in pixels of the upright picture, from its top left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def cut(self) -> tuple[slice, slice]:
        """Its rows and columns, to index a picture with."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def check_inside(self, size_hw: tuple[int, int], name: str, *, option: str = "crop") -> None:
        """Raise ClipError, naming the picture's size, unless all of the rectangle lies inside ``size_hw``; ``option``
        is the one that it was given as."""
        height, width = size_hw
        if self.x + self.width > width or self.y + self.height > height:
            raise ClipError(
                f"The {option} {self.x},{self.y},{self.width},{self.height} reaches outside {name}, "
                f"whose picture is {width} x {height} pixels.",
                remedy=f"Choose --{option} X,Y,W,H inside it.",
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class Clip:
    """Frames ready to learn from, and all that a result must carry on.

    ``frames_thwc`` is uint8 for sources of 8 bits and full-scale uint16 for deeper ones; RGB, or RGBA with straight
    alpha where the source is anywhere transparent. ``rate`` is in frames a second. ``sample_aspect`` is that of
    ``frames_thwc``; ``source_size_hw`` is the source's upright picture before crop and resizing. ``span`` holds the
    source's frame numbers from which the frames come, ``numbers`` those of the frames themselves (repeated pictures are
    left out), ``start_s`` the source's time stamp of the first of them.
    ``notices`` are sentences that the person must be told.
    """

    frames_thwc: np.ndarray
    rate: Fraction
    start_s: Fraction
    bit_depth: int
    sample_aspect: Fraction
    colour: Colour
    source: Path
    source_sha256: str
    span: tuple[int, int]
    numbers: tuple[int, ...]
    crop: Rect | None
    source_size_hw: tuple[int, int]
    notices: tuple[str, ...] = ()

    def check_opaque(self) -> None:
        """Raise ClipError where any pixel is transparent: that can't be learned yet."""
        if self.frames_thwc.shape[3] != 3:
            raise ClipError(
                f"{self.source.name} has transparency, which can't be learned yet.",
                remedy="Put it on a plain background first.",
            )


@dataclass(frozen=True, kw_only=True)
class TimeCode:
    """SMPTE time code; with ``drop`` it skips the numbers that drop-frame counting at 29.97 and 59.94 skips."""

    seconds: int
    frames: int
    drop: bool

    def frame(self, rate: Fraction) -> int:
        nominal = math.ceil(rate)
        number = self.seconds * nominal + self.frames
        if not self.drop:
            return number
        minutes = self.seconds // 60
        return number - nominal // 15 * (minutes - minutes // 10)


Moment = int | Fraction | TimeCode
"""A frame number, seconds, or a time code, each counted from the clip's first frame."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """A half-open range of a clip; None is the clip's own end on that side."""

    start: Moment | None = None
    stop: Moment | None = None

    def resolve(self, *, count: int, rate: Fraction, frame_at: Callable[[Fraction], int], name: str) -> tuple[int, int]:
        """Frame numbers (first, one past the last). ``frame_at`` gives the first frame at or after some seconds.

        Raises ClipError, naming the clip's length, when nothing is left or the range reaches past the end.
        """

        def number(moment: Moment | None, default: int) -> int:
            if moment is None:
                return default
            if isinstance(moment, TimeCode):
                return moment.frame(rate)
            return moment if isinstance(moment, int) else frame_at(moment)

        first, end = number(self.start, 0), number(self.stop, count)
        if not 0 <= first < end <= count:
            raise ClipError(
                f"The range {first}:{end} is not inside {name}, which has {count} frames "
                f"(0:{count}, {float(count / rate):.2f} s).",
                remedy="Choose --range A:B inside it; B is one past the last frame.",
            )
        return first, end


_SECONDS = re.compile(r"(\d+(?:\.\d+)?)s")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)")
_SMPTE = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;])(\d{2,3})")


def parse_span(text: str) -> Span:
    """Read a range, half-open and counted from the clip's first frame; either side may be left out.

    ``10:200`` frames · ``5s:10.5s`` seconds · with ``..`` between the sides also clock times
    (``0:05.5..0:10``, ``00:00:05..00:00:10``) and time codes (``00:00:05:12..00:00:10:00``, ``;`` for drop-frame).
    Raises OptionError.
    """
    sides = text.strip().split("..") if ".." in text else text.strip().split(":")
    if len(sides) != 2:
        raise OptionError(
            f"{text!r} is not a range.",
            remedy="Write frames as 10:200, seconds as 5s:10.5s, times and time codes as 00:00:05:12..00:00:10:00.",
        )
    start, stop = (_moment(side.strip(), f"in the range {text!r}") for side in sides)
    return Span(start=start, stop=stop)


def _moment(side: str, where: str) -> Moment | None:
    return parse_moment(side, where) if side else None


def parse_moment(side: str, where: str = "") -> Moment:
    """Read a frame's number, seconds (``5.5s``), a time (``00:01:05.5``) or a time code (``00:01:05:12``, with ``;``
    for drop-frame); ``where`` says of what it is a part. Raises OptionError."""
    if side.isdecimal():
        return int(side)
    if match := _SECONDS.fullmatch(side):
        return Fraction(match[1])
    if match := _SMPTE.fullmatch(side):
        hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
        return TimeCode(seconds=(hours * 60 + minutes) * 60 + seconds, frames=frames, drop=match[4] == ";")
    if match := _CLOCK.fullmatch(side):
        return (int(match[1] or 0) * 60 + int(match[2])) * 60 + Fraction(match[3])
    raise OptionError(
        f"{' '.join((repr(side), where)).strip()} is neither a frame, a time nor a time code.",
        remedy="Write a frame as 120, seconds as 5.5s, a time as 00:01:05.5, a time code as 00:01:05:12.",
    )


def parse_crop(text: str) -> Rect:
    """Read ``X,Y,W,H`` in pixels of the upright picture. Raises OptionError."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4 or not all(part.isdecimal() for part in parts):
        raise OptionError(
            f"{text!r} is not a rectangle.", remedy="Write it as X,Y,W,H in pixels, as in 100,50,640,360."
        )
    x, y, width, height = map(int, parts)
    if not width or not height:
        raise OptionError(f"The rectangle {text!r} is empty.", remedy="Give it a width and a height of at least 1.")
    return Rect(x=x, y=y, width=width, height=height)
