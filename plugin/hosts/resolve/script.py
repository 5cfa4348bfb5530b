"""What the entry in Resolve's Workspace > Scripts menu runs: the window, for the clip under the playhead. Untested on
the real application."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ...bridge.places import noted_program, sessions_folder
from ...bridge.records import strip_json
from ...bridge.server import Server
from ...bridge.session import SUFFIX
from ...host import HostError
from ..blender.addon.program import Run
from .adapter import ResolveHost

if TYPE_CHECKING:
    from collections.abc import Sequence

PERIOD_S = 0.05
WELCOME = "dtsgan: this script has never been run in DaVinci Resolve itself. Please say how it goes."


def main(resolve: Any, *, program: Sequence[str] | None = None) -> int:
    """Serve Resolve to the window until that is closed; an exit code."""
    print(WELCOME)  # noqa: T201  # Resolve shows it in its console
    words = noted_program() if program is None else list(program)
    host = ResolveHost(resolve)
    try:
        if not words:
            raise HostError("dtsgan isn't found.", remedy="Run: dtsgan plugin install resolve.")
        chosen = host.selection()
        if not chosen:
            raise HostError("No clip is under the playhead.", remedy="Put it on one with a file.")
        strip = chosen[0]
        message = {"event": "open", "strip": strip_json(strip), "page": "extend", "meta": host.get_meta(strip)}
        _serve(host, words, message)
    except (HostError, OSError) as error:
        print(f"dtsgan: {error}")  # noqa: T201
        return 2
    return 0


def _serve(host: ResolveHost, words: Sequence[str], message: dict[str, Any]) -> None:
    server = Server(host, sessions_folder() / f"resolve{SUFFIX}", told=lambda _name, _facts: None)
    try:
        window = Run([*words, "app", "--editor", str(server.path)])
        waiting = True
        while window.code is None:
            server.poll()
            waiting = waiting and not server.send("window", message)
            time.sleep(PERIOD_S)
        if window.code:
            print(f"dtsgan: {window.last_words()} ({window.log})")  # noqa: T201
    finally:
        server.close()
