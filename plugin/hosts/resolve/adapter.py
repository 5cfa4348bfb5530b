"""The timeline that is open in DaVinci Resolve 18.5 or newer, as a host. Untested on the real application.

The API can neither move what lies on a timeline nor take a step of undo back. It counts tracks from 1, and frames of a
timeline from its start, which is an hour in most; what it can't do it answers with None, False or nothing.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...host import META, Host, HostError, Media, Range, Strip, exact_rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from ...host import Capability

CAN: frozenset[Capability] = frozenset({"insert_after", "replace", "overlay", "variants", "meta"})
VIDEO, PICTURES = "video", 1
"""A kind of track, and of what is appended: without sound."""


class ResolveHost(Host):
    """``resolve`` is what Resolve's scripts are given under that name."""

    def __init__(self, resolve: Any) -> None:
        self._resolve = resolve
        self._undone: list[Callable[[], object]] | None = None

    @property
    def title(self) -> str:
        return f"DaVinci Resolve {self._resolve.GetVersionString() or ''}".strip()

    @property
    def rate(self) -> Fraction:
        return rate_of(self._timeline().GetSetting("timelineFrameRate"))

    @property
    def first(self) -> int:
        return int(self._timeline().GetStartFrame() or 0)

    def capabilities(self) -> frozenset[Capability]:
        return CAN

    def strips(self) -> tuple[Strip, ...]:
        return tuple(self._described(track, item) for track, item in self._items() if _file_of(item))

    def selection(self) -> tuple[Strip, ...]:
        """The one under the playhead: the API tells of no other."""
        current = self._timeline().GetCurrentVideoItem()
        if current is None:
            return ()
        number = current.GetUniqueId()
        return tuple(strip for strip in self.strips() if strip.id == number)

    def import_media(self, path: Path) -> Media:
        return _media_of(self._imported_item(path), path)

    def insert_after(self, strip: Strip, media: Media, source: Range) -> Strip:
        self._find(strip)
        start = strip.place.stop
        track = strip.track if self._is_free(strip.track, start, start + source.frames) else None
        return self._put(media, source, start=start, track=track, above=strip.track)

    def replace(self, strip: Strip, media: Media, source: Range) -> Strip:
        """With as many frames by a take, so that the old one can be chosen again; with fewer in its place."""
        item, frames = self._find(strip), strip.place.frames
        if source.frames > frames and not self._is_free(
            strip.track, strip.place.stop, strip.place.start + source.frames
        ):
            raise HostError(f"There is no room behind {strip.name}.", remedy="Make room there first.")
        if source.frames != frames:
            self._delete(item, strip)
            return self._put(media, source, start=strip.place.start, track=strip.track, above=strip.track)
        pool = self._imported_item(media.path)
        before = item.GetTakesCount() or 0
        if not item.AddTake(pool, source.start, source.stop - 1):
            raise HostError(f"Resolve adds no take to {strip.name}.", remedy="Put the video there by hand.")
        count = item.GetTakesCount()
        item.SelectTakeByIndex(count)
        self._undo(lambda: (item.SelectTakeByIndex(max(before, 1)), item.DeleteTakeByIndex(count)))
        return self._described(strip.track, item)

    def overlay(self, strip: Strip, media: Media, source: Range) -> Strip:
        self._find(strip)
        self._imported_item(media.path).SetClipProperty("Alpha mode", "Straight")
        return self._put(media, source, start=strip.place.start, track=None, above=strip.track)

    def add_variants(self, strip: Strip, variants: Sequence[tuple[Media, Range]]) -> tuple[Strip, ...]:
        self._find(strip)
        made = []
        for media, source in variants:
            placed = self._put(media, source, start=strip.place.start, track=None, above=strip.track)
            item = self._find(placed)
            item.SetClipEnabled(False)
            made.append(self._described(placed.track, item))
        return tuple(made)

    def get_meta(self, strip: Strip) -> dict[str, Any]:
        data = _custom_data(self._find(strip))
        return json.loads(data)[META] if data else {}

    def set_meta(self, strip: Strip, meta: Mapping[str, Any]) -> None:
        item = self._find(strip)
        old, new = _custom_data(item), json.dumps({META: dict(meta)})
        if old:
            item.DeleteMarkerByCustomData(old)
        taken = {int(frame) for frame in item.GetMarkers() or {}}
        frame = next(each for each in range(len(taken) + 1) if each not in taken)
        if not item.AddMarker(frame, "Blue", META, "", 1, new):
            raise HostError(f"Resolve keeps no marker on {strip.name}.", remedy="The clip may be too short.")

        def undo() -> None:
            item.DeleteMarkerByCustomData(new)
            if old:
                item.AddMarker(frame, "Blue", META, "", 1, old)

        self._undo(undo)

    @contextmanager
    def transaction(self, title: str) -> Iterator[None]:
        del title  # Resolve's own undo names each call
        self._undone = []
        try:
            yield
        except BaseException:
            for undo in reversed(self._undone):
                undo()
            raise
        finally:
            self._undone = None

    def _timeline(self) -> Any:
        """Raises HostError where none is open."""
        manager = self._resolve.GetProjectManager()
        project = manager.GetCurrentProject() if manager else None
        timeline = project.GetCurrentTimeline() if project else None
        if timeline is None:
            raise HostError("No timeline is open in Resolve.", remedy="Open one on the Edit page.")
        return timeline

    def _pool(self) -> Any:
        return self._resolve.GetProjectManager().GetCurrentProject().GetMediaPool()

    def _items(self) -> Iterator[tuple[int, Any]]:
        timeline = self._timeline()
        for track in range(int(timeline.GetTrackCount(VIDEO) or 0)):
            items = timeline.GetItemListInTrack(VIDEO, track + 1) or []
            yield from ((track, item) for item in sorted(items, key=lambda item: item.GetStart()))

    def _described(self, track: int, item: Any) -> Strip:
        pool, first = item.GetMediaPoolItem(), self.first
        begin = int(item.GetLeftOffset() or 0)
        frames = int(item.GetDuration())
        start = int(item.GetStart()) - first
        return Strip(
            id=item.GetUniqueId(),
            name=item.GetName(),
            track=track,
            media=_media_of(pool, Path(_file_of(item))),
            source=Range(begin, begin + frames),
            place=Range(start, start + frames),
            muted=not item.GetClipEnabled(),
        )

    def _find(self, strip: Strip) -> Any:
        for _, item in self._items():
            if item.GetUniqueId() == strip.id:
                return item
        raise HostError(f"{self.title} has no clip {strip.name} any more.", remedy="Choose another.")

    def _is_free(self, track: int, start: int, stop: int) -> bool:
        first = self.first
        return not any(
            place == track and item.GetStart() - first < stop and item.GetEnd() - first > start
            for place, item in self._items()
        )

    def _put(self, media: Media, source: Range, *, start: int, track: int | None, above: int) -> Strip:
        """On a track, or on the lowest one above that is free there; a new one where none is."""
        timeline = self._timeline()
        if track is None:
            count = int(timeline.GetTrackCount(VIDEO))
            free = (each for each in range(above + 1, count) if self._is_free(each, start, start + source.frames))
            track = next(free, count)
            if track == count:
                if not timeline.AddTrack(VIDEO):
                    raise HostError("Resolve adds no track.", remedy="Add a video track by hand.")
                self._undo(lambda: timeline.DeleteTrack(VIDEO, count + 1))
        item = self._appended(media, source, start=start, track=track)
        self._undo(lambda: timeline.DeleteClips([item], False))
        return self._described(track, item)

    def _appended(self, media: Media, source: Range, *, start: int, track: int) -> Any:
        """Versions differ in whether ``endFrame`` is the last frame or the one after it: what comes of it tells."""
        pool_item = self._imported_item(media.path)
        for end in (source.stop - 1, source.stop):
            info = {"mediaPoolItem": pool_item, "startFrame": source.start, "endFrame": end, "mediaType": PICTURES}
            info |= {"trackIndex": track + 1, "recordFrame": self.first + start}
            made = self._pool().AppendToTimeline([info])
            if not made or made[0] is None:
                break
            if made[0].GetDuration() == source.frames and made[0].GetStart() == self.first + start:
                return made[0]
            self._timeline().DeleteClips([made[0]], False)
        raise HostError(f"Resolve puts {media.path.name} elsewhere.", remedy="Put it onto the timeline by hand.")

    def _delete(self, item: Any, strip: Strip) -> None:
        if not self._timeline().DeleteClips([item], False):
            raise HostError(f"Resolve keeps {strip.name}.", remedy="Its track may be locked.")
        media, source, start, track = strip.media, strip.source, strip.place.start, strip.track
        self._undo(lambda: self._appended(media, source, start=start, track=track))

    def _imported_item(self, path: Path) -> Any:
        """Of the media pool, into which a file is taken once. Raises HostError."""
        waiting = [self._pool().GetRootFolder()]
        while waiting:
            folder = waiting.pop()
            for item in folder.GetClipList() or []:
                if item.GetClipProperty("File Path") == str(path):
                    return item
            waiting += folder.GetSubFolderList() or []
        made = self._pool().ImportMedia([str(path)]) if path.is_file() else None
        if not made:
            raise HostError(f"{self.title} can't read {path}.", remedy="Choose another --format, such as mov.")
        return made[0]

    def _undo(self, call: Callable[[], object]) -> None:
        if self._undone is not None:
            self._undone.append(call)


def rate_of(setting: Any) -> Fraction:
    """A rate as Resolve says it: 24, "23.976", "29.97 DF". Raises HostError."""
    try:
        value = float(str(setting).split()[0])
    except (ValueError, IndexError):
        value = 0.0
    return exact_rate(value)


def _file_of(item: Any) -> str:
    """Empty for titles, generators and compound clips."""
    pool = item.GetMediaPoolItem()
    return str(pool.GetClipProperty("File Path") or "") if pool else ""


def _media_of(pool: Any, path: Path) -> Media:
    frames = str(pool.GetClipProperty("Frames") or "0")
    return Media(path=path, rate=rate_of(pool.GetClipProperty("FPS")), frames=int(frames) if frames.isdecimal() else 0)


def _custom_data(item: Any) -> str:
    """Of our own marker on an item; empty where there is none."""
    for frame in item.GetMarkers() or {}:
        data = item.GetMarkerCustomData(frame) or ""
        try:
            if isinstance(json.loads(data), dict) and isinstance(json.loads(data).get(META), dict):
                return data
        except (ValueError, RecursionError):
            continue
    return ""
