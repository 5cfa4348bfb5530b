"""What is put into a project: entries, the clips that they show, tracks."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from ...host import META
from .document import CLIPS, Splice, prop, properties, property_text
from .sources import clip_tag, resource_for

if TYPE_CHECKING:
    from pathlib import Path

    from ...host import Media, Range
    from ..markup import Element
    from .document import Document
    from .structure import Structure

ID = "kdenlive:id"


def clip_for(media: Media, structure: Structure, folder: Path) -> tuple[str, str | None, list[Splice]]:
    """What plays a file: its id, its number in Kdenlive's bin, and what has to be put in unless it is there already."""
    document = structure.document
    resource = resource_for(media.path, document, folder)
    for each in document.root.children:
        known = properties(each) if each.tag in CLIPS else {}
        if known.get("resource") == resource and META in known:
            return each.attributes["id"], known.get(ID), []
    number = str(_free_number(document)) if structure.is_kdenlive else None
    tag, name, last = clip_tag(document), document.free_id("dtsgan"), document.time(media.frames - 1)
    known = {
        "length": str(media.frames),
        "eof": "pause",
        "resource": resource,
        "seekable": "1",
        "audio_index": "-1",
        "video_index": "0",
        "mute_on_pause": "0",
        "mlt_service": "avformat-novalidate",
        META: "{}",
    }
    if number is not None:
        # To Kdenlive a clip of pictures alone is of type 2; its bin's folder -1 is the top one.
        known |= {"kdenlive:clipname": "", "kdenlive:clip_type": "2", "kdenlive:folderid": "-1", ID: number}
        if tag == "chain":
            known["kdenlive:control_uuid"] = f"{{{uuid.uuid4()}}}"
    if structure.is_shotcut:
        known["shotcut:caption"] = media.path.name
    begin = "" if tag == "chain" else f" in={quoteattr(document.time(0))}"
    text = f"<{tag} id={quoteattr(name)}{begin} out={quoteattr(last)}>\n"
    text += "".join(f"  {property_text(key, value)}\n" for key, value in known.items()) + f" </{tag}>\n "
    # Before all that could refer to it.
    first = next(each for each in document.root.children if each.tag in ("playlist", "tractor"))
    splices = [Splice(first.start, first.start, text)]
    if structure.bin is not None and (structure.is_kdenlive or structure.is_shotcut):
        entry = f" <entry producer={quoteattr(name)} in={quoteattr(document.time(0))} out={quoteattr(last)}/>\n "
        splices.append(_at_end(structure.bin, document, entry))
    return name, number, splices


def entry_text(name: str, number: str | None, source: Range, document: Document, inner: str = "") -> str:
    """An entry that shows frames of a clip, with what is to be inside of it."""
    times = f"in={quoteattr(document.time(source.start))} out={quoteattr(document.time(source.stop - 1))}"
    inner = (property_text(ID, number) if number is not None else "") + inner
    opened = f"<entry producer={quoteattr(name)} {times}"
    return f"{opened}>{inner}</entry>" if inner else f"{opened}/>"


def inner_of(entry: Element, document: Document) -> str:
    """What makes an entry look as it does: its filters, as they are written."""
    filters = list(entry.find_all("filter"))
    return "".join(document.data[each.start : each.stop].decode("utf-8", "surrogateescape") for each in filters)


def blank_text(frames: int, document: Document) -> str:
    return f"<blank length={quoteattr(document.time(frames))}/>"


def new_track(structure: Structure, entries: str, *, hidden: bool) -> list[Splice]:
    """A video track above all others, with these entries; a hidden one isn't shown when the project is rendered."""
    document = structure.document
    playlist = document.free_id("dtsgan_playlist")
    hide = "both" if hidden else "audio" if structure.is_kdenlive else ""
    attribute = f" hide={quoteattr(hide)}" if hide else ""
    known = {"shotcut:video": "1", "shotcut:name": "dtsgan"} if structure.is_shotcut else {}
    inside = "".join(property_text(key, value) for key, value in known.items())
    text, shown = f"<playlist id={quoteattr(playlist)}>{inside}{entries}</playlist>\n ", playlist
    if structure.is_kdenlive:
        other, shown = f"{playlist}b", document.free_id("dtsgan_track")
        text += f'<playlist id="{other}"/>\n <tractor id="{shown}" in={quoteattr(document.time(0))}>'
        text += property_text("kdenlive:track_name", "dtsgan") + property_text("kdenlive:timeline_active", "1")
        text += f'<track{attribute} producer="{playlist}"/><track{attribute} producer="{other}"/></tractor>\n '
        attribute = ""
    nodes = list(structure.main.find_all("track"))
    splices = [
        Splice(structure.main.start, structure.main.start, text),
        Splice(nodes[-1].stop, nodes[-1].stop, f'\n  <track producer="{shown}"{attribute}/>'),
    ]
    splices.append(_blending(structure, len(nodes)))
    if (
        count := prop(structure.main, "kdenlive:sequenceproperties.tracksCount")
    ) is not None and count.text.isdecimal():
        splices.append(document.set_text(count, str(int(count.text) + 1)))
    return splices


def _blending(structure: Structure, number: int) -> Splice:
    """What lays a new track, the one with this number, over those below: as the project's other tracks are laid, or by
    MLT's own means."""
    document, kinds = structure.document, ("qtblend", "frei0r.cairoblend", "composite", "affine")
    like = None
    for each in structure.main.find_all("transition"):
        known = properties(each)
        if known.get("mlt_service") in kinds and "out" not in each.attributes:
            like = each
    name = document.free_id("dtsgan_transition")
    if like is None:
        known = {"a_track": "0", "b_track": str(number), "mlt_service": "composite", "progressive": "1"}
        known |= {"geometry": "0/0:100%x100%", "fill": "1", "aligned": "0", "always_active": "1"}
    else:
        known = properties(like) | {"b_track": str(number)}
        known.pop("disable", None)
    inside = "".join(property_text(key, value) for key, value in known.items())
    places = [each.stop for each in structure.main.children if each.tag in ("track", "transition")]
    return Splice(max(places), max(places), f'\n  <transition id="{name}">{inside}</transition>')


def _at_end(element: Element, document: Document, text: str) -> Splice:
    """Put text at the end of what an element holds."""
    if element.inner_start == element.stop:
        opened = document.data[element.start : element.stop - 2].decode("ascii", "replace").rstrip()
        return Splice(element.start, element.stop, f"{opened}>{text}</{element.tag}>")
    return Splice(element.inner_stop, element.inner_stop, text)


def _free_number(document: Document) -> int:
    """For Kdenlive's bin, in which clips and folders are numbered."""
    taken = [properties(each).get(ID, "") for each in document.root.children]
    return max([int(number) for number in taken if number.isdecimal() and len(number) < 9], default=1) + 1
