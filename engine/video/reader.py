"""Reading a clip: a range and a rectangle of it, small, with what the person must be told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from ..clip import Clip, Rect, Span
from ..errors import ClipError
from .convert import Orientation, RgbConverter
from .index import ReadStopped
from .probe import ClipInfo, describe
from .selection import ClipTooShort, Watch, rate_text
from .source import Source, never, open_source


def read_clip(
    path: Path,
    *,
    span: Span | None = None,
    crop: Rect | None = None,
    short_side: int | None = None,
    min_frames: int = 16,
    rate: Fraction | None = None,
    stop: Callable[[], bool] = never,
) -> Clip:
    """Read the longest uncut part of a range as RGB, each frame made small as it is decoded.

    Parameters
    ----------
    path : a video file, a folder of numbered pictures, or a pattern of them.
    span : the range to read; all by default. Only it, from the key frame before it, is decoded.
    crop : a rectangle of the upright picture.
    short_side : pixels of the shorter side, never more than the source has; pixels then become square. Without it
        the picture keeps its size and its sample aspect.
    min_frames : fewer frames than this, once cuts and repeats are out, raise ClipTooShort.
    rate : frames a second of pictures, which have no rate of their own (25 by default).
    stop : asked between frames; true ends the reading with ReadStopped.

    Raises
    ------
    ClipError, OptionError, ReadStopped.
    """
    source = open_source(path, rate=rate, stop=stop)
    first, end = _resolve(source, span)
    if end - first < min_frames:
        raise ClipTooShort(path.name, have=end - first, need=min_frames, where=" in that range" if span else "")
    info, frame, orientation = describe(source, first)
    geometry = _geometry(info, crop, short_side)
    converter = _converter(frame, info, orientation, crop=crop, size_hw=geometry.size_hw)
    shown = source.index.even_frames(first, end) if info.vfr else list(range(first, end))
    watch = Watch()
    frames = _gather(_convert(source, converter, first, end, stop=stop), first, shown, watch)
    choice = watch.choose(shown, rate=info.rate, min_frames=min_frames, name=path.name)
    return Clip(
        frames_thwc=_take(frames, choice.places),
        rate=choice.rate,
        start_s=source.index.time_s(choice.span[0]),
        bit_depth=info.bit_depth,
        sample_aspect=geometry.sample_aspect,
        colour=info.colour,
        source=path,
        source_sha256=_sha256(source.files, stop),
        span=choice.span,
        numbers=tuple(shown[place] for place in choice.places),
        crop=crop,
        source_size_hw=info.size_hw,
        notices=(*geometry.notices, *_source_notices(info, first, end, shown), *choice.notices),
    )


def iter_frames(
    path: Path,
    *,
    span: Span | None = None,
    crop: Rect | None = None,
    size_hw: tuple[int, int] | None = None,
    rate: Fraction | None = None,
) -> Iterator[np.ndarray]:
    """Upright frames of a range, one at a time and every one of them, as the decoder has them or at ``size_hw``.

    HWC, uint8 or full-scale uint16; RGBA where the pixel format has alpha, even if all is opaque. Raises as
    ``read_clip`` does.
    """
    source = open_source(path, rate=rate)
    first, end = _resolve(source, span)
    info, frame, orientation = describe(source, first)
    if crop is not None:
        crop.check_inside(info.size_hw, path.name)
    converter = _converter(frame, info, orientation, crop=crop, size_hw=size_hw)
    yield from _convert(source, converter, first, end, stop=never)


def _resolve(source: Source, span: Span | None) -> tuple[int, int]:
    """The range in frame numbers; of a file without its end, only a range of what is left can be read."""
    name, index = source.path.name, source.index
    first, end = (span or Span()).resolve(count=index.declared, rate=index.rate, frame_at=index.frame_at, name=name)
    if end > index.count:
        raise ClipError(
            f"{name} is cut short: of {index.declared} frames only the first {index.count} can be read.",
            remedy=f"Copy or export it again, or pass --range 0:{index.count}: "
            f"frame {index.count - 1} is the last one left.",
        )
    return first, end


@dataclass(frozen=True, kw_only=True)
class _Geometry:
    """Size of the frames asked for, None for the source's own, and their sample aspect."""

    size_hw: tuple[int, int] | None
    sample_aspect: Fraction
    notices: tuple[str, ...] = ()


def _geometry(info: ClipInfo, crop: Rect | None, short_side: int | None) -> _Geometry:
    height, width = info.size_hw
    if crop is not None:
        crop.check_inside(info.size_hw, info.path.name)
        height, width = crop.height, crop.width
    aspect = info.sample_aspect
    if short_side is None:
        return _Geometry(size_hw=None, sample_aspect=aspect)
    size_hw = square_size((height, width), aspect, short_side)
    notices = ()
    if aspect != 1:
        notices = (
            f"The pixels of {info.path.name} are not square ({aspect.numerator}:{aspect.denominator}); "
            f"the picture was resized to square ones.",
        )
    return _Geometry(size_hw=size_hw, sample_aspect=Fraction(1), notices=notices)


def square_size(size_hw: tuple[int, int], aspect: Fraction, short_side: int) -> tuple[int, int]:
    """(height, width) of a picture whose pixels are made square and whose short side is made so small, if it is larger.

    The side that has too many pixels gets fewer; none are invented.
    """
    height, width = Fraction(size_hw[0]) / max(aspect, 1), Fraction(size_hw[1]) * min(aspect, 1)
    shrink = min(Fraction(short_side) / min(height, width), Fraction(1))
    return max(1, round(height * shrink)), max(1, round(width * shrink))


def _converter(
    frame: av.VideoFrame,
    info: ClipInfo,
    orientation: Orientation,
    *,
    crop: Rect | None,
    size_hw: tuple[int, int] | None = None,
) -> RgbConverter:
    return RgbConverter(
        frame, info.colour, orientation=orientation, deinterlace=info.interlaced, crop=crop, size_hw=size_hw
    )


def _convert(
    source: Source, converter: RgbConverter, first: int, end: int, *, stop: Callable[[], bool]
) -> Iterator[np.ndarray]:
    for number, frame in source.frames(first, end):
        if stop():
            raise ReadStopped
        if not converter.fits(frame):
            raise ClipError(
                f"{source.path.name} changes its size or pixel format at frame {number}.",
                remedy=f"Choose a --range on one side of it, such as {first}:{number}.",
            )
        yield from converter.push(frame)
    yield from converter.push(None)


def _gather(stream: Iterator[np.ndarray], first: int, shown: list[int], watch: Watch) -> np.ndarray:
    """All frames that are shown, in one array made at once: a list of them, stacked, would need twice the memory."""
    wanted = set(shown)
    frames = np.zeros(0, np.uint8)
    done = 0
    for number, frame in enumerate(stream, first):
        if number not in wanted:
            continue
        if not done:
            frames = np.empty((len(shown), *frame.shape), frame.dtype)
        frames[done] = frame
        watch.add(frame)
        done += 1
    return frames


def _take(frames: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The chosen frames, moved to the front of their own array, so that memory holds no second copy of them."""
    for to, place in enumerate(places):
        if to != place:
            frames[to] = frames[place]
    chosen = frames[: len(places)]
    opaque = np.iinfo(frames.dtype).max
    if frames.shape[-1] == 4 and all((frame[..., 3] == opaque).all() for frame in chosen):
        return np.ascontiguousarray(chosen[..., :3])
    return chosen if len(chosen) > len(frames) // 2 else chosen.copy()


def _source_notices(info: ClipInfo, first: int, end: int, shown: list[int]) -> list[str]:
    name, rate = info.path.name, rate_text(info.rate)
    notices = []
    if info.vfr:
        notices.append(
            f"{name} has a variable frame rate: the frames nearest to an even {rate} fps are used, "
            f"{len(shown)} of {end - first}."
        )
    if info.interlaced:
        notices.append(f"{name} is interlaced: each frame was deinterlaced (bwdif), so the result is progressive.")
    if info.rotation or info.mirrored:
        turned = f"is turned by {info.rotation} degrees" if info.rotation else "is mirrored"
        notices.append(f"{name} {turned} by its display matrix; its frames were put upright.")
    return notices


def sha256_of(path: Path) -> str:
    """The digest that ``read_clip`` tells of a clip."""
    return _sha256(open_source(path).files, never)


def _sha256(files: tuple[Path, ...], stop: Callable[[], bool]) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                if stop():
                    raise ReadStopped
                digest.update(block)
    return digest.hexdigest()
