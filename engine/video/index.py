"""Which frames a file holds and when each is shown, learned from its packets without decoding them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream

from ..clip import Colour

KNOWN_RATES = tuple(
    sorted(
        [Fraction(rate) for rate in (8, 10, 12, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240)]
        + [Fraction(rate * 1000, 1001) for rate in (24, 30, 48, 60, 120, 240)]
        + [Fraction(25, 2)]
    )
)


class ReadStopped(Exception):  # noqa: N818 - not an error: the caller asked for it
    """``stop()`` became true while a file was being read."""


@dataclass(frozen=True, kw_only=True)
class StreamFacts:
    """What a container says that decoded frames don't."""

    codec: str
    container: str
    sample_aspect: Fraction
    interlaced: bool
    has_audio: bool
    colour: Colour
    note: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class FrameIndex:
    """Frames in the order of showing. ``pts`` (in ``time_base``) is None where the file has no time stamps.

    ``count`` frames can be read; the file says it has ``declared``, more than that if its end is missing.
    ``key_pts`` are the stamps at which decoding can begin.
    """

    count: int
    declared: int
    pts: np.ndarray | None
    key_pts: np.ndarray
    time_base: Fraction
    rate: Fraction
    vfr: bool

    @property
    def start_s(self) -> Fraction:
        return self.time_s(0)

    @property
    def duration_s(self) -> Fraction:
        return self.time_s(self.count - 1) - self.start_s + 1 / self.rate if self.count else Fraction(0)

    def time_s(self, number: int) -> Fraction:
        """The time stamp of a frame, in seconds."""
        if self.pts is None or not self.count:
            return number / self.rate
        return int(self.pts[number]) * self.time_base

    def frame_at(self, seconds: Fraction) -> int:
        """The first frame shown at or after ``seconds`` from the first frame; ``count`` and more past the end."""
        if self.pts is None or seconds > self.duration_s:
            return -((-seconds * self.rate) // 1)
        # A stamp is rounded to its time base: a frame due at 5 s may be stamped one tick early.
        ticks = seconds / self.time_base + int(self.pts[0]) - 1
        return int(np.searchsorted(self.pts, int(np.ceil(float(ticks)))))

    def number(self, pts: int | None) -> int | None:
        """The number of the frame with this stamp."""
        if pts is None or self.pts is None:
            return None
        number = bisect_left(self.pts, pts)
        return number if number < self.count and self.pts[number] == pts else None

    def even_frames(self, first: int, end: int) -> list[int]:
        """Of a variable rate, the frames nearest to each moment of the constant ``rate``, none of them twice."""
        if self.pts is None:
            return list(range(first, end))
        shown = self.pts[first:end]
        step = float(1 / (self.rate * self.time_base))
        due = shown[0] + step * np.arange(int((shown[-1] - shown[0]) / step + 1.5))
        after = np.clip(np.searchsorted(shown, due), 1, len(shown) - 1) if len(shown) > 1 else np.zeros(1, int)
        nearest = np.where(due - shown[after - 1] <= shown[after] - due, after - 1, after)
        return [first + int(number) for number in np.unique(nearest)]


def scan(path: Path, container: InputContainer, stream: VideoStream, *, stop: Callable[[], bool]) -> FrameIndex:
    """Read every packet and decode none: costs reading the file once, and no memory to speak of."""
    packets, seen = _whole_packets(container, stream, stop)
    if "gif" in container.format.name and _lacks_trailer(path):
        packets.pop()
    pts = np.unique(np.array([packet.pts for packet in packets if packet.pts is not None], np.int64))
    unordered = "avi" in container.format.name and stream.codec_context.has_b_frames
    if len(pts) < len(packets) or unordered:
        pts = None  # missing, repeated, or those of the order in which AVI stores B-frames
    time_base = stream.time_base or Fraction(1, 1000)
    tagged = [rate for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate) if rate]
    rate, vfr = _steady_rate(pts, time_base, tagged)
    declared = max(seen, _declared_frames(container, stream, pts, rate))
    if pts is not None and declared > len(pts) and packets and packets[-1].dts is not None:
        # Where the end is missing, frames shown after the last time of decoding may miss some between them.
        pts = pts[pts <= packets[-1].dts]
        rate, vfr = _steady_rate(pts, time_base, tagged)
    return FrameIndex(
        count=len(packets) if pts is None else len(pts),
        declared=declared,
        pts=pts,
        key_pts=np.array(sorted(packet.pts for packet in packets if packet.key and packet.pts is not None), np.int64),
        time_base=time_base,
        rate=rate,
        vfr=vfr,
    )


class _Packet(NamedTuple):
    pts: int | None
    dts: int | None
    key: bool
    corrupt: bool


def _whole_packets(
    container: InputContainer, stream: VideoStream, stop: Callable[[], bool]
) -> tuple[list[_Packet], int]:
    """The packets of frames that are shown up to the last undamaged one, and how many there were in all."""
    packets: list[_Packet] = []
    try:
        for packet in container.demux(stream):
            if stop():
                raise ReadStopped
            if packet.size and not packet.is_discard and not _is_hidden(packet):
                packets.append(_Packet(packet.pts, packet.dts, packet.is_keyframe, packet.is_corrupt))
    except (av.error.InvalidDataError, av.error.EOFError):
        pass  # how many were declared is compared by the caller
    seen = len(packets)
    while packets and packets[-1].corrupt:
        packets.pop()
    return packets, seen


def _is_hidden(packet: av.Packet[VideoStream]) -> bool:
    """VP8 sends reference frames that are never shown as packets of their own (RFC 6386, 9.1)."""
    return packet.stream.codec_context.name in ("vp8", "libvpx") and not bytes(packet)[0] >> 4 & 1


def _steady_rate(pts: np.ndarray | None, time_base: Fraction, tagged: list[Fraction]) -> tuple[Fraction, bool]:
    """The constant rate that all stamps follow within a quarter of a frame, else the commonest rate and True."""
    if pts is None or len(pts) < 2:
        return (tagged[0] if tagged else Fraction(25)), False
    shown = (pts - pts[0]).astype(np.float64)
    mean = Fraction(len(pts) - 1, int(pts[-1] - pts[0])) / time_base
    rates = [_known_rate(rate) for rate in tagged[:1]] + tagged + [_known_rate(mean), mean]
    for frames_off in (0.0, 0.25):  # first what rounding alone explains, then what trembles
        for rate in rates:
            step = float(1 / (rate * time_base))
            off = shown - step * np.arange(len(shown))
            if (off.max() - off.min()) / 2 <= max(1.0, step * frames_off):
                return rate, False
    steps = np.diff(shown)
    usual = np.median(steps)
    typical = float(steps[np.abs(steps - usual) <= max(1.0, usual / 10)].mean())
    return _known_rate(1 / (Fraction(typical).limit_denominator(100_000) * time_base)), True


def _known_rate(rate: Fraction) -> Fraction:
    """The rate cameras use that is within 0.2 % of this one, else this one."""
    nearest = min(KNOWN_RATES, key=lambda known: abs(known - rate))
    return nearest if abs(nearest - rate) <= rate / 500 else rate.limit_denominator(1001)


def _declared_frames(container: InputContainer, stream: VideoStream, pts: np.ndarray | None, rate: Fraction) -> int:
    """How many frames the file says it has, as far as its format says so; 0 where it doesn't."""
    formats = set(container.format.name.split(","))
    if "mov" in formats:
        # The header's count also counts what an edit list hides; the index holds what is shown.
        entries = getattr(stream, "index_entries", ())
        return sum(not entry.is_discard for entry in entries) or stream.frames
    if "avi" in formats:
        return stream.frames
    end_s = _declared_end_s(container, stream)
    if end_s is None or pts is None or not len(pts):
        return 0
    missing_s = end_s - (int(pts[-1]) * (stream.time_base or 0) + 1 / rate)
    # Muxers disagree about the last frame's own duration.
    return len(pts) + round(missing_s * rate) if missing_s > 2 / rate else 0


def _declared_end_s(container: InputContainer, stream: VideoStream) -> Fraction | None:
    tag = stream.metadata.get("DURATION")  # Matroska's, of this track alone
    if tag:
        hours, minutes, seconds = tag.split(":")
        return (int(hours) * 60 + int(minutes)) * 60 + Fraction(seconds)
    if container.duration is not None and len(container.streams) == 1:
        return Fraction(container.duration, av.time_base)
    return None


def _lacks_trailer(path: Path) -> bool:
    """Whether the last byte of a GIF is not its end mark, some zeros after it aside."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 64), 2)
        return not file.read().rstrip(b"\0").endswith(b";")
