"""Repeated frames: those that pulldown, or a converter, put in to fill up a higher rate."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

REPEAT_RATIO = 0.2
"""A repeat changes less than this part of what frames nearby change. Measured on clips of textures: their own frames
change at least 0.48 of the median, repeats that went through H.264 at CRF 18 at most 0.16."""

REACH = 12
STILL_LEVELS = 0.05
"""Of 255: a mean change below it is no movement at all."""

LONGEST_PATTERN = 12
PATTERN_SHARE = 0.85
"""This part of all repeats must recur one period later, as many in each: noise hides some."""


def change(before_hwc: np.ndarray, after_hwc: np.ndarray) -> float:
    """Mean absolute difference of two frames of the same type, in levels of 0 to 255."""
    step = max(1, min(before_hwc.shape[:2]) // 96)
    before, after = (frame[::step, ::step].astype(np.float32) for frame in (before_hwc, after_hwc))
    scale = 1.0 if before_hwc.dtype == np.uint8 else 255 / 65535
    return float(np.abs(after - before).mean()) * scale


def find_repeats(changes: np.ndarray) -> np.ndarray:
    """Which frames repeat the one before: bool (T,), from ``changes[t]`` between frames t and t + 1, (T - 1,).

    All frames must belong to one shot. Both what comes before and what comes after must move much more, so that the
    calm before a storm is not taken for a repeat.
    """
    repeats = np.zeros(len(changes) + 1, bool)
    for place, value in enumerate(changes):
        sides = changes[max(0, place - REACH) : place], changes[place + 1 : place + 1 + REACH]
        # Four of five frames may be repeats: what is usual shows in the largest fifth.
        full = [side for side in sides if len(side) >= REACH // 2] or [changes]
        usual = min(float(np.quantile(side, 0.8)) for side in full)
        repeats[place + 1] = usual > STILL_LEVELS and value < REPEAT_RATIO * usual
    return repeats


def rate_without(repeats: np.ndarray, rate: Fraction) -> Fraction:
    """The rate at which the frames were taken, if the repeats follow a pattern (such as 3:2); else ``rate`` itself."""
    marks = repeats[1:].astype(int)  # the first frame may or may not have repeated the one before it
    for period in range(2, min(LONGEST_PATTERN, len(marks) // 2) + 1):
        in_period = np.convolve(marks, np.ones(period, int), "valid")
        usual = int(np.bincount(in_period).argmax())
        recurring = (marks[:-period] & marks[period:]).sum() / max(1, marks[period:].sum())
        if usual and min(recurring, (in_period == usual).mean()) >= PATTERN_SHARE:
            return rate * (period - usual) / period
    return rate
