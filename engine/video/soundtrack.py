"""Writing sound beside a picture, block by block as the picture grows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer

from .formats import SoundChoice


@dataclass(frozen=True, kw_only=True, eq=False)
class SoundTrack:
    """Sound to be written: ``blocks`` of float32 (channels, n), one after another; they may be more than is needed.

    ``rate`` in Hz, ``layout`` as FFmpeg names it: mono, stereo, 5.1 or 7.1.
    """

    blocks: Iterable[np.ndarray]
    rate: int
    layout: str


class SoundEncoder:
    """A sound stream of a container: takes from the track no more than the picture needs so far."""

    def __init__(self, container: OutputContainer, choice: SoundChoice, track: SoundTrack) -> None:
        self._container, self._track = container, track
        self._channels = AudioLayout(track.layout).nb_channels
        self._blocks = iter(track.blocks)
        self._rest = np.zeros((self._channels, 0), np.float32)
        self._taken = self._encoded = 0
        self.rate = choice.rate(track.rate)
        # Packed, since PyAV 18 can't make an array of eight planes. The encoder's own format is its own affair.
        self._resampler = AudioResampler("flt", track.layout, self.rate)
        self._stream = cast(AudioStream, container.add_stream(choice.codec, rate=self.rate, options=choice.options))
        context = self._stream.codec_context
        context.layout, context.format = track.layout, choice.sample_format
        context.time_base = Fraction(1, self.rate)
        context.bit_rate = choice.channel_bit_rate * self._channels

    def write_until(self, seconds: Fraction) -> None:
        """Encode what belongs to the picture up to this moment."""
        due = -(-int(seconds * self.rate) * self._track.rate // self.rate)
        while self._taken < due:
            block = self._next(due - self._taken)
            if block is None:
                return
            frame = self._frame(block.T.reshape(1, -1), self._track.rate, self._taken)
            self._taken += block.shape[1]
            for ready in self._resampler.resample(frame):
                self._encode(ready)

    def finish(self, seconds: Fraction) -> None:
        """Encode the rest, so that the last sample ends at this moment or less than a sample before it."""
        self.write_until(seconds)
        for ready in self._resampler.resample(None):
            left = int(seconds * self.rate) - self._encoded
            packed = ready.to_ndarray()[:, : left * self._channels]
            if packed.size:
                self._encode(self._frame(packed, self.rate, self._encoded))
        self._container.mux(self._stream.encode(None))

    def _next(self, most: int) -> np.ndarray | None:
        """The next samples, ``most`` or fewer of them; None at the track's end."""
        while not self._rest.shape[1]:
            block = next(self._blocks, None)
            if block is None:
                return None
            if block.shape[0] != self._channels or block.dtype != np.float32:
                raise ValueError(f"the sound is {block.dtype} {block.shape}, expected float32 ({self._channels}, n)")
            self._rest = block
        block, self._rest = self._rest[:, :most], self._rest[:, most:]
        return block

    def _frame(self, packed: np.ndarray, rate: int, place: int) -> AudioFrame:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(packed), format="flt", layout=self._track.layout)
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), place
        return frame

    def _encode(self, frame: AudioFrame) -> None:
        frame.time_base, frame.pts = Fraction(1, self.rate), self._encoded
        self._encoded += frame.samples
        self._container.mux(self._stream.encode(frame))
