"""DaVinci Resolve's scripting API, as far as it is documented and we call it: tracks are counted from 1, frames of the
timeline from its start, properties are texts, and what can't be done gives None, False or nothing."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

HOUR = 3600
_numbers = itertools.count(1)


class Pool:
    """A MediaPoolItem."""

    def __init__(self, path: str, frames: int, rate: str) -> None:
        self.known = {"File Path": path, "Frames": str(frames), "FPS": rate}

    def GetClipProperty(self, name: str) -> str:  # noqa: N802
        return self.known.get(name, "")

    def SetClipProperty(self, name: str, value: str) -> bool:  # noqa: N802
        self.known[name] = value
        return True


class Item:
    """A TimelineItem. ``shown`` are its takes: the pool's item, the first frame, the frames."""

    def __init__(self, pool: Pool | None, first: int, frames: int, start: int) -> None:
        self.takes = [(pool, first, frames)]
        self.selected, self.has_takes = 0, False
        self.start, self.enabled = start, True
        self.markers: dict[int, str] = {}
        self.number = f"item-{next(_numbers)}"

    def GetUniqueId(self) -> str:  # noqa: N802
        return self.number

    def GetName(self) -> str:  # noqa: N802
        pool = self.takes[self.selected][0]
        return Path(pool.known["File Path"]).name if pool else "Title"

    def GetStart(self) -> int:  # noqa: N802
        return self.start

    def GetDuration(self) -> int:  # noqa: N802
        return self.takes[0][2]  # a take doesn't change it

    def GetEnd(self) -> int:  # noqa: N802
        return self.start + self.GetDuration()

    def GetLeftOffset(self) -> int:  # noqa: N802
        return self.takes[self.selected][1]

    def GetMediaPoolItem(self) -> Pool | None:  # noqa: N802
        return self.takes[self.selected][0]

    def GetClipEnabled(self) -> bool:  # noqa: N802
        return self.enabled

    def SetClipEnabled(self, enabled: bool) -> bool:  # noqa: N802
        self.enabled = enabled
        return True

    def GetTakesCount(self) -> int:  # noqa: N802
        return len(self.takes) if self.has_takes else 0

    def AddTake(self, pool: Pool, first: int = 0, last: int | None = None) -> bool:  # noqa: N802
        last = int(pool.known["Frames"]) - 1 if last is None else last
        self.takes.append((pool, first, last - first + 1))
        self.has_takes = True
        return True

    def SelectTakeByIndex(self, number: int) -> bool:  # noqa: N802
        if not 1 <= number <= len(self.takes):
            return False
        self.selected = number - 1
        return True

    def DeleteTakeByIndex(self, number: int) -> bool:  # noqa: N802
        if not 1 <= number <= len(self.takes):
            return False
        del self.takes[number - 1]
        self.selected = min(self.selected, len(self.takes) - 1)
        return True

    def GetMarkers(self) -> dict[float, dict[str, Any]]:  # noqa: N802
        return {float(frame): {"customData": data} for frame, data in self.markers.items()}

    def GetMarkerCustomData(self, frame: float) -> str:  # noqa: N802
        return self.markers.get(int(frame), "")

    def AddMarker(self, frame: int, _colour: str, _name: str, _note: str, _frames: int, data: str = "") -> bool:  # noqa: N802
        if frame in self.markers or frame >= self.GetDuration():
            return False
        self.markers[frame] = data
        return True

    def DeleteMarkerByCustomData(self, data: str) -> bool:  # noqa: N802
        found = [frame for frame, each in self.markers.items() if each == data]
        for frame in found[:1]:
            del self.markers[frame]
        return bool(found)


class Timeline:
    def __init__(self, rate: Any, start: int) -> None:
        self.rate, self.start = rate, start
        self.tracks: list[list[Item]] = []
        self.current: Item | None = None

    def GetSetting(self, name: str) -> Any:  # noqa: N802
        return self.rate if name == "timelineFrameRate" else ""

    def GetStartFrame(self) -> int:  # noqa: N802
        return self.start

    def GetTrackCount(self, kind: str) -> int:  # noqa: N802
        return len(self.tracks) if kind == "video" else 0

    def AddTrack(self, kind: str) -> bool:  # noqa: N802
        if kind == "video":
            self.tracks.append([])
        return kind == "video"

    def DeleteTrack(self, kind: str, number: int) -> bool:  # noqa: N802
        if kind != "video" or not 1 <= number <= len(self.tracks):
            return False
        del self.tracks[number - 1]
        return True

    def GetItemListInTrack(self, kind: str, number: int) -> list[Item] | None:  # noqa: N802
        return list(self.tracks[number - 1]) if kind == "video" and 1 <= number <= len(self.tracks) else None

    def GetCurrentVideoItem(self) -> Item | None:  # noqa: N802
        return self.current

    def DeleteClips(self, items: list[Item], ripple: bool = False) -> bool:  # noqa: N802
        assert not ripple
        for track in self.tracks:
            for item in items:
                if item in track:
                    track.remove(item)
        return True


class Folder:
    def __init__(self) -> None:
        self.clips: list[Pool] = []
        self.folders: list[Folder] = []

    def GetClipList(self) -> list[Pool]:  # noqa: N802
        return list(self.clips)

    def GetSubFolderList(self) -> list[Folder]:  # noqa: N802
        return list(self.folders)


class FakeResolve:
    """``files`` says how many frames a file of a name has; with ``exclusive``, ``endFrame`` is the one after the last.
    It is its own project manager, project and media pool."""

    def __init__(self, files: dict[str, int], *, rate: Any = 25.0, exclusive: bool = False) -> None:
        self.files, self.exclusive = files, exclusive
        self.timeline: Timeline | None = Timeline(rate, HOUR * 25)
        self.root = Folder()
        self.open = True

    def GetVersionString(self) -> str:  # noqa: N802
        return "18.6.6"

    def GetProjectManager(self) -> FakeResolve:  # noqa: N802
        return self

    def GetCurrentProject(self) -> FakeResolve | None:  # noqa: N802
        return self if self.open else None

    def GetCurrentTimeline(self) -> Timeline | None:  # noqa: N802
        return self.timeline

    def GetMediaPool(self) -> FakeResolve:  # noqa: N802
        return self

    def GetRootFolder(self) -> Folder:  # noqa: N802
        return self.root

    def ImportMedia(self, paths: list[str]) -> list[Pool]:  # noqa: N802
        made = [Pool(path, self.files[Path(path).name], "25") for path in paths if Path(path).name in self.files]
        self.root.clips += made
        return made

    def AppendToTimeline(self, infos: list[dict[str, Any]]) -> list[Item]:  # noqa: N802
        made = []
        for info in infos:
            assert self.timeline is not None
            frames = info["endFrame"] - info["startFrame"] + (0 if self.exclusive else 1)
            item = Item(info["mediaPoolItem"], info["startFrame"], frames, info["recordFrame"])
            track = self.timeline.tracks[info["trackIndex"] - 1]
            if frames < 1 or any(each.start < item.GetEnd() and each.GetEnd() > item.start for each in track):
                return []
            track.append(item)
            made.append(item)
        return made
