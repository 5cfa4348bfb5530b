"""A ten-minute 4K file costs no more memory than the frames that are asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

READ = """
import json, sys
from pathlib import Path
from dtsgan.engine.memory import peak_bytes
from dtsgan.engine.clip import Span
from dtsgan.engine.video.reader import read_clip
clip = read_clip(Path(sys.argv[1]), span=Span(start=7510, stop=7760), short_side=96)
print(json.dumps({"peak_mib": peak_bytes() / 2**20, "shape": clip.frames_thwc.shape, "span": clip.span}))
"""
TESTS = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is known from /proc or getrusage")
def test_range_of_ten_minutes_of_4k_fits_in_memory(long_uhd: Path) -> None:
    """250 frames out of 15,000 are read from the key frame before them, in less than 1 GiB, decoder included."""
    command = [sys.executable, "-c", READ, str(long_uhd)]
    result = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=100, cwd=TESTS).stdout
    )
    assert result["shape"] == [250, 96, 171, 3]
    assert result["span"] == [7510, 7760]
    assert result["peak_mib"] < 600
