"""How far the work is."""

from __future__ import annotations

import pytest

from dtsgan.export.farm.tally import Tally


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_whole_and_each_machine() -> None:
    """Part done, time left, and who makes how much."""
    clock = Clock()
    tally = Tally(clock)
    tally.expect("a", frames=100, seconds=10)
    tally.expect("b", frames=100, seconds=10)
    tally.expect("kept", frames=100, seconds=10, made=True)
    first = tally.progressed()
    assert (first.frames, first.of, first.left_s) == (100, 300, None)
    assert first.done == pytest.approx(1 / 3)
    for second in range(1, 11):
        clock.now = float(second)
        tally.heard("a", 5 * second, "anna")
        tally.heard("b", 2 * second, "ben")
    told = tally.progressed()
    assert (told.frames, told.done) == (170, pytest.approx(17 / 30))
    assert told.left_s == pytest.approx(13 / (7 / 10))
    assert [(each.host, each.frames) for each in told.machines] == [("anna", 50), ("ben", 20)]
    assert [each.a_second for each in told.machines] == pytest.approx([5, 2])
    assert told.text == "170 of 300 frames, anna 5 a second, ben 2 a second"


def test_what_begins_again_elsewhere_is_not_counted_twice() -> None:
    """A worker died at it: the whole goes back, what was made once is the machine's all the same."""
    tally = Tally(Clock())
    tally.expect("a", frames=100, seconds=10)
    tally.heard("a", 60, "anna")
    tally.heard("a", 0, "ben")
    assert tally.progressed().frames == 0
    tally.heard("a", 100, "ben")
    tally.heard("a", 80, "anna")
    told = tally.progressed()
    assert told.frames == 100
    assert [(each.host, each.frames) for each in told.machines] == [("anna", 60), ("ben", 100)]


def test_speed_is_that_of_now() -> None:
    """Ten machines more are seen within a minute and a half."""
    clock = Clock()
    tally = Tally(clock)
    tally.expect("a", frames=100_000, seconds=100_000)
    done = 0
    for second in range(600):
        clock.now = float(second)
        done += 1 if second < 300 else 10
        tally.heard("a", done, "anna")
        tally.progressed()
    told = tally.progressed()
    assert told.machines[0].a_second == pytest.approx(10, rel=0.05)
    assert told.left_s == pytest.approx((100_000 - done) / 10, rel=0.05)


def test_no_time_is_told_that_is_a_guess() -> None:
    """Workers open their texture first: two frames in eight seconds say nothing of the next thousand."""
    clock = Clock()
    tally = Tally(clock)
    tally.expect("a", frames=1000, seconds=100)
    tally.progressed()
    for second, frame, known in ((8.0, 2, False), (9.0, 30, True)):
        clock.now = second
        tally.heard("a", frame, "anna")
        assert (tally.progressed().left_s is not None) == known
    slow = Tally(clock)
    slow.expect("a", frames=100_000, seconds=100_000)
    slow.progressed()
    clock.now += 61
    slow.heard("a", 61, "anna")
    assert slow.progressed().left_s == pytest.approx(99_939)


def test_many_machines_are_told_as_one() -> None:
    """A line has an end."""
    tally = Tally(Clock())
    for number in range(9):
        tally.expect(str(number), frames=10, seconds=1)
        tally.heard(str(number), 5, f"host{number}")
        tally.heard(str(number), 6, f"host{number}")
    assert "9 machines at" in tally.progressed().text


def test_learning_has_weight_and_no_frames() -> None:
    """It is told in per cent."""
    tally = Tally(Clock())
    tally.expect("model", frames=100, seconds=90, counted=False)
    tally.expect("a", frames=50, seconds=10)
    tally.heard("model", 50, "anna")
    told = tally.progressed()
    assert (told.learning, told.text) == (1, "learning 1 clip, 0 of 50 frames")
    assert (told.frames, told.of, told.machines) == (0, 50, ())
    assert told.done == pytest.approx(0.45)
    tally.heard("model", 100, "anna")
    assert tally.progressed().text == "0 of 50 frames"


def test_learning_alone_is_told() -> None:
    """Without frames that nobody asked for."""
    tally = Tally(Clock())
    for name in ("one", "other"):
        tally.expect(name, frames=100, seconds=90, counted=False)
    tally.heard("one", 50, "anna")
    assert (tally.progressed().text, tally.progressed().done) == ("learning 2 clips", 0.25)
    tally.heard("one", 100, "anna")
    tally.heard("other", 100, "ben")
    assert tally.progressed().text == "learned"
