"""A screen in memory, for what has to be seen as a person sees it."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .system import x_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def screen(width: int = 1280, height: int = 720) -> Iterator[dict[str, str]]:
    """An X server of so many pixels; yields the environment in which programs show their windows there."""
    read, write = os.pipe()
    words = [x_server(), "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    with subprocess.Popen(words, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        try:
            with os.fdopen(read) as told:
                number = told.readline().strip()  # written once it listens
            assert number, "Xvfb did not start"
            yield os.environ | {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()
