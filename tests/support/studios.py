"""Studios and workers for tests of the window."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRELUDE = """
import json, os, sys, time
words = sys.argv[1:]

def say(event, text="", **facts):
    print(json.dumps({"event": event, "text": text, **facts}), flush=True)

def wait_for_end():
    while os.read(0, 4096):
        pass
"""


def program(folder: Path, body: str, *, name: str = "worker.py") -> tuple[str, ...]:
    """A program in the command line's place: ``body`` may use ``words``, ``say(event, text, **facts)`` and
    ``wait_for_end()``, which returns when it is asked to stop."""
    script = folder / name
    script.write_text(PRELUDE + textwrap.dedent(body), encoding="utf-8")
    return (sys.executable, str(script))
