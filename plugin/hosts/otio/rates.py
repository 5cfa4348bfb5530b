"""Between OpenTimelineIO's times, which are floats, and exact rates with whole frames."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio

from ...host import exact_rate


def time_of(frames: int, rate: Fraction) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(frames, float(rate))


def range_of(start: int, frames: int, rate: Fraction) -> otio.opentime.TimeRange:
    return otio.opentime.TimeRange(time_of(start, rate), time_of(frames, rate))


def frames_of(time: otio.opentime.RationalTime, rate: Fraction) -> int:
    """A time in whole frames of ``rate``, the nearest ones."""
    return (
        round(time.value)
        if exact_rate(time.rate) == rate
        else round(Fraction(time.value) / exact_rate(time.rate) * rate)
    )
