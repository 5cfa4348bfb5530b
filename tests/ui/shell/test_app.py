from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from support.videos import texture, write_video

if TYPE_CHECKING:
    from pathlib import Path

OPENED = """
import sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
from dtsgan.ui.app import open_window
window = open_window()
window.show()
application.processEvents()
heavy = {"torch", "onnxruntime", "onnx", "cv2"} & {name.split(".")[0] for name in sys.modules}
window.studio.close()
print(sorted(heavy))
"""

DOCKED = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow, QDockWidget
application = QApplication([])
from pathlib import Path
from dtsgan.ui.panel import Panel
from dtsgan.ui.studio import Studio
host = QMainWindow()
dock = QDockWidget("dtsgan", host)
studio = Studio(folder=Path(sys.argv[1]))
dock.setWidget(Panel(studio))
host.addDockWidget(__import__("PySide6.QtCore").QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
host.show()
application.processEvents()
studio.close()
print("docked", host.style().objectName())
"""


def ran(code: str, tmp_path: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DTSGAN_HOME": str(tmp_path / "home"), **variables}
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_window_opens_without_torch(tmp_path: Path) -> None:
    """Neither torch nor a runtime is imported into the window's process."""
    done = ran(OPENED, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_the_panel_can_be_docked_by_a_host(tmp_path: Path) -> None:
    """It makes no application of its own, and leaves the host's looks alone."""
    done = ran(DOCKED, tmp_path, str(tmp_path / "home"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("docked")


def test_without_a_screen_the_command_says_so(tmp_path: Path) -> None:
    """Where there is no screen the exit code is 2, and the remedy names the command line."""
    code = "import sys; from dtsgan.plugin.cli import main; sys.exit(main(['app']))"
    hidden = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"), "")
    done = ran(code, tmp_path, **hidden)
    if sys.platform.startswith("linux"):
        assert done.returncode == 2
        assert "no screen" in done.stderr
        assert "Traceback" not in done.stderr


INTERRUPTED = """
import os, signal, sys
from dtsgan.plugin.cli import main
from dtsgan.ui import app
opened = app.open_window

def open_and_interrupt():
    window = opened()
    def changed(_before, after):
        if after.clip is not None:
            os.kill(os.getpid(), signal.SIGINT)
    window.studio.document.changed.connect(changed)
    return window

app.open_window = open_and_interrupt
sys.exit(main(["app", sys.argv[1]]))
"""


def test_ctrl_c_ends_it_without_a_question(tmp_path: Path) -> None:
    """Interrupted in a terminal the window closes, and what isn't saved is kept for the next one."""
    clip = write_video(tmp_path / "waves.mp4", texture(20, (48, 64)))
    done = ran(INTERRUPTED, tmp_path, str(clip))
    assert done.returncode == 0, done.stderr
    (kept,) = (tmp_path / "home" / "unsaved").glob("*.dtsproject")
    assert "waves.mp4" in kept.read_text()


def test_an_unknown_path_is_told_in_words(tmp_path: Path) -> None:
    """A clip that isn't there, in a folder that isn't either, ends the command with 2."""
    code = "import sys; from dtsgan.plugin.cli import main; sys.exit(main(['app', sys.argv[1]]))"
    done = ran(code, tmp_path, str(tmp_path / "no" / "clip.mp4"))
    assert done.returncode == 2
    assert "clip.mp4" in done.stderr
