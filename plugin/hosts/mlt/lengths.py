"""How long things say they are: what is as long as the timeline stays so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .document import prop, properties

if TYPE_CHECKING:
    from ..markup import Element
    from .document import Document, Splice
    from .structure import Structure


def with_lengths(structure: Structure, before: Structure) -> Document:
    """The document, whose tracks and timelines end where they do now, after those of ``before`` ended elsewhere."""
    document = structure.document
    splices: list[Splice] = []
    old = {track.tractor.attributes.get("id"): track.length for track in before.tracks if track.tractor is not None}
    for track in structure.tracks:
        if track.tractor is not None:
            splices += _ended(document, track.tractor, old.get(track.tractor.attributes.get("id"), 0), track.length)
    if structure.length != before.length:
        splices += _whole(structure, before.length)
    return document.spliced(splices) if splices else document


def _whole(structure: Structure, old: int) -> list[Splice]:
    """Of the timeline itself, and of all that show it."""
    document, main, new = structure.document, structure.main, structure.length
    splices = _ended(document, main, old, new)
    for name, value in (("kdenlive:duration", document.time(new)), ("kdenlive:maxduration", str(new))):
        if (noted := prop(main, name)) is not None:
            splices.append(document.set_text(noted, value))
    for user in structure.users(main.attributes.get("id", "")):
        splices += _ended(document, user, old, new)
        if user.tag == "track" and user.parent is not None and user.parent is not main:
            splices += _ended(document, user.parent, old, new)
    background = document.by_id.get("background")
    if structure.is_shotcut and background is not None:
        for entry in background.find_all("entry"):
            splices += _ended(document, entry, old, new)
            black = document.by_id.get(entry.attributes.get("producer", ""))
            if black is not None and "resource" in properties(black):
                splices += _ended(document, black, old, new)
                if (length := prop(black, "length")) is not None and length.text:
                    splices.append(document.set_text(length, document.time(max(new, document.frames(length.text)))))
    return splices


def _ended(document: Document, element: Element, old: int, new: int) -> list[Splice]:
    """Its ``out``, if it has one: where it ended with the timeline it does so still; what was longer stays so."""
    if "out" not in element.attributes:
        return []
    end = document.frames(element.attributes["out"]) + 1
    if end == new or (end > new and end != old):
        return []
    return [document.set_attribute(element, "out", document.time(max(new - 1, 0)))]
