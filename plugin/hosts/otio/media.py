"""The files that clips of a timeline show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import opentimelineio as otio

from ...host import HostError, Media, Range, exact_rate
from ..paths import is_relative, path_from, text_for
from .rates import frames_of, range_of

if TYPE_CHECKING:
    from pathlib import Path


def source_of(clip: otio.schema.Clip, folder: Path) -> tuple[Media, Range]:
    """The file of a clip in a timeline of ``folder``, and which of its frames are seen. Raises HostError, saying why,
    where these can't be named."""
    reference = clip.media_reference
    if isinstance(reference, otio.schema.MissingReference):
        raise HostError("its file is missing")
    if not isinstance(reference, otio.schema.ExternalReference) or not reference.target_url:
        raise HostError("it shows no video file")
    if any(isinstance(effect, otio.schema.TimeEffect) for effect in clip.effects):
        raise HostError("its speed is changed")
    seen = clip.source_range or reference.available_range
    if seen is None:
        raise HostError("it doesn't say which frames are seen")
    rate = exact_rate(seen.duration.rate)
    start, frames = frames_of(seen.start_time, rate), frames_of(seen.duration, rate)
    known = reference.available_range
    if known is not None and exact_rate(known.duration.rate) == rate:
        # Clips count from the time code of their file's first frame, where they know it.
        start -= frames_of(known.start_time, rate)
    if start < 0 or frames < 1:
        raise HostError("it shows frames from before its file begins")
    total = frames_of(known.duration, rate) if known is not None and known.duration.value > 0 else start + frames
    path = path_from(reference.target_url, folder)
    return Media(path=path, rate=rate, frames=max(total, start + frames)), Range(start, start + frames)


def reference_to(media: Media) -> otio.schema.ExternalReference:
    reference = otio.schema.ExternalReference(
        target_url=media.path.as_uri(), available_range=range_of(0, media.frames, media.rate)
    )
    reference.name = media.path.name
    return reference


def rebase(timeline: otio.schema.Timeline, folder: Path, target: Path, style: str) -> None:
    """Let all paths of a timeline of ``folder`` hold for one in ``target``: "absolute", "relative", or, with "keep",
    each as it was. What can't be understood stays as it is."""
    for clip in timeline.find_clips():
        for reference in clip.media_references().values():
            url = getattr(reference, "target_url", "")
            if not url or (style == "keep" and not is_relative(url)):
                continue
            try:
                path = path_from(url, folder)
            except HostError:
                continue
            reference.target_url = text_for(path, None if style == "absolute" else target)
