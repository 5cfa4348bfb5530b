"""Sound for a picture that lasts longer than its clip did."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .sound import Sound

FADE_S = 0.05
BLOCK = 1 << 16
"""Samples that are made at once; more than any fade has."""


def arranged(sound: Sound, *, before: int, after: int, around: bool) -> Iterator[np.ndarray]:
    """The sound at its place in a longer one, as blocks of float32 (channels, n), n at most ``BLOCK``.

    ``before`` and ``after`` samples ahead of it and behind it are repeats of the sound; in the joints, of ``FADE_S`` or
    half the sound if that is shorter, one fades into the next at equal power. With ``around`` the whole is a loop:
    what would follow the last sample fades into the first. All else of the sound is unaltered; it has two samples at
    least.
    """
    fade = min(round(FADE_S * sound.rate), sound.samples.shape[1] // 2)
    end = sound.samples.shape[1] + after
    repeats = _Repeats(sound.samples, fade, start=-before, end=end + fade if around and after else end)
    # What follows the sound's own end isn't known: backwards, it goes on without a step and with the same colour.
    following = repeats.part(end, end + fade) if after else sound.samples[:, : -fade - 1 : -1]
    for start in range(-before, end, BLOCK):
        block = repeats.part(start, min(start + BLOCK, end))
        if around and start == -before:
            rising = _rising(np.arange(fade), fade)
            block[:, :fade] = block[:, :fade] * rising + following * rising[::-1]
        yield block.clip(-1, 1)


class _Repeats:
    """Copies of a sound, each of which overlaps the next by the length of a fade; copy 0 begins at place 0."""

    def __init__(self, samples: np.ndarray, fade: int, *, start: int, end: int) -> None:
        self._samples, self._fade = samples, fade
        self._count = samples.shape[1]
        self._period = self._count - fade
        self._first, self._last = start // self._period, -(-(end - self._count) // self._period)

    def part(self, start: int, stop: int) -> np.ndarray:
        """The samples at the places [start, stop)."""
        made = np.zeros((len(self._samples), stop - start), np.float32)
        earliest = max(self._first, (start - self._count) // self._period)
        for copy in range(earliest, min(self._last, stop // self._period) + 1):
            begins = copy * self._period
            first, end = max(begins, start), min(begins + self._count, stop)
            if first < end:
                gain = self._gain(copy, np.arange(first - begins, end - begins))
                made[:, first - start : end - start] += self._samples[:, first - begins : end - begins] * gain
        return made

    def _gain(self, copy: int, offsets: np.ndarray) -> np.ndarray:
        """Of a copy's samples: exactly 1 between the fades, and where no other copy is before or after it."""
        gain = np.ones(len(offsets), np.float32)
        if copy > self._first:
            gain *= _rising(offsets, self._fade)
        if copy < self._last:
            gain *= _rising(self._count - 1 - offsets, self._fade)
        return gain


def _rising(offsets: np.ndarray, fade: int) -> np.ndarray:
    """From 0 to 1 in ``fade`` samples; its square and that of the same backwards are 1 together."""
    return np.sin(np.pi / 2 * ((offsets + 0.5) / fade).clip(0, 1)).astype(np.float32)
