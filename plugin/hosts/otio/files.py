"""Timelines on disk: ``.otio``, and ``.xml`` with what it can't keep in a file beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import opentimelineio as otio

from ....engine.files import replacing
from ...host import META, HostError
from .. import markup
from .adapter import FCP, OtioHost
from .media import rebase
from .rates import time_of

if TYPE_CHECKING:
    from pathlib import Path

SIDECAR = ".dtsgan.json"
"""Is added to the name of an XML file: its clips' metadata."""


def read(path: Path, *, sequence: str | None = None) -> OtioHost:
    """The timeline of a file, or the one with this name where there are several. Raises HostError."""
    data = markup.read_bytes(path)
    xml = path.suffix.lower() == ".xml"
    try:
        text = data.decode("utf-8-sig")
        if xml:
            root = markup.parse(data, path.name)
            if root.tag != "xmeml":
                raise HostError(
                    f"{path.name} is no Final Cut Pro 7 XML, but {root.tag}.", remedy="Export as FCP 7 XML (xmeml)."
                )
        else:
            json.loads(text)  # says where it is damaged, and refuses what is nested without end
        loaded = otio.adapters.read_from_string(text, FCP if xml else "otio_json")
    except HostError:
        raise
    except Exception as error:  # the libraries raise all kinds for files that aren't as they should be
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise HostError(f"{path.name} can't be read as a timeline: {reason}.", remedy="Export it again.") from error
    timeline = _chosen(loaded, path, sequence)
    if xml:
        _attach(timeline, _kept(path))
    return OtioHost(timeline, title=path.name, folder=path.parent.absolute(), others=_others(loaded, timeline))


def write(host: OtioHost, path: Path, *, paths: str = "keep") -> None:
    """The timeline as it is now, whole or not at all; ``paths`` is "keep", "absolute" or "relative". Raises HostError
    for what the format can't hold, OutputError."""
    timeline, xml = host.timeline.deepcopy(), path.suffix.lower() == ".xml"
    rebase(timeline, host.folder, path.parent.absolute(), paths)
    if timeline.global_start_time is None:
        timeline.global_start_time = time_of(0, host.rate)  # says the rate, which would else be guessed
    metas = _detach(timeline) if xml else {}
    try:
        whole = _together(host.others, timeline)
        text = otio.adapters.write_to_string(whole, FCP if xml else "otio_json")
    except Exception as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise HostError(
            f"{path.name} can't hold this timeline: {reason}.", remedy="Write it as .otio, which can."
        ) from error
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode())
    sidecar = path.with_name(path.name + SIDECAR)
    if metas:
        with replacing(sidecar) as temporary:
            temporary.write_text(json.dumps({"version": 1, "clips": metas}, indent=1), encoding="utf-8")
    else:
        sidecar.unlink(missing_ok=True)


def _chosen(loaded: Any, path: Path, sequence: str | None) -> otio.schema.Timeline:
    timelines = [loaded] if isinstance(loaded, otio.schema.Timeline) else []
    if isinstance(loaded, otio.schema.SerializableCollection):
        timelines = [each for each in loaded if isinstance(each, otio.schema.Timeline)]
    names = ", ".join(each.name for each in timelines)
    if sequence is not None:
        timelines = [each for each in timelines if each.name == sequence]
    if len(timelines) == 1:
        return timelines[0]
    if sequence is not None and names:
        raise HostError(f"{path.name} has no timeline {sequence}.", remedy=f"Choose --sequence of {names}.")
    if timelines:
        raise HostError(f"{path.name} holds several timelines.", remedy=f"Choose --sequence of {names}.")
    raise HostError(f"{path.name} holds no timeline.", remedy="Export the timeline, not a clip or a bin.")


def _others(loaded: Any, timeline: otio.schema.Timeline) -> tuple[Any, ...]:
    """All that a file holds, in its order, None in place of the timeline; nothing where that is all."""
    if loaded is timeline:
        return ()
    return tuple(None if each is timeline else each for each in loaded)


def _together(others: tuple[Any, ...], timeline: otio.schema.Timeline) -> Any:
    if not others:
        return timeline
    children = [timeline if each is None else each.deepcopy() for each in others]
    return otio.schema.SerializableCollection(children=children)


def _key(track: int, index: int, clip: otio.schema.Clip) -> str:
    return f"{track}:{index}:{clip.name}"


def _detach(timeline: otio.schema.Timeline) -> dict[str, Any]:
    """Our metadata of all clips, and no longer in them: XML would write them as elements that no editor knows."""
    metas: dict[str, Any] = {}
    for number, track in enumerate(timeline.video_tracks()):
        clips = [item for item in track if isinstance(item, otio.schema.Clip)]
        for index, clip in enumerate(clips):
            if META in clip.metadata:
                metas[_key(number, index, clip)] = json.loads(otio.core.serialize_json_to_string(clip.metadata[META]))
                del clip.metadata[META]
    return metas


def _attach(timeline: otio.schema.Timeline, metas: dict[str, Any]) -> None:
    for number, track in enumerate(timeline.video_tracks()):
        clips = [item for item in track if isinstance(item, otio.schema.Clip)]
        for index, clip in enumerate(clips):
            if isinstance(meta := metas.get(_key(number, index, clip)), dict):
                clip.metadata[META] = meta


def _kept(path: Path) -> dict[str, Any]:
    """What lies beside an XML file; nothing where that is missing or damaged, since the timeline holds without it."""
    sidecar = path.with_name(path.name + SIDECAR)
    try:
        kept = json.loads(markup.read_bytes(sidecar))
        return kept["clips"] if isinstance(kept, dict) and isinstance(kept["clips"], dict) else {}
    except (HostError, ValueError, KeyError, RecursionError):
        return {}
