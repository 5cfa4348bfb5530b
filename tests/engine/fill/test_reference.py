"""What a person names as the reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtsgan.engine.clip import Rect
from dtsgan.engine.errors import OptionError
from dtsgan.engine.fill import Reference, parse_reference

RECT = Rect(x=10, y=20, width=30, height=40)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10,20,30,40", Reference(rect=RECT)),
        ("10,20,30,40@0", Reference(rect=RECT, frame=0)),
        (" 10, 20, 30, 40 @ 120", Reference(rect=RECT, frame=120)),
        ("10,20,30,40@other.mp4", Reference(rect=RECT, clip=Path("other.mp4"))),
        ("10,20,30,40@a@b.mkv", Reference(rect=RECT, clip=Path("a@b.mkv"))),
        ("other.mp4", Reference(rect=None, clip=Path("other.mp4"))),
        ("a,b,c,d.mov", Reference(rect=None, clip=Path("a,b,c,d.mov"))),
    ],
)
def test_references(text: str, meant: Reference) -> None:
    assert parse_reference(text) == meant


@pytest.mark.parametrize("text", ["", " ", "10,20,30", "10,20,30,40@", "10,20,0,40", "10,20,-3,40", "nonsense"])
def test_no_references(text: str) -> None:
    with pytest.raises(OptionError):
        parse_reference(text)
