"""The editor's end: it listens, and does what an app asks of the timeline.

Nothing waits here. ``poll`` is called by the editor's own timer, on the thread on which its timeline may be touched.
"""

from __future__ import annotations

import hmac
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..host import HostError, strip_of
from .records import change_from, rate_text, strip_json
from .session import Session, new_token
from .wire import VERSION, Lines, ProtocolError, encoded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..host import Editor

MOST_CLIENTS = 8
HELLO_S = 5.0
"""Within which a new connection has to show the token."""
HALF_S = 10.0
"""Within which a message that has begun has to end."""
MOST_WAITING = 4 << 20
"""Bytes that a client may leave unread."""
READ_BYTES = 1 << 16


class Server:
    """Serves ``editor`` at ``path``, a session file. ``told`` is called with what a client says of its work: a method
    (``progress``, ``failed``, ``done``) and its arguments."""

    def __init__(
        self,
        editor: Editor,
        path: Path,
        *,
        told: Callable[[str, dict[str, Any]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._editor, self._told, self._clock = editor, told, clock
        self.path = path
        self._token = new_token()
        self._clients: list[_Client] = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=MOST_CLIENTS)
        self._socket.setblocking(False)
        try:
            Session(port=self._socket.getsockname()[1], token=self._token).write(path)
        except OSError:
            self._socket.close()
            raise

    def close(self) -> None:
        """End all connections; the session file goes, unless another editor has made it its own by now."""
        for client in self._clients:
            client.close()
        self._clients.clear()
        self._socket.close()
        with suppress(HostError, OSError):
            if Session.read(self.path).token == self._token:
                self.path.unlink()

    def roles(self) -> set[str]:
        """What those that are connected said they are: "window", "edit"."""
        return {client.role for client in self._clients if client.role}

    def send(self, role: str, message: dict[str, Any]) -> bool:
        """To all of this role; whether there was one."""
        found = [client for client in self._clients if client.role == role]
        for client in found:
            with suppress(ProtocolError):  # who reads nothing is closed at the next look
                client.put(message)
        return bool(found)

    def poll(self) -> None:
        """Take new connections, do what was asked, send what can be sent."""
        self._accept()
        for client in tuple(self._clients):
            try:
                for message in client.read():
                    client.put(self._answer(client, message))
                client.check(self._clock())
                client.write()
            except (ProtocolError, OSError):
                client.close()
                self._clients.remove(client)

    def _accept(self) -> None:
        while len(self._clients) < MOST_CLIENTS:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # nobody is waiting, or who was has gone
                return
            connection.setblocking(False)
            self._clients.append(_Client(connection, self._clock))

    def _answer(self, client: _Client, message: dict[str, Any]) -> dict[str, Any]:
        """Raises ProtocolError for what is no call."""
        if not client.role:
            return self._greet(client, message)
        number, call, arguments = message.get("id"), message.get("call"), message.get("args", {})
        if type(number) is not int or not isinstance(call, str) or not isinstance(arguments, dict):
            raise ProtocolError("A message is no call.")
        try:
            return {"id": number, "result": self._do(call, arguments)}
        except HostError as error:
            return {"id": number, "error": {"problem": error.problem, "remedy": error.remedy}}
        except ProtocolError:
            raise
        except Exception as error:  # an editor's own API raises all kinds; the app has to hear of it
            problem = f"{self._editor.title} can't do that: {type(error).__name__}: {error}"
            return {"id": number, "error": {"problem": problem, "remedy": ""}}

    def _greet(self, client: _Client, message: dict[str, Any]) -> dict[str, Any]:
        token, role = message.get("token"), message.get("role")
        if not isinstance(token, str) or not hmac.compare_digest(token.encode(), self._token.encode()):
            raise ProtocolError("The token is wrong.")
        if message.get("dtsgan") != VERSION or role not in ("window", "edit"):
            client.leaving = True
            return {"dtsgan": VERSION, "error": "other version"}
        client.role = role
        return {"dtsgan": VERSION, "editor": self._editor.title}

    def _do(self, call: str, arguments: dict[str, Any]) -> Any:
        editor = self._editor
        if call == "describe":
            return {
                "title": editor.title,
                "rate": rate_text(editor.rate),
                "first": editor.first,
                "suffix": editor.suffix,
                "folder": str(editor.folder) if editor.folder else None,
                "capabilities": sorted(editor.capabilities()),
            }
        if call == "strips":
            return [strip_json(strip) for strip in editor.strips()]
        if call == "selection":
            return [strip_json(strip) for strip in editor.selection()]
        if call == "meta" and isinstance(number := arguments.get("strip"), str):
            return editor.get_meta(strip_of(editor, number))
        if call == "apply":
            return [strip_json(strip) for strip in editor.apply(change_from(arguments.get("change")))]
        if call in ("progress", "failed", "done"):
            self._told(call, arguments)
            return None
        raise ProtocolError("There is no such call.")


class _Client:
    """One connection; ``role`` is empty until it has shown the token."""

    def __init__(self, connection: socket.socket, clock: Callable[[], float]) -> None:
        self.role = ""
        self.leaving = False
        self._outgoing = bytearray()
        self._connection, self._clock = connection, clock
        self._lines = Lines()
        self._since = clock()

    def read(self) -> list[dict[str, Any]]:
        """What has come whole. Raises OSError where the other end has gone, ProtocolError."""
        try:
            data = self._connection.recv(READ_BYTES)
        except BlockingIOError:
            return []
        if not data:
            raise ConnectionResetError
        was_waiting = self._lines.waiting
        messages = self._lines.feed(data)
        if messages or not was_waiting:
            self._since = self._clock()
        return messages

    def put(self, message: dict[str, Any]) -> None:
        """Send it as soon as that goes. Raises ProtocolError where too much of what was sent is still unread."""
        self._outgoing += encoded(message)
        if len(self._outgoing) > MOST_WAITING:
            raise ProtocolError("Nothing is read.")

    def check(self, now: float) -> None:
        """Raises ProtocolError where the other end lets us wait for the rest of a message, or for the token."""
        if now - self._since > (HALF_S if self.role else HELLO_S) and (self._lines.waiting or not self.role):
            raise ProtocolError("Nothing more has come.")

    def write(self) -> None:
        """Send what goes. Raises OSError."""
        with suppress(BlockingIOError):
            while self._outgoing:
                sent = self._connection.send(self._outgoing[:READ_BYTES])
                del self._outgoing[:sent]
        if self.leaving and not self._outgoing:
            raise ConnectionResetError

    def close(self) -> None:
        self._connection.close()
