from __future__ import annotations

import pytest

from dtsgan.ui import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (8.4, "8 s"),
        (89, "89 s"),
        (91, "2 min"),
        (3 * 60 + 10, "3 min"),
        (99 * 60, "99 min"),
        (119.9 * 60, "2 h"),
        (140 * 60, "2 h 20 min"),
        (30 * 3600, "30 h"),
    ],
)
def test_duration(seconds: float, said: str) -> None:
    """Lengths of time come in the unit and with the exactness that a person would use."""
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "time left not known yet"),
        (0.3, "about 5 s left"),
        (33, "about 35 s left"),
        (170, "about 3 min left"),
    ],
)
def test_left(seconds: float | None, said: str) -> None:
    """What remains is rounded so that it doesn't jump about, and not invented while unknown."""
    assert words.left(seconds) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (38_400, "38 kB"), (999_600, "1.0 MB"), (1_440_000_000, "1.4 GB"),
     (5_000_000_000_000, "5.0 TB")],
)  # fmt: skip
def test_size(count: int, said: str) -> None:
    """Sizes have two figures and never more than three digits before the unit."""
    assert words.size(count) == said


def test_plural_and_picture_size() -> None:
    """One frame, two frames; width comes before height."""
    assert words.plural(1, "frame") == "1 frame"
    assert words.plural(2, "frame") == "2 frames"
    assert words.picture_size((360, 640)) == "640x360"
