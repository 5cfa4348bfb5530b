"""The files that entries show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...host import HostError, Media, Range
from ..paths import path_from
from .document import properties

if TYPE_CHECKING:
    from ..markup import Element
    from .document import Document
    from .structure import Item

SERVICES = ("avformat", "avformat-novalidate")


def root_of(document: Document, folder: Path) -> Path:
    """Where relative paths of a project that lies in ``folder`` begin. Raises HostError."""
    root = document.root.attributes.get("root", "")
    return path_from(root, folder) if root else folder


def media_of(item: Item, document: Document, folder: Path) -> tuple[Media, Range]:
    """The file of an item, and which of its frames are seen. Raises HostError, saying why, where these can't be
    named."""
    source = item.source
    if source is None:
        raise HostError("what it shows is missing")
    known = properties(source)
    service, resource = known.get("mlt_service", ""), known.get("resource", "")
    if source.tag in ("tractor", "playlist"):
        raise HostError("it is a timeline of its own")
    if service in ("timewarp", "framebuffer") or any(source.find_all("link")):
        raise HostError("its speed is changed")
    if (service and service not in SERVICES) or not resource:
        raise HostError("it shows no video file")
    # Kdenlive shows a smaller copy while one edits; the file itself is what is meant.
    path = path_from(known.get("kdenlive:originalurl") or resource, root_of(document, folder))
    total = document.frames(known["length"]) if "length" in known else item.first + item.frames
    frames = max(total, item.first + item.frames)
    return Media(path=path, rate=document.rate, frames=frames), Range(item.first, item.first + item.frames)


def resource_for(path: Path, document: Document, folder: Path) -> str:
    """A file as the project names it: by where it lies from the root, if it lies below."""
    root = root_of(document, folder)
    return str(path.relative_to(root).as_posix()) if path.is_relative_to(root) else str(path)


def clip_tag(document: Document) -> str:
    """What plays a file in this project: newer ones have chains."""
    clips: list[Element] = [each for each in document.by_id.values() if each.tag in ("producer", "chain")]
    return "chain" if any(each.tag == "chain" for each in clips) else "producer"
