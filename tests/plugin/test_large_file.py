"""Learning from a few seconds of a long 4K film costs what those seconds cost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LEARN = """
import sys
from support.memory import peak_mib
from dtsgan.plugin.cli import main
code = main(sys.argv[1:])
print(peak_mib())
raise SystemExit(code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is known from /proc or getrusage")
def test_learning_from_a_range_of_ten_minutes_of_4k_fits_in_memory(long_uhd: Path, tmp_path: Path) -> None:
    """From the command line to the model in less than 2 GiB, and at the plan's sizes."""
    words = ["learn", str(long_uhd), "-o", str(tmp_path / "a.dtsgan"), "--range", "7510:7534"]
    words += ["--steps", "1", "--scales", "1", "--size", "48", "--device", "cpu", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", LEARN, *words], cwd=TESTS, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *events, peak = done.stdout.splitlines()
    plan = next(event for event in map(json.loads, events) if event["event"] == "planned")
    assert plan["sizes_hw"] == [[48, 84]]
    assert (tmp_path / "a.dtsgan").exists()
    assert float(peak) < 2048
