"""Frames of the source at its own size, of whose pixels large results are made. Importing this needs no torch."""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .clip import Span
from .errors import ClipError, ModelFileError
from .model import EXEMPLAR, MOST_EXEMPLAR_FRAMES, ExemplarFacts
from .video import iter_frames, open_output, probe, read_clip
from .video.probe import describe
from .video.reader import sha256_of, square_size
from .video.source import never, open_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from .clip import Rect
    from .model import SourceFacts, TextureModel

MOST_BYTES = 512 << 20
"""Of an exemplar's frames in memory: 190 frames of 1280 x 720 px, 21 of 3840 x 2160."""

LEAST_FRAMES = 3
SUFFIX = ".mp4"


@dataclass(frozen=True, kw_only=True, eq=False)
class Exemplar:
    """``frames_thwc`` as a clip has them, ``sample_aspect`` the shape of their pixels, ``span`` where they are from and
    ``numbers`` which, ``source_sha256`` the digest of that source; ``notices`` are sentences that the person must be
    told."""

    frames_thwc: np.ndarray
    sample_aspect: Fraction
    span: tuple[int, int]
    numbers: tuple[int, ...]
    source_sha256: str
    notices: tuple[str, ...] = ()


def read_exemplar(
    path: Path,
    *,
    span: tuple[int, int],
    crop: Rect | None = None,
    rate: Fraction | None = None,
    short_side: int | None = None,
    most_bytes: int = MOST_BYTES,
    stop: Callable[[], bool] = never,
) -> Exemplar | None:
    """The middle of a clip's ``span`` at its own size, as many frames as ``most_bytes`` hold, 400 at most; None where
    they hold too few. ``short_side`` makes it smaller, its pixels square.

    Raises what ``read_clip`` does, and ClipError where a pixel is transparent.
    """
    first, end = span
    info, _, _ = describe(open_source(path, rate=rate, stop=stop), first)
    height, width = (crop.height, crop.width) if crop else info.size_hw
    shrink = min(1.0, short_side / min(height, width)) if short_side else 1.0
    # Where there is alpha, opaque as it may be, frames come with it, and then once more without.
    frame_bytes = height * width * shrink**2 * (7 if info.alpha else 3) * (2 if info.bit_depth > 8 else 1)
    count = min(end - first, int(most_bytes / frame_bytes), MOST_EXEMPLAR_FRAMES)
    if count < LEAST_FRAMES:
        return None
    first += (end - first - count) // 2
    clip = read_clip(
        path,
        span=Span(start=first, stop=first + count),
        crop=crop,
        short_side=short_side,
        min_frames=LEAST_FRAMES,
        rate=rate,
        stop=stop,
    )
    clip.check_opaque()
    notices = ()
    if count < end - span[0]:
        notices = (
            f"Full-size results of {path.name} are made of the pixels of its frames {clip.span[0]} to "
            f"{clip.span[1] - 1}: more would take too much memory and time.",
        )
    return Exemplar(
        frames_thwc=clip.frames_thwc,
        sample_aspect=clip.sample_aspect,
        span=clip.span,
        numbers=clip.numbers,
        source_sha256=clip.source_sha256,
        notices=notices,
    )


def with_exemplar(
    model: TextureModel,
    path: Path,
    *,
    link: bool,
    rate: Fraction | None = None,
    stop: Callable[[], bool] = never,
) -> tuple[TextureModel, tuple[str, ...]]:
    """The model with the pixels of the clip that it was learned from, at ``path``, and what the person must be told.

    They travel along as a video that looks the same, or, with ``link``, are read from the clip each time. Raises what
    ``read_exemplar`` does, ClipError where the clip is another by now, and OutputError where there is no room for a
    temporary copy.
    """
    exemplar = read_exemplar(path, span=model.facts.span, crop=model.facts.crop, rate=rate, stop=stop)
    if exemplar is None:
        return model, (f"The frames of {path.name} are too large for results at its own size.",)
    if exemplar.source_sha256 != model.facts.sha256:
        raise ClipError(f"{path.name} has changed since it was learned.", remedy="Learn it again.")
    if link:
        return replace(model, exemplar=_facts(exemplar, str(path.absolute()))), exemplar.notices
    arrays = model.arrays | {EXEMPLAR: _packed(exemplar, model.facts)}
    return replace(model, arrays=arrays, exemplar=_facts(exemplar, None)), exemplar.notices


def _packed(exemplar: Exemplar, facts: SourceFacts) -> np.ndarray:
    """The bytes of a video file that looks as the exemplar does."""
    frames = exemplar.frames_thwc
    size_hw = (frames.shape[1], frames.shape[2])
    with tempfile.TemporaryDirectory(prefix="dtsgan-") as folder:
        path = Path(folder) / f"exemplar{SUFFIX}"
        with open_output(
            path, size_hw=size_hw, rate=facts.rate, bit_depth=facts.bit_depth, colour=facts.colour
        ) as writer:
            for frame in frames:
                writer.write(frame)
        return np.frombuffer(path.read_bytes(), np.uint8)


def _facts(exemplar: Exemplar, path: str | None) -> ExemplarFacts:
    count, height, width, _ = exemplar.frames_thwc.shape
    return ExemplarFacts(
        size_hw=(height, width), frames=count, span=exemplar.span, sample_aspect=exemplar.sample_aspect, path=path
    )


def short_side_for(own_hw: tuple[int, int], aspect: Fraction, asked_hw: tuple[int, int] | None) -> int | None:
    """Short side in px at which a picture is as large as asked on either side; None where that is all it has."""
    if asked_hw is None:
        return None
    height, width = own_hw[0] / max(aspect, 1), own_hw[1] * min(aspect, 1)
    shrink = max(asked_hw[0] / height, asked_hw[1] / width)
    return math.ceil(min(height, width) * shrink) if shrink < 1 else None


def frames_within(facts: ExemplarFacts, most_bytes: int, *, deep: bool, short_side: int | None = None) -> range:
    """Of an exemplar's frames, those in the middle that so much memory holds, ``LEAST_FRAMES`` at least."""
    height, width = square_size(facts.size_hw, facts.sample_aspect, short_side) if short_side else facts.size_hw
    count = min(facts.frames, max(LEAST_FRAMES, most_bytes // (height * width * 3 * (2 if deep else 1))))
    first = (facts.frames - count) // 2
    return range(first, first + count)


def open_exemplar(
    model: TextureModel,
    *,
    source: Path | None = None,
    short_side: int | None = None,
    most_bytes: int = MOST_BYTES,
    stop: Callable[[], bool] = never,
) -> np.ndarray | None:
    """The frames of a model's exemplar, (N, H, W, 3), as many as ``most_bytes`` hold; None where it has none.

    ``short_side`` makes them smaller, their pixels square. ``source`` is the clip that was learned, where the model
    only names it and it lies elsewhere now. Raises ClipError where that clip is missing or another, naming it;
    ModelFileError where the model's own copy can't be read; ReadStopped.
    """
    facts = model.exemplar
    if facts is None:
        return None
    kept = frames_within(facts, most_bytes, deep=model.facts.bit_depth > 8, short_side=short_side)
    if facts.path is None:
        return _unpacked(model.arrays[EXEMPLAR].tobytes(), facts, model.facts, kept, short_side)
    path = linked_clip(model, source)
    span = Span(start=facts.span[0] + kept.start, stop=facts.span[0] + kept.stop)
    clip = read_clip(path, span=span, crop=model.facts.crop, short_side=short_side, min_frames=1, stop=stop)
    clip.check_opaque()
    return clip.frames_thwc


def linked_clip(model: TextureModel, source: Path | None) -> Path:
    """Where the clip is that a model names in place of carrying its pixels; ``source`` as for ``open_exemplar``.

    Raises ClipError where it is missing or another, or where the model names one on another machine.
    """
    named = model.exemplar and model.exemplar.path
    assert named is not None
    remedy = f"Say where {model.facts.name} is: --source FILE."
    if source is None and named.startswith(("//", "\\\\")):
        # A model from a stranger must not make this machine call on another.
        raise ClipError(f"The texture model names a clip on another machine, {named}.", remedy=remedy)
    path = source or Path(named)
    try:
        found = sha256_of(path)
    except (ClipError, OSError) as error:
        problem = error.problem if isinstance(error, ClipError) else f"{path.name} can't be read: {error.strerror}."
        raise ClipError(f"The pixels that this texture model needs are missing: {problem}", remedy=remedy) from error
    if found != model.facts.sha256:
        raise ClipError(f"{path} is not the clip that was learned, or has changed since.", remedy=remedy)
    return path


def _unpacked(
    content: bytes, facts: ExemplarFacts, source: SourceFacts, kept: range, short_side: int | None
) -> np.ndarray:
    """The frames ``kept`` of a carried video, which may be a stranger's: it has to be what the header says before it is
    used."""
    deep = source.bit_depth > 8
    size_hw = square_size(facts.size_hw, facts.sample_aspect, short_side) if short_side else None
    frames = np.empty((len(kept), *(size_hw or facts.size_hw), 3), np.uint16 if deep else np.uint8)
    with tempfile.TemporaryDirectory(prefix="dtsgan-") as folder:
        path = Path(folder) / f"exemplar{SUFFIX}"
        path.write_bytes(content)
        try:
            if content[4:8] != b"ftyp":  # FFmpeg goes by content, and follows scripts that name other files
                raise ValueError("they are no MP4 file")
            info = probe(path)
            said = ("h264", facts.size_hw, facts.frames, deep)
            if (info.codec, info.size_hw, info.frames, info.bit_depth > 8) != said:
                raise ValueError("they are not what the model says")
            decoded = 0
            for number, frame in enumerate(iter_frames(path, size_hw=size_hw)):
                decoded += 1
                if number in kept:
                    frames[number - kept.start] = frame
            if decoded != facts.frames:
                raise ValueError("some of them are missing")
        except (ClipError, ValueError) as error:
            raise ModelFileError(
                f"The source's pixels in the texture model of {source.name} can't be read: {error}.",
                remedy="Learn the clip again, or ask for another copy of the file.",
            ) from error
    return frames
