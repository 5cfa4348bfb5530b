"""A region of a clip that is replaced by something else. Importing this needs no torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from .clip import Clip, Rect, Span
from .detail.transfer import GRID
from .edit import Edit
from .errors import ClipError, OptionError
from .exemplar import MOST_BYTES, Exemplar, read_exemplar
from .levels import resized
from .mask import Mask, open_mask
from .mask.mask import bounds
from .model import SourceFacts
from .track import Track, read_track
from .video import iter_frames, probe, read_clip
from .video.source import never, open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction
    from pathlib import Path

LEAST_FRAMES = 2

FEATHER_SHARE, PAINTED_SHARE = 0.02, 0.06
"""Of the short side: the width of the edge over which the region gives way to the clip, filled with footage of the same
place, which fits well, and painted: a breaker that ends there needs room to thin out."""


class Fill(Protocol):
    """What is seen in a region instead."""

    def picture(self, number: int, place: int, frame_hwc: np.ndarray) -> np.ndarray:
        """A whole picture, levels (H, W, 3), whose region is seen in the clip's frame of this number, which is
        ``frame_hwc`` and shows what is at this place among the clip's frames; numbers never fall."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """What is replaced of a clip. ``clip`` is small, and so is ``touched_thw``: in which of its places anything is
    replaced. ``rect`` holds the region in all frames, and ``exemplar`` frames at full size. ``shown`` are the numbers
    of the frames that are passed on, at ``rate``; ``notices`` are sentences that the person must be told.

    Where the region follows the camera by a ``track``, all of these are as seen from the place of its first frame, and
    ``mask`` is that frame's.
    """

    clip: Clip
    mask: Mask
    touched_thw: np.ndarray
    rect: Rect
    exemplar: Exemplar
    shown: tuple[int, ...]
    rate: Fraction
    notices: tuple[str, ...]
    sequence_rate: Fraction | None = None
    track: Track | None = None

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

    def place(self, number: int) -> int:
        """Where among the clip's frames that of a number is, or the one that it repeats."""
        return max(0, int(np.searchsorted(self.clip.numbers, number, "right")) - 1)

    def seen(self, rect: Rect) -> np.ndarray:
        """Which of the clip's frames show all of a rectangle, (T,) bool."""
        if self.track is None:
            return np.ones(len(self.clip.numbers), bool)
        return np.array([self.track.inside(number)[rect.cut].all() for number in self.clip.numbers])

    @cached_property
    def grid_thwc(self) -> np.ndarray:
        """The clip on the grid on which it is looked for what fills a hole."""
        height, width = self.clip.frames_thwc.shape[1:3]
        short = min(height, width)
        grid = min(GRID, short)
        size_hw = (round(height * grid / short), round(width * grid / short))
        return self.small(size_hw)

    @cached_property
    def holes_thw(self) -> np.ndarray:
        """Where on that grid something is replaced."""
        return self.small_holes((self.grid_thwc.shape[1], self.grid_thwc.shape[2]))

    @cached_property
    def unseen_hw(self) -> np.ndarray | None:
        """Where on that grid the picture ends in some frame; None where the region doesn't follow the camera."""
        if self.track is None:
            return None
        size_hw = (self.grid_thwc.shape[1], self.grid_thwc.shape[2])
        return ~np.all([self.track.inside(number, size_hw) for number in self.clip.numbers], axis=0)

    def small(self, size_hw: tuple[int, int]) -> np.ndarray:
        """The clip at a small size, levels (T, h, w, 3)."""
        return resized(self.clip.frames_thwc, size_hw)

    def small_holes(self, size_hw: tuple[int, int]) -> np.ndarray:
        """Where at a small size something is replaced, (T, h, w)."""
        return np.stack([touched(mask, size_hw) for mask in self.touched_thw])

    def replaced(self, fill: Fill) -> Edit:
        """The clip with its region replaced; outside the mask every pixel stays as it is."""

        def make() -> Iterator[np.ndarray]:
            for number, place, frame, mask in self._shown():
                if mask.any():
                    _mix(frame, mask, fill.picture(number, place, frame))
                yield frame

        return Edit(frames=len(self.shown), before=0, kept=len(self.shown), make=make)

    def layer(self, fill: Fill) -> Edit:
        """What fills the region alone, RGBA with straight alpha, to lie above the clip; elsewhere nothing.

        Next to it its colours go on where all is clear: lossy coding mixes neighbours.
        """

        def make() -> Iterator[np.ndarray]:
            for number, place, frame, mask in self._shown():
                picture = np.zeros((*frame.shape[:2], 4), frame.dtype)
                rect = bounds(mask > 0)
                if rect is not None:
                    cut = rect.cut
                    picture[cut][..., :3] = fill.picture(number, place, frame)[cut]
                    picture[..., 3] = np.rint(mask * np.iinfo(frame.dtype).max)
                yield picture

        return Edit(frames=len(self.shown), before=0, kept=0, make=make)

    def pixels(self, rect: Rect, clean: Fill | None) -> np.ndarray:
        """A rectangle of those of the exemplar's frames that show all of it, (N, H, W, 3); what lies in the region is
        filled with ``clean``."""
        numbers = self.exemplar.numbers
        made = np.empty((len(numbers), rect.height, rect.width, 3), self.exemplar.frames_thwc.dtype)
        count, masks = 0, self.frame_masks()
        for number, frame in zip(numbers, self.exemplar.frames_thwc, strict=True):
            whole = frame
            if self.track is not None and not self.track.inside(number)[rect.cut].all():
                continue
            if clean is not None:
                mask = next(mask for at, mask in masks if at == number)
                if mask.any():
                    whole = frame.copy()
                    _mix(whole, mask, clean.picture(number, self.place(number), frame))
            if self.track is not None:
                whole = self.track.onto_reference(whole, number)
            made[count] = whole[rect.cut]
            count += 1
        return made[:count]

    def frame_masks(self) -> Iterator[tuple[int, np.ndarray]]:
        """The number and the mask of every frame that is edited, as it is there: (H, W) float32 in [0, 1]."""
        for number, mask in enumerate(self.mask.frames(), self.clip.span[0]):
            yield number, mask if self.track is None else self.track.from_reference(mask, number)

    def _shown(self) -> Iterator[tuple[int, int, np.ndarray, np.ndarray]]:
        """Of every frame that is passed on: its number, its place in the clip, its pixels and its mask."""
        first, end = self.clip.span
        shown = set(self.shown)
        stream = iter_frames(self.clip.source, span=Span(start=first, stop=end), rate=self.sequence_rate)
        for frame, (number, mask) in zip(stream, self.frame_masks(), strict=True):
            if number in shown:
                yield number, self.place(number), np.ascontiguousarray(frame[..., :3]), mask


def feather_share(*, painted: bool) -> float:
    """How wide a region's edge is unless a person says so, in parts of the clip's short side."""
    return PAINTED_SHARE if painted else FEATHER_SHARE


def read_region(
    path: Path,
    mask: Path,
    *,
    span: Span | None = None,
    rate: Fraction | None = None,
    short_side: int = GRID,
    feather_px: float,
    follow: bool = False,
    exemplar_bytes: int = MOST_BYTES,
    stop: Callable[[], bool] = never,
) -> Region:
    """Read a clip and its mask; ``short_side`` is the small pictures'. With ``follow`` the mask, which is to be still,
    is the first frame's, and follows the camera.

    The other arguments are ``read_shot``'s and ``open_mask``'s, and so is what is raised; OptionError for a mask that
    moves by itself and is to follow, and without OpenCV.
    """
    info = probe(path)
    clip = read_clip(path, span=span, short_side=short_side, min_frames=LEAST_FRAMES, rate=rate, stop=stop)
    clip.check_opaque()
    opened = open_mask(
        mask, size_hw=info.size_hw, span=clip.span, clip_frames=info.frames, name=path.name, feather_px=feather_px
    )
    rect = opened.rect()
    assert rect is not None
    exemplar = read_exemplar(path, span=clip.span, rate=rate, most_bytes=exemplar_bytes, stop=stop)
    if exemplar is None:
        raise ClipError(
            f"The frames of {path.name} are too large to keep even three of them in memory.",
            remedy="Give more --memory, or a smaller copy of the clip.",
        )
    track, seen = None, ()
    if follow:
        if not opened.still:
            raise OptionError(
                f"{mask.name} moves by itself, and can't follow the camera, too.",
                remedy="Draw the region once, for the first frame, or leave out --track.",
            )
        region_hw = next(opened.frames())
        track = read_track(path, span=clip.span, rate=rate, region_hw=region_hw, stop=stop)
        seen = track.notices
        track = track if track.moves else None
    if track is not None:
        clip = replace(clip, frames_thwc=_onto_reference(clip, track))
    # Repeated frames are left out where something is learned, not here; pixels keep their shape.
    told = [text for text in clip.notices if "not square" not in text and "left out" not in text]
    return Region(
        clip=clip,
        mask=opened,
        touched_thw=_small_masks(opened, clip),
        rect=rect,
        exemplar=exemplar,
        shown=tuple(_shown_of(path, clip, rate) if info.vfr else range(*clip.span)),
        rate=info.rate if rate is None else rate,
        notices=(*told, *exemplar.notices, *seen),
        sequence_rate=rate,
        track=track,
    )


def _onto_reference(clip: Clip, track: Track) -> np.ndarray:
    moved = [track.onto_reference(frame, number) for number, frame in zip(clip.numbers, clip.frames_thwc, strict=True)]
    return np.stack(moved)


def _mix(frame: np.ndarray, mask: np.ndarray, filling: np.ndarray) -> None:
    rows, columns = np.nonzero(mask)
    share = mask[rows, columns, None]
    frame[rows, columns] = np.rint(share * filling[rows, columns] + (1 - share) * frame[rows, columns])


def _small_masks(mask: Mask, clip: Clip) -> np.ndarray:
    """Where in each of the clip's small frames, or in one that repeats it, anything is replaced; (T, h, w) bool."""
    size_hw = (clip.frames_thwc.shape[1], clip.frames_thwc.shape[2])
    small = np.zeros((len(clip.numbers), *size_hw), bool)
    places = np.searchsorted(clip.numbers, range(*clip.span), "right") - 1
    for place, picture in zip(places.clip(0), mask.frames(), strict=True):
        small[place] |= touched(picture > 0, size_hw)
    return small


def touched(places_hw: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Which places of a picture of another size lie, be it in part, on true ones, bool."""
    for axis, new in enumerate(size_hw):
        old = places_hw.shape[axis]
        sums = np.concatenate([np.zeros_like(places_hw.take([0], axis), int), places_hw.cumsum(axis)], axis)
        first = np.arange(new) * old // new
        end = -(-np.arange(1, new + 1) * old // new)
        places_hw = sums.take(end, axis) > sums.take(first, axis)
    return places_hw


def _shown_of(path: Path, clip: Clip, rate: Fraction | None) -> list[int]:
    """Of a clip with a varying rate, the frames that are shown at an even one."""
    return open_source(path, rate=rate).index.even_frames(*clip.span)
