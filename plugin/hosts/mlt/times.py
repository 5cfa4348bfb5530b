"""Times as MLT writes them: frames, or clocks."""

from __future__ import annotations

import re
from fractions import Fraction

from ...host import HostError

_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)")
_SMPTE = re.compile(r"(\d{1,4}):(\d{2}):(\d{2})[:;](\d{2,3})")
MOST_FRAMES = 1 << 31


def frames_from(text: str, rate: Fraction) -> int:
    """A time in frames: "75", "00:00:03.000" or "00:00:03:00". Raises HostError for what is none."""
    text = text.strip()
    if re.fullmatch(r"\d{1,10}", text):
        frames = int(text)
    elif match := _SMPTE.fullmatch(text):
        hours, minutes, seconds, rest = map(int, match.groups())
        frames = ((hours * 60 + minutes) * 60 + seconds) * round(rate) + rest
    elif match := _CLOCK.fullmatch(text):
        seconds = (int(match[1] or 0) * 60 + int(match[2])) * 60 + Fraction(match[3])
        frames = int(seconds * rate + Fraction(1, 2))  # clocks have milliseconds, a little beside the frame
    else:
        raise HostError(f"{text[:40]!r} is no time.")
    if frames >= MOST_FRAMES:
        raise HostError(f"{text[:40]!r} is too long a time.")
    return frames


def clock(frames: int, rate: Fraction) -> str:
    """Frames as a clock, to the millisecond."""
    thousandths = round(frames / rate * 1000)
    seconds, thousandths = divmod(thousandths, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"
