"""What every command is given beside its own arguments."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...ui.progress import Reporter
    from .interrupts import Interrupts


@dataclass(frozen=True, kw_only=True)
class Context:
    """Where to report, whether to stop, and the words that the program was called with."""

    report: Reporter
    stop: Interrupts
    words: tuple[str, ...]


def command_line(words: Sequence[str]) -> str:
    """``dtsgan`` and its words, quoted so that they can be pasted into this system's shell."""
    whole = ["dtsgan", *words]
    return subprocess.list2cmdline(whole) if os.name == "nt" else shlex.join(whole)
