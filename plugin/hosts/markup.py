"""Project files in XML, read so that a hostile one can do nothing: no entities, no depths, no files of other places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from ..host import HostError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 64 << 20
MOST_ELEMENTS = 1_000_000
"""A project of a film has some 100,000."""
DEEPEST = 200
"""Elements in each other. Projects of thousands of clips have some tens."""

_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")


@dataclass(kw_only=True, eq=False)
class Element:
    """An element and where its bytes are in the file: from ``start`` to before ``stop``, what is inside from
    ``inner_start`` to before ``inner_stop``. Both are equal in one that ends where it begins (``<blank/>``)."""

    tag: str
    attributes: dict[str, str]
    start: int
    parent: Element | None
    children: list[Element] = field(default_factory=list)
    text: str = ""
    stop: int = 0
    inner_start: int = 0
    inner_stop: int = 0

    def find_all(self, tag: str) -> Iterator[Element]:
        """Its own children of this kind."""
        return (child for child in self.children if child.tag == tag)

    def walk(self) -> Iterator[Element]:
        """Itself and all that is inside, in the order of the file."""
        waiting: list[Element] = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))


def read_bytes(path: Path) -> bytes:
    """A project file. Raises HostError where it can't be read or is too large to be one."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise HostError(f"{path} can't be read: {error.strerror or error}.", remedy="Check the path.") from error
    if len(data) > MOST_BYTES:
        raise HostError(
            f"{path} has more than {MOST_BYTES >> 20} MB, too much for a project.", remedy="Check the file."
        )
    return data


def parse(data: bytes, name: str) -> Element:
    """The root of a document, for which ``name`` stands in errors. Raises HostError."""
    return _Reader(data, name).root


class _Reader:
    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name = data, name
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise HostError(f"{name} is UTF-16.", remedy="Save it as UTF-8, as editors do.")
        self._open: list[Element] = []
        self._count = 0
        self._root: Element | None = None
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            where = f"line {error.lineno}: {expat.ErrorString(error.code)}"
            raise HostError(f"{name} is damaged, or no XML ({where}).", remedy="Save the project again.") from error

    @property
    def root(self) -> Element:
        assert self._root is not None
        return self._root

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise HostError(f"{self._name} is nested more than {DEEPEST} deep: no editor writes that.")
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise HostError(f"{self._name} has more than {MOST_ELEMENTS:,} elements, too much for a project.")
        parent = self._open[-1] if self._open else None
        element = Element(tag=tag, attributes=attributes, start=self._parser.CurrentByteIndex, parent=parent)
        element.inner_start = self._after_tag(element.start)
        if parent:
            parent.children.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, _: str) -> None:
        element = self._open.pop()
        at = self._parser.CurrentByteIndex
        empty = self._data[element.inner_start - 2 : element.inner_start] == b"/>"
        element.inner_stop = element.inner_start if empty else at
        element.stop = element.inner_start if empty else self._data.index(b">", at) + 1

    def _text(self, text: str) -> None:
        self._open[-1].text += text

    def _entity(self, *_: object) -> None:
        raise HostError(f"{self._name} declares entities, which projects don't.", remedy="Save it again in the editor.")

    def _after_tag(self, start: int) -> int:
        """Where the tag that starts here ends: behind the first ``>`` that is in no attribute's value."""
        found = _TAG.match(self._data, start)
        assert found, "expat has read the tag's end"
        return found.end()
