"""Reading the sound that goes with a range of a clip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from ..errors import ClipError
from .sequence import is_sequence
from .source import check_file, open_video

MAX_BYTES = 512_000_000
"""Of samples: at 48 kHz, 22 minutes of stereo or 7 of 5.1."""

LEAD_S = 20
"""Decoding begins this long before the range, or with the file, which is sure. Codecs need a tenth of a second until
they are right; elsewhere than at the beginning, stamps in whole milliseconds (Matroska's) are off by up to one."""

GAP_S = Fraction(15, 1000)
"""Stamps tremble by some milliseconds; a lost packet is 20 ms or more."""

KEPT_LAYOUTS = {"5.1": "5.1", "5.1(side)": "5.1", "6 channels": "5.1", "7.1": "7.1", "8 channels": "7.1"}
"""Of more than two channels, those that every encoder here takes, and the name under which all do."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sound:
    """``samples`` float32 (channels, N) in [-1, 1]; ``rate`` in Hz; ``layout`` is FFmpeg's name of the channels.

    ``notices`` are sentences that the person must be told.
    """

    samples: np.ndarray
    rate: int
    layout: str
    notices: tuple[str, ...] = ()


def read_sound(path: Path, *, start_s: Fraction, stop_s: Fraction) -> Sound | None:
    """Read the first audio stream of a video between two moments; None where there is none, as in pictures.

    The moments are on the file's own clock, that of ``FrameIndex.time_s``: the sound begins with the frame stamped
    ``start_s``, wherever the file's stamps begin. There are round((stop_s - start_s) * rate) samples; where the file
    has none, or they can't be decoded, there is silence. Channels that not every format can carry are mixed to
    stereo, which a notice tells.
    Raises ClipError: not a video, more than ``MAX_BYTES``.
    """
    if is_sequence(path):
        return None
    check_file(path)
    with open_video(path) as (container, _):
        if not container.streams.audio:
            return None
    take = _Take(path.name, start_s, stop_s)
    if start_s > LEAD_S:
        _gather(path, take, start_s - LEAD_S)
    if take.begins is None or take.begins > 0:  # the seek led too far, or the sound begins late
        take = _Take(path.name, start_s, stop_s)
        _gather(path, take, None)
    return take.sound()


def _gather(path: Path, take: _Take, seek_s: Fraction | None) -> None:
    """Decode from a moment, or the beginning, until the range is full."""
    with open_video(path) as (container, _):
        stream = container.streams.audio[0]
        if stream.codec_context is None:  # FFmpeg has no decoder for it
            return
        take.suppose(stream)
        time_base = stream.time_base or Fraction(1, 1000)
        for packet in _packets(container, stream, seek_s):
            try:
                for frame in stream.codec_context.decode(packet):
                    take.add(frame, None if frame.pts is None else frame.pts * time_base)
            except av.error.FFmpegError:
                take.miss(None if packet is None or packet.pts is None else packet.pts * time_base)
            if take.is_full:
                return


def _packets(container: InputContainer, stream: AudioStream, seek_s: Fraction | None) -> Iterator[Packet | None]:
    """All that can be read, from a moment or the beginning on; last of all None, which empties the decoder."""
    try:
        if seek_s is not None:
            container.seek(int(seek_s / (stream.time_base or Fraction(1, 1000))), stream=stream, backward=True)
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except av.error.FFmpegError:
        pass  # the file ends here
    yield None


class _Take:
    """Puts decoded frames in their places; what none of them fills is silence. Places are samples from the start."""

    def __init__(self, name: str, start_s: Fraction, stop_s: Fraction) -> None:
        self._name, self._start_s, self._stop_s = name, start_s, stop_s
        self._rate, self._layout = 48000, "stereo"
        self._samples: np.ndarray | None = None
        self._resampler: AudioResampler | None = None
        self._like: tuple[str, str] | None = None
        self._place = 0
        self._missed = self._mixed = False
        self.begins: int | None = None

    @property
    def is_full(self) -> bool:
        return self._samples is not None and self._place >= self._samples.shape[1]

    def suppose(self, stream: AudioStream) -> None:
        """Take the rate and the channels that the file's header tells, until a frame shows them."""
        self._rate, self._layout = stream.rate or self._rate, _kept(stream.layout)

    def add(self, frame: AudioFrame, time_s: Fraction | None) -> None:
        """Put a frame where its time stamp says, or after the one before. Raises FFmpegError, ClipError."""
        if self._samples is None:
            self._rate, self._layout = frame.sample_rate, _kept(frame.layout)
            self._place = -round(self._start_s * self._rate)
            self._samples = self._silence()
        if frame.sample_rate != self._rate:
            self.miss(time_s)
            return
        block = self._converted(frame)
        if time_s is not None:
            place = round((time_s - self._start_s) * self._rate)
            if self.begins is None or abs(place - self._place) > GAP_S * self._rate:
                self._place = place
        if self.begins is None:
            self.begins = self._place
        first, end = max(self._place, 0), min(self._place + block.shape[1], self._samples.shape[1])
        if first < end:
            self._samples[:, first:end] = block[:, first - self._place : end - self._place]
        self._place += block.shape[1]

    def miss(self, time_s: Fraction | None) -> None:
        """What is at this moment can't be decoded."""
        self._missed |= time_s is None or self._start_s <= time_s < self._stop_s

    def sound(self) -> Sound:
        """What was gathered. Raises ClipError."""
        notices = []
        if self._samples is None:
            notices.append(f"The sound of {self._name} can't be decoded, so it is silent.")
        elif self._missed:
            notices.append(f"Part of the sound of {self._name} can't be decoded and is silent.")
        if self._mixed:
            notices.append(f"The sound of {self._name} has channels that can't be kept; it was mixed to stereo.")
        samples = self._silence() if self._samples is None else self._samples
        return Sound(samples=samples, rate=self._rate, layout=self._layout, notices=tuple(notices))

    def _converted(self, frame: AudioFrame) -> np.ndarray:
        like = (frame.format.name, frame.layout.name)
        channels = AudioLayout(self._layout).nb_channels
        if self._resampler is None or like != self._like:
            self._like = like
            # Packed, since PyAV 18 can't make an array of eight planes; mixed so that nothing is louder than full.
            self._resampler = AudioResampler("flt", self._layout, self._rate, options={"rematrix_maxval": "1"})
            self._mixed |= frame.layout.nb_channels > channels
        packed = [ready.to_ndarray().reshape(-1, channels) for ready in self._resampler.resample(frame)]
        return np.concatenate([*packed, np.zeros((0, channels), np.float32)]).T.clip(-1, 1)

    def _silence(self) -> np.ndarray:
        shape = AudioLayout(self._layout).nb_channels, round((self._stop_s - self._start_s) * self._rate)
        if 4 * shape[0] * shape[1] > MAX_BYTES:
            raise ClipError(
                f"The sound of {self._name} takes {4e-9 * shape[0] * shape[1]:.2f} GB of memory in that range, "
                f"more than {MAX_BYTES / 1e9:.2f} GB.",
                remedy="Choose a shorter --range, or leave the sound out with --no-audio.",
            )
        return np.zeros(shape, np.float32)


def _kept(layout: AudioLayout) -> str:
    """The layout that all formats can carry and that keeps most of this one."""
    return "mono" if layout.nb_channels == 1 else KEPT_LAYOUTS.get(layout.name, "stereo")
