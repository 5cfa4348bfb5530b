"""The part of a clip that is edited: one shot, its ends at full size, and what new frames of it are made of.

Importing this needs no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .clip import Clip, Span
from .continuation import REMEMBERED, Edge
from .detail import GiveWay
from .detail.transfer import CONTEXT
from .errors import ClipError
from .exemplar import LEAST_FRAMES as LEAST_EXEMPLAR
from .exemplar import MOST_BYTES, Exemplar, read_exemplar
from .joint import Joints
from .video import iter_frames, read_clip
from .video.selection import ClipTooShort
from .video.source import never

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction
    from pathlib import Path

LEAST_FRAMES = 16


@dataclass(frozen=True, kw_only=True, eq=False)
class Shot:
    """``clip`` is small; ``exemplar`` holds frames at full size, none of those nearest to the shot's ends, and
    ``give_way`` and ``joints`` are fitted to them; ``first_hwc`` and ``last_hwc`` are the shot's own at full size.
    ``notices`` are sentences that the person must be told. ``sequence_rate`` was given for a folder of pictures."""

    clip: Clip
    exemplar: Exemplar
    give_way: GiveWay
    joints: Joints
    first_hwc: np.ndarray
    last_hwc: np.ndarray
    notices: tuple[str, ...]
    sequence_rate: Fraction | None = None

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.last_hwc.shape[0], self.last_hwc.shape[1]

    def __len__(self) -> int:
        return len(self.clip.numbers)

    def end(self) -> Edge:
        """Where new frames follow the shot."""
        count = min(REMEMBERED, len(self))
        places = range(len(self) - count, len(self))
        return Edge(small_thwc=self.clip.frames_thwc[-count:], nearest_hwc=self.last_hwc, places=places)

    def start(self) -> Edge:
        """Where new frames lead into the shot."""
        count = min(REMEMBERED, len(self))
        return Edge(small_thwc=self.clip.frames_thwc[:count], nearest_hwc=self.first_hwc, places=range(count))

    def frames(self) -> Iterator[np.ndarray]:
        """Its own frames at full size, one at a time, as the decoder has them: HWC levels."""
        numbers = self.clip.numbers
        wanted = set(numbers)
        stream = iter_frames(
            self.clip.source, span=Span(start=numbers[0], stop=numbers[-1] + 1), rate=self.sequence_rate
        )
        for number, frame in enumerate(stream, numbers[0]):
            if number in wanted:
                yield np.ascontiguousarray(frame[..., :3])


def read_shot(
    path: Path,
    *,
    span: Span | None = None,
    short_side: int,
    rate: Fraction | None = None,
    exemplar_bytes: int = MOST_BYTES,
    stop: Callable[[], bool] = never,
) -> Shot:
    """Read the longest uncut part of a clip's range; ``short_side`` is the small pictures'.

    ``exemplar_bytes`` bounds the memory of the frames at full size. The other arguments are ``read_clip``'s, and so is
    what is raised.
    """
    try:
        clip = read_clip(path, span=span, short_side=short_side, min_frames=LEAST_FRAMES, rate=rate, stop=stop)
    except ClipTooShort as error:
        raise ClipError(error.problem, remedy="Choose a longer clip or range.") from error
    clip.check_opaque()
    first, end = clip.span
    spare = min(CONTEXT, (end - first - LEAST_EXEMPLAR) // 2)
    exemplar = read_exemplar(path, span=(first + spare, end - spare), rate=rate, most_bytes=exemplar_bytes, stop=stop)
    if exemplar is None:
        raise ClipError(
            f"The frames of {path.name} are too large to keep even three of them in memory.",
            remedy="Give more --memory, or a smaller copy of the clip.",
        )
    ends = [
        np.ascontiguousarray(next(iter_frames(path, span=Span(start=number, stop=number + 1), rate=rate))[..., :3])
        for number in (clip.numbers[0], clip.numbers[-1])
    ]
    # What is edited keeps its own pixels, whatever their shape.
    told = [text for text in clip.notices if "not square" not in text]
    return Shot(
        clip=clip,
        exemplar=exemplar,
        give_way=GiveWay(exemplar.frames_thwc),
        joints=Joints(exemplar.frames_thwc),
        first_hwc=ends[0],
        last_hwc=ends[1],
        notices=(*told, *exemplar.notices),
        sequence_rate=rate,
    )
