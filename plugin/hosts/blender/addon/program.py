"""The app: where it is, how it is installed, and one run of it. Knows nothing of Blender."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ....bridge.places import data_folder, noted_program

if TYPE_CHECKING:
    from collections.abc import Sequence

REQUIREMENT = "dtsgan"
NEEDED_GB = 2.5
"""On disk, with PyTorch's build for processors; its build for NVIDIA cards takes several times as much."""


def find_program(chosen: str) -> list[str]:
    """The words by which the app is started; none where it isn't found. ``chosen`` is what the person says, which is
    looked at first: the program itself, or the Python of its environment."""
    if chosen and Path(chosen).is_file():
        return [chosen, "-m", "dtsgan"] if Path(chosen).name.lower().startswith("python") else [chosen]
    if words := noted_program():
        return words
    for place in (shutil.which("dtsgan"), own_program()):
        if place and Path(place).is_file():
            return [str(place)]
    return []


def own_folder() -> Path:
    """Where it is installed if a person asks for that."""
    return data_folder() / "env"


def own_program() -> Path:
    return own_folder() / ("Scripts/dtsgan.exe" if os.name == "nt" else "bin/dtsgan")


class Run:
    """A process that goes on by itself; what it prints goes to ``log``."""

    def __init__(self, words: Sequence[str]) -> None:
        """Raises OSError where it can't be started."""
        file, name = tempfile.mkstemp(prefix="dtsgan-", suffix=".log")
        self.log = Path(name)
        # The editor's own settings of Python are not for another one.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        try:
            self._process = subprocess.Popen(  # noqa: S603  # the app, found above; its words are ours
                list(words),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            self.log.unlink(missing_ok=True)
            raise
        finally:
            os.close(file)

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll()

    def last_words(self) -> str:
        """The last line that it printed."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return next((line for line in reversed(lines) if line.strip()), "")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class Installation:
    """The app being installed into a folder of its own: an environment is made, then filled."""

    def __init__(self) -> None:
        """Raises OSError."""
        folder = own_folder()
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._steps = [
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(own_program().with_name("python.exe" if os.name == "nt" else "python")), "-m", "pip", "install",
             "--disable-pip-version-check", REQUIREMENT],
        ]  # fmt: skip
        self._run = Run(self._steps.pop(0))
        self.problem = ""

    @property
    def text(self) -> str:
        return f"Installing dtsgan: {self._run.last_words()[:60]}"

    def poll(self) -> bool:
        """Go on; whether it is over, with ``problem`` set if it failed."""
        code = self._run.code
        if code is None:
            return False
        if code:
            self.problem = f"dtsgan could not be installed ({self._run.last_words()}). See {self._run.log}."
            return True
        self._run.log.unlink(missing_ok=True)
        if not self._steps:
            return True
        self._run = Run(self._steps.pop(0))
        return False

    def cancel(self) -> None:
        self._run.kill()
        shutil.rmtree(own_folder(), ignore_errors=True)
