"""What goes on between Blender and the app: the bridge, the work, the window, and what is to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bpy  # pyright: ignore[reportMissingImports]

from ....bridge.places import sessions_folder
from ....bridge.records import strip_json
from ....bridge.server import Server
from ....bridge.session import SUFFIX, in_use
from ....host import HostError
from .adapter import BlenderHost
from .program import Installation, Run, find_program
from .settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ....host import Strip

PERIOD_S = 0.1
MOST_SESSIONS = 100


class Station:
    """``text`` and ``done`` are of the work that goes on; ``problem`` and ``remedy``, or ``result``, of the last that
    ended."""

    def __init__(self) -> None:
        self.text, self.done = "", 0.0
        self.problem = self.remedy = self.result = ""
        self.host = BlenderHost(self._show)
        self._server: Server | None = None
        self._work: Run | None = None
        self._ended = False
        self._window: Run | None = None
        self._opening: dict[str, Any] | None = None
        self._installation: Installation | None = None
        self._timer = self.tick  # Blender knows timers by identity, and each look at a method makes a new object

    @property
    def busy(self) -> bool:
        return self._work is not None or self._installation is not None

    def edit(self, kind: str, strip: Strip, words: Sequence[str]) -> None:
        """Let the app edit a strip, with these options. Raises HostError."""
        self._start(f"{kind} {strip.name}")
        session = str(self._serving().path)
        self._work = self._run(["timeline", kind, session, "--clip", strip.id, *words, "--json"])

    def open_window(self, strip: Strip, page: str) -> None:
        """Show a strip in the app's window, on this page, with the settings it was made with. Raises HostError."""
        server = self._serving()
        self._opening = {
            "event": "open",
            "strip": strip_json(strip),
            "page": page,
            "meta": self.host.get_meta(strip),
        }
        if "window" not in server.roles() and (self._window is None or self._window.code is not None):
            self._window = self._run(["app", "--editor", str(server.path)])
        self._tick_soon()

    def install(self) -> None:
        """Raises HostError."""
        self._start("Installing dtsgan")
        try:
            self._installation = Installation()
        except OSError as error:
            raise HostError(f"dtsgan can't be installed: {error}.", remedy="See the preferences.") from error
        self._tick_soon()

    def cancel(self) -> None:
        if self._installation is not None:
            self._installation.cancel()
            self._installation = None
            self._show("", None)
        elif self._server is not None and not self._server.send("edit", {"event": "stop"}) and self._work is not None:
            self._work.kill()  # it hasn't connected yet
            self.result, self._ended = "Stopped.", True

    def tick(self) -> float | None:
        """Called by Blender's timer: how long until the next time; None when there is nothing to wait for."""
        if self._server is not None:
            self._server.poll()
            if self._opening is not None and self._server.send("window", self._opening):
                self._opening = None
        self._look_after_work()
        self._look_after_installation()
        redraw()
        return PERIOD_S if self._server is not None or self.busy else None

    def close(self) -> None:
        """Blender ends, or the extension is switched off: the work stops, the window stays."""
        self.cancel()
        if self._server is not None:
            self._server.poll()
            self._server.close()
            self._server = None
        if bpy.app.timers.is_registered(self._timer):
            bpy.app.timers.unregister(self._timer)

    def _start(self, text: str) -> None:
        if self.busy:
            raise HostError("dtsgan is at work already.", remedy="Wait for it, or cancel it.")
        self.problem = self.remedy = self.result = ""
        self._ended = False
        self._show(f"{text}...", 0.0)

    def _serving(self) -> Server:
        """Raises HostError where no connection can be offered."""
        if self._server is None:
            try:
                self._server = Server(self.host, _session_path(), told=self._told)
            except OSError as error:
                raise HostError(f"Blender can't be reached by the app: {error}.", remedy="See the folder.") from error
        self._tick_soon()
        return self._server

    def _run(self, words: Sequence[str]) -> Run:
        """Raises HostError where the app isn't there."""
        program = find_program(settings().program)
        if not program:
            self._show("", None)
            raise HostError("dtsgan isn't installed.", remedy="Install it in the panel, or say where it is.")
        try:
            return Run([*program, *words])
        except OSError as error:
            self._show("", None)
            raise HostError(
                f"dtsgan can't be started: {error}.", remedy="Say where it is in the preferences."
            ) from error

    def _told(self, name: str, facts: dict[str, Any]) -> None:
        if name == "progress":
            done = facts.get("done")
            self._show(str(facts.get("text", "")), done if isinstance(done, float) else 0.0)
        elif name == "failed":
            self.problem, self.remedy = str(facts.get("problem", "")), str(facts.get("remedy", ""))
            self._ended = True
        elif name == "done":
            self.result = str(facts.get("text", ""))
            self._ended = True

    def _look_after_work(self) -> None:
        if self._work is None or (code := self._work.code) is None:
            return
        if code and not self._ended:
            self.problem = f"dtsgan ended without a result ({code}): {self._work.last_words()}"
            self.remedy = f"All that it said is in {self._work.log}."
        elif not code:
            self._work.log.unlink(missing_ok=True)
        self._work = None
        self._show("", None)

    def _look_after_installation(self) -> None:
        if self._installation is None:
            return
        self._show(self._installation.text, 0.0)
        if self._installation.poll():
            self.problem = self._installation.problem
            self.result = "" if self.problem else "dtsgan is installed."
            self._installation = None
            self._show("", None)

    def _show(self, text: str, done: float | None) -> None:
        self.text, self.done = ("", 0.0) if done is None else (text, done)

    def _tick_soon(self) -> None:
        if not bpy.app.timers.is_registered(self._timer):
            bpy.app.timers.register(self._timer, persistent=True)


def redraw() -> None:
    """What shows progress is drawn anew."""
    for window in bpy.context.window_manager.windows if bpy.context.window_manager else ():
        for area in window.screen.areas:
            if area.type in ("SEQUENCE_EDITOR", "STATUSBAR"):
                area.tag_redraw()


def _session_path() -> Path:
    """The first name of which no other Blender makes use: the one that comes next has the same, and is found again."""
    for number in range(1, MOST_SESSIONS):
        path = sessions_folder() / f"blender{f'-{number}' if number > 1 else ''}{SUFFIX}"
        if not in_use(path):
            return path
    raise HostError("There are too many Blenders.", remedy="Close some.")


station = Station()
"""The one of this Blender: operators and panels have no other way to it."""
