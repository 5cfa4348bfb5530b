from __future__ import annotations

import json
from typing import Any

import pytest

from dtsgan.export.preview import Request, proxy_size, window_of
from dtsgan.export.preview.request import decoded

ASKED: dict[str, Any] = {"number": 1, "clip": "/fire.mp4", "window": [0, 48], "mask": "/mask.png"}
PATCH = {"x": 1, "y": 2, "width": 30, "height": 20}


def line(**changes: Any) -> bytes:
    return json.dumps(ASKED | changes).encode()


def test_a_request_is_read() -> None:
    """What makes sense comes out as it went in."""
    request = decoded(line(reference=PATCH, fill="patch", sequence_rate="24000/1001", inject=0))
    assert isinstance(request, Request)
    assert request.rate is not None
    assert float(request.rate) == pytest.approx(23.976, abs=1e-3)


@pytest.mark.parametrize(
    "changes",
    [
        {"window": [5, 5]},
        {"window": [-1, 5]},
        {"window": [0]},
        {"sequence_rate": "x"},
        {"sequence_rate": "1/0"},
        {"sequence_rate": "-25"},
        {"sequence_rate": "0"},
        {"reference": PATCH | {"x": -1}},
        {"reference": PATCH | {"width": 0}},
        {"reference": PATCH | {"frame": -3}},
        {"inject": -4},
        {"feather_px": -7.0},
        {"fill": "magic"},
        {"more": 1},
        {"clip": None},
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    """Values that can't be end in one kind of error, before any file is opened."""
    with pytest.raises(ValueError, match=r"\w"):
        decoded(line(**changes))


@pytest.mark.parametrize("content", [b"{nope", b"\xff\xfe", b"[1]", b"null"])
def test_what_is_no_json_object_is_refused(content: bytes) -> None:
    """Noise is refused as bad values are."""
    with pytest.raises(ValueError, match=r"\w"):
        decoded(content)


@pytest.mark.parametrize(
    ("frames", "around", "window"),
    [
        (range(200), 100, range(76, 124)),
        (range(200), 3, range(48)),
        (range(200), 199, range(152, 200)),
        (range(10, 30), 0, range(10, 30)),
    ],
)
def test_the_window_lies_around_what_is_seen(frames: range, around: int, window: range) -> None:
    """Two seconds, within the range that is used."""
    assert window_of(frames, around) == window


def test_copies_are_small_and_even() -> None:
    """The short side has 128 px, or the clip's own where that is less; both are even."""
    assert proxy_size((1080, 1920)) == (128, 228)
    assert proxy_size((50, 71)) == (50, 72)
