from __future__ import annotations

import io
import json
from pathlib import Path

from dtsgan.ui.progress import JsonReporter, TextReporter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_terminal_shows_one_line_that_is_written_over() -> None:
    """Progress stays on its line, blanks out what a longer one left, and gives way to a notice."""
    notes, clock = Terminal(), Clock()
    reporter = TextReporter(io.StringIO(), notes, clock=clock)
    reporter.progress("scale 10 of 10", done=0.5, left_s=200)
    clock.now = 1
    reporter.progress("scale 1 of 2", done=0.75, left_s=None)
    reporter.say("notice", "Cut found at frame 144.")
    first, second, blank, notice = notes.getvalue().split("\r")[1:]
    assert first == "############............  50%  scale 10 of 10, about 3 min left"
    assert second.startswith("##################......  75%  scale 1 of 2, time left not known yet")
    assert len(second) >= len(first)
    assert blank.isspace()
    assert notice == "Cut found at frame 144.\n"


def test_progress_is_throttled() -> None:
    """A thousand steps within a second write about ten times to a terminal, and once to a file."""
    for notes, expected in ((Terminal(), 10), (io.StringIO(), 1)):
        clock = Clock()
        reporter = TextReporter(io.StringIO(), notes, clock=clock)
        for step in range(1000):
            clock.now = step / 1000
            reporter.progress("step", done=step / 1000, left_s=1)
        assert notes.getvalue().count("step") == expected


def test_a_file_gets_whole_lines() -> None:
    """Where no terminal is, nothing is written over: each line ends, half a minute apart."""
    notes, clock = io.StringIO(), Clock()
    reporter = TextReporter(io.StringIO(), notes, clock=clock)
    for clock.now in (0, 29, 31):
        reporter.progress(f"at {clock.now}", done=0.1, left_s=60)
    assert notes.getvalue() == " 10%  at 0, about 60 s left\n 10%  at 31, about 60 s left\n"


def test_the_result_alone_goes_to_standard_output() -> None:
    """What a pipe wants is the result; all else goes the other way."""
    results, notes = io.StringIO(), io.StringIO()
    reporter = TextReporter(results, notes)
    reporter.say("notice", "a notice")
    reporter.progress("working", done=0, left_s=None)
    reporter.finish("Saved.", {"model": "a"})
    reporter.fail("No disk.", "Buy one.")
    assert results.getvalue() == "Saved.\n"
    assert notes.getvalue().endswith("dtsgan: No disk.\nBuy one.\n")


def test_json_is_one_object_a_line() -> None:
    """Every event is a line of its own that a program can read, the result the last."""
    results = io.StringIO()
    reporter = JsonReporter(results)
    reporter.say("notice", "Cut found.", frame=144)
    reporter.progress("scale 1 of 2", done=0.5, left_s=None, step=3)
    reporter.finish("Saved.", {"model": Path("fire.dtsgan")})
    reporter.fail("No disk.", "Buy one.")
    assert [json.loads(line) for line in results.getvalue().splitlines()] == [
        {"event": "notice", "text": "Cut found.", "frame": 144},
        {"event": "progress", "text": "scale 1 of 2", "done": 0.5, "left_s": None, "step": 3},
        {"event": "result", "model": "fire.dtsgan"},
        {"event": "failure", "problem": "No disk.", "remedy": "Buy one."},
    ]
