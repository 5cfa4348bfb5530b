"""A strip of a timeline, as a person names it and as it is told."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ....engine.clip import TimeCode, parse_moment
from ....engine.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Collection

    from ...host import Editor, Strip

MOST_LISTED = 8


def choose_strip(host: Editor, asked: str) -> Strip:
    """The strip that ``--clip`` means: by its name, its file's, or a moment at which it is seen.

    Raises OptionError where there is none, or where the name has several, naming those there are.
    """
    strips = host.strips()
    for name_of in (_id, _name, _file, _stem):
        found = [strip for strip in strips if name_of(strip) == asked]
        if len(found) == 1:
            return found[0]
        if found:
            times = ", ".join(time_code(host, strip.place.start) for strip in found[:MOST_LISTED])
            raise OptionError(f"{len(found)} strips are called {asked}: at {times}.", remedy="Give a time as --clip.")
    try:
        moment = parse_moment(asked)
    except OptionError:
        names = dict.fromkeys(strip.name for strip in strips)
        raise OptionError(
            f"{host.title} has no strip {asked}.",
            remedy=f"Choose --clip of {listed(names)}, or a time such as 00:00:05:00." if names else "",
        ) from None
    seen = [strip for strip in strips if strip.place.start <= _frame(host, moment) < strip.place.stop]
    if not seen:
        raise OptionError(f"Nothing that can be worked on is at {asked} in {host.title}.", remedy="See timeline show.")
    # What the person sees there: the highest that isn't muted.
    return max(seen, key=lambda strip: (not strip.muted, strip.track))


def _frame(host: Editor, moment: int | Fraction | TimeCode) -> int:
    """A moment as a frame of the timeline; clocks show hours before it begins."""
    if isinstance(moment, TimeCode):
        shown = moment.frame(host.rate)
        return shown - host.first if shown >= host.first else shown
    return moment if isinstance(moment, int) else int(moment * host.rate)


def time_code(host: Editor, frame: int) -> str:
    """What the timeline's clock shows at a frame, without drop-frame counting."""
    base = round(host.rate)
    seconds, frames = divmod(frame + host.first, base)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"


def fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _id(strip: Strip) -> str:
    return strip.id


def _name(strip: Strip) -> str:
    return strip.name


def _file(strip: Strip) -> str:
    return strip.media.path.name


def _stem(strip: Strip) -> str:
    return strip.media.path.stem


def listed(names: Collection[str]) -> str:
    """Names for people, the first ones of many."""
    first = list(names)[:MOST_LISTED]
    return ", ".join(first) + (" and others" if len(names) > MOST_LISTED else "")
