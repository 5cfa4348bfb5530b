"""The app's end: an editor that is somewhere else, as if it were here."""

from __future__ import annotations

import itertools
import queue
import socket
import threading
import time
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..host import Editor, HostError
from .records import change_json, rate_from, strip_from
from .session import Session
from .wire import VERSION, Lines, ProtocolError, encoded

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..host import Capability, Change, Strip

CONNECT_S = 5.0
CALL_S = 60.0
"""An editor that renders or shows a dialog answers late."""
AGAIN_S = 30.0
"""How long an editor that has gone may take to come back."""
PAUSE_S = 0.25
READ_BYTES = 1 << 16

Role = Literal["window", "edit"]


class Connection:
    """Calls to an editor, one at a time; ``told`` is called, on a thread of the connection's own, with what the editor
    sends by itself, and with ``{"event": "gone"}`` once it has gone."""

    def __init__(self, session: Session, role: Role, *, told: Callable[[dict[str, Any]], None]) -> None:
        """Raises HostError where nobody listens there who knows the token, or one of another version."""
        self._told = told
        self._numbers = itertools.count(1)
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._calling = threading.Lock()
        self._closed = False
        gone = HostError("The editor doesn't answer.", remedy="Start it from the editor again.")
        try:
            self._socket = socket.create_connection(("127.0.0.1", session.port), timeout=CONNECT_S)
        except OSError as error:
            raise gone from error
        threading.Thread(target=self._read, name="dtsgan-bridge", daemon=True).start()
        try:
            self._send({"dtsgan": VERSION, "token": session.token, "role": role})
            greeting = self._answer(CONNECT_S)
        except (OSError, TimeoutError, ProtocolError) as error:
            self.close()
            raise gone from error
        if "error" in greeting or greeting.get("dtsgan") != VERSION:
            self.close()
            raise HostError(
                "The plugin in the editor is of another version than the app.",
                remedy="Install the plugin again: dtsgan plugin install.",
            )

    def call(self, name: str, **arguments: Any) -> Any:
        """Raises HostError for what the editor refuses, ConnectionError where it has gone or doesn't answer."""
        with self._calling:
            number = next(self._numbers)
            try:
                self._send({"id": number, "call": name, "args": arguments})
                while (answer := self._answer(CALL_S)).get("id") != number:
                    pass
            except (OSError, TimeoutError) as error:
                self.close()
                raise ConnectionError("The editor doesn't answer.") from error
        if isinstance(error := answer.get("error"), dict):
            raise HostError(str(error.get("problem")), remedy=str(error.get("remedy") or ""))
        return answer.get("result")

    def close(self) -> None:
        self._closed = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _send(self, message: dict[str, Any]) -> None:
        self._socket.sendall(encoded(message))

    def _answer(self, timeout_s: float) -> dict[str, Any]:
        try:
            answer = self._answers.get(timeout=timeout_s)
        except queue.Empty:
            raise TimeoutError from None
        if answer is None:
            self._answers.put(None)
            raise ConnectionResetError
        return answer

    def _read(self) -> None:
        lines = Lines()
        self._socket.settimeout(None)
        with suppress(OSError, ProtocolError):
            while data := self._socket.recv(READ_BYTES):
                for message in lines.feed(data):
                    if "event" in message:
                        self._told(message)
                    else:
                        self._answers.put(message)
        self._answers.put(None)
        if not self._closed:
            self._told({"event": "gone"})


class RemoteEditor(Editor):
    """The editor whose session is at ``path``. It may go and come back: what it is asked then waits for it a while.

    ``told`` is called, on another thread, with what the editor sends by itself.
    """

    def __init__(
        self, path: Path, role: Role, *, told: Callable[[dict[str, Any]], None], again_s: float = AGAIN_S
    ) -> None:
        """Raises HostError where it isn't there."""
        self._path, self._told, self._again_s = path, told, again_s
        self._role: Role = role
        self._connection = Connection(Session.read(path), role, told=told)
        self._facts: dict[str, Any] = {}

    @property
    def title(self) -> str:
        return str(self._described("title"))

    @property
    def rate(self) -> Fraction:
        return rate_from(self._described("rate"))

    @property
    def first(self) -> int:
        return int(self._described("first"))

    @property
    def suffix(self) -> str:
        return str(self._described("suffix"))

    @property
    def folder(self) -> Path | None:
        folder = self._described("folder")
        return Path(folder) if folder else None

    def capabilities(self) -> frozenset[Capability]:
        return frozenset(self._described("capabilities"))

    def strips(self) -> tuple[Strip, ...]:
        return tuple(strip_from(each) for each in self.call("strips"))

    def selection(self) -> tuple[Strip, ...]:
        return tuple(strip_from(each) for each in self.call("selection"))

    def get_meta(self, strip: Strip) -> dict[str, Any]:
        return dict(self.call("meta", strip=strip.id))

    def apply(self, change: Change) -> tuple[Strip, ...]:
        self.call("describe")  # if it has gone since, it comes back for this, before anything is changed
        try:
            made = self._connection.call("apply", change=change_json(change))
        except ConnectionError as error:
            # The change may have been made all the same, and is not to be made twice.
            raise HostError(
                "The editor went while its timeline was being changed.",
                remedy="See what is there, and put the result on the timeline by hand if it isn't.",
            ) from error
        return tuple(strip_from(each) for each in made)

    def progress(self, text: str, done: float | None) -> None:
        """Nobody waits for what is only shown: an editor that has gone isn't looked for."""
        with suppress(ConnectionError, HostError):
            self._connection.call("progress", text=text, done=done)

    def say(self, name: Literal["failed", "done"], **facts: Any) -> None:
        """How the work ended."""
        with suppress(ConnectionError, HostError):
            self._connection.call(name, **facts)

    def call(self, name: str, **arguments: Any) -> Any:
        """Raises HostError for what it refuses, or where it has gone and doesn't come back."""
        until = time.monotonic() + self._again_s
        while True:
            try:
                return self._connection.call(name, **arguments)
            except ConnectionError:
                self._again(until)

    def close(self) -> None:
        self._connection.close()

    def _again(self, until: float) -> None:
        """Connect once more, to whoever has the session now. Raises HostError."""
        while True:
            try:
                self._connection = Connection(Session.read(self._path), self._role, told=self._told)
            except HostError:
                if time.monotonic() > until:
                    raise
                time.sleep(PAUSE_S)
            else:
                self._facts = {}
                return

    def _described(self, name: str) -> Any:
        if not self._facts:
            self._facts = dict(self.call("describe"))
        return self._facts[name]
