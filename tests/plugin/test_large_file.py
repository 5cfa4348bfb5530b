"""A few seconds of a long 4K film cost what those seconds cost, and as much memory as is allowed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
MAIN = """
import sys
from dtsgan.engine.memory import peak_bytes
from dtsgan.plugin.cli import main
code = main(sys.argv[1:])
print(peak_bytes() / 2**20)
raise SystemExit(code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is known from /proc or getrusage")
def test_learning_from_a_range_of_ten_minutes_of_4k_fits_in_memory(long_uhd: Path, tmp_path: Path) -> None:
    """From the command line to the model in less than 2 GiB, and at the plan's sizes."""
    words = ["learn", str(long_uhd), "-o", str(tmp_path / "a.dtsgan"), "--range", "7510:7534"]
    words += ["--steps", "1", "--scales", "1", "--size", "48", "--device", "cpu", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *words], cwd=TESTS, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *events, peak = done.stdout.splitlines()
    plan = next(event for event in map(json.loads, events) if event["event"] == "planned")
    assert plan["sizes_hw"] == [[48, 84]]
    assert (tmp_path / "a.dtsgan").exists()
    assert float(peak) < 2048


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is known from /proc or getrusage")
def test_results_of_4k_stay_within_the_memory_allowed(long_uhd: Path, tmp_path: Path) -> None:
    """With less memory than its 24 frames and the rest would take, fewer frames serve, and it is said."""
    words = ["generate", str(long_uhd), "-o", str(tmp_path / "a.mkv"), "--range", "7510:7534"]
    words += ["--frames", "2", "--memory", "1.6G", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *words], cwd=TESTS, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *lines, peak = done.stdout.splitlines()
    events = [json.loads(line) for line in lines]
    assert any("more would take too much memory" in event.get("text", "") for event in events)
    assert float(peak) < 1.6 * 1024
    assert events[-1]["peak_memory_bytes"] / 2**20 == pytest.approx(float(peak), rel=0.05)
