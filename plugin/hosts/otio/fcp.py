"""What Final Cut Pro 7 XML needs beside what the library does: a safe look at it, and a file for what it can't keep."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import opentimelineio as otio

from ....engine.files import replacing
from ...host import META, HostError
from .. import markup
from .adapter import FCP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from opentimelineio.schema import Clip, Timeline

SIDECAR = ".dtsgan.json"
"""Is added to the name of an XML file: its clips' metadata."""


def check(data: bytes, name: str) -> None:
    """Refuse what is no such XML before the library reads it. Raises HostError."""
    root = markup.parse(data, name)
    if root.tag != "xmeml":
        raise HostError(f"{name} is no Final Cut Pro 7 XML, but {root.tag}.", remedy="Export as FCP 7 XML (xmeml).")


def attach(timeline: Timeline, path: Path) -> None:
    """Give clips the metadata that lie beside their file; none where that is missing or damaged, since the timeline
    holds without it."""
    try:
        kept = json.loads(markup.read_bytes(path.with_name(path.name + SIDECAR)))
        metas = dict(kept["clips"])
    except (HostError, ValueError, KeyError, TypeError, RecursionError):
        return
    for key, clip in _clips(timeline):
        if isinstance(meta := metas.get(key), dict):
            clip.metadata[META] = meta


def prepare(timeline: Timeline, others: Sequence[Any]) -> dict[str, Any]:
    """Make a timeline ready to be written, with what else is in its file; our metadata, which XML can't keep, are taken
    out and returned."""
    _tell_apart([timeline, *(each for each in others if isinstance(each, otio.schema.Timeline))])
    metas: dict[str, Any] = {}
    for key, clip in _clips(timeline):
        if META in clip.metadata:
            metas[key] = json.loads(otio.core.serialize_json_to_string(clip.metadata[META]))
            del clip.metadata[META]
    return metas


def write_beside(path: Path, metas: dict[str, Any]) -> None:
    sidecar = path.with_name(path.name + SIDECAR)
    if not metas:
        sidecar.unlink(missing_ok=True)
        return
    with replacing(sidecar) as temporary:
        temporary.write_text(json.dumps({"version": 1, "clips": metas}, indent=1), encoding="utf-8")


def _tell_apart(timelines: Sequence[Timeline]) -> None:
    """Give every item a number of its own: of two that are alike the library writes the second as a mere reference to
    the first, and so in its place."""
    tracks = [track for timeline in timelines for track in timeline.tracks]
    items = [item for track in tracks for item in track if not isinstance(item, otio.schema.Gap)]
    seen = {str(item.metadata.get(FCP, {}).get("@id", "")) for item in items}
    taken, number = set[str](), 0
    for item in items:
        own = str(item.metadata.get(FCP, {}).get("@id", ""))
        if not own or own in taken:
            while (own := f"clipitem-{(number := number + 1)}") in seen:
                pass
            item.metadata.setdefault(FCP, {})["@id"] = own
        taken.add(own)


def _clips(timeline: Timeline) -> Iterator[tuple[str, Clip]]:
    """Those of the video tracks, each with what it is called beside the file."""
    for number, track in enumerate(timeline.video_tracks()):
        clips = [item for item in track if isinstance(item, otio.schema.Clip)]
        for index, clip in enumerate(clips):
            yield f"{number}:{index}:{clip.name}", clip
