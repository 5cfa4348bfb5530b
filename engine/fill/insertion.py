"""What fills a region put into its clip, in small: a reference, or the clip's own texture.

Importing this needs no torch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..clip import Rect
from ..detail.transfer import CONTEXT
from ..errors import ClipError, OptionError
from ..exemplar import LEAST_FRAMES, MOST_BYTES, read_exemplar
from ..levels import resized
from ..likeness import unlike
from ..video import probe, read_clip
from ..video.source import never
from .painting import Content, Edited, Window

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..region import Region
    from .footage import Beside, Moments
    from .reference import Reference

LEAST_FOOTAGE = 16
"""Frames of another clip from which motion can be learned."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Insertion:
    """What is put into a clip, in small, and where: ``pixels_thwc`` is the window of it at full size. ``notices`` are
    sentences that the person must be told."""

    edited: Edited
    window: Window
    pixels_thwc: np.ndarray
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class _Found:
    """What is put into a window: ``footage_thwc`` in small, from place ``first`` on, all of it new where that is None;
    ``seamless`` if its light is to follow what is around it."""

    footage_thwc: np.ndarray
    first: int | None
    pixels_thwc: np.ndarray
    seamless: bool = True
    notices: tuple[str, ...] = ()


def insertion(
    region: Region,
    small_hw: tuple[int, int],
    reference: Reference | None,
    *,
    clean: Moments | Beside | None,
    exemplar_bytes: int = MOST_BYTES,
    stop: Callable[[], bool] = never,
) -> Insertion:
    """Put a reference, or without one the clip's own texture at its own place, into the region.

    ``small_hw`` is the small pictures' size; ``clean``, where there is one, takes out what is replaced before anything
    is taken from there. Raises ClipError and OptionError for a reference that can't be used, ReadStopped.
    """
    here = Window.around(region.rect, size_hw=region.size_hw, small_hw=small_hw)
    if reference is not None and reference.clip is not None:
        found = _of_other(reference, here, region, exemplar_bytes=exemplar_bytes, stop=stop)
    else:
        found = _own(reference, here, region, small_hw, clean)
    content, pixels = Content(found.footage_thwc, first=found.first), found.pixels_thwc
    spare = len(pixels) - LEAST_FRAMES
    if 0 < content.runs_out_after < len(region.clip.numbers) and spare > 0:
        pixels = pixels[: -min(CONTEXT, spare)]  # what follows the last frames must not be these again
    small, holes = region.small(small_hw), region.small_holes(small_hw)
    edited = Edited(small, holes, here, content, seamless=found.seamless)
    return Insertion(edited=edited, window=here, pixels_thwc=pixels, notices=found.notices)


def check_reference(reference: Reference, region: Region) -> None:
    """Refuse a reference that can't be used, before anything slow is done. Raises ClipError, OptionError."""
    if reference.clip is None:
        assert reference.rect is not None
        reference.rect.check_inside(region.size_hw, region.clip.source.name, option="reference")
        _place(reference, region)
        return
    size_hw = probe(reference.clip).size_hw
    if reference.rect is not None:
        reference.rect.check_inside(size_hw, reference.clip.name, option="reference")
    height, width = size_hw
    if region.rect.width > width or region.rect.height > height:
        raise _too_small(reference.clip, size_hw, region.rect)


def cleaned_of(region: Region, small_hw: tuple[int, int], clean: Moments | Beside | None) -> np.ndarray:
    """The region's clip in small without what is replaced, levels (T, h, w, 3)."""
    small = region.small(small_hw)
    return small if clean is None else np.where(region.small_holes(small_hw)[..., None], clean.small(small), small)


def _own(
    reference: Reference | None,
    here: Window,
    region: Region,
    small_hw: tuple[int, int],
    clean: Moments | Beside | None,
) -> _Found:
    """Of the clip itself: from a frame of a reference on as long as it is in the picture, or all that is seen."""
    there, first, name = here, None, region.clip.source.name
    told: tuple[str, ...] = ()
    if reference is not None:
        rect, first = _rect(reference, region), _place(reference, region)
        there = here.moved(rect, size_hw=region.size_hw, small_hw=small_hw)
        if clean is None and region.small_holes(small_hw)[:, there.rows, there.columns].any():
            told = ("The reference overlaps the region, part of which is seen in it: there is no room elsewhere.",)
    seen = np.flatnonzero(region.seen(there.rect))
    runs = np.split(seen, np.flatnonzero(np.diff(seen) > 1) + 1)
    run = max(runs, key=len) if first is None else next((run for run in runs if first in run), seen[:0])
    if len(run) < LEAST_FRAMES:
        raise ClipError(
            f"What is to fill the region is out of the picture of {name} too soon, as the camera moves.",
            remedy="Choose another --reference or --range, or one X,Y,W,H@CLIP of another clip.",
        )
    footage = cleaned_of(region, small_hw, clean)[run[0] : run[-1] + 1, there.rows, there.columns]
    pixels = region.pixels(there.rect, clean)
    if len(pixels) < LEAST_FRAMES:
        raise ClipError(
            f"Too few frames of {name} show what is to fill the region.",
            remedy="Choose another --reference or --range.",
        )
    place = None if first is None else first - int(run[0])
    return _Found(footage_thwc=footage, first=place, pixels_thwc=pixels, notices=told)


def _place(reference: Reference, region: Region) -> int:
    """Where among the clip's frames the reference begins. Raises OptionError."""
    if reference.frame is None:
        return 0
    first, end = region.clip.span
    if not first <= reference.frame < end:
        raise OptionError(
            f"Frame {reference.frame} of the reference is not among those that are edited, {first} to {end - 1} of "
            f"{region.clip.source.name}.",
            remedy="Name one of these after the @.",
        )
    return region.place(reference.frame)


def _rect(reference: Reference, region: Region) -> Rect:
    """The reference's rectangle, as seen from where the camera was in the first frame."""
    rect = reference.rect
    assert rect is not None
    if region.track is None or reference.frame is None:
        return rect
    middle = np.array([rect.x + rect.width / 2, rect.y + rect.height / 2, 1])
    x, y = (region.track.matrix(reference.frame, region.size_hw) @ middle)[:2]
    left, top = max(0, round(x - rect.width / 2)), max(0, round(y - rect.height / 2))
    return replace(rect, x=left, y=top)


def _too_small(path: Path, size_hw: tuple[int, int], needed: Rect) -> ClipError:
    return ClipError(
        f"{path.name} has {size_hw[1]} x {size_hw[0]} pixels, and the region needs {needed.width} x {needed.height}.",
        remedy="Give a larger clip, a smaller mask, or learn the clip and give the model: -m MODEL.",
    )


def _of_other(
    reference: Reference, here: Window, region: Region, *, exemplar_bytes: int, stop: Callable[[], bool]
) -> _Found:
    """Of another clip, as large as the window, about the middle of the reference's rectangle."""
    path = reference.clip
    assert path is not None
    info = probe(path)
    height, width = info.size_hw
    rect = reference.rect or Rect(x=0, y=0, width=width, height=height)
    rect.check_inside((height, width), path.name, option="reference")
    needed = here.rect
    if needed.width > width or needed.height > height:
        raise _too_small(path, (height, width), needed)
    x = min(max(0, rect.x + (rect.width - needed.width) // 2), width - needed.width)
    y = min(max(0, rect.y + (rect.height - needed.height) // 2), height - needed.height)
    part = replace(needed, x=x, y=y)
    clip = read_clip(path, crop=part, short_side=min(here.small_hw), min_frames=LEAST_FOOTAGE, stop=stop)
    clip.check_opaque()
    exemplar = read_exemplar(path, span=clip.span, crop=part, most_bytes=exemplar_bytes, stop=stop)
    if exemplar is None:
        raise ClipError(
            f"The frames of {path.name} are too large to keep even three of them in memory.",
            remedy="Give more --memory, or a smaller copy of the clip.",
        )
    told = [*clip.notices, *exemplar.notices]
    if info.rate != region.rate:
        told.append(
            f"{path.name} has {float(info.rate):g} frames a second, and {region.clip.source.name} "
            f"{float(region.rate):g}: what is taken of it moves at another speed."
        )
    own = region.clip.frames_thwc
    around = own[:, here.rows, here.columns]  # what is replaced, too, but most of all what is around it
    alike = not (unlike(own, clip.frames_thwc) and unlike(around, clip.frames_thwc))
    return _Found(
        footage_thwc=resized(clip.frames_thwc, here.small_hw),
        first=0,
        pixels_thwc=exemplar.frames_thwc,
        seamless=alike,
        notices=tuple(told),
    )
