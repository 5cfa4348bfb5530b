"""Messages as bytes: one JSON object a line."""

from __future__ import annotations

import json
from typing import Any

VERSION = 1
"""Of the messages, as the manifest's ``api_version``."""

MOST_BYTES = 1 << 20
"""Of a line. The longest that are sent list the strips of a timeline, some hundred bytes each."""


class ProtocolError(Exception):
    """The other end doesn't speak as it should; the connection is closed."""


def encoded(message: dict[str, Any]) -> bytes:
    """Raises ProtocolError where it is longer than the other end takes."""
    line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
    if len(line) > MOST_BYTES:
        raise ProtocolError(f"A message of {len(line)} bytes is too long.")
    return line


class Lines:
    """Bytes as they arrive, as messages once their lines are whole. Holds at most one line."""

    def __init__(self) -> None:
        self._rest = bytearray()

    @property
    def waiting(self) -> bool:
        """Whether the beginning of a message has come."""
        return bool(self._rest)

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Raises ProtocolError for what is no JSON object, or too long."""
        self._rest += data
        *lines, rest = bytes(self._rest).split(b"\n")
        self._rest = bytearray(rest)
        if len(rest) > MOST_BYTES or any(len(line) > MOST_BYTES for line in lines):
            raise ProtocolError("A message is too long.")
        return [_message(line) for line in lines]


def _message(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("A message is no JSON.") from error
    if not isinstance(message, dict):
        raise ProtocolError("A message is no object.")
    return message
