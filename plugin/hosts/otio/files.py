"""Timelines on disk: ``.otio``, and ``.xml`` with what it can't keep in a file beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import opentimelineio as otio

from ....engine.files import replacing
from ...host import HostError
from .. import markup
from . import fcp
from .adapter import FCP, OtioHost
from .media import rebase
from .rates import time_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def read(path: Path, *, sequence: str | None = None) -> OtioHost:
    """The timeline of a file, or the one with this name where there are several. Raises HostError."""
    data = markup.read_bytes(path)
    xml = path.suffix.lower() == ".xml"
    try:
        text = data.decode("utf-8-sig")
        if xml:
            fcp.check(data, path.name)
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
        fcp.attach(timeline, path)
    return OtioHost(timeline, title=path.name, folder=path.parent.absolute(), others=_others(loaded, timeline))


def write(host: OtioHost, path: Path, *, paths: str = "keep") -> None:
    """The timeline as it is now, whole or not at all; ``paths`` is "keep", "absolute" or "relative". Raises HostError
    for what the format can't hold, OutputError."""
    timeline, xml = host.timeline.deepcopy(), path.suffix.lower() == ".xml"
    rebase(timeline, host.folder, path.parent.absolute(), paths)
    if timeline.global_start_time is None:
        timeline.global_start_time = time_of(0, host.rate)  # says the rate, which would else be guessed
    others = [None if each is None else each.deepcopy() for each in host.others]
    metas = fcp.prepare(timeline, others) if xml else {}
    try:
        whole = _together(others, timeline)
        text = otio.adapters.write_to_string(whole, FCP if xml else "otio_json")
    except Exception as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise HostError(
            f"{path.name} can't hold this timeline: {reason}.", remedy="Write it as .otio, which can."
        ) from error
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode())
    if xml:
        fcp.write_beside(path, metas)


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


def _together(others: Sequence[Any], timeline: otio.schema.Timeline) -> Any:
    if not others:
        return timeline
    return otio.schema.SerializableCollection(children=[timeline if each is None else each for each in others])
