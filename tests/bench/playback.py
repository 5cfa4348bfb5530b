"""How well a clip plays: ``python -m tests.bench.playback CLIP [--seconds 10] [--size 1600x900]``.

The real window's viewer without a screen, with the real event loop. Prints the pictures seen a second, those left out,
how evenly, and the longest that the event loop was busy with one thing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

from support.system import qt_libraries

qt_libraries()

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from dtsgan.ui.media import ClipPictures  # noqa: E402
from dtsgan.ui.studio import Studio  # noqa: E402
from dtsgan.ui.theme import dress  # noqa: E402
from dtsgan.ui.viewer import Viewer  # noqa: E402


class Blocks:
    """The longest that the event loop didn't come round, in ms."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._round)
        self._timer.start()

    def _round(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, 1000 * (now - self._last) - 1)
        self._last = now


def spin(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def play(viewer: Viewer, seconds: float, speed: float) -> None:
    """Play, and print how it went."""
    shown = viewer.shown.pictures
    studio_view = viewer.canvas.studio.view
    assert isinstance(shown, ClipPictures)
    seen: list[int] = []
    turned = 0

    def painted() -> None:
        seen.append(turned + (viewer.shown.number or 0))

    def moved(before: object, now: object) -> None:
        nonlocal turned
        gone = getattr(now, "frame", 0) - getattr(before, "frame", 0)
        if gone * speed < 0:
            turned += shown.count if speed > 0 else -shown.count

    studio_view.set({"frame": 0 if speed > 0 else shown.count - 1})
    spin(0.5)
    viewer.canvas.painted.connect(painted)
    studio_view.changed.connect(moved)
    before, cpu = time.perf_counter(), time.process_time()
    blocks = Blocks()
    studio_view.set({"speed": speed})
    spin(seconds)
    studio_view.set({"speed": 0.0})
    took, cpu = time.perf_counter() - before, time.process_time() - cpu
    viewer.canvas.painted.disconnect(painted)
    studio_view.changed.disconnect(moved)
    steps = Counter(abs(after - before) for before, after in pairwise(seen))
    due = float(shown.rate) * abs(speed)
    print(f"{speed:+g}x: {len(seen) / took:.1f} pictures a second of {due:.4g}; {cpu / took:.2f} cores")
    print(f"     frames from one picture to the next: {dict(sorted(steps.items()))}")
    print(f"     longest event {blocks.longest_ms:.1f} ms; {shown.kept.bytes / 1e6:.0f} MB of pictures")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--size", default="1280x760", help="of the viewer, in px")
    parser.add_argument("--speeds", default="1", help="as in 1,4,-1")
    arguments = parser.parse_args()
    application = QCoreApplication.instance() or QApplication([])
    width, height = map(int, arguments.size.split("x"))
    with tempfile.TemporaryDirectory() as home:
        studio = Studio(folder=Path(home))
        studio.told.connect(print)
        viewer = Viewer(studio)
        dress(viewer, "dark")
        viewer.resize(width, height)
        viewer.show()
        before = time.perf_counter()
        studio.opening.open_clip(arguments.clip)
        while viewer.shown.image is None:
            application.processEvents()
        print(f"open after {1000 * (time.perf_counter() - before):.0f} ms")
        for speed in arguments.speeds.split(","):
            play(viewer, arguments.seconds, float(speed))
        viewer.close()
        studio.close()


if __name__ == "__main__":
    main()
