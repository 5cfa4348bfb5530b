"""Reading what is measured: the source, and results brought to its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
import psutil

from ..clip import Span
from ..errors import ClipError, OptionError, ResourceError
from ..video import iter_frames, probe, read_clip
from ..video.probe import ClipInfo
from .footage import LEAST_FRAMES, Footage

VOLUMES = 6
"""Copies of one video that measuring holds at its peak beside the source and the results."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The source and the results at one size. ``infos`` are the files' own facts, the source's first; ``notices`` say
    what was changed to compare them."""

    source: Footage
    results: tuple[Footage, ...]
    infos: tuple[ClipInfo, ...]
    rate: Fraction
    notices: tuple[str, ...]


def read_compared(
    source: Path, results: Sequence[Path], *, span: Span | None, short_side: int, frames: int, strict: bool
) -> Compared:
    """Read at the size of the smallest, at most ``short_side`` px, and at most ``frames`` frames of each.

    Cuts and repeated frames are taken out of the source, as they are when it is learned; results are left as they are.

    Raises ClipError where a video can't be read, is too short or has nothing to measure, OptionError where sizes or
    rates differ and ``strict`` is set, ResourceError where memory would not do.
    """
    infos = tuple(probe(path) for path in (source, *results))
    side = min(short_side, *(min(info.size_hw) for info in infos))
    shortest = min(frames, *(info.frames for info in infos))
    if shortest < LEAST_FRAMES:
        short = min(infos, key=lambda info: info.frames)
        raise ClipError(
            f"{short.path.name} has {short.frames} frames, and measuring needs {LEAST_FRAMES}.",
            remedy="Give a longer video.",
        )
    height, width = infos[0].size_hw
    _check_memory(shortest * side * side * max(height, width) // min(height, width), len(results))
    clip = read_clip(source, span=span, short_side=side, min_frames=LEAST_FRAMES)
    size_hw = (clip.frames_thwc.shape[1], clip.frames_thwc.shape[2])
    differing = _differences(infos, size_hw, clip.rate)
    if strict and differing:
        raise OptionError(differing[0], remedy="Make them alike, or leave out --strict.")
    read = []
    for path in results:
        stacked = np.stack(list(islice(iter_frames(path, size_hw=size_hw), frames)))
        read.append(Footage.of(stacked, path.name))
    return Compared(
        source=Footage.of(clip.frames_thwc[:frames], source.name),
        results=tuple(read),
        infos=infos,
        rate=clip.rate,
        notices=(*clip.notices, *differing),
    )


def _differences(infos: Sequence[ClipInfo], size_hw: tuple[int, int], rate: Fraction) -> tuple[str, ...]:
    found = []
    for info in infos:
        if info.size_hw != size_hw:
            found.append(
                f"{info.path.name} has {info.size_hw[1]} x {info.size_hw[0]} px and is measured at "
                f"{size_hw[1]} x {size_hw[0]} px."
            )
        if info.rate != rate:
            found.append(
                f"{info.path.name} has {float(info.rate):g} frames a second, the source {float(rate):g}; they are "
                f"compared frame by frame."
            )
    return tuple(found)


def _check_memory(values: int, results: int) -> None:
    """Raise ResourceError where videos of so many pixels, in 32 bits a colour, don't fit."""
    needed = values * 3 * 4 * (1 + results + VOLUMES)
    free = psutil.virtual_memory().available
    if needed > free:
        raise ResourceError(
            f"Measuring needs about {needed / 2**30:.1f} GiB of memory, and {free / 2**30:.1f} GiB are free.",
            remedy="Give fewer --frames, a smaller --size, or fewer results at once.",
        )
