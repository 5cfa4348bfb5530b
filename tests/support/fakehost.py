"""A host in memory."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dtsgan.engine.errors import ClipError
from dtsgan.engine.video import probe
from dtsgan.plugin.host import Host, HostError, Media, Range, Strip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from dtsgan.plugin.host import Capability


class FakeHost(Host):
    """``files`` says how many frames a file of a name has, others are looked at; all run at ``rate``. ``history`` holds
    earlier states, ``shown`` the progress that was told."""

    def __init__(self, files: Mapping[str, int], *, rate: Fraction = Fraction(25)) -> None:
        self._files, self._rate = dict(files), rate
        self._strips: dict[str, Strip] = {}
        self._metas: dict[str, dict[str, Any]] = {}
        self._count = 0
        self.selected: list[str] = []
        self.history: list[tuple[str, Any]] = []
        self.shown: list[tuple[str, float | None]] = []

    @property
    def title(self) -> str:
        return "Fake"

    @property
    def rate(self) -> Fraction:
        return self._rate

    def capabilities(self) -> frozenset[Capability]:
        return frozenset(
            {"selection", "insert_after", "ripple", "replace", "overlay", "variants", "meta", "undo", "progress"}
        )

    def strips(self) -> tuple[Strip, ...]:
        return tuple(sorted(self._strips.values(), key=lambda strip: (strip.track, strip.place)))

    def selection(self) -> tuple[Strip, ...]:
        return tuple(self._strips[number] for number in self.selected)

    def import_media(self, path: Path) -> Media:
        if not path.is_file():
            raise HostError(f"There is no video {path}.")
        if (frames := self._files.get(path.name)) is None:
            try:
                frames = probe(path).frames
            except ClipError as error:
                raise HostError(error.problem) from error
        return Media(path=path, rate=self._rate, frames=frames)

    def add(self, media: Media, source: Range, *, track: int, start: int, muted: bool = False) -> Strip:
        self._count += 1
        strip = Strip(
            id=f"s{self._count}", name=media.path.stem, track=track, media=media, source=source,
            place=Range(start, start + source.frames), muted=muted,
        )  # fmt: skip
        self._strips[strip.id] = strip
        return strip

    def insert_after(self, strip: Strip, media: Media, source: Range) -> Strip:
        self._known(strip)
        start = self._strips[strip.id].place.stop
        self._clear(strip.track, Range(start, start + source.frames))
        return self.add(media, source, track=strip.track, start=start)

    def replace(self, strip: Strip, media: Media, source: Range) -> Strip:
        old = self._known(strip)
        place = Range(old.place.start, old.place.start + source.frames)
        if place.stop > old.place.stop:
            self._clear(old.track, Range(old.place.stop, place.stop))
        self._strips[old.id] = replace(old, name=media.path.stem, media=media, source=source, place=place)
        return self._strips[old.id]

    def overlay(self, strip: Strip, media: Media, source: Range) -> Strip:
        return self._above(self._known(strip), media, source, muted=False)

    def add_variants(self, strip: Strip, variants: Sequence[tuple[Media, Range]]) -> tuple[Strip, ...]:
        return tuple(self._above(self._known(strip), media, source, muted=True) for media, source in variants)

    def get_meta(self, strip: Strip) -> dict[str, Any]:
        return copy.deepcopy(self._metas.get(self._known(strip).id, {}))

    def set_meta(self, strip: Strip, meta: Mapping[str, Any]) -> None:
        self._metas[self._known(strip).id] = copy.deepcopy(dict(meta))

    @contextmanager
    def transaction(self, title: str) -> Iterator[None]:
        before = copy.deepcopy((self._strips, self._metas))
        try:
            yield
        except BaseException:
            self._strips, self._metas = before
            raise
        self.history.append((title, before))

    def undo(self) -> None:
        _, (self._strips, self._metas) = self.history.pop()

    def progress(self, text: str, done: float | None) -> None:
        self.shown.append((text, done))

    def _known(self, strip: Strip) -> Strip:
        if strip.id not in self._strips:
            raise HostError(f"There is no strip {strip.id}.")
        return self._strips[strip.id]

    def _clear(self, track: int, place: Range) -> None:
        """Move what begins from the place on so far that nothing lies in it."""
        behind = [strip for strip in self.strips() if strip.track == track and strip.place.start >= place.start]
        move = max(0, place.stop - behind[0].place.start) if behind else 0
        for strip in behind:
            self._strips[strip.id] = replace(strip, place=Range(strip.place.start + move, strip.place.stop + move))

    def _above(self, strip: Strip, media: Media, source: Range, *, muted: bool) -> Strip:
        start, stop = strip.place.start, strip.place.start + source.frames
        track = strip.track + 1
        while any(each.track == track and _meet(each.place, Range(start, stop)) for each in self._strips.values()):
            track += 1
        return self.add(media, source, track=track, start=start, muted=muted)


def _meet(one: Range, other: Range) -> bool:
    return one.start < other.stop and other.start < one.stop
