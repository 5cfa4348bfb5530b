"""A person's first quarter of an hour with the window, by mouse and keys, on a screen: ``journey.py FOLDER CLIP``.

Prints what was seen as JSON; ends with a message where a step doesn't come to its end.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint, QPointF, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from dtsgan.ui.app import open_window

if TYPE_CHECKING:
    from collections.abc import Callable

STEP_S = 600
TICK_MS = 5


class Watch:
    """How long the event loop is busy with one thing: in all, and of that the time that this thread worked."""

    def __init__(self) -> None:
        self.longest_ms = self.longest_work_ms = 0.0
        self._last = self._last_work = 0.0
        self._timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._last, self._last_work = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now, work = time.perf_counter(), time.thread_time()
        self.longest_ms = max(self.longest_ms, 1000 * (now - self._last) - TICK_MS)
        self.longest_work_ms = max(self.longest_work_ms, 1000 * (work - self._last_work))
        self._last, self._last_work = now, work


def wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def until(done: Callable[[], object], what: str) -> float:
    """Let the window live until something is so; the seconds that took."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > STEP_S:
            sys.exit(f"It never came to this: {what}. Told: {window.studio.notice.state}")
        wait(0.02)
    return time.monotonic() - began


def click(widget: QWidget, at: QPoint | None = None) -> None:
    assert widget.isVisible(), widget
    assert widget.isEnabled(), widget
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


def drag(widget: QWidget, points: list[QPoint]) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(widget, point)
        wait(0.01)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=points[-1])


def turn_to(page: str) -> None:
    names = ["learn", "extend", "replace", "variants", "queue"]
    bar = window.panel.tabs.tabBar()
    click(bar, bar.tabRect(names.index(page)).center())
    assert window.studio.view.state.page == page


def open_clip(path: str) -> None:
    """By the dialog, which is answered for the person."""
    QFileDialog.getOpenFileName = lambda *_, **__: (path, "")  # type: ignore[method-assign]
    click(window.panel.viewer.invite.open)
    until(lambda: studio.project.clip is not None, "a clip is open")


def learn() -> None:
    page: Any = window.panel.tabs.widget(0)
    until(lambda: studio.learning.state.choices, "what learning takes is known")
    click(page.qualities[0])
    watch.start()
    click(page.go)
    until(lambda: studio.learning.state.tries, "a scale is learned")
    seen["tried_px"] = studio.learning.state.tries[-1].size_hw
    until(lambda: studio.project.model is not None, "the clip is learned")
    watch.stop()
    seen["model"] = studio.project.model
    until(lambda: studio.library.entries, "the library has it")


def paint() -> None:
    """A mask by the mouse, and its preview; one stroke more is taken back by a key."""
    turn_to("replace")
    click(window.panel.replace.fills[1])
    canvas = window.panel.viewer.canvas
    until(canvas.isVisible, "the picture is there")
    studio.view.set({"tool": "brush", "brush_px": 4.0})
    assert studio.project.clip is not None
    height, width = studio.project.clip.size_hw

    def stroke(row: float) -> None:
        places = [QPointF(width * share, height * row) for share in (0.35, 0.45, 0.55)]
        drag(canvas, [canvas.to_widget(place).toPoint() for place in places])

    stroke(0.5)
    assert studio.project.replace.mask.keys, "the stroke is in the mask"
    seen["preview_s"] = until(lambda: studio.previews.state.state in ("ready", "failed"), "a preview is made")
    assert studio.previews.state.state == "ready", studio.previews.state
    assert studio.view.state.showing == "preview"
    stroke(0.8)
    before = studio.project.replace.mask
    QTest.keySequence(canvas, QKeySequence(QKeySequence.StandardKey.Undo))
    assert studio.project.replace.mask != before, "undo takes a stroke back"
    assert len(studio.project.replace.mask.keys[0].shapes) == 1
    click(window.panel.replace.go)
    until(lambda: any(each.made_by == "replace" for each in studio.project.results), "the region is replaced")


def loop() -> None:
    turn_to("extend")
    page = window.panel.extend
    click(page.modes[1])
    page.bridge.setValue(16)
    click(page.go)
    until(lambda: any(each.made_by == "extend" for each in studio.project.results), "the loop is made")
    result = next(each for each in studio.project.results if each.made_by == "extend")
    assert studio.view.state.showing == result.id
    seen["loop"] = {"path": result.path, "frames": result.frames, "joints": result.joints}
    target = folder / "exported.mp4"
    QFileDialog.getSaveFileName = lambda *_, **__: (str(target), "")  # type: ignore[method-assign]
    QTest.keySequence(window.panel.viewer.canvas, QKeySequence("Ctrl+E"))
    until(target.exists, "the loop is exported")
    seen["exported"] = str(target)


def choose() -> None:
    """Two variants; one gets a star by a key, and is exported."""
    turn_to("variants")
    page: Any = window.panel.variants
    page.count.setValue(2)
    page.length.setValue(8)
    click(page.go)
    made = lambda: [each for each in studio.project.results if each.made_by == "variants"]  # noqa: E731
    until(lambda: len(made()) == 2, "two variants are made")
    until(lambda: not studio.queue.busy, "they are done")
    gallery = page.gallery
    place = gallery.visualRect(gallery.model().index(0, 0)).center()
    click(gallery.viewport(), place)
    QTest.keyClick(gallery, Qt.Key.Key_S)
    assert [each.mark for each in made()] == ["starred", ""]
    target = folder / "starred"
    target.mkdir()
    QFileDialog.getExistingDirectory = lambda *_, **__: str(target)  # type: ignore[method-assign]
    click(page.out)
    until(lambda: list(target.glob("[!.]*.mp4")), "the starred one is exported")
    seen["starred"] = [str(path) for path in target.glob("[!.]*.mp4")]


def keep() -> None:
    """The project is saved, and reopens as it was."""
    path = folder / "work.dtsproject"
    QFileDialog.getSaveFileName = lambda *_, **__: (str(path), "")  # type: ignore[method-assign]
    QTest.keySequence(window.panel.viewer.canvas, QKeySequence(QKeySequence.StandardKey.Save))
    until(path.exists, "the project is saved")
    before = studio.project
    studio.document.new()
    assert studio.project.clip is None
    window.menus.open(path)
    assert studio.project == before


def complain(kind: Any, context: Any, text: str) -> None:
    """Qt's warnings end the journey."""
    del kind, context
    sys.stderr.write(f"Qt: {text}\n")
    seen["warnings"].append(text)


def failing(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    sys.__excepthook__(kind, error, trace)
    os._exit(1)


folder, clip = Path(sys.argv[1]), sys.argv[2]
os.environ["DTSGAN_HOME"], os.environ["DTSGAN_CACHE"] = str(folder / "home"), str(folder / "cache")
seen: dict[str, Any] = {"warnings": []}
sys.excepthook = failing
qInstallMessageHandler(complain)
application = QApplication(sys.argv[:1])
QCoreApplication.setApplicationName("dtsgan")
window = open_window()
studio = window.studio
studio.results_folder = lambda: folder / "results"
watch = Watch()
window.show()
window.activateWindow()  # no window manager does
if not QTest.qWaitForWindowActive(window):
    sys.exit("The window didn't become active.")
for step in (lambda: open_clip(clip), learn, paint, loop, choose, keep):
    step()
seen["longest_ms"], seen["longest_work_ms"] = watch.longest_ms, watch.longest_work_ms
seen["platform"] = application.platformName()
seen["torch"] = "torch" in sys.modules
window.leaving.may_close = lambda: True
window.close()
print(json.dumps(seen))  # what the test reads
