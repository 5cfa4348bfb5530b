"""Which frames of a range to learn from: the longest part without a cut, each picture once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ..errors import ClipError
from .cuts import find_cuts, thumbnail
from .duplicates import change, find_repeats, rate_without

STILL_LEVELS = 0.01
"""Of 255: nothing moves where the mean change of most frames is below it ..."""

REFRESH_LEVELS = 3.0
"""... and none is above this, which the key frames of a compressed still reach."""


class ClipTooShort(ClipError):  # noqa: N818 - named for what the person reads
    """Fewer frames than one window needs."""

    def __init__(self, name: str, *, have: int, need: int, where: str = "") -> None:
        self.have = have
        self.need = need
        super().__init__(
            f"{name} has {have} frame{'' if have == 1 else 's'}{where}; at least {need} are needed.",
            remedy="Choose a longer clip or range" + (f", or pass --window {have} or less." if have > 1 else "."),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice:
    """The frames to learn from, as places among those watched; ``span`` in frame numbers of the source."""

    places: np.ndarray
    span: tuple[int, int]
    rate: Fraction
    notices: tuple[str, ...]


class Watch:
    """Looks at frames as they pass and keeps of each only what shows cuts and repeats."""

    def __init__(self) -> None:
        self._last: np.ndarray | None = None
        self._thumbnails: list[np.ndarray] = []
        self._changes: list[float] = []

    def add(self, frame_hwc: np.ndarray) -> None:
        """Look at the next frame, uint8 or full-scale uint16."""
        if self._last is not None:
            self._changes.append(change(self._last, frame_hwc))
        self._thumbnails.append(thumbnail(frame_hwc))
        self._last = frame_hwc

    def choose(self, numbers: list[int], *, rate: Fraction, min_frames: int, name: str) -> Choice:
        """Choose among the frames seen, whose numbers in the source are ``numbers``.

        Raises ClipError where nothing moves, ClipTooShort where fewer than ``min_frames`` are left.
        """
        changes = np.array(self._changes)
        cuts = find_cuts(np.stack(self._thumbnails))
        bounds = [0, *cuts, len(numbers)]
        parts = list(pairwise(bounds))
        repeats = np.concatenate([find_repeats(changes[start : stop - 1]) for start, stop in parts])
        start, stop = max(parts, key=lambda part: int((~repeats[part[0] : part[1]]).sum()))
        span = numbers[start], numbers[stop - 1] + 1
        where = " in its longest part without a cut" if cuts else ""
        _check_moves(changes[start : stop - 1], f"{name}{where}")
        places = start + np.flatnonzero(~repeats[start:stop])
        notices = []
        if cuts:
            notices.append(_cut_notice(name, [numbers[cut] for cut in cuts], span))
        repeated = stop - start - len(places)
        true_rate = rate_without(repeats[start:stop], rate)
        if repeated:
            notices.append(_repeat_notice(name, repeated, stop - start, rate, true_rate))
        if len(places) < min_frames:
            where += " once repeated ones are left out" if repeated else ""
            raise ClipTooShort(name, have=len(places), need=min_frames, where=where)
        return Choice(places=places, span=span, rate=true_rate, notices=tuple(notices))


def _check_moves(changes: np.ndarray, name: str) -> None:
    if len(changes) and np.median(changes) < STILL_LEVELS and changes.max() < REFRESH_LEVELS:
        raise ClipError(
            f"Nothing moves in {name}: all its frames are the same picture.",
            remedy="Choose a clip, range or crop in which something moves.",
        )


def _cut_notice(name: str, cuts: list[int], span: tuple[int, int]) -> str:
    begins = "a new shot begins at frame" if len(cuts) == 1 else "new shots begin at frames"
    listed = ", ".join(map(str, cuts))
    return (
        f"{name} has {'a hard cut' if len(cuts) == 1 else f'{len(cuts)} hard cuts'}: {begins} {listed}. "
        f"Only the longest shot is used, frames {span[0]} to {span[1] - 1}; choose another with --range."
    )


def _repeat_notice(name: str, repeated: int, total: int, rate: Fraction, true_rate: Fraction) -> str:
    text = f"{repeated} of {total} frames of {name} repeat the one before and are left out"
    if true_rate != rate:
        return f"{text} (pulldown): it moves at {rate_text(true_rate)} fps, not {rate_text(rate)}."
    return f"{text}."


def rate_text(rate: Fraction) -> str:
    """A rate for people: 25, 23.976."""
    return f"{float(rate):.5g}"
