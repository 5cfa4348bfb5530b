"""Between OpenTimelineIO's times, which are floats, and exact rates with whole frames."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio

from ...host import HostError


def rate_of(value: float) -> Fraction:
    """The rate that is meant by a float: 23.976 and 23.98 are 24000/1001. Raises HostError for none."""
    if not 0.5 < value < 1000:
        raise HostError(f"{value} is no frame rate.", remedy="Export the timeline again, with its rate.")
    if abs(value - round(value)) < 1e-4:
        return Fraction(round(value))
    ntsc = Fraction(round(value * 1.001) * 1000, 1001)
    return ntsc if abs(float(ntsc) - value) < 0.006 else Fraction(value).limit_denominator(1001)


def time_of(frames: int, rate: Fraction) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(frames, float(rate))


def range_of(start: int, frames: int, rate: Fraction) -> otio.opentime.TimeRange:
    return otio.opentime.TimeRange(time_of(start, rate), time_of(frames, rate))


def frames_of(time: otio.opentime.RationalTime, rate: Fraction) -> int:
    """A time in whole frames of ``rate``, the nearest ones."""
    return round(time.value) if rate_of(time.rate) == rate else round(Fraction(time.value) / rate_of(time.rate) * rate)
