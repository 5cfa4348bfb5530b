"""Programs that tests need beside Python: installed where this is allowed, named where it is not."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest


def program(*names: str, package: str) -> str:
    """The path of the first of these programs; Debian's package of them is installed if need be and possible."""
    for attempt in range(2):
        for name in names:
            if found := shutil.which(name):
                return found
        if attempt == 0 and _may_install():
            _install(package)
    pytest.skip(f"{names[0]} is not installed: sudo apt-get install {package}")


QT_LIBRARIES = (
    "libglib2.0-0",
    "libegl1",
    "libgl1",
    "libxkbcommon-x11-0",
    "libfontconfig1",
    "libdbus-1-3",
    "fonts-dejavu-core",
)
XCB_LIBRARIES = (
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-render-util0",
    "libxcb-shape0",
)
"""What Qt takes from the system, and its plugin for X servers beside that."""


def qt_libraries() -> None:
    """Let Qt be imported, without a screen unless another platform is asked for: its libraries are installed where
    they are missing and that is allowed, else the tests end here and name them."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        if not (_may_install() and _install(*QT_LIBRARIES, *XCB_LIBRARIES)):
            needed = " ".join((*QT_LIBRARIES, *XCB_LIBRARIES))
            raise pytest.UsageError(f"Qt can't be imported ({error}): sudo apt-get install {needed}") from error


def x_server() -> str:
    """The path of Xvfb, a screen in memory, with the libraries that Qt's plugin for it takes."""
    if _may_install():
        _install(*XCB_LIBRARIES, "xauth")
    return program("Xvfb", package="xvfb")


def _may_install() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(*packages: str) -> bool:
    """Install Debian packages; whether they are there now."""
    words = ("install", "--yes", "--no-install-recommends", *packages)
    return _apt_get(*words) or (_apt_get("update") and _apt_get(*words))


def _apt_get(*words: str) -> bool:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return not subprocess.run(["apt-get", *words], env=quiet, capture_output=True, check=False).returncode


BLENDER = "bpy==4.5.*"
BLENDER_LIBRARIES = (
    "libgl1",
    "libsm6",
    "libxext6",
    "libxfixes3",
    "libxi6",
    "libxkbcommon0",
    "libxrender1",
    "libxxf86vm1",
)
"""What it takes from the system."""


def blender() -> Path:
    """The Python of an environment with Blender as a module, beside the tests' own: it wants another NumPy than we do.

    It is made when it is first asked for, which fetches some 400 MB.
    """
    folder = Path(sys.prefix) / "blender"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (folder / "made").exists():
        return python
    if sys.version_info[:2] != (3, 11):
        pytest.skip("Blender 4.5 as a module is made for Python 3.11")
    for words in ([sys.executable, "-m", "venv", "--clear", folder], [python, "-m", "pip", "install", BLENDER]):
        done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise pytest.UsageError(f"Blender can't be set up: {done.stdout[-500:]} {done.stderr[-500:]}")
    if not _imports_blender(python) and not (
        _may_install() and _install(*BLENDER_LIBRARIES) and _imports_blender(python)
    ):
        raise pytest.UsageError(f"Blender can't be imported: sudo apt-get install {' '.join(BLENDER_LIBRARIES)}")
    (folder / "made").touch()
    return python


def _imports_blender(python: Path) -> bool:
    return not subprocess.run([str(python), "-c", "import bpy"], capture_output=True, check=False).returncode


@cache
def melt() -> list[str]:
    """The words that start melt, MLT's player, with a screen in memory: without one Qt's blending drops alpha."""
    x_server()
    player = program("melt", package="melt")
    for attempt in range(2):
        known = subprocess.run([player, "-query", "transitions"], capture_output=True, text=True, check=False).stdout
        if "frei0r.cairoblend" in known:  # by which Kdenlive and Shotcut blend tracks, and which comes with them
            return [program("xvfb-run", package="xvfb"), "-a", player]
        if attempt == 0 and _may_install():
            _install("frei0r-plugins")
    pytest.skip("melt can't blend as Kdenlive does: sudo apt-get install frei0r-plugins")
