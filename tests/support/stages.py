"""The contract's timeline in editors that run in this process, and the files that lie on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np
import opentimelineio as otio
from support.contract import FRAMES, LAYOUT, RATE
from support.fakehost import FakeHost
from support.fakeresolve import FakeResolve, Item
from support.videos import texture
from support.writing import write

from dtsgan.plugin.host import Media, Range
from dtsgan.plugin.hosts.mlt import files as mlt
from dtsgan.plugin.hosts.mlt.adapter import MltHost
from dtsgan.plugin.hosts.otio import files
from dtsgan.plugin.hosts.otio.rates import range_of
from dtsgan.plugin.hosts.resolve.adapter import ResolveHost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtsgan.plugin.host import Host, Strip

SIZE_HW = (24, 32)


def write_media(folder: Path) -> None:
    """The contract's files, each frame unlike all others."""
    frames = texture(sum(FRAMES.values()), SIZE_HW)
    for name, count in FRAMES.items():
        own, frames = frames[:count], frames[count:]
        if name == "patch.mkv":
            alpha = np.zeros((*own.shape[:3], 1), np.uint8)
            alpha[:, 6:18, 8:24] = 255
            own = np.concatenate([own, alpha], axis=3)
        write(folder / name, own, alpha=name == "patch.mkv")


class FakeStage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.host = FakeHost(FRAMES, rate=RATE)
        base = Media(path=folder / "base.mkv", rate=RATE, frames=FRAMES["base.mkv"])
        for _, track, source, start in LAYOUT:
            self.host.add(base, Range(*source), track=track, start=start)

    def reopen(self) -> Host:
        return self.host

    def select(self, strips: Sequence[Strip]) -> None:
        self.host.selected = [strip.id for strip in strips]

    def undo(self) -> None:
        self.host.undo()


class OtioStage:
    """A timeline that is written and read as a file with this suffix."""

    suffix = ".otio"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / f"timeline{self.suffix}"
        timeline = otio.schema.Timeline("timeline")
        for track in sorted({track for _, track, _, _ in LAYOUT}):
            timeline.tracks.append(_track(folder / "base.mkv", track))
        files.write(files.OtioHost(timeline, title="timeline", folder=folder), self.path)
        self.host: Host = files.read(self.path)

    def reopen(self) -> Host:
        assert isinstance(self.host, files.OtioHost)
        files.write(self.host, self.path)
        return files.read(self.path)

    def select(self, strips: Sequence[Strip]) -> None:
        raise NotImplementedError

    def undo(self) -> None:
        raise NotImplementedError


class FcpStage(OtioStage):
    suffix = ".xml"


def _track(path: Path, number: int) -> otio.schema.Track:
    track = otio.schema.Track(kind=otio.schema.TrackKind.Video)
    end = 0
    for name, own, (first, stop), start in LAYOUT:
        if own != number:
            continue
        if start > end:
            track.append(otio.schema.Gap(source_range=range_of(0, start - end, RATE)))
        reference = otio.schema.ExternalReference(path.as_uri(), range_of(0, FRAMES[path.name], RATE))
        track.append(otio.schema.Clip(name, reference, range_of(first, stop - first, RATE)))
        end = start + stop - first
    return track


SAMPLES = Path(__file__).parents[1] / "plugin/hosts/samples"


class MltStage:
    """A project that an editor made of the contract's timeline; its files are named from the folder they lie in."""

    sample = "kdenlive-1.04.kdenlive"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / self.sample
        text = (SAMPLES / self.sample).read_text(encoding="utf-8")
        self.path.write_text(text.replace("@FOLDER@", escape(str(folder))), encoding="utf-8")
        self.host: Host = mlt.read(self.path)

    def reopen(self) -> Host:
        assert isinstance(self.host, MltHost)
        mlt.write(self.host, self.path)
        return mlt.read(self.path)

    def select(self, strips: Sequence[Strip]) -> None:
        raise NotImplementedError

    def undo(self) -> None:
        raise NotImplementedError


class NewKdenliveStage(MltStage):
    sample = "kdenlive-1.1.kdenlive"


class ShotcutStage(MltStage):
    sample = "shotcut-22.12.mlt"


class PlainStage(MltStage):
    """As melt itself writes it."""

    sample = "melt-7.12.mlt"


class ResolveStage:
    """Resolve's documented calls, over the contract's timeline."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.resolve = FakeResolve(FRAMES)
        self.host: Host = ResolveHost(self.resolve)
        assert self.resolve.timeline is not None
        (base,) = self.resolve.ImportMedia([str(folder / "base.mkv")])
        for _, track, (first, stop), start in LAYOUT:
            while len(self.resolve.timeline.tracks) <= track:
                self.resolve.timeline.AddTrack("video")
            item = Item(base, first, stop - first, self.resolve.timeline.start + start)
            self.resolve.timeline.tracks[track].append(item)

    def reopen(self) -> Host:
        return ResolveHost(self.resolve)

    def select(self, strips: Sequence[Strip]) -> None:
        raise NotImplementedError

    def undo(self) -> None:
        raise NotImplementedError


STAGES = {
    "fake": FakeStage,
    "otio": OtioStage,
    "fcp-xml": FcpStage,
    "kdenlive-1.04": MltStage,
    "kdenlive-1.1": NewKdenliveStage,
    "shotcut": ShotcutStage,
    "melt": PlainStage,
    "resolve": ResolveStage,
}
