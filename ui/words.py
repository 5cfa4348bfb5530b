"""Plain words for numbers."""

from __future__ import annotations

import re

MINUTE = 60
HOUR = 3600


def duration(seconds: float) -> str:
    """A length of time, as exactly as a person wants to know it: "8 s", "3 min", "2 h 20 min"."""
    whole = round(seconds)
    if whole < MINUTE + 30:
        return f"{whole} s"
    minutes = round(seconds / MINUTE)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(round(seconds / 600) * 10, 60)
    return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{round(seconds / HOUR)} h"


def about(seconds: float) -> str:
    """A length of time that is guessed: no more exactly than that: "20 s", "3 min"."""
    return duration(max(5, round(seconds / 5) * 5) if seconds < MINUTE + 30 else seconds)


def clock(seconds: float) -> str:
    """A moment in a video, as players show it: "0:04", "1:02:07"."""
    whole = int(seconds)
    hours, minutes = divmod(whole // MINUTE, MINUTE)
    return f"{hours}:{minutes:02}:{whole % MINUTE:02}" if hours else f"{minutes}:{whole % MINUTE:02}"


def left(seconds: float | None) -> str:
    """What remains: "about 3 min left"; while it isn't known yet, says so."""
    if seconds is None:
        return "time left not known yet"
    if seconds >= MINUTE:
        return f"about {duration(seconds)} left"
    # Single seconds would jump about at every estimate.
    return f"about {max(5, round(seconds / 5) * 5)} s left"


def size(count: int) -> str:
    """An amount of memory or disk in decimal units, two figures: "640 B", "38 kB", "1.4 GB"."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 999.5:
            return f"{amount:.1f} {unit}" if amount < 9.95 and unit != "B" else f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def for_window(text: str) -> str:
    """What the command line says, where there is none: options become what they are called ("--range A:B": "range")."""
    return re.sub(
        r"--([a-z][a-z-]*)(?: [A-Z](?:[A-Z]|[,:.](?=[A-Z]))*(?![A-Za-z]))?",
        lambda match: match[1].replace("-", " "),
        text,
    )


def plural(count: int, thing: str) -> str:
    """ "1 frame", "24 frames"."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def picture_size(size_hw: tuple[int, int]) -> str:
    """Width before height, as people say it: "640x360"."""
    return f"{size_hw[1]}x{size_hw[0]}"
