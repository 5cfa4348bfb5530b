"""New frames that go on from kept ones: behind a clip's last frame, before its first, or from its end to its start.

The motion prior is drawn conditionally on the kept frames, the pyramid sees these beside the new ones, the detail
transfer matches both, and at full size the nearest kept frame gives way to the new ones. Importing this needs no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .detail import GiveWay
from .detail.transfer import CONTEXT
from .levels import levels, volume
from .prior import Draw, Known
from .scales import resize
from .synthesis import chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .synthesis import Texture

REMEMBERED = 64
"""Kept frames at most that are known where new ones begin or end."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Edge:
    """Where kept frames meet new ones: the last of those before them, or the first of those after them.

    ``small_thwc`` are up to ``REMEMBERED`` kept frames in their order, of any small size; ``nearest_hwc`` is the one
    beside the new frames at full size. ``places`` are their numbers in the shot.
    """

    small_thwc: np.ndarray
    nearest_hwc: np.ndarray
    places: range


class Continuation:
    """``length`` new frames of a texture between two edges, either of which may be None.

    The texture's exemplar must not hold the kept frames nearest to the new ones, ``CONTEXT`` on each side: they would
    be found again where they are, and nothing goes on from there. ``give_way`` is fitted to that exemplar.
    """

    def __init__(
        self, texture: Texture, give_way: GiveWay, *, length: int, before: Edge | None, after: Edge | None, seed: int
    ) -> None:
        assert texture.detail is not None
        self._texture, self._detail, self._give_way = texture, texture.detail, give_way
        self._length, self._before, self._after = length, before, after
        self._known = _known(texture, length, before, after)
        self._draw = Draw(seed=seed, known=self._known)

    def frames(self, wanted: range) -> Iterator[np.ndarray]:
        """Yield some of the new frames, numbered from 0: HWC levels as the source has them.

        Any range equals the same frames of a longer one, and memory does not depend on the length.
        """
        deep = self._texture.facts.bit_depth > 8
        for chunk in chunks(wanted, None):
            some = range(max(chunk.start, wanted.start), min(chunk.stop, wanted.stop))
            for number, picture in zip(some, self._made(chunk, some), strict=True):
                yield levels(self._give_way.on(picture, self._kept(number)), deep=deep)

    def _kept(self, number: int) -> list[tuple[np.ndarray, int]]:
        """The kept frames near a new one, each (3, H, W) in [-1, 1], and how far away they are."""
        edges = ((self._before, number + 1), (self._after, self._length - number))
        return [(volume(edge.nearest_hwc), lag) for edge, lag in edges if edge is not None and lag <= GiveWay.reach]

    def _made(self, chunk: range, some: range) -> Iterator[np.ndarray]:
        """Frames of a chunk and its context before the kept ones give way to them, (3, H, W) in [-1, 1]."""
        wide = range(chunk.start - CONTEXT, chunk.stop + CONTEXT)
        base = self._texture.base.video(wide, self._draw)
        for number, frame in zip(self._known.numbers, self._known.video_tchw, strict=True):
            if number in wide:  # the pyramid makes them anew
                base[number - wide.start] = frame
        yield from self._detail.frames(base, range(some.start - wide.start, some.stop - wide.start))


def _known(texture: Texture, length: int, before: Edge | None, after: Edge | None) -> Known:
    numbers, places, videos = [], [], []
    for edge, first in ((before, -len(before.places) if before else 0), (after, length)):
        if edge is not None:
            numbers += range(first, first + len(edge.places))
            places += [place + (texture.offset or 0) for place in edge.places]
            videos.append(resize(volume(edge.small_thwc), texture.base.size_hw).clip(-1, 1))
    known = None if texture.offset is None else tuple(places)
    return Known(numbers=tuple(numbers), video_tchw=np.concatenate(videos), places=known)
