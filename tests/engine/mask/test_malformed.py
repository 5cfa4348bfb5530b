"""Files of polygons that are not what they should be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.masks import box, keyed, refusal

from dtsgan.engine.errors import OptionError
from dtsgan.engine.mask.polygons import MAX_BYTES, MAX_KEYFRAMES, MAX_POINTS, MAX_POLYGONS


def malformed() -> dict[str, tuple[Any, str]]:
    good = box(1, 1, 4, 4)
    two = keyed((0, good), (5, good[:3]))
    return {
        "no JSON": ('{"keyframes": [\n{"frame": 0,, ', "no JSON at line 2, column 13"),
        "no text": (b"{\xff\xfe\xfa", "no JSON"),
        "deep": ("[" * 100_000, "no JSON"),
        "a list": ([], 'the outermost braces need either "keyframes" or "polygons"'),
        "neither": ({"points": good}, 'need either "keyframes" or "polygons"'),
        "both": (keyed((0, good)) | {"polygons": []}, 'need either "keyframes" or "polygons"'),
        "no list": ({"keyframes": 3}, 'it needs "keyframes", a list'),
        "no key frames": ({"keyframes": []}, "keyframes has 0 entries, but 1 to 10000 are allowed"),
        "no polygons": ({"polygons": []}, "polygons has 0 entries, but 1 to 100 are allowed"),
        "a number": ({"polygons": [keyed((0, good)), 7]}, 'polygons[1] needs "keyframes", a list'),
        "no points": ({"keyframes": [{"frame": 0}]}, 'keyframes[0] needs "points", a list'),
        "no frame": ({"keyframes": [{"points": good}]}, 'keyframes[0] needs a "frame", a whole number from 0'),
        "half a frame": ({"keyframes": [{"frame": 1.5, "points": good}]}, 'keyframes[0] needs a "frame"'),
        "true": ({"keyframes": [{"frame": True, "points": good}]}, 'keyframes[0] needs a "frame"'),
        "before": (keyed((-1, good)), 'keyframes[0] needs a "frame", a whole number from 0'),
        "a line": (keyed((0, good[:2])), "keyframes[0].points has 2, but a polygon needs at least 3"),
        "a word": (keyed((0, [*good, "x"])), "keyframes[0].points[4] is not [x, y]"),
        "three": (keyed((0, [*good, [1, 2, 3]])), "keyframes[0].points[4] is not [x, y]"),
        "text": (keyed((0, [*good, ["1", 2]])), "keyframes[0].points[4] is not [x, y]"),
        "nan": (keyed((0, [*good, [float("nan"), 2]])), "keyframes[0].points[4] is not [x, y], two numbers"),
        "inf": (keyed((0, [*good, [1, float("inf")]])), "keyframes[0].points[4] is not [x, y], two numbers"),
        "1e999": ('{"keyframes": [{"frame": 0, "points": [[1e999, 0], [1, 1], [2, 0]]}]}', "points[0] is not [x, y]"),
        "far": (keyed((0, [*good, [10**400, 2]])), "from -1000000 to 1000000"),
        "endless": ('{"keyframes": [{"frame": ' + "1" * 5000 + "}]}", "no JSON"),
        "twice": (keyed((3, good), (3, good)), "keyframes[1] is another one of frame 3"),
        "fewer": (
            two,
            "keyframes[1] has 3 points and keyframes[0] 4, but all key frames of a polygon need equally many",
        ),
        "within": ({"polygons": [keyed((0, good)), two]}, "polygons[1].keyframes[1] has 3 points"),
        "corners": (keyed((0, [[0, 0]] * (MAX_POINTS + 1))), "keyframes[0].points has 1001 entries"),
        "keys": (keyed(*[(0, good)] * (MAX_KEYFRAMES + 1)), "keyframes has 10001 entries"),
        "many": ({"polygons": [0] * (MAX_POLYGONS + 1)}, "polygons has 101 entries"),
        "large": (b"{" + b" " * MAX_BYTES, "it is larger than 4 MB"),
    }


@pytest.mark.parametrize("name", malformed())
def test_malformed_polygons_are_told_what_and_where(tmp_path: Path, name: str) -> None:
    """Whatever is in the file, its first fault is named by its place, and the right form is shown."""
    content, words = malformed()[name]
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    (tmp_path / "a.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    error = refusal(tmp_path / "a.json")
    assert isinstance(error, OptionError)
    assert error.problem.startswith("a.json is not a mask of polygons: ")
    assert words in error.problem
    assert '{"keyframes": [{"frame": 0, "points": [[x, y]' in error.remedy
