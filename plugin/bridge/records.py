"""Strips and changes as JSON, and back: what isn't exactly as it should be is refused."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..host import Change, Media, Range, Step, Strip
from .wire import ProtocolError

MOST_STEPS = 200
KINDS = ("insert_after", "replace", "overlay", "variant")


def rate_text(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"


def strip_json(strip: Strip) -> dict[str, Any]:
    return {
        "id": strip.id,
        "name": strip.name,
        "track": strip.track,
        "file": str(strip.media.path),
        "rate": rate_text(strip.media.rate),
        "frames": strip.media.frames,
        "source": list(strip.source),
        "place": list(strip.place),
        "muted": strip.muted,
    }


def strip_from(value: Any) -> Strip:
    """Raises ProtocolError."""
    fields = _fields(value, {"id", "name", "track", "file", "rate", "frames", "source", "place", "muted"})
    media = Media(path=_path(fields["file"]), rate=rate_from(fields["rate"]), frames=_whole(fields["frames"]))
    return Strip(
        id=_text(fields["id"]),
        name=_text(fields["name"]),
        track=_whole(fields["track"]),
        media=media,
        source=_range(fields["source"]),
        place=_range(fields["place"]),
        muted=_of(bool, fields["muted"]),
    )


def change_json(change: Change) -> dict[str, Any]:
    steps = [
        {"kind": step.kind, "file": str(step.media), "source": list(step.source), "meta": dict(step.meta)}
        for step in change.steps
    ]
    return {"title": change.title, "strip": change.strip, "steps": steps}


def change_from(value: Any) -> Change:
    """Raises ProtocolError."""
    fields = _fields(value, {"title", "strip", "steps"})
    steps = _of(list, fields["steps"])
    if not 0 < len(steps) <= MOST_STEPS:
        raise ProtocolError("A change has no steps, or too many.")
    return Change(
        title=_text(fields["title"]), strip=_text(fields["strip"]), steps=tuple(_step(step) for step in steps)
    )


def _step(value: Any) -> Step:
    fields = _fields(value, {"kind", "file", "source", "meta"})
    if fields["kind"] not in KINDS:
        raise ProtocolError("A step is of no known kind.")
    return Step(
        kind=fields["kind"],
        media=_path(fields["file"]),
        source=_range(fields["source"]),
        meta=_of(dict, fields["meta"]),
    )


def rate_from(value: Any) -> Fraction:
    """Raises ProtocolError."""
    match = re.fullmatch(r"([1-9]\d{0,8})/([1-9]\d{0,8})", _text(value))
    if not match:
        raise ProtocolError("A rate is none.")
    return Fraction(int(match[1]), int(match[2]))


def _fields(value: Any, names: set[str]) -> dict[str, Any]:
    fields = _of(dict, value)
    if set(fields) != names:
        raise ProtocolError("A record has other fields than it should.")
    return fields


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ProtocolError(f"A value is no {kind.__name__}.")
    return value


def _text(value: Any) -> str:
    return _of(str, value)


def _whole(value: Any) -> int:
    if not 0 <= _of(int, value) < 1 << 40:
        raise ProtocolError("A number is out of its range.")
    return value


def _range(value: Any) -> Range:
    """Places may lie before a timeline's beginning."""
    both = _of(list, value)
    if len(both) != 2 or any(type(each) is not int or abs(each) >= 1 << 40 for each in both):
        raise ProtocolError("A range is none.")
    return Range(*both)


def _path(value: Any) -> Path:
    path = Path(_text(value))
    if not path.is_absolute() or "\0" in value:
        raise ProtocolError("A path is not absolute.")
    return path
