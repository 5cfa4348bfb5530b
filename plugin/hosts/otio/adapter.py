"""A timeline of OpenTimelineIO as a host."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import opentimelineio as otio

from ...host import META, HostError, Media, Range, Strip, exact_rate
from ..project import ProjectHost
from .media import reference_to, source_of
from .rates import frames_of, range_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction
    from pathlib import Path

    from ...host import Capability

CAN: frozenset[Capability] = frozenset({"insert_after", "ripple", "replace", "overlay", "variants", "meta"})
FCP = "fcp_xml"
"""The name of the XML adapter, and under which it keeps what it doesn't understand."""


class OtioHost(ProjectHost):
    """The video tracks of a timeline, whose relative paths begin in ``folder``; nested timelines are left alone.

    ``skipped`` names the clips that can't be worked on, each with the reason; ``others`` is what else the file
    holds, with None in this timeline's place."""

    def __init__(
        self, timeline: otio.schema.Timeline, *, title: str, folder: Path, others: tuple[Any, ...] = ()
    ) -> None:
        self.timeline = timeline
        self.others = others
        self._folder = folder
        self.skipped: tuple[tuple[str, str], ...] = ()
        self._title = title
        self._rate = _rate_of(timeline, title)

    @property
    def title(self) -> str:
        return self._title

    @property
    def rate(self) -> Fraction:
        return self._rate

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def first(self) -> int:
        start = self.timeline.global_start_time
        return 0 if start is None else frames_of(start, self.rate)

    def capabilities(self) -> frozenset[Capability]:
        return CAN

    def strips(self) -> tuple[Strip, ...]:
        found, skipped = [], []
        for number, track in enumerate(self._tracks()):
            for index, item in enumerate(track):
                if isinstance(item, (otio.schema.Gap, otio.schema.Transition)):
                    continue
                try:
                    if not isinstance(item, otio.schema.Clip):
                        raise HostError("it is a timeline of its own")
                    found.append(self._strip(number, index))
                except HostError as error:
                    skipped.append((item.name or f"clip {index + 1} of track {number + 1}", error.problem))
        self.skipped = tuple(skipped)
        return tuple(found)

    def insert_after(self, strip: Strip, media: Media, source: Range) -> Strip:
        track, index = self._find(strip)
        self._check_no_transition(track, index)
        new = self._clip(media, source, like=track[index])
        track.insert(index + 1, new)
        self._take_up(track, index + 2, self._length(new))
        return self._strip(strip.track, index + 1)

    def replace(self, strip: Strip, media: Media, source: Range) -> Strip:
        track, index = self._find(strip)
        clip, before = track[index], strip.place.frames
        new = self._clip(media, source, like=clip)
        if self._length(new) != before:
            self._check_no_transition(track, index)
        clip.media_reference, clip.source_range, clip.name = reference_to(media), new.source_range, new.name
        for key in ("masterclipid", "@id"):  # those of the file that it showed
            clip.metadata.get(FCP, {}).pop(key, None)
        self._take_up(track, index + 1, self._length(clip) - before)
        return self._strip(strip.track, index)

    def overlay(self, strip: Strip, media: Media, source: Range) -> Strip:
        track, index = self._find(strip)
        new = self._clip(media, source, like=track[index])
        new.metadata.setdefault(FCP, {})["alphatype"] = "straight"
        return self._put_above(strip, new)

    def add_variants(self, strip: Strip, variants: Sequence[tuple[Media, Range]]) -> tuple[Strip, ...]:
        track, index = self._find(strip)
        clips = [self._clip(media, source, like=track[index]) for media, source in variants]
        return tuple(self._put_above(strip, clip, muted=True) for clip in clips)

    def get_meta(self, strip: Strip) -> dict[str, Any]:
        track, index = self._find(strip)
        meta = json.loads(otio.core.serialize_json_to_string(track[index].metadata.get(META, {})))
        return meta if isinstance(meta, dict) else {}

    def set_meta(self, strip: Strip, meta: Mapping[str, Any]) -> None:
        track, index = self._find(strip)
        track[index].metadata[META] = dict(meta)

    @contextmanager
    def transaction(self, title: str) -> Iterator[None]:
        del title  # nobody undoes in a file
        before = self.timeline.deepcopy()
        try:
            yield
        except BaseException:
            self.timeline = before
            raise

    def _tracks(self) -> list[otio.schema.Track]:
        return self.timeline.video_tracks()

    def _strip(self, number: int, index: int) -> Strip:
        track = self._tracks()[number]
        clip = track[index]
        media, source = source_of(clip, self.folder)
        start = frames_of(track.range_of_child_at_index(index).start_time, self.rate)
        return Strip(
            id=f"{number}:{index}",
            name=clip.name or media.path.stem,
            track=number,
            media=media,
            source=source,
            place=Range(start, start + self._length(clip)),
            muted=not clip.enabled or str(clip.metadata.get(FCP, {}).get("enabled", "")).lower() == "false",
        )

    def _find(self, strip: Strip) -> tuple[otio.schema.Track, int]:
        """Its track and where it is there. Raises HostError where it isn't any more."""
        number, _, index = strip.id.partition(":")
        tracks = self._tracks()
        if (
            number.isdecimal()
            and int(number) < len(tracks)
            and index.isdecimal()
            and int(index) < len(tracks[int(number)])
        ):
            return tracks[int(number)], int(index)
        raise HostError(f"{self.title} has no clip {strip.name} there.", remedy="Read the timeline again.")

    def _length(self, item: otio.core.Item) -> int:
        return frames_of(item.duration(), self.rate)

    def _clip(self, media: Media, source: Range, like: otio.schema.Clip) -> otio.schema.Clip:
        return otio.schema.Clip(
            name=media.path.stem,
            media_reference=reference_to(media),
            source_range=range_of(source.start, source.frames, media.rate),
            effects=[effect.clone() for effect in like.effects],
        )

    def _check_no_transition(self, track: otio.schema.Track, index: int) -> None:
        if index + 1 < len(track) and isinstance(track[index + 1], otio.schema.Transition):
            raise HostError(
                f"{track[index].name} goes over into the clip behind it.", remedy="Take the transition away first."
            )

    def _take_up(self, track: otio.schema.Track, index: int, frames: int) -> None:
        """Let the gap at ``index`` give so many frames, or take them where they are fewer than none; what it doesn't
        have moves what is behind it."""
        gap = 0
        while index < len(track) and isinstance(track[index], otio.schema.Gap):
            gap += self._length(track[index])
            del track[index]
        if gap > frames and index < len(track):
            track.insert(index, self._gap(gap - frames))

    def _put_above(self, strip: Strip, new: otio.schema.Clip, *, muted: bool = False) -> Strip:
        """On the lowest track above that is free there; a new one on top where none is."""
        if muted:
            new.enabled = False
            new.metadata.setdefault(FCP, {})["enabled"] = "FALSE"
        wanted = Range(strip.place.start, strip.place.start + self._length(new))
        tracks = self._tracks()
        for number in range(strip.track + 1, len(tracks)):
            if (index := self._room(tracks[number], wanted)) is not None:
                tracks[number].insert(index, new)
                return self._strip(number, index)
        stack = self.timeline.tracks
        stack.insert(stack.index(tracks[-1]) + 1, otio.schema.Track(kind=otio.schema.TrackKind.Video))
        track = self._tracks()[-1]
        if wanted.start:
            track.append(self._gap(wanted.start))
        track.append(new)
        return self._strip(len(tracks), len(track) - 1)

    def _room(self, track: otio.schema.Track, wanted: Range) -> int | None:
        """Where a clip is to be put so that it lies there, once gaps are cut for it; None where the place is taken."""
        end = frames_of(track.duration(), self.rate)
        if end <= wanted.start:
            if wanted.start > end:
                track.append(self._gap(wanted.start - end))
            return len(track)
        for index, item in enumerate(track):
            if isinstance(item, otio.schema.Transition):
                continue
            start = frames_of(track.range_of_child_at_index(index).start_time, self.rate)
            stop = start + self._length(item)
            if not start <= wanted.start < stop:
                continue
            last = index == len(track) - 1
            if not isinstance(item, otio.schema.Gap) or (stop < wanted.stop and not last):
                return None
            del track[index]
            if stop > wanted.stop:
                track.insert(index, self._gap(stop - wanted.stop))
            if start < wanted.start:
                track.insert(index, self._gap(wanted.start - start))
                return index + 1
            return index
        return None

    def _gap(self, frames: int) -> otio.schema.Gap:
        return otio.schema.Gap(source_range=range_of(0, frames, self.rate))


def _rate_of(timeline: otio.schema.Timeline, title: str) -> Fraction:
    """The timeline's: that of its start, else of its first item. Raises HostError."""
    if timeline.global_start_time is not None:
        return exact_rate(timeline.global_start_time.rate)
    for track in timeline.video_tracks():
        for item in track:
            if not isinstance(item, otio.schema.Transition):
                return exact_rate(item.duration().rate)
    raise HostError(f"{title} has no clip on a video track.", remedy="Export the timeline again, with its clips.")
