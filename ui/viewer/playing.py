"""Which frame is shown when: pure, without a clock."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ..view import CLIP, PREVIEW

if TYPE_CHECKING:
    from fractions import Fraction

    from ..document import Project, Result
    from ..view import View

FASTEST = 4.0

MOST_A_SECOND = 60
"""Frames shown; of more, each so-manieth is."""

AROUND_JOINT_S = 1


class Way(NamedTuple):
    """The frames that are played, in order: ``length`` of them from ``start`` on, across the end of all
    ``whole``."""

    start: int
    length: int
    whole: int

    def frame(self, place: int) -> int:
        return (self.start + place % self.length) % self.whole

    def place(self, frame: int) -> int | None:
        """Where on the way a frame lies; None beside it."""
        place = (frame - self.start) % self.whole
        return place if place < self.length else None


def joints_of(result: Result | None) -> tuple[int, ...]:
    """The frames that begin something else than what is before them: the first new one, the first kept one. Of a loop
    frame 0 comes after the last."""
    if result is None or not result.frames:
        return ()
    first, end = result.kept or (0, result.frames)
    found = {end % result.frames, first} if result.loop else {end, first} - {0, result.frames}
    # The bridge of a loop begins after the kept frames, and ends at the file's end.
    return tuple(sorted(found, reverse=result.loop))


def way_of(view: View, project: Project, result: Result | None, count: int, rate: Fraction) -> Way:
    """What is played of ``count`` frames."""
    joints = joints_of(result)
    if view.repeat == "joint" and result is not None and joints:
        joint = joints[min(view.joint, len(joints) - 1)]
        around = max(1, round(AROUND_JOINT_S * rate))
        if result.loop:
            return Way((joint - around) % count, min(count, 2 * around), count)
        first, end = max(0, joint - around), min(count, joint + around)
        return Way(first, end - first, count)
    if view.repeat == "range" and view.showing == CLIP and len(project.range()) and project.range()[-1] < count:
        return Way(project.range().start, len(project.range()), count)
    return Way(0, count, count)


def onward(way: Way, frame: int, steps: int, *, wraps: bool) -> tuple[int, bool]:
    """The frame that is ``steps`` on (back where negative), and whether it is beyond an end and playing is over. From
    beside the way, playing begins on it."""
    place = way.place(frame)
    if place is None:
        return way.frame(0 if steps >= 0 else -1), False
    there = place + steps
    if wraps or 0 <= there < way.length:
        return way.frame(there), False
    return way.frame(min(max(there, 0), way.length - 1)), True


def upcoming(way: Way, frame: int, step: int, count: int, *, wraps: bool) -> list[int]:
    """At most ``count`` frames: this one and those that are played next in steps of ``step``."""
    found = [frame]
    while len(found) < count:
        following, over = onward(way, found[-1], step, wraps=wraps)
        if over or following in found:
            break
        found.append(following)
    return found


def stride_of(rate: Fraction, speed: float) -> int:
    """Every how-manieth frame is shown, so that it is always the same number."""
    return max(1, math.ceil(rate * abs(speed) / MOST_A_SECOND))


def shuttled(speed: float, direction: int) -> float:
    """The speed after J (-1) or L (1) was pressed: from standing, or the other way, 1; again, twice as fast."""
    if speed * direction <= 0:
        return float(direction)
    return direction * min(FASTEST, 2 * abs(speed))


def clip_frame(project: Project, showing: str, frame: int, result: Result | None, *, first: int = 0) -> int | None:
    """The clip's frame that corresponds to the one shown; None where that one is new. A preview begins at the clip's
    frame ``first``."""
    if project.clip is None:
        return None
    if showing == CLIP:
        found = frame
    elif showing == PREVIEW:
        found = first + frame
    elif result is not None and result.made_by == "replace":
        found = result.kept_from + frame
    elif result is not None and result.kept is not None and result.kept[0] <= frame < result.kept[1]:
        found = result.kept_from + frame - result.kept[0]
    else:
        return None
    return found if found < project.clip.frames else None
