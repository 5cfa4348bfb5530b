"""The timeline of a project: its tracks, and what lies on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...host import HostError
from .document import CLIPS, properties

if TYPE_CHECKING:
    from ..markup import Element
    from .document import Document

MOST_ITEMS = 100_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Item:
    """An ``entry`` on a ``playlist``: ``frames`` of ``source``, from its frame ``first`` on, at ``start`` on the
    timeline. ``source`` is None where what it names isn't there."""

    entry: Element
    playlist: Element
    source: Element | None
    first: int
    start: int
    frames: int

    @property
    def stop(self) -> int:
        return self.start + self.frames


@dataclass(frozen=True, kw_only=True, eq=False)
class Track:
    """A video track: ``node`` in the timeline's tractor names it. Kdenlive's are tractors of two playlists, between
    which strips go over into each other; others are one playlist."""

    node: Element
    tractor: Element | None
    playlists: tuple[Element, ...]
    items: tuple[Item, ...]
    hidden: bool

    @property
    def length(self) -> int:
        return max((item.stop for item in self.items), default=0)

    def is_free(self, start: int, stop: int) -> bool:
        return not any(item.start < stop and item.stop > start for item in self.items)


class Structure:
    """``main`` is the tractor of the timeline that is worked on, ``tracks`` its video tracks from the lowest on."""

    def __init__(self, document: Document, sequence: str | None = None) -> None:
        self.document = document
        self.bin = document.by_id.get("main_bin")
        self.main = self._main(sequence)
        self.tracks = tuple(track for node in self.main.find_all("track") if (track := self._track(node)))

    @property
    def length(self) -> int:
        return max((track.length for track in self.tracks), default=0)

    @property
    def is_kdenlive(self) -> bool:
        return self.bin is not None and any(name.startswith("kdenlive:docproperties.") for name in properties(self.bin))

    @property
    def is_shotcut(self) -> bool:
        return properties(self.main).get("shotcut") == "1" or self.main.attributes.get("shotcut") == "1"

    def users(self, name: str) -> list[Element]:
        """All tracks and entries that show this tractor."""
        return [each for each in self.document.root.walk() if each.attributes.get("producer") == name]

    def _main(self, sequence: str | None) -> Element:
        """Raises HostError where there is none, or none of this name."""
        tractors = [each for each in self.document.root.children if each.tag == "tractor"]
        sequences = [each for each in tractors if "kdenlive:uuid" in properties(each)]
        names = [properties(each).get("kdenlive:clipname", "") for each in sequences]
        if sequence is not None:
            for name, each in zip(names, sequences, strict=True):
                if name == sequence:
                    return each
            raise HostError(f"{self.document.name} has no timeline {sequence}.", remedy=f"It has: {', '.join(names)}.")
        if sequences:
            known = properties(self.bin) if self.bin is not None else {}
            for key in ("activetimeline", "uuid"):  # the one that is seen; 23.04 noted it as the document's own
                active = known.get(f"kdenlive:docproperties.{key}")
                for each in sequences:
                    if active and active == properties(each)["kdenlive:uuid"]:
                        return each
            return sequences[-1]
        if not tractors:
            raise HostError(f"{self.document.name} has no timeline.", remedy="Put the clip on a track first.")
        return tractors[-1]

    def _track(self, node: Element) -> Track | None:
        """None for what is no video track: sound, the black behind all."""
        shown = self.document.by_id.get(node.attributes.get("producer", ""))
        if shown is None or shown.tag in CLIPS:
            return None
        known = properties(shown)
        if shown.attributes.get("id") == "background" or "1" in (
            known.get("kdenlive:audio_track"),
            known.get("shotcut:audio"),
        ):
            return None
        hides = [node.attributes.get("hide", "")]
        if shown.tag == "playlist":
            playlists = [shown]
        else:
            inner = list(shown.find_all("track"))
            found = [self.document.by_id.get(each.attributes.get("producer", "")) for each in inner]
            playlists = [each for each in found if each is not None and each.tag == "playlist"]
            if not playlists or len(playlists) != len(inner):
                return None
            hides += [hide for each in inner if (hide := each.attributes.get("hide", ""))][:1]
        if "video" in hides and not known.get("shotcut:video"):
            return None  # a track for sound
        items = tuple(item for playlist in playlists for item in self._items(playlist))
        hidden = "both" in hides or "video" in hides
        tractor = shown if shown.tag == "tractor" else None
        return Track(node=node, tractor=tractor, playlists=tuple(playlists), items=items, hidden=hidden)

    def _items(self, playlist: Element) -> list[Item]:
        """In their order. Raises HostError for times that are none."""
        items, at, frames_from = [], 0, self.document.frames
        for child in playlist.children:
            if child.tag == "blank":
                at += frames_from(child.attributes.get("length", ""))
            elif child.tag == "entry":
                source = self.document.by_id.get(child.attributes.get("producer", ""))
                before = frames_from(source.attributes.get("in", "0")) if source is not None else 0
                first = frames_from(child.attributes.get("in", "0"))
                last = self._last(child, source)
                if last < first:
                    raise HostError(f"{self.document.name} has an entry that ends before it begins.")
                item = Item(
                    entry=child,
                    playlist=playlist,
                    source=source,
                    first=before + first,
                    start=at,
                    frames=last - first + 1,
                )
                items.append(item)
                at = item.stop
            if len(items) > MOST_ITEMS:
                raise HostError(f"{self.document.name} has more than {MOST_ITEMS:,} clips on a track.")
        return items

    def _last(self, entry: Element, source: Element | None) -> int:
        """The last frame of an entry, counted from what it shows."""
        if "out" in entry.attributes:
            return self.document.frames(entry.attributes["out"])
        if source is None:
            raise HostError(f"{self.document.name} has an entry without an end.")
        before = self.document.frames(source.attributes.get("in", "0"))
        if "out" in source.attributes:
            return self.document.frames(source.attributes["out"]) - before
        return self.document.frames(properties(source).get("length", "")) - 1
