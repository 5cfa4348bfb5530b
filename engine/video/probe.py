"""What a clip is, before it is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from ..clip import Colour
from . import colour
from .convert import Orientation, bit_depth, has_alpha
from .source import Source, never, open_source


@dataclass(frozen=True, kw_only=True)
class ClipInfo:
    """Facts of a clip. Sizes are (height, width) in pixels, times in seconds, rates in frames a second.

    ``size_hw`` is the upright picture, ``coded_size_hw`` the stored one; ``rotation`` in degrees clockwise, then
    ``mirrored`` left to right, turn one into the other. ``sample_aspect`` is that of the upright picture. ``frames``
    can be read; ``declared_frames`` is more where the file's end is missing. ``alpha`` says that the pixel format can
    be transparent, not that any pixel is. ``note`` is the comment in the file's header, empty where there is none.
    """

    path: Path
    container: str
    codec: str
    size_hw: tuple[int, int]
    coded_size_hw: tuple[int, int]
    rotation: int
    mirrored: bool
    sample_aspect: Fraction
    pixel_format: str
    bit_depth: int
    alpha: bool
    interlaced: bool
    colour: Colour
    rate: Fraction
    vfr: bool
    start_s: Fraction
    duration_s: Fraction
    frames: int
    declared_frames: int
    has_audio: bool
    note: str

    @property
    def truncated(self) -> bool:
        return self.declared_frames > self.frames

    def as_dict(self) -> dict[str, object]:
        """For JSON: fractions as "24000/1001", paths as text, sizes as lists."""
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)} | {
            "truncated": self.truncated
        }


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Colour):
        return dataclasses.asdict(value)
    return list(value) if isinstance(value, tuple) else value


def probe(path: Path, *, rate: Fraction | None = None, stop: Callable[[], bool] = never) -> ClipInfo:
    """Look at a video file, a folder of pictures or a pattern of them; decodes one frame.

    ``rate`` is that of pictures, which have none of their own. Raises ClipError, ReadStopped.
    """
    return describe(open_source(path, rate=rate, stop=stop), 0)[0]


def describe(source: Source, number: int) -> tuple[ClipInfo, av.VideoFrame, Orientation]:
    """Facts of an open source, with the frame they are read from and the way to turn frames upright."""
    _, frame = next(iter(source.frames(number, number + 1)))
    tags = colour.merged(colour.tags(frame), source.facts.colour)
    colour.check_readable(frame, tags.matrix, source.path.name)
    orientation = source.orientation(frame)
    rotation, mirrored = orientation.clockwise
    index, facts = source.index, source.facts
    coded_hw = (frame.height, frame.width)
    info = ClipInfo(
        path=source.path,
        container=facts.container,
        codec=facts.codec,
        size_hw=orientation.size(coded_hw),
        coded_size_hw=coded_hw,
        rotation=rotation,
        mirrored=mirrored,
        sample_aspect=orientation.aspect(facts.sample_aspect),
        pixel_format=frame.format.name,
        bit_depth=bit_depth(frame),
        alpha=has_alpha(frame),
        interlaced=facts.interlaced or frame.interlaced_frame,
        colour=tags,
        rate=index.rate,
        vfr=index.vfr,
        start_s=index.start_s,
        duration_s=index.duration_s,
        frames=index.count,
        declared_frames=index.declared,
        has_audio=facts.has_audio,
        note=facts.note,
    )
    return info, frame, orientation
