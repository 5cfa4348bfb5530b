"""Making room on a track: what is behind a place begins later, and gaps before it grow or shrink."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ...host import HostError
from .document import Splice, prop
from .writing import blank_text

if TYPE_CHECKING:
    from ..markup import Element
    from .document import Document
    from .structure import Item, Structure, Track

GROUPS = ("kdenlive:sequenceproperties.groups", "kdenlive:docproperties.groups")


def refit(structure: Structure, track: Track, item: Item, *, stop: int, inserted: str) -> list[Splice]:
    """Let ``item``, with what is ``inserted`` behind it, end at ``stop``: the gap behind gives or takes what that
    makes, and what then doesn't fit moves all that is behind on the track. Raises HostError where that would tear what
    goes over into each other."""
    behind = sorted((each for each in track.items if each.start >= item.stop), key=lambda each: each.start)
    move = max(0, stop - behind[0].start) if behind else 0
    _check_mixes(structure, track, item, moves=move > 0, changes_end=stop != item.stop or bool(inserted))
    splices, document = [], structure.document
    for playlist in track.playlists:
        following = next((each for each in behind if each.playlist is playlist), None)
        if playlist is item.playlist:
            before, after = item, following
            gap = (after.start + move - stop) if after else 0
            splices += _set_gap(document, before.entry, after, gap, inserted)
        elif following and move:
            splices.append(_widen(document, following, move))
    if move:
        splices += _moved_groups(structure, track, behind[0].start, move)
    return splices


def _set_gap(document: Document, entry: Element, after: Item | None, gap: int, inserted: str) -> list[Splice]:
    """What is between two entries of a playlist: what is inserted, and a gap of so many frames."""
    parent = entry.parent
    assert parent is not None
    place = parent.children.index(entry) + 1
    end = parent.children.index(after.entry) if after else place
    blanks = [each for each in parent.children[place:end] if each.tag == "blank"]
    if after and not inserted and blanks and sum(document.frames(each.attributes["length"]) for each in blanks) == gap:
        return []
    text = inserted + (blank_text(gap, document) if after and gap else "")
    splices = [Splice(entry.stop, entry.stop, text)] if text else []
    return splices + [Splice(each.start, each.stop, "") for each in blanks]


def _widen(document: Document, item: Item, frames: int) -> Splice:
    """Let an item begin so much later."""
    assert item.playlist is not None
    children = item.playlist.children
    before = children[children.index(item.entry) - 1] if children.index(item.entry) else None
    if before is not None and before.tag == "blank":
        length = document.frames(before.attributes["length"]) + frames
        return document.set_attribute(before, "length", document.time(length))
    return Splice(item.entry.start, item.entry.start, blank_text(frames, document))


def _check_mixes(structure: Structure, track: Track, item: Item, *, moves: bool, changes_end: bool) -> None:
    """Raises HostError where strips that go over into each other would be torn."""
    mixes = list(track.tractor.find_all("transition")) if track.tractor else []
    for mix in mixes:
        if "out" not in mix.attributes:
            continue
        start, stop = (structure.document.frames(mix.attributes.get(name, "0")) for name in ("in", "out"))
        if changes_end and start < item.stop <= stop + 1:
            raise HostError("The clip goes over into the one behind it.", remedy="Take the transition away first.")
        if moves and stop >= item.stop:
            raise HostError(
                "Clips behind it go over into each other, and would have to be moved.",
                remedy="Make room behind the clip first, or take those transitions away.",
            )


def _moved_groups(structure: Structure, track: Track, start: int, move: int) -> list[Splice]:
    """Kdenlive notes groups by track and first frame: those of what has moved are noted anew."""
    nodes = [node for node in structure.main.find_all("track") if node.attributes.get("producer") != "black_track"]
    numbered = [node for node in nodes if (shown := structure.document.by_id.get(node.attributes.get("producer", "")))
                is not None and shown.tag == "tractor"]  # fmt: skip
    if track.node not in numbered:
        return []
    number, splices = numbered.index(track.node), []
    for holder in (structure.main, structure.bin):
        for name in GROUPS:
            noted = prop(holder, name) if holder is not None else None
            if noted is None:
                continue
            try:
                json.loads(noted.text)
            except (ValueError, RecursionError):
                continue

            def later(match: re.Match[str]) -> str:
                at = int(match[3])
                return f"{match[1]}{match[2]}:{at + move if int(match[2]) == number and at >= start else at}{match[4]}"

            moved = re.sub(r'("data":\s*")(\d{1,6}):(\d{1,9})([":])', later, noted.text)
            if moved != noted.text:
                splices.append(structure.document.set_text(noted, moved))
    return splices
