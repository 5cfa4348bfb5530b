"""Frame numbers and time codes, exact at any rate."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction


def timecode(frame: int, rate: Fraction) -> str:
    """Hours, minutes and seconds of real time, and frames since that second began: "0:01:05:12"."""
    second = int(frame / rate)
    within = frame - math.ceil(second * rate)
    return f"{second // 3600}:{second // 60 % 60:02}:{second % 60:02}:{within:02}"


def frame_of(text: str, rate: Fraction, now: int) -> int | None:
    """The frame that is meant by a number ("120"), a way from now ("+12") or the last parts of a time code ("5:00" is
    five seconds); None where none is."""
    text = text.strip()
    if re.fullmatch(r"[+-]\d+", text):
        return now + int(text)
    if not re.fullmatch(r"\d+([:;]\d+){0,3}", text):
        return None
    *time, within = [int(part) for part in re.split("[:;]", text)]
    seconds = sum(value * 60**place for place, value in enumerate(reversed(time)))
    return math.ceil(seconds * rate) + within
