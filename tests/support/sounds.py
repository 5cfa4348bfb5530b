"""Sounds, and ways to find them again."""

from __future__ import annotations

import numpy as np

from dtsgan.engine.video.sound import Sound
from dtsgan.engine.video.soundtrack import SoundTrack

RATE = 48000
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


def noise(channels: int = 1, seconds: float = 1, rate: int = RATE) -> np.ndarray:
    """Int16, no louder than a fifth of what is possible."""
    return np.random.default_rng(1).integers(-6000, 6000, (channels, int(seconds * rate)), np.int16)


def chirp(seconds: float, rate: int = RATE) -> np.ndarray:
    """A tone that rises all the time, so that each moment of it is unlike the others; int16, mono."""
    time_s = np.arange(int(seconds * rate)) / rate
    return (12000 * np.sin(2 * np.pi * (200 * time_s + 300 * time_s**2))).astype(np.int16)[None]


def sound_of(samples: np.ndarray, rate: int = RATE) -> Sound:
    return Sound(samples=samples.astype(np.float32), rate=rate, layout=LAYOUTS[len(samples)])


def track(samples: np.ndarray, rate: int = RATE) -> SoundTrack:
    """Blocks of odd lengths."""
    sound = sound_of(samples / np.float32(32768), rate)
    blocks = (sound.samples[:, start : start + 5001] for start in range(0, samples.shape[1], 5001))
    return SoundTrack(blocks=blocks, rate=rate, layout=sound.layout)


def lag(found: np.ndarray, expected: np.ndarray) -> int:
    """By how many samples ``found`` is late."""
    size = 2 * len(expected)
    product = np.fft.irfft(np.fft.rfft(found, size) * np.fft.rfft(expected, size).conj(), size)
    return int((np.argmax(product) + len(expected)) % size - len(expected))
