"""``dtsgan preview``: the process that makes small previews for the window."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from typing import Any

    from .context import Context

HELP = "make small previews of a replacement, asked for in JSON lines on standard input (the window does)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, metavar="DIR", help="for its files; default: one that is removed again")


def run(arguments: argparse.Namespace, context: Context) -> int:
    from ...export.preview.server import serve

    def say(event: str, **facts: Any) -> None:
        if event == "failure":
            event = "refused"  # the process goes on: "failure" would be its last word
        context.report.say(event, str(facts.get("problem", event)), **facts)

    with tempfile.TemporaryDirectory(prefix="dtsgan-", dir=arguments.folder) as folder:
        serve(_lines(), Path(folder), say, stop=context.stop.is_set)
    context.report.finish("No more previews are asked for.", {})
    return 0


def _lines() -> Iterator[bytes]:
    """Lines of standard input, read below Python's buffers: see ``interrupts``."""
    waiting = b""
    while block := os.read(sys.stdin.fileno(), 1 << 16):
        *lines, waiting = (waiting + block).split(b"\n")
        yield from lines  # an empty one gives up what is made
