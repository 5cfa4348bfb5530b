from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from dtsgan.ui.binding import with_fields
from dtsgan.ui.document import Footage, Project, Result
from dtsgan.ui.timeline.layout import AUTO_BRIDGE, Plan, Segment, new_frames, plan_of, ticks

CLIP = Footage(path="/clips/fire.mp4", frames=100, rate=Fraction(25), size_hw=(90, 160))
PROJECT = Project(clip=CLIP, span=(10, 60))


def segments(plan: tuple[Segment, ...]) -> list[tuple[int, int, str]]:
    return [(each.first, each.end, each.kind) for each in plan]


def test_a_clip_and_its_range() -> None:
    """What lies between the in and out points is used, what lies beside them isn't."""
    assert segments(plan_of(PROJECT, None, planning=False).clip) == [
        (0, 10, "unused"),
        (10, 60, "kept"),
        (60, 100, "unused"),
    ]
    whole = with_fields(PROJECT, {"span": None})
    assert segments(plan_of(whole, None, planning=False).clip) == [(0, 100, "kept")]
    assert plan_of(Project(), None, planning=True) == Plan(clip=())
    assert Plan(clip=()).bounds == (0, 1)


@pytest.mark.parametrize(
    ("changes", "new", "planned"),
    [
        ({"extend.added": 7}, (0, 7), [(10, 60, "kept"), (60, 67, "new")]),
        ({"extend.added": 7, "extend.at": "start"}, (7, 0), [(3, 10, "new"), (10, 60, "kept")]),
        ({"extend.added": 7, "extend.at": "both"}, (3, 4), [(7, 10, "new"), (10, 60, "kept"), (60, 64, "new")]),
        ({"extend.mode": "loop", "extend.bridge": 5}, (0, 5), [(10, 60, "kept"), (60, 65, "new")]),
        ({"extend.mode": "loop"}, (0, AUTO_BRIDGE), [(10, 60, "kept"), (60, 60 + AUTO_BRIDGE, "new")]),
    ],
)
def test_what_is_planned(changes: dict[str, Any], new: tuple[int, int], planned: list[tuple[int, int, str]]) -> None:
    """Planned frames lie where the worker will put them; an odd one of both ends goes to the end, as there."""
    project = with_fields(PROJECT, changes)
    assert new_frames(project) == new
    plan = plan_of(project, None, planning=True)
    assert segments(plan.planned) == planned
    assert plan.bounds == (0, max(100, planned[-1][1]))


def test_a_result() -> None:
    """Of a result new frames and the clip's are told apart; a replacement has the clip's frames all through."""
    facts = {"id": "a", "path": "a", "settings": "{}", "frames": 80}
    longer = Result(made_by="extend", kept=(10, 60), **facts)
    assert segments(plan_of(PROJECT, longer, planning=True).clip) == [(0, 10, "new"), (10, 60, "kept"), (60, 80, "new")]
    assert plan_of(PROJECT, longer, planning=True).planned == ()
    assert segments(plan_of(PROJECT, Result(made_by="replace", **facts), planning=False).clip) == [(0, 80, "kept")]
    assert segments(plan_of(PROJECT, Result(made_by="variants", **facts), planning=False).clip) == [(0, 80, "new")]


@pytest.mark.parametrize("frames", [1, 10, 100, 1_000, 100_000])
@pytest.mark.parametrize("rate", [Fraction(25), Fraction(24000, 1001)])
@pytest.mark.parametrize("width", [200.0, 700.0, 3000.0])
def test_ticks_leave_room_for_words(frames: int, rate: Fraction, width: float) -> None:
    """Ticks are evenly spaced, within the bounds, never closer than their words are wide, and not lost altogether."""
    found = ticks(-5, frames, rate, width)
    assert all(-5 <= each <= frames for each in found)
    apart = {after - before for before, after in pairwise(found)}
    assert len(apart) <= 1
    for each in apart:
        assert each * width / (frames + 5) >= 63
    assert 0 in found
