from __future__ import annotations

from fractions import Fraction

import pytest

from dtsgan.ui.document import Footage, Project, Result
from dtsgan.ui.view import View
from dtsgan.ui.viewer.playing import Way, clip_frame, joints_of, onward, shuttled, stride_of, upcoming, way_of
from dtsgan.ui.viewer.timecode import frame_of, timecode

NTSC = Fraction(24000, 1001)
CLIP = Footage(path="clip.mp4", frames=60, rate=Fraction(25), size_hw=(48, 64))
PROJECT = Project(clip=CLIP, span=(10, 50))


def result(**facts: object) -> Result:
    return Result(id="r", path="r.mp4", made_by=facts.pop("made_by", "extend"), settings="{}", frames=100, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "joints"),
    [
        (None, ()),
        (result(kept=(0, 60)), (60,)),
        (result(kept=(40, 100)), (40,)),
        (result(kept=(20, 80)), (20, 80)),
        (result(kept=(0, 80), loop=True), (80, 0)),
        (result(kept=(0, 100), loop=True), (0,)),
        (result(loop=True), (0,)),
        (result(), ()),
        (result(made_by="replace", kept=(0, 100)), ()),
    ],
)
def test_joints_are_where_kept_and_new_frames_meet(made: Result | None, joints: tuple[int, ...]) -> None:
    """Of an extension at its ends; of a loop first into the bridge, then out of it across the file's end."""
    assert joints_of(made) == joints


@pytest.mark.parametrize(
    ("view", "made", "frames"),
    [
        (View(), None, [*range(60)]),
        (View(repeat="range"), None, [*range(10, 50)]),
        (View(repeat="range", showing="r"), result(kept=(0, 60)), [*range(100)]),
        (View(repeat="joint"), None, [*range(60)]),
        (View(repeat="joint", showing="r"), result(kept=(0, 60)), [*range(35, 85)]),
        (View(repeat="joint", showing="r"), result(kept=(0, 90)), [*range(65, 100)]),
        (View(repeat="joint", showing="r"), result(kept=(0, 70), loop=True), [*range(45, 95)]),
        (View(repeat="joint", joint=1, showing="r"), result(kept=(0, 70), loop=True), [*range(75, 100), *range(25)]),
        (View(repeat="joint", joint=7, showing="r"), result(kept=(0, 60)), [*range(35, 85)]),
    ],
)
def test_what_is_played(view: View, made: Result | None, frames: list[int]) -> None:
    """All, between the in and out points of the clip, or a second to both sides of a joint, across a loop's end."""
    way = way_of(view, PROJECT, made, 100 if made else 60, Fraction(25))
    assert [way.frame(place) for place in range(way.length)] == frames
    assert [way.place(frame) for frame in frames] == list(range(way.length))


def test_in_and_out_points_beyond_a_shorter_file_are_ignored() -> None:
    """A clip that was replaced by a shorter one is played all the same."""
    assert way_of(View(repeat="range"), PROJECT, None, 30, Fraction(25)) == Way(0, 30, 30)


@pytest.mark.parametrize(
    ("frame", "steps", "wraps", "expected"),
    [
        (12, 5, False, (17, False)),
        (18, 5, False, (19, True)),
        (18, 5, True, (13, False)),
        (12, -5, False, (10, True)),
        (12, -5, True, (17, False)),
        (3, 1, True, (10, False)),
        (3, -1, True, (19, False)),
    ],
)
def test_playing_on(frame: int, steps: int, wraps: bool, expected: tuple[int, bool]) -> None:
    """It ends at an end or goes round, and from outside begins at the beginning."""
    assert onward(Way(10, 10, 60), frame, steps, wraps=wraps) == expected


def test_what_comes_next_is_what_is_fetched() -> None:
    """Frames ahead follow the way, round its end, and none twice."""
    assert upcoming(Way(10, 10, 60), 17, 1, 5, wraps=True) == [17, 18, 19, 10, 11]
    assert upcoming(Way(10, 10, 60), 17, 1, 5, wraps=False) == [17, 18, 19]
    assert upcoming(Way(10, 3, 60), 11, -1, 9, wraps=True) == [11, 10, 12]


@pytest.mark.parametrize(
    ("rate", "speed", "stride"),
    [(Fraction(25), 1, 1), (Fraction(60), 1, 1), (Fraction(25), -4, 2), (Fraction(50), 4, 4), (Fraction(240), 1, 4)],
)
def test_no_more_than_a_screen_shows(rate: Fraction, speed: float, stride: int) -> None:
    """Of more than sixty frames a second each so-manieth is shown, evenly."""
    assert stride_of(rate, speed) == stride


def test_shuttle() -> None:
    """L goes on faster each time, at most four times; J turns round first."""
    assert [shuttled(speed, 1) for speed in (0.0, 1.0, 2.0, 4.0, -2.0)] == [1, 2, 4, 4, 1]
    assert [shuttled(speed, -1) for speed in (0.0, -1.0, -2.0, -4.0, 4.0)] == [-1, -2, -4, -4, -1]


def test_which_frame_of_the_clip_corresponds() -> None:
    """The clip's own; a preview's begin at the in point; a result's kept ones where they were taken from; a
    replacement's all; new ones none."""
    extended = result(kept=(20, 60), kept_from=10)
    assert clip_frame(PROJECT, "clip", 7, None) == 7
    assert clip_frame(PROJECT, "preview", 7, None, first=10) == 17
    assert [clip_frame(PROJECT, "r", frame, extended) for frame in (19, 20, 59, 60)] == [None, 10, 49, None]
    assert clip_frame(PROJECT, "r", 7, result(made_by="replace", kept_from=10)) == 17
    assert clip_frame(PROJECT, "r", 70, result(made_by="replace")) is None
    assert clip_frame(PROJECT, "r", 7, result(made_by="variants")) is None
    assert clip_frame(Project(), "clip", 7, None) is None


@pytest.mark.parametrize(
    ("frame", "rate", "code"),
    [
        (0, Fraction(25), "0:00:00:00"),
        (24, Fraction(25), "0:00:00:24"),
        (25, Fraction(25), "0:00:01:00"),
        (90_000, Fraction(25), "1:00:00:00"),
        (23, NTSC, "0:00:00:23"),
        (24, NTSC, "0:00:01:00"),
        # A thousand frames of 24000/1001 take 41.708 s: counted as 24 a second, it would say 41:16.
        (1000, NTSC, "0:00:41:16"),
        (24_000, NTSC, "0:16:41:00"),
        (86_400, NTSC, "1:00:03:14"),
    ],
)
def test_time_codes_are_exact(frame: int, rate: Fraction, code: str) -> None:
    """Seconds are real ones at every rate, and each code leads back to its frame."""
    assert timecode(frame, rate) == code
    assert frame_of(code, rate, 0) == frame


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("120", 120),
        (" 5:00 ", 125),
        ("1:00:03", 1503),
        ("+10", 50),
        ("-10", 30),
        ("", None),
        ("five", None),
        ("1:", None),
    ],
)
def test_typed_places(text: str, frame: int | None) -> None:
    """Frame numbers, ways from here and the last parts of a time code are understood; other words are not."""
    assert frame_of(text, Fraction(25), 40) == frame
