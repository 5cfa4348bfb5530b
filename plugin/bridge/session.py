"""How an app finds the editor that it is to work for: a file with a port and a token, for this person alone."""

from __future__ import annotations

import json
import os
import secrets
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..host import HostError

SUFFIX = ".dtsgan-session"
MOST_BYTES = 4096


@dataclass(frozen=True, kw_only=True)
class Session:
    port: int
    token: str

    def write(self, path: Path) -> None:
        """Whole or not at all, for this person alone. Raises OSError."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)  # made for its owner alone
        try:
            with os.fdopen(file, "w", encoding="ascii") as out:
                json.dump({"port": self.port, "token": self.token}, out)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @classmethod
    def read(cls, path: Path) -> Session:
        """Raises HostError where there is none, or where others could have written it."""
        try:
            with path.open("rb") as file:
                state = os.fstat(file.fileno())
                if os.name != "nt" and (state.st_uid != os.getuid() or state.st_mode & 0o077):
                    raise HostError(f"{path.name} can be read by others.", remedy="Start it from the editor again.")
                found = json.loads(file.read(MOST_BYTES))
            port, token = found["port"], found["token"]
            if type(port) is int and 0 < port < 1 << 16 and isinstance(token, str) and token:
                return cls(port=port, token=token)
        except FileNotFoundError:
            raise HostError("The editor isn't there any more.", remedy="Start it from the editor again.") from None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            pass
        raise HostError(f"{path.name} is no session of an editor.", remedy="Start it from the editor again.")


def new_token() -> str:
    return secrets.token_urlsafe(32)


def in_use(path: Path) -> bool:
    """Whether an editor serves the session of this name now."""
    try:
        session = Session.read(path)
        with socket.create_connection(("127.0.0.1", session.port), timeout=1.0):
            return True
    except (HostError, OSError):
        return False
