"""A small copy of a part of a clip, on which edits take seconds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ...engine.errors import ClipError
from ...engine.video import open_output
from ...engine.video.index import ReadStopped
from ...engine.video.source import never
from ...engine.video.viewing import Viewing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHORT_SIDE = 128
MOST_FRAMES = 48
"""Frames of a preview: two seconds, of which a person sees whether it holds together."""


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """A lossless video of ``frames`` of the clip, ``scale`` times as large as they are along both ways (H, W)."""

    path: Path
    frames: range
    size_hw: tuple[int, int]
    scale_hw: tuple[float, float]


def proxy_size(size_hw: tuple[int, int]) -> tuple[int, int]:
    """The size of the small copy of pictures of this size, even numbers, as the codec wants them."""
    shrink = min(1.0, SHORT_SIDE / min(size_hw))
    height, width = (max(2, round(side * shrink / 2) * 2) for side in size_hw)
    return height, width


def window_of(frames: range, around: int) -> range:
    """The part of a range that is previewed: so many frames, with ``around`` in the middle where that is possible."""
    count = min(MOST_FRAMES, len(frames))
    first = min(max(around - count // 2, frames.start), frames.stop - count)
    return range(first, first + count)


def write_proxy(
    clip: Path, frames: range, path: Path, *, rate: Fraction | None = None, stop: Callable[[], bool] = never
) -> Proxy:
    """Raises ClipError, OutputError, ReadStopped."""
    viewing = Viewing(clip, rate=rate, sized=proxy_size, stop=stop)
    size_hw = viewing.size_hw
    frames = range(frames.start, min(frames.stop, viewing.info.frames))
    if not frames:
        raise ClipError(
            f"{clip.name} has {viewing.info.frames} frames by now, fewer than before.", remedy="Open it again."
        )
    with open_output(path, size_hw=size_hw, rate=viewing.info.rate, overwrite=True) as writer:
        for number, picture in viewing.frames(frames.start):
            if number >= frames.stop:
                break
            if stop():
                raise ReadStopped
            writer.write(np.ascontiguousarray(picture[..., :3]))
    height, width = viewing.info.size_hw
    return Proxy(path=path, frames=frames, size_hw=size_hw, scale_hw=(size_hw[0] / height, size_hw[1] / width))
