from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from dtsgan.ui.binding import Store
from dtsgan.ui.view import View
from dtsgan.ui.viewer.player import SECOND_NS, Player
from dtsgan.ui.viewer.playing import Way

NTSC = Fraction(24000, 1001)


class Clock:
    """Goes on when it is told to."""

    now = 0

    def __call__(self) -> int:
        return self.now


class Played:
    """A player of 100 frames whose timer never fires: each tick is the test's."""

    def __init__(self, rate: Fraction = Fraction(25), **view: object) -> None:
        self.clock, self.view = Clock(), Store(View(**view))  # type: ignore[arg-type]
        self.way: tuple[Way, Fraction] | None = (Way(0, 100, 100), rate)
        self.player = Player(self.view, lambda: self.way, clock=self.clock)

    def tick_at(self, seconds: float | Fraction) -> int:
        """The frame that is seen then."""
        self.clock.now = int(seconds * SECOND_NS)
        self.player.tick()
        return self.view.state.frame


@pytest.fixture(autouse=True)
def application(qtbot: QtBot) -> QtBot:
    return qtbot


@pytest.mark.parametrize(("rate", "speed"), [(NTSC, 1.0), (Fraction(25), -2.0), (Fraction(25), 4.0)])
def test_the_frame_follows_the_clock_exactly(rate: Fraction, speed: float) -> None:
    """After an hour of ticks at odd moments it is where the exact rate says, with no drift."""
    played = Played(rate, speed=0.0)
    played.view.set({"speed": speed})
    seconds, gone = Fraction(0), 0
    while seconds < 3600:
        seconds += Fraction(3, 7)
        frame = played.tick_at(seconds)
        gone = int(seconds * rate * abs(Fraction(speed)))
        expected = (gone if speed > 0 else -gone) % 100
        assert (frame - expected) % 100 in (0, 99, 1)  # of frames that go in twos, one is on its way
    assert abs(gone - 3600 * rate * abs(speed)) < 200


@pytest.mark.parametrize("wait_s", [0.05, 0.06, 0.1, 0.13])
def test_what_cant_be_shown_in_time_is_left_out_evenly(wait_s: float) -> None:
    """Where each picture takes longer than a frame lasts, steps differ by at most one: never slow motion, no jumps."""
    played = Played(speed=0.0)
    played.view.set({"speed": 1.0})
    frames = [played.tick_at(wait_s * tick) for tick in range(1, 40)]
    steps = {(after - before) % 100 for before, after in pairwise(frames)}
    assert max(steps) - min(steps) <= 1
    assert frames[-1] == int(wait_s * 39 * 25 + 1e-9) % 100


def test_a_moment_too_early_changes_nothing() -> None:
    """A frame stays until the next one is due, however often somebody asks."""
    played = Played(speed=0.0)
    played.view.set({"speed": 1.0})
    assert [played.tick_at(each) for each in (0.01, 0.02, 0.0399, 0.04)] == [0, 0, 0, 1]


def test_without_repeat_it_stops_at_the_end() -> None:
    """Forwards at the last frame, backwards at the first."""
    for speed, end in ((1.0, 99), (-1.0, 0)):
        played = Played(speed=0.0, frame=50, repeat="none")
        played.view.set({"speed": speed})
        assert played.tick_at(60) == end
        assert played.view.state.speed == 0


def test_with_repeat_it_goes_round() -> None:
    """After the last frame comes the first, in time."""
    played = Played(speed=0.0, frame=98)
    played.view.set({"speed": 1.0})
    assert [played.tick_at(each / 25) for each in (1, 2, 3)] == [99, 0, 1]


def test_a_seek_while_playing_goes_on_from_there() -> None:
    """Where somebody goes, it plays on from that frame, which is seen for its whole time."""
    played = Played(speed=0.0)
    played.view.set({"speed": 1.0})
    played.tick_at(1)
    played.clock.now = int(1.03 * SECOND_NS)
    played.view.set({"frame": 60})
    assert [played.tick_at(each) for each in (1.035, 1.069, 1.071)] == [60, 60, 61]


def test_the_clock_waits_for_a_clip_that_is_being_opened() -> None:
    """While its length isn't known, nothing moves; then it begins where it is."""
    played = Played(speed=0.0)
    way, played.way = played.way, None
    played.view.set({"speed": 1.0})
    assert played.tick_at(5) == 0
    played.way = way
    assert played.tick_at(5.05) == 1


def test_standing_still_nothing_moves() -> None:
    """A tick that comes late, after stopping, changes nothing."""
    played = Played(speed=0.0)
    played.view.set({"speed": 1.0})
    played.view.set({"speed": 0.0})
    assert played.tick_at(3) == 0


def test_pictures_a_second_are_counted() -> None:
    """What is told is what was seen, not what was due."""
    played = Played(speed=0.0)
    told: list[float] = []
    played.player.measured.connect(told.append)
    played.view.set({"speed": 1.0})
    for tick in range(1, 40):
        played.tick_at(tick / 25)
        if tick % 2:
            played.player.seen()
    assert told[-1] == pytest.approx(12.5)


def test_the_timer_plays(qtbot: QtBot) -> None:
    """With the real clock frames follow each other by themselves."""
    view = Store(View())
    player = Player(view, lambda: (Way(0, 100, 100), Fraction(200)))
    seen: list[int] = []
    view.changed.connect(lambda _, now: seen.append(now.frame))
    view.set({"speed": 1.0})
    qtbot.waitUntil(lambda: len(set(seen)) > 4)
    view.set({"speed": 0.0})
    assert player is not None
