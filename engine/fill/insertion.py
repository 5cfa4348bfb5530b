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

    from ..region import Region
    from .footage import Beside, Moments
    from .reference import Reference

LEAST_FOOTAGE = 16
"""Frames of another clip from which motion can be learned."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Insertion:
    """What is put into a clip, in small, and where: ``pixels_thwc`` is the window of it at full size."""

    edited: Edited
    window: Window
    pixels_thwc: np.ndarray


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
    cleaned, own_hw = cleaned_of(region, small_hw, clean), region.size_hw
    here = Window.around(region.rect, size_hw=own_hw, small_hw=small_hw)
    seamless = True
    if reference is None or reference.clip is None:
        there, first = here, None
        if reference is not None:
            assert reference.rect is not None
            _check_inside(reference.rect, own_hw, region.clip.source.name)
            there, first = here.moved(reference.rect, size_hw=own_hw, small_hw=small_hw), _place(reference, region)
        content = Content(cleaned[:, there.rows, there.columns], first=first)
        pixels = region.pixels(there.rect, clean)
    else:
        footage, pixels, seamless = _of_other(reference, here, region, exemplar_bytes, stop)
        content = Content(footage, first=0)
    spare = len(pixels) - LEAST_FRAMES
    if 0 < content.runs_out_after < len(cleaned) and spare > 0:
        pixels = pixels[: -min(CONTEXT, spare)]  # what follows the last frames must not be these again
    edited = Edited(region.small(small_hw), region.small_holes(small_hw), here, content, seamless=seamless)
    return Insertion(edited=edited, window=here, pixels_thwc=pixels)


def cleaned_of(region: Region, small_hw: tuple[int, int], clean: Moments | Beside | None) -> np.ndarray:
    """The region's clip in small without what is replaced, levels (T, h, w, 3)."""
    small = region.small(small_hw)
    return small if clean is None else np.where(region.small_holes(small_hw)[..., None], clean.small(small), small)


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
    return int(np.searchsorted(region.clip.numbers, reference.frame, "right")) - 1


def _check_inside(rect: Rect, size_hw: tuple[int, int], name: str) -> None:
    height, width = size_hw
    if rect.x + rect.width > width or rect.y + rect.height > height:
        raise OptionError(
            f"The reference {rect.x},{rect.y},{rect.width},{rect.height} reaches outside {name}, whose picture is "
            f"{width} x {height} pixels.",
            remedy="Choose --reference X,Y,W,H inside it.",
        )


def _of_other(
    reference: Reference, here: Window, region: Region, exemplar_bytes: int, stop: Callable[[], bool]
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Of another clip, as large as the window: small footage, pixels, and whether it looks like the region's clip."""
    path = reference.clip
    assert path is not None
    height, width = probe(path).size_hw
    rect = reference.rect or Rect(x=0, y=0, width=width, height=height)
    _check_inside(rect, (height, width), path.name)
    needed = here.rect
    if needed.width > width or needed.height > height:
        raise ClipError(
            f"{path.name} has {width} x {height} pixels, and the region needs {needed.width} x {needed.height}.",
            remedy="Give a larger clip, a smaller mask, or learn the clip and give the model: -m MODEL.",
        )
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
    footage = resized(clip.frames_thwc, here.small_hw)
    return footage, exemplar.frames_thwc, not unlike(region.clip.frames_thwc, clip.frames_thwc)
