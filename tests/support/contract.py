"""What holds of every editor, whatever its adapter: checks with nothing but the standard library, so that they run
inside an editor's own Python, too (without pytest).

Each check is given a ``Stage`` with a fresh timeline:

    track 1  D 0-5
    track 0  A 0-20 (frames 5-25 of base.mkv)   gap   B 30-40 (0-10)  C 40-50 (10-20)

at 25 frames a second, of ``base.mkv`` (40 frames), beside which lie ``new.mkv`` (30) and ``patch.mkv`` (20, with
alpha).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from dtsgan.plugin.host import Change, Host, HostError, Range, Step, Strip, strip_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RATE = Fraction(25)
FRAMES = {"base.mkv": 40, "new.mkv": 30, "patch.mkv": 20}
LAYOUT = (("A", 0, (5, 25), 0), ("B", 0, (0, 10), 30), ("C", 0, (10, 20), 40), ("D", 1, (0, 5), 0))
"""Name, track, frames of base.mkv, first frame on the timeline."""


class Stage(Protocol):
    """A host that shows the timeline above."""

    folder: Path
    host: Host

    def reopen(self) -> Host:
        """The host after its project was saved, closed and opened again."""
        ...

    def select(self, strips: Sequence[Strip]) -> None:
        """As the person would; the first one is active. For hosts that know of it."""
        ...

    def undo(self) -> None:
        """One step back, as the person would. For hosts that can."""
        ...


def places(host: Host) -> list[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    """Track, source and place of all strips, in their order."""
    return [(strip.track, tuple(strip.source), tuple(strip.place)) for strip in host.strips()]


BEFORE = [(track, source, (at, at + source[1] - source[0])) for _, track, source, at in LAYOUT]


def at(stage: Stage, letter: str) -> Strip:
    """The strip that lies where this one was laid."""
    _, track, _, start = next(each for each in LAYOUT if each[0] == letter)
    return next(strip for strip in stage.host.strips() if (strip.track, strip.place.start) == (track, start))


def media(stage: Stage, name: str):
    found = stage.host.import_media(stage.folder / name)
    assert (found.path, found.rate, found.frames) == (stage.folder / name, RATE, FRAMES[name])
    return found


def fails(stage: Stage, call) -> HostError:
    """The call is refused in words, and nothing is changed."""
    before = stage.host.strips()
    try:
        call()
    except HostError as error:
        refused = error
    else:
        raise AssertionError("not refused")
    assert refused.problem
    assert stage.host.strips() == before
    return refused


def the_timeline_is_read(stage: Stage) -> None:
    """Every strip with its file, its frames, its place and its track; the rate is exact."""
    assert stage.host.rate == RATE
    assert stage.host.title
    assert places(stage.host) == BEFORE
    for strip in stage.host.strips():
        assert strip.media.path == stage.folder / "base.mkv"
        assert strip.media.rate == RATE
        assert strip.media.frames == FRAMES["base.mkv"]
        assert not strip.muted
    numbers = [strip.id for strip in stage.host.strips()]
    assert len(set(numbers)) == len(numbers)


def what_is_inserted_fills_the_gap(stage: Stage) -> None:
    """Six frames behind A: nothing else moves."""
    with stage.host.transaction("insert"):
        made = stage.host.insert_after(at(stage, "A"), media(stage, "new.mkv"), Range(4, 10))
    assert (made.track, made.source, made.place) == (0, (4, 10), (20, 26))
    assert made.media.path == stage.folder / "new.mkv"
    assert places(stage.host) == [BEFORE[0], (0, (4, 10), (20, 26)), *BEFORE[1:]]
    assert places(stage.reopen()) == [BEFORE[0], (0, (4, 10), (20, 26)), *BEFORE[1:]]


def what_fills_the_gap_exactly_moves_nothing(stage: Stage) -> None:
    with stage.host.transaction("insert"):
        stage.host.insert_after(at(stage, "A"), media(stage, "new.mkv"), Range(20, 30))
    assert places(stage.host) == [BEFORE[0], (0, (20, 30), (20, 30)), *BEFORE[1:]]


def what_does_not_fit_moves_those_behind(stage: Stage) -> None:
    """Thirty frames behind A, where ten are free: B and C come later by twenty; D, on another track, stays."""
    with stage.host.transaction("insert"):
        made = stage.host.insert_after(at(stage, "A"), media(stage, "new.mkv"), Range(0, 30))
    if "ripple" in stage.host.capabilities():
        assert made.place == (20, 50)
        assert places(stage.host)[2:] == [(0, (0, 10), (50, 60)), (0, (10, 20), (60, 70)), BEFORE[3]]
    else:
        assert made.place == (20, 50)
        assert made.track > 0
        assert all(place in places(stage.host) for place in BEFORE)


def nothing_is_pulled_along_without_a_gap(stage: Stage) -> None:
    """Behind B there is no gap: C moves by all of it."""
    with stage.host.transaction("insert"):
        stage.host.insert_after(at(stage, "B"), media(stage, "new.mkv"), Range(0, 5))
    if "ripple" in stage.host.capabilities():
        assert places(stage.host)[1:4] == [BEFORE[1], (0, (0, 5), (40, 45)), (0, (10, 20), (45, 55))]


def behind_the_last_strip_there_is_room(stage: Stage) -> None:
    """Twice the same frames are two strips, also once the project was saved."""
    with stage.host.transaction("insert"):
        first = stage.host.insert_after(at(stage, "C"), media(stage, "new.mkv"), Range(0, 30))
        second = stage.host.insert_after(first, media(stage, "new.mkv"), Range(0, 30))
    assert (first.place, second.place) == ((50, 80), (80, 110))
    assert places(stage.reopen())[3:5] == [(0, (0, 30), (50, 80)), (0, (0, 30), (80, 110))]


def a_strip_is_replaced(stage: Stage) -> None:
    """With as many frames nothing moves; the metadata stay with it."""
    strip = at(stage, "B")
    with stage.host.transaction("replace"):
        stage.host.set_meta(strip, {"kept": True})
        made = stage.host.replace(strip, media(stage, "new.mkv"), Range(7, 17))
    assert (made.track, made.source, made.place, made.media.path.name) == (0, (7, 17), (30, 40), "new.mkv")
    assert places(stage.host) == [BEFORE[0], (0, (7, 17), (30, 40)), *BEFORE[2:]]
    assert stage.host.get_meta(made) == {"kept": True}
    assert places(stage.reopen()) == [BEFORE[0], (0, (7, 17), (30, 40)), *BEFORE[2:]]


def a_shorter_one_leaves_a_gap(stage: Stage) -> None:
    """Which, with the one that was there already, can be filled."""
    with stage.host.transaction("replace"):
        made = stage.host.replace(at(stage, "B"), media(stage, "new.mkv"), Range(0, 4))
    assert made.place == (30, 34)
    assert places(stage.host) == [BEFORE[0], (0, (0, 4), (30, 34)), *BEFORE[2:]]
    with stage.host.transaction("replace"):
        shorter = stage.host.replace(at(stage, "A"), media(stage, "new.mkv"), Range(0, 15))
        stage.host.insert_after(shorter, media(stage, "new.mkv"), Range(0, 15))
    assert places(stage.host) == [(0, (0, 15), (0, 15)), (0, (0, 15), (15, 30)), (0, (0, 4), (30, 34)), *BEFORE[2:]]


def a_longer_one_moves_those_behind(stage: Stage) -> None:
    if "ripple" not in stage.host.capabilities():
        fails(stage, lambda: stage.host.replace(at(stage, "B"), media(stage, "new.mkv"), Range(0, 25)))
        return
    with stage.host.transaction("replace"):
        made = stage.host.replace(at(stage, "B"), media(stage, "new.mkv"), Range(0, 25))
    assert made.place == (30, 55)
    assert places(stage.host)[2:] == [(0, (10, 20), (55, 65)), BEFORE[3]]


def a_region_lies_above(stage: Stage) -> None:
    """Above A there is D: it takes a track above both. Above B the track of D is free."""
    with stage.host.transaction("overlay"):
        over_a = stage.host.overlay(at(stage, "A"), media(stage, "patch.mkv"), Range(0, 20))
    with stage.host.transaction("overlay"):
        over_b = stage.host.overlay(at(stage, "B"), media(stage, "patch.mkv"), Range(3, 13))
    assert (over_a.track, over_a.source, over_a.place) == (2, (0, 20), (0, 20))
    assert (over_b.track, over_b.source, over_b.place) == (1, (3, 13), (30, 40))
    assert not over_a.muted
    assert places(stage.reopen()) == [*BEFORE, (1, (3, 13), (30, 40)), (2, (0, 20), (0, 20))]


def variants_lie_above_and_are_muted(stage: Stage) -> None:
    """One a track, from the strip's start on; whatever their length, nothing moves. Where only tracks can be muted the
    free place above B, on the track of D, is left alone."""
    new = media(stage, "new.mkv")
    with stage.host.transaction("variants"):
        made = stage.host.add_variants(at(stage, "B"), [(new, Range(0, 10)), (new, Range(10, 30))])
    assert [strip.place for strip in made] == [(30, 40), (30, 50)]
    assert [strip.track for strip in made] in ([1, 2], [2, 3])
    assert all(strip.muted for strip in made)
    assert [place for place in places(stage.host) if place in BEFORE] == BEFORE
    again = [strip for strip in stage.reopen().strips() if strip.media.path.name == "new.mkv"]
    assert [(strip.track, strip.source, strip.muted) for strip in again] == [
        (strip.track, strip.source, True) for strip in made
    ]
    assert not any(strip.muted for strip in stage.reopen().strips() if strip.media.path.name == "base.mkv")


def metadata_stay_with_a_strip(stage: Stage) -> None:
    """Any JSON, through saving and opening; other strips have none."""
    meta = {"text": 'naïve "quotes" & <tags> 火\n', "numbers": [1, 2.5, -3, 2**40], "none": None, "deep": {"a": [{}]}}
    with stage.host.transaction("meta"):
        stage.host.set_meta(at(stage, "C"), {"old": 1})
        stage.host.set_meta(at(stage, "C"), meta)
    assert stage.host.get_meta(at(stage, "C")) == meta
    assert stage.host.get_meta(at(stage, "A")) == {}
    again = stage.reopen()
    assert [again.get_meta(strip) for strip in again.strips()] == [{}, {}, meta, {}]


def a_failed_transaction_leaves_nothing(stage: Stage) -> None:
    """Whatever was done in it is gone, metadata too."""

    class BrokenError(Exception):
        pass

    new = media(stage, "new.mkv")
    before = stage.host.strips()
    try:
        with stage.host.transaction("broken"):
            stage.host.insert_after(at(stage, "A"), new, Range(0, 30))
            stage.host.set_meta(at(stage, "A"), {"a": 1})
            stage.host.add_variants(at(stage, "A"), [(new, Range(0, 30))])
            stage.host.replace(at(stage, "A"), new, Range(0, 20))
            raise BrokenError
    except BrokenError:
        pass
    assert stage.host.strips() == before
    assert stage.host.get_meta(at(stage, "A")) == {}


def a_change_is_made_as_one(stage: Stage) -> None:
    """An extension in two pieces follows the strip, each with what is known of it."""
    path = stage.folder / "new.mkv"
    steps = [
        Step(kind="insert_after", media=path, source=Range(first, first + 5), meta={"first": first})
        for first in (0, 20)
    ]
    made = stage.host.apply(Change(title="Extend", strip=at(stage, "A").id, steps=tuple(steps)))
    assert [(strip.source, strip.place) for strip in made] == [((0, 5), (20, 25)), ((20, 25), (25, 30))]
    assert [stage.host.get_meta(strip) for strip in made] == [{"first": 0}, {"first": 20}]
    kinds = [Step(kind=kind, media=path, source=Range(0, 10)) for kind in ("variant", "replace", "overlay", "variant")]
    made = stage.host.apply(Change(title="All", strip=at(stage, "B").id, steps=tuple(kinds)))
    assert [(strip.track, strip.place, strip.muted) for strip in made] == [
        (0, (30, 40), False), (1, (30, 40), False), (2, (30, 40), True), (3, (30, 40), True)
    ]  # fmt: skip


def a_change_that_cannot_be_made_changes_nothing(stage: Stage) -> None:
    """A strip that is gone, a file that is missing or none, too few frames in it: after a step that went well, too."""
    host, strip = stage.host, at(stage, "A")
    good = Step(kind="insert_after", media=stage.folder / "new.mkv", source=Range(0, 5))
    (stage.folder / "text.mkv").write_text("no video")
    for number, path, source in (
        ("no such strip", "new.mkv", Range(0, 5)),
        (strip.id, "missing.mkv", Range(0, 5)),
        (strip.id, "text.mkv", Range(0, 5)),
        (strip.id, "new.mkv", Range(0, 31)),
        (strip.id, "new.mkv", Range(5, 5)),
    ):
        bad = Step(kind="insert_after", media=stage.folder / path, source=source)
        change = Change(title="Bad", strip=number, steps=(good, bad))
        fails(stage, lambda change=change: host.apply(change))


def a_strip_that_is_gone_is_said(stage: Stage) -> None:
    fails(stage, lambda: strip_of(stage.host, "no such strip"))


def the_selection_is_known(stage: Stage) -> None:
    """The active strip first; nothing where nothing is selected."""
    if "selection" not in stage.host.capabilities():
        assert len(stage.host.selection()) <= 1  # what is under the playhead
        return
    stage.select([])
    assert stage.host.selection() == ()
    chosen = [at(stage, "C"), at(stage, "A")]
    stage.select(chosen)
    assert [strip.id for strip in stage.host.selection()] == [strip.id for strip in chosen]


def a_change_is_one_step_back(stage: Stage) -> None:
    if "undo" not in stage.host.capabilities():
        return
    path = stage.folder / "new.mkv"
    steps = tuple(Step(kind=kind, media=path, source=Range(0, 20)) for kind in ("replace", "insert_after", "variant"))
    stage.host.apply(Change(title="Three", strip=at(stage, "A").id, steps=steps))
    assert places(stage.host) != BEFORE
    stage.undo()
    assert places(stage.host) == BEFORE


def progress_is_taken(stage: Stage) -> None:
    """A host shows it or not; it never fails for it."""
    for done in (0.0, 0.5, 1.0, None):
        stage.host.progress("working", done)


CHECKS = {
    check.__name__: check
    for check in (
        the_timeline_is_read,
        what_is_inserted_fills_the_gap,
        what_fills_the_gap_exactly_moves_nothing,
        what_does_not_fit_moves_those_behind,
        nothing_is_pulled_along_without_a_gap,
        behind_the_last_strip_there_is_room,
        a_strip_is_replaced,
        a_shorter_one_leaves_a_gap,
        a_longer_one_moves_those_behind,
        a_region_lies_above,
        variants_lie_above_and_are_muted,
        metadata_stay_with_a_strip,
        a_failed_transaction_leaves_nothing,
        a_change_is_made_as_one,
        a_change_that_cannot_be_made_changes_nothing,
        a_strip_that_is_gone_is_said,
        the_selection_is_known,
        a_change_is_one_step_back,
        progress_is_taken,
    )
}
