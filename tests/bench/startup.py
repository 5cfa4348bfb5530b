"""How long ``dtsgan app`` takes until its window is seen: ``python -m tests.bench.startup [--runs 7]``.

On a screen in memory, each time in a new process, from its start to the first picture of the window.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.screens import screen

SEEN = """
import sys, time
from dtsgan.plugin.cli import app as _  # what the command line imports first
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from PySide6.QtTest import QTest
application = QApplication([])
from dtsgan.ui.app import open_window
window = open_window()
window.show()
QTest.qWaitForWindowExposed(window)
window.grab()
print(time.time(), "torch" in sys.modules)
window.end()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    taken = []
    with tempfile.TemporaryDirectory() as home, screen() as environment:
        for _ in range(arguments.runs):
            began = time.time()
            done = subprocess.run(
                [sys.executable, "-c", SEEN],
                env=environment | {"DTSGAN_HOME": home},
                capture_output=True,
                text=True,
                check=True,
            )
            seen, torch = done.stdout.split()
            assert torch == "False", "torch was imported"
            taken.append(float(seen) - began)
    print(f"window seen after {statistics.median(taken):.2f} s ({min(taken):.2f} to {max(taken):.2f})")


if __name__ == "__main__":
    main()
