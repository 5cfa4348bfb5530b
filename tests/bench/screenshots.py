"""Pictures of every page with a clip: ``python -m tests.bench.screenshots CLIP FOLDER [--size 1280x720]``.

On a screen in memory, with the real window and real workers; takes minutes. With ``sample`` as CLIP the clip is the
program's own. The pictures in the README are of that.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.screens import screen

if TYPE_CHECKING:
    from collections.abc import Callable

WAIT_S = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--home", type=Path, help="keep models and results there, for the next time")
    arguments = parser.parse_args()
    if os.environ.get("QT_QPA_PLATFORM") == "xcb":
        take(arguments.clip, arguments.folder, *map(int, arguments.size.split("x")))
        return
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, screen(*map(int, arguments.size.split("x"))) as environment:
        home = arguments.home or Path(temporary)
        environment |= {"DTSGAN_HOME": str(home / "home"), "DTSGAN_CACHE": str(home / "cache")}
        command = [sys.executable, "-m", "tests.bench.screenshots", *sys.argv[1:]]
        subprocess.run(command, env=environment, check=True)


def take(clip: str, folder: Path, width: int, height: int) -> None:  # noqa: PLR0915  # a list of steps
    """In a process that has a screen."""
    from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from dtsgan.ui.app import open_window

    application = QApplication([])
    window = open_window()
    studio = window.studio
    home = Path(os.environ["DTSGAN_HOME"])
    studio.results_folder = lambda: home.parent / "Videos"
    window.resize(width, height)
    window.show()
    window.activateWindow()

    def wait(seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(int(1000 * seconds), loop.quit)
        loop.exec()

    def until(done: Callable[[], object]) -> None:
        for _ in range(WAIT_S * 20):
            if done():
                wait(0.7)
                return
            wait(0.05)
        sys.exit(f"It never came to this. Told: {studio.notice.state}")

    def shot(name: str) -> None:
        wait(0.3)
        application.primaryScreen().grabWindow(window.winId()).save(str(folder / f"{name}.png"))

    def stroke(points: list[tuple[float, float]]) -> None:
        canvas = window.panel.viewer.canvas
        assert studio.project.clip is not None
        high, wide = studio.project.clip.size_hw
        places: list[QPoint] = [canvas.to_widget(QPointF(wide * x, high * y)).toPoint() for x, y in points]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
        for place in places[1:]:
            QTest.mouseMove(canvas, place)
            wait(0.01)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])

    def learn() -> None:
        studio.document.change("", {"learn.quality": "quick"})
        until(lambda: studio.learning.state.choices)
        studio.learning.start()
        until(lambda: len(studio.learning.state.tries) > 1)
        shot("learn-working")
        until(lambda: studio.project.model is not None and studio.library.entries)
        shot("learn")

    def extend() -> None:
        studio.view.set({"page": "extend"})
        studio.document.change("", {"extend.mode": "loop", "extend.bridge": 24})
        wait(0.3)
        shot("extend-plan")
        window.panel.extend.make()
        until(lambda: any(each.made_by == "extend" for each in studio.project.results))
        shot("extend")
        studio.view.set({"compare": "wipe", "frame": 12})
        wait(0.5)
        shot("compare")
        studio.view.set({"compare": "none", "slice": True})
        wait(2.0)
        shot("slice")
        studio.view.set({"slice": False, "showing": "clip"})

    def replace() -> None:
        assert studio.project.clip is not None
        radius = 0.05 * studio.project.clip.size_hw[0]
        studio.view.set({"page": "replace", "tool": "brush", "brush_px": radius, "frame": 10})
        wait(0.5)
        stroke([(0.2, 0.45), (0.22, 0.5), (0.24, 0.55)])
        shot("replace-mask")
        until(lambda: studio.previews.state.state in ("ready", "failed"))
        shot("replace")
        studio.view.set({"tool": "none"})

    def variants() -> None:
        studio.view.set({"page": "variants"})
        studio.document.change("", {"variants.count": 6, "variants.frames": 25})
        window.panel.variants.make()
        until(lambda: sum(each.made_by == "variants" for each in studio.project.results) >= 3)
        shot("variants-working")
        until(lambda: not studio.queue.busy)
        made = [each.id for each in studio.project.results if each.made_by == "variants"]
        studio.mark({made[0], made[3]}, "starred", "Star")
        studio.mark({made[1]}, "rejected", "Reject")
        studio.view.set({"showing": made[0], "filter": "all", "frame": 0})
        until(lambda: True)
        shot("variants")
        studio.view.set({"showing": "clip"})

    shot("empty")
    if clip == "sample":
        studio.opening.open_sample()
    else:
        studio.opening.open_clip(Path(clip).absolute())
    until(lambda: studio.project.clip is not None)
    for step in (learn, extend, replace, variants):
        step()
    studio.view.set({"page": "queue"})
    shot("queue")
    studio.view.set({"page": "extend", "theme": "light", "showing": "clip"})
    wait(0.5)
    shot("extend-light")
    studio.view.set({"page": "learn"})
    shot("learn-light")
    window.end()


if __name__ == "__main__":
    main()
