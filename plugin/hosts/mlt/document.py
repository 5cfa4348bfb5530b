"""A project's bytes, and which of them mean what."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from ...host import HostError
from .. import markup
from .rates import rate_of_profile
from .times import clock, frames_from

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from ..markup import Element

CLIPS = ("producer", "chain")
"""What plays a file is called one of these."""


class Splice(NamedTuple):
    """These bytes, from ``start`` to before ``stop``, become others."""

    start: int
    stop: int
    text: str


class Document:
    """Frozen: a change makes another one. ``name`` stands for it in errors, which are HostErrors."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name = data, name
        self.root = markup.parse(data, name)
        if self.root.tag != "mlt":
            raise HostError(f"{name} is no project of Kdenlive, Shotcut or MLT.", remedy="Give another file.")
        self.rate: Fraction = rate_of_profile(self.root, name)

    def spliced(self, splices: Iterable[Splice]) -> Document:
        """With these bytes changed, which don't overlap, and all others as they were."""
        data = self.data
        for splice in sorted(splices, key=lambda each: (each.start, each.stop), reverse=True):
            data = data[: splice.start] + splice.text.encode("ascii", "xmlcharrefreplace") + data[splice.stop :]
        return Document(data, self.name)

    @cached_property
    def by_id(self) -> dict[str, Element]:
        """What others refer to."""
        kinds = (*CLIPS, "playlist", "tractor")
        return {
            each.attributes["id"]: each for each in self.root.children if each.tag in kinds and "id" in each.attributes
        }

    def free_id(self, stem: str) -> str:
        taken = {each.attributes.get("id") for each in self.root.walk()}
        return next(name for number in range(len(taken) + 1) if (name := f"{stem}{number}") not in taken)

    def frames(self, text: str) -> int:
        return frames_from(text, self.rate)

    @cached_property
    def has_clocks(self) -> bool:
        """Whether the file writes times as clocks."""
        entry = next((each for each in self.root.walk() if each.tag == "entry" and "out" in each.attributes), None)
        return entry is not None and ":" in entry.attributes["out"]

    def time(self, frames: int) -> str:
        """As the file writes them."""
        return clock(frames, self.rate) if self.has_clocks else str(frames)

    def length(self, frames: int) -> str:
        return self.time(frames)

    def set_attribute(self, element: Element, name: str, value: str) -> Splice:
        """One attribute of an element, which may not have it yet."""
        tag = self.data[element.start : element.inner_start]
        found = re.search(rb"""\s%s\s*=\s*("[^"]*"|'[^']*')""" % re.escape(name.encode()), tag)
        if found:
            return Splice(element.start + found.start(1), element.start + found.end(1), quoteattr(value))
        end = element.inner_start - (2 if tag.endswith(b"/>") else 1)
        return Splice(end, end, f" {name}={quoteattr(value)}")

    def set_text(self, element: Element, text: str) -> Splice:
        """What an element holds, in place of all of it."""
        if element.inner_start == element.stop:  # <property name="x"/>
            opened = self.data[element.start : element.stop - 2].decode("ascii", "replace").rstrip()
            return Splice(element.start, element.stop, f"{opened}>{escape(text)}</{element.tag}>")
        return Splice(element.inner_start, element.inner_stop, escape(text))


def properties(element: Element) -> dict[str, str]:
    return {each.attributes.get("name", ""): each.text for each in element.find_all("property")}


def prop(element: Element, name: str) -> Element | None:
    return next((each for each in element.find_all("property") if each.attributes.get("name") == name), None)


def property_text(name: str, value: str) -> str:
    """A property as XML. Raises HostError for characters that XML can't have."""
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", value):
        raise HostError(f"{value!r} has characters that a project can't hold.", remedy="Rename the file.")
    return f"<property name={quoteattr(name)}>{escape(value)}</property>"
