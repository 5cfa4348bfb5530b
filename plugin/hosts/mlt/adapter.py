"""A project of Kdenlive, Shotcut or MLT as a host."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ...host import META, HostError, Media, Range, Strip
from ..project import ProjectHost
from .document import Document, Splice, prop, properties, property_text
from .lengths import with_lengths
from .moving import refit
from .sources import media_of
from .structure import Structure
from .writing import ID, blank_text, clip_for, entry_text, inner_of, new_track

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction
    from pathlib import Path

    from ...host import Capability
    from .structure import Item, Track

CAN: frozenset[Capability] = frozenset({"insert_after", "ripple", "replace", "overlay", "variants", "meta"})


class MltHost(ProjectHost):
    """The video tracks of the timeline that is seen, or of the one named ``sequence``, of a project that lies in
    ``folder``. ``skipped`` names the clips that can't be worked on, each with the reason.

    MLT can't mute a clip: what is muted lies on a hidden track of its own.
    """

    def __init__(self, document: Document, *, folder: Path, sequence: str | None = None) -> None:
        self.skipped: tuple[tuple[str, str], ...] = ()
        self._folder, self._sequence = folder, sequence
        self._use(document)

    @property
    def title(self) -> str:
        return self.document.name

    @property
    def rate(self) -> Fraction:
        return self.document.rate

    @property
    def suffix(self) -> str:
        return ".mkv"

    @property
    def folder(self) -> Path:
        return self._folder

    def capabilities(self) -> frozenset[Capability]:
        return CAN

    def strips(self) -> tuple[Strip, ...]:
        found, skipped = [], []
        for number, track in enumerate(self._structure.tracks):
            for item in sorted(track.items, key=lambda item: item.start):
                try:
                    found.append(self._described(number, item))
                except HostError as error:
                    skipped.append((self._name(number, item), error.problem))
        self.skipped = tuple(skipped)
        return tuple(found)

    def import_media(self, path: Path) -> Media:
        media = super().import_media(path)
        if media.rate != self.rate:
            rates = f"{float(media.rate):.5g} frames a second, and the project {float(self.rate):.5g}"
            raise HostError(f"{path.name} has {rates}.", remedy="Convert it to the project's rate.")
        return media

    def insert_after(self, strip: Strip, media: Media, source: Range) -> Strip:
        track, item = self._find(strip)
        name, number, splices = clip_for(media, self._structure, self._folder)
        text = entry_text(name, number, source, self.document, inner_of(item.entry, self.document))
        self._splice(splices + refit(self._structure, track, item, stop=item.stop + source.frames, inserted=text))
        return self._at(strip.track, item.stop)

    def replace(self, strip: Strip, media: Media, source: Range) -> Strip:
        track, item = self._find(strip)
        name, number, splices = clip_for(media, self._structure, self._folder)
        document = self.document
        times = {"producer": name, "in": document.time(source.start), "out": document.time(source.stop - 1)}
        splices += [document.set_attribute(item.entry, key, value) for key, value in times.items()]
        if number is not None and (own := prop(item.entry, ID)) is not None:
            splices.append(document.set_text(own, number))
        self._splice(splices + refit(self._structure, track, item, stop=item.start + source.frames, inserted=""))
        return self._at(strip.track, item.start)

    def overlay(self, strip: Strip, media: Media, source: Range) -> Strip:
        return self._put_above(strip, media, source, hidden=False)

    def add_variants(self, strip: Strip, variants: Sequence[tuple[Media, Range]]) -> tuple[Strip, ...]:
        return tuple(self._put_above(strip, media, source, hidden=True) for media, source in variants)

    def get_meta(self, strip: Strip) -> dict[str, Any]:
        """Of the entry; Kdenlive, which drops that when it saves, keeps that of the clip."""
        _, item = self._find(strip)
        known = properties(item.source) if item.source is not None else {}
        try:
            meta = json.loads(properties(item.entry).get(META, known.get(META, "{}")))
        except (ValueError, RecursionError):
            return {}
        return meta if isinstance(meta, dict) else {}

    def set_meta(self, strip: Strip, meta: Mapping[str, Any]) -> None:
        _, item = self._find(strip)
        text = json.dumps(meta)
        entry, added = item.entry, property_text(META, text)
        if (own := prop(entry, META)) is not None:
            splices = [self.document.set_text(own, text)]
        elif entry.inner_start == entry.stop:
            splices = [Splice(entry.stop - 2, entry.stop, f">{added}</entry>")]
        else:
            splices = [Splice(entry.inner_start, entry.inner_start, added)]
        if item.source is not None and (of_clip := prop(item.source, META)) is not None:
            splices.append(self.document.set_text(of_clip, text))
        self._splice(splices)

    @contextmanager
    def transaction(self, title: str) -> Iterator[None]:
        del title  # nobody undoes in a file
        before = self.document
        try:
            yield
        except BaseException:
            self._use(before)
            raise

    def _put_above(self, strip: Strip, media: Media, source: Range, *, hidden: bool) -> Strip:
        """On the lowest track above that is free there, and hidden or not as wanted; else on a new one on top."""
        _, below = self._find(strip)
        start, stop = strip.place.start, strip.place.start + source.frames
        name, number, splices = clip_for(media, self._structure, self._folder)
        text = entry_text(name, number, source, self.document, inner_of(below.entry, self.document))
        for place, track in enumerate(self._structure.tracks):
            if place > strip.track and track.hidden == hidden and track.is_free(start, stop):
                self._splice(splices + self._laid(track, start, stop, text))
                return self._at(place, start)
        blank = blank_text(start, self.document) if start else ""
        self._splice(splices + new_track(self._structure, blank + text, hidden=hidden))
        return self._at(len(self._structure.tracks) - 1, start)

    def _laid(self, track: Track, start: int, stop: int, text: str) -> list[Splice]:
        """An entry in a gap of a track's first playlist, or behind all that is there."""
        playlist, at = track.playlists[0], 0
        items = {id(item.entry): item for item in track.items}
        for child in playlist.children:
            if child.tag == "blank":
                frames = self.document.frames(child.attributes["length"])
                if at <= start and stop <= at + frames:
                    parts = [(start - at), (at + frames - stop)]
                    before, behind = (blank_text(part, self.document) if part else "" for part in parts)
                    return [Splice(child.start, child.stop, before + text + behind)]
                at += frames
            elif (item := items.get(id(child))) is not None:
                at = item.stop
        before = blank_text(start - at, self.document) if start > at else ""
        if playlist.inner_start == playlist.stop:
            opened = self.document.data[playlist.start : playlist.stop - 2].decode("ascii", "replace").rstrip()
            return [Splice(playlist.start, playlist.stop, f"{opened}>{before}{text}</playlist>")]
        last = max([each.stop for each in playlist.children], default=playlist.inner_start)
        return [Splice(last, last, before + text)]

    def _splice(self, splices: list[Splice]) -> None:
        before = self._structure
        self._use(self.document.spliced(splices))
        self._use(with_lengths(self._structure, before))

    def _use(self, document: Document) -> None:
        self.document = document
        self._structure = Structure(document, self._sequence)
        self._placed = {
            f"{number}@{item.start}": (track, item)
            for number, track in enumerate(self._structure.tracks)
            for item in track.items
        }

    def _described(self, number: int, item: Item) -> Strip:
        media, source = media_of(item, self.document, self._folder)
        return Strip(
            id=f"{number}@{item.start}",
            name=self._name(number, item) or media.path.stem,
            track=number,
            media=media,
            source=source,
            place=Range(item.start, item.stop),
            muted=self._structure.tracks[number].hidden,
        )

    def _name(self, number: int, item: Item) -> str:
        known = properties(item.source) if item.source is not None else {}
        for key in ("kdenlive:clipname", "shotcut:caption"):
            if known.get(key):
                return known[key]
        resource = known.get("resource", "").replace("\\", "/").rpartition("/")[2]
        return resource.rpartition(".")[0] or resource or f"the clip at frame {item.start} of track {number + 1}"

    def _find(self, strip: Strip) -> tuple[Track, Item]:
        """Raises HostError where nothing lies there any more."""
        if (found := self._placed.get(strip.id)) is None:
            raise HostError(f"{self.title} has no clip {strip.name} there.", remedy="Read the project again.")
        return found

    def _at(self, number: int, start: int) -> Strip:
        return self._described(number, self._placed[f"{number}@{start}"][1])
