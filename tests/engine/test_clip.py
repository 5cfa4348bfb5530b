"""How a person names a range and a rectangle."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dtsgan.engine.clip import Rect, Span, TimeCode, parse_crop, parse_span
from dtsgan.engine.errors import ClipError, OptionError

NTSC = Fraction(30000, 1001)


def resolve(text: str, *, count: int = 250, rate: Fraction = Fraction(25)) -> tuple[int, int]:
    def frame_at(seconds: Fraction) -> int:
        return -((-seconds * rate) // 1)

    return parse_span(text).resolve(count=count, rate=rate, frame_at=frame_at, name="clip.mp4")


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        ("10:200", (10, 200)),
        (":200", (0, 200)),
        ("10:", (10, 250)),
        (":", (0, 250)),
        (" 10 : 20 ", (10, 20)),
        ("1s:2s", (25, 50)),
        ("0.5s:", (13, 250)),
        ("10:2s", (10, 50)),
        ("10..20", (10, 20)),
        ("0:01..0:02.04", (25, 51)),
        ("00:00:01..00:00:02", (25, 50)),
        ("00:00:01:10..00:00:02:00", (35, 50)),
        ("..00:00:02:00", (0, 50)),
    ],
)
def test_ranges_are_read(text: str, frames: tuple[int, int]) -> None:
    """Frames, seconds, clock times and time codes all become half-open frame numbers."""
    assert resolve(text) == frames


@pytest.mark.parametrize("text", ["", "5", "1:2:3", "a:b", "1.5:3", "-3:5", "1..2..3", "5s:1m", "00:00:05.5:00:00:10"])
def test_what_is_no_range_is_refused(text: str) -> None:
    """Anything ambiguous or unreadable is refused with the forms that work."""
    with pytest.raises(OptionError) as refused:
        parse_span(text)
    assert "00:00:05:12" in refused.value.remedy or "00:01:05:12" in refused.value.remedy


@pytest.mark.parametrize("text", ["200:300", "250:", "20:20", "30:20", "11s:"])
def test_ranges_outside_name_the_length(text: str) -> None:
    """A range that is empty or reaches outside is refused, and the clip's length is told."""
    with pytest.raises(ClipError, match="which has 250 frames"):
        resolve(text)


@pytest.mark.parametrize(
    ("code", "frame"),
    [("00:00:59;29", 1799), ("00:01:00;02", 1800), ("00:10:00;00", 17982), ("01:00:00;00", 107892)],
)
def test_drop_frame_counts_as_smpte_does(code: str, frame: int) -> None:
    """Drop-frame codes at 29.97 skip two numbers a minute, except every tenth."""
    moment = parse_span(f"{code}..").start
    assert isinstance(moment, TimeCode)
    assert moment.frame(NTSC) == frame


def test_plain_code_counts_every_number() -> None:
    """Without the semicolon nothing is skipped, at the nominal rate."""
    assert parse_span("00:01:00:00..").start == TimeCode(seconds=60, frames=0, drop=False)
    assert TimeCode(seconds=60, frames=0, drop=False).frame(NTSC) == 1800


def test_a_span_without_sides_is_everything() -> None:
    """The default span is the whole clip."""
    assert Span().resolve(count=7, rate=Fraction(25), frame_at=int, name="x") == (0, 7)


def test_rectangles_are_read() -> None:
    """X,Y,W,H becomes a rectangle."""
    assert parse_crop("10, 20,300,400") == Rect(x=10, y=20, width=300, height=400)


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,4,5", "1,2,-3,4", "1,2,0,4", "a,b,c,d", "1.5,2,3,4"])
def test_what_is_no_rectangle_is_refused(text: str) -> None:
    """Anything else, an empty rectangle too, is refused."""
    with pytest.raises(OptionError):
        parse_crop(text)


def test_rectangle_outside_names_the_size() -> None:
    """A rectangle that reaches outside is refused with the picture's size."""
    rect = Rect(x=300, y=0, width=21, height=10)
    rect.check_inside((240, 321), "clip.mp4")
    with pytest.raises(ClipError, match="320 x 240"):
        rect.check_inside((240, 320), "clip.mp4")
