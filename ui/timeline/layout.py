"""What lies where on the timeline. Nothing here needs Qt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

    from ..document import Project, Result

AUTO_BRIDGE = 24
"""Frames that a bridge is drawn with while its length isn't known."""

NICE_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
LEAST_TICK_PX = 64


class Segment(NamedTuple):
    """Frames [``first``, ``end``) of a row, numbered as the clip is, or as the result that is shown."""

    first: int
    end: int
    kind: Literal["kept", "new", "unused"]


class Plan(NamedTuple):
    """``clip`` is what exists; ``planned``, if there is any, what would be made, with its kept frames below the
    clip's."""

    clip: tuple[Segment, ...]
    planned: tuple[Segment, ...] = ()

    @property
    def bounds(self) -> tuple[int, int]:
        """The first frame of all, and the end."""
        every = (*self.clip, *self.planned)
        return (min(each.first for each in every), max(each.end for each in every)) if every else (0, 1)


def plan_of(project: Project, result: Result | None, *, planning: bool) -> Plan:
    """Of the result that is shown, or of the clip; with ``planning`` also what the page "extend" says."""
    if result is not None:
        return Plan(clip=_result(result))
    if project.clip is None:
        return Plan(clip=())
    used = project.range()
    parts = (
        Segment(0, used.start, "unused"),
        Segment(used.start, used.stop, "kept"),
        Segment(used.stop, project.clip.frames, "unused"),
    )
    clip = tuple(each for each in parts if each.end > each.first)
    return Plan(clip=clip, planned=_planned(project) if planning else ())


def new_frames(project: Project) -> tuple[int, int]:
    """How many are planned ahead of the kept ones, and after them."""
    asked = project.extend
    if asked.mode == "loop":
        return 0, AUTO_BRIDGE if asked.bridge is None else asked.bridge
    before = {"end": 0, "start": asked.added, "both": asked.added // 2}[asked.at]
    return before, asked.added - before


def ticks(first: int, end: int, rate: Fraction, width: float) -> list[int]:
    """Frames to write the time at: a round number of seconds, or of frames, apart."""
    least = (end - first) * LEAST_TICK_PX / max(width, 1.0)
    seconds = next((each for each in NICE_S if each * rate >= least), NICE_S[-1])
    step = max(1, round(seconds * rate))
    if least < rate / 2:
        step = next((each for each in (1, 2, 5, 10) if each >= least), step)
    return list(range(math.ceil(first / step) * step, end + 1, step))


def _result(result: Result) -> tuple[Segment, ...]:
    first, end = result.kept or (0, 0)
    if result.made_by == "replace":
        first, end = 0, result.frames
    parts = (Segment(0, first, "new"), Segment(first, end, "kept"), Segment(end, result.frames, "new"))
    return tuple(each for each in parts if each.end > each.first)


def _planned(project: Project) -> tuple[Segment, ...]:
    used, (before, after) = project.range(), new_frames(project)
    parts = (
        Segment(used.start - before, used.start, "new"),
        Segment(used.start, used.stop, "kept"),
        Segment(used.stop, used.stop + after, "new"),
    )
    return tuple(each for each in parts if each.end > each.first)
