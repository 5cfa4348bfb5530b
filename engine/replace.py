"""A region of a clip replaced by what is around it in space and time. Importing this needs no torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .clip import Clip, Span
from .detail import GiveWay
from .detail.transfer import GRID
from .edit import Edit
from .errors import ClipError
from .exemplar import MOST_BYTES, Exemplar, read_exemplar
from .fill import clear, moments_for, place_beside
from .levels import levels, volume
from .mask import Mask, open_mask
from .model import SourceFacts
from .scales import resize
from .video import iter_frames, probe, read_clip
from .video.source import never

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction
    from pathlib import Path

LEAST_FRAMES = 2
COVERED = 0.02
"""Of a cell: so much of it masked, and it is a part of the hole."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """What is replaced, and by what. ``clip`` is small, ``holes_thw`` is where something is taken out of its frames,
    and ``exemplar`` holds frames at full size to fill from. ``moments`` says for every frame of the clip which one that
    is, -1 where nothing is replaced; where it is None the hole is filled from ``beside`` it, px down and right.
    ``shown`` are the numbers of the frames that are passed on, at ``rate``; ``notices`` are sentences that the person
    must be told."""

    clip: Clip
    mask: Mask
    exemplar: Exemplar
    holes_thw: np.ndarray
    moments: np.ndarray | None
    beside: tuple[int, int]
    shown: tuple[int, ...]
    rate: Fraction
    notices: tuple[str, ...]
    sequence_rate: Fraction | None = None

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.exemplar.frames_thwc.shape[1], self.exemplar.frames_thwc.shape[2]

    @property
    def sample_aspect(self) -> Fraction:
        return self.exemplar.sample_aspect

    @property
    def facts(self) -> SourceFacts:
        """The source's own rate: frames that repeat the one before are passed on, too."""
        return replace(SourceFacts.of(self.clip), rate=self.rate)

    def replaced(self) -> Edit:
        """The shot with its region replaced; outside the mask every pixel stays as it is."""
        return Edit(frames=len(self.shown), before=0, kept=len(self.shown), make=self._frames)

    def _frames(self) -> Iterator[np.ndarray]:
        first, end = self.clip.span
        shown, numbers = set(self.shown), self.clip.numbers
        stream = iter_frames(self.clip.source, span=Span(start=first, stop=end), rate=self.sequence_rate)
        place = 0
        for number, (frame, mask) in enumerate(zip(stream, self.mask.frames(), strict=True), first):
            while place + 1 < len(numbers) and numbers[place + 1] <= number:
                place += 1  # what repeats a frame is filled as that is
            if number in shown:
                yield self._filled(np.ascontiguousarray(frame[..., :3]), mask, place)

    def _filled(self, frame: np.ndarray, mask: np.ndarray, place: int) -> np.ndarray:
        rows, columns = np.nonzero(mask)
        if not len(rows):
            return frame
        if self.moments is None:
            down, right = self.beside
            height, width = self.size_hw
            filling = frame[(rows + down).clip(0, height - 1), (columns + right).clip(0, width - 1)]
        else:
            filling = self._moment(place)[rows, columns]
        share = mask[rows, columns, None]
        mixed = share * filling + (1 - share) * frame[rows, columns]
        frame[rows, columns] = np.rint(mixed)
        return frame

    def _moment(self, place: int) -> np.ndarray:
        """The frame that a hole is filled from; for some frames behind a jump, with a share of what would have followed
        what it was filled from before."""
        assert self.moments is not None
        taken = self._at[self.moments[place]]
        for lag in range(1, min(GiveWay.reach, place) + 1):
            before, after = self.moments[place - lag], self.moments[place - lag + 1]
            if before < 0:
                break
            if after != before + 1:
                for moment in (before + lag, before):  # it goes on, or where something is in the way there, it stays
                    if moment in self._at and clear(self.holes_thw, place, np.array([moment])).all():
                        mixed = self._give_way.on(volume(taken), [(volume(self._at[moment]), lag)])
                        return levels(mixed, deep=taken.dtype == np.uint16)
        return taken

    @cached_property
    def _at(self) -> dict[int, np.ndarray]:
        """The exemplar's frames by their places in the clip."""
        place_of = {number: place for place, number in enumerate(self.clip.numbers)}
        pairs = zip(self.exemplar.numbers, self.exemplar.frames_thwc, strict=True)
        return {place_of[number]: frame for number, frame in pairs}

    @cached_property
    def _give_way(self) -> GiveWay:
        return GiveWay(self.exemplar.frames_thwc)


def read_region(
    path: Path,
    mask: Path,
    *,
    span: Span | None = None,
    rate: Fraction | None = None,
    feather_px: float,
    exemplar_bytes: int = MOST_BYTES,
    stop: Callable[[], bool] = never,
) -> Region:
    """Read a clip and its mask, and find what the region is replaced by.

    The arguments are ``read_shot``'s and ``open_mask``'s, and so is what is raised; ClipError where nothing in the clip
    can fill the region.
    """
    info = probe(path)
    clip = read_clip(path, span=span, short_side=GRID, min_frames=LEAST_FRAMES, rate=rate, stop=stop)
    clip.check_opaque()
    numbers = clip.numbers
    opened = open_mask(
        mask, size_hw=info.size_hw, span=clip.span, clip_frames=info.frames, name=path.name, feather_px=feather_px
    )
    holes = _holes(opened, clip)
    exemplar = read_exemplar(path, span=clip.span, rate=rate, most_bytes=exemplar_bytes, stop=stop)
    if exemplar is None:
        raise ClipError(
            f"The frames of {path.name} are too large to keep even three of them in memory.",
            remedy="Give more --memory, or a smaller copy of the clip.",
        )
    place_of = {number: place for place, number in enumerate(numbers)}
    moments = moments_for(clip.frames_thwc, holes, [place_of[number] for number in exemplar.numbers])
    beside = (0, 0)
    # Repeated frames are left out where something is learned, not here; pixels keep their shape.
    told = [text for text in clip.notices if "not square" not in text and "left out" not in text]
    if moments is None:
        cells = place_beside(clip.frames_thwc, holes)
        if cells is None:
            raise ClipError(
                f"Nothing in {path.name} can fill the region: it is never clear, and nowhere beside it is room for it.",
                remedy="Make the mask smaller, or choose a --range in which the region is clear for a while.",
            )
        height, width = info.size_hw
        beside = (round(cells[0] * height / holes.shape[1]), round(cells[1] * width / holes.shape[2]))
        told.append("The region is never clear: it is filled from beside it.")
    return Region(
        clip=clip,
        mask=opened,
        exemplar=exemplar,
        holes_thw=holes,
        moments=moments,
        beside=beside,
        shown=numbers if info.vfr else tuple(range(*clip.span)),
        rate=info.rate if rate is None else rate,
        notices=(*told, *exemplar.notices),
        sequence_rate=rate,
    )


def _holes(mask: Mask, clip: Clip) -> np.ndarray:
    """Where something is taken out of each of the clip's small frames, (T, h, w)."""
    size_hw = (clip.frames_thwc.shape[1], clip.frames_thwc.shape[2])
    wanted = {number: place for place, number in enumerate(clip.numbers)}
    holes = np.zeros((len(clip.numbers), *size_hw), bool)
    for number, picture in enumerate(mask.frames(), clip.span[0]):
        if number in wanted:
            holes[wanted[number]] = resize(picture, size_hw) > COVERED
    return holes
