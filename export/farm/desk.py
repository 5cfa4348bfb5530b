"""The folder where parts are collected while a job is done."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import time
from contextlib import contextmanager, suppress
from importlib.metadata import version
from typing import TYPE_CHECKING

import psutil

from ...engine.errors import OutputError
from ...engine.files import file_digest, replacing
from .orders import Desk
from .parts import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .orders import Order, Outcome

POLL_S = 0.25
SEEN_S = 20.0
"""After which a file that another machine has written is seen in a shared folder."""
FRESH_S = 60.0
WORKERS_A_WORD = 100
"""So many workers tell of themselves once a second together."""


@contextmanager
def opened(folder: Path, workers: int) -> Iterator[Desk]:
    """A folder for parts with our sign in it. Raises OutputError where another one works there."""
    parts = folder / FOLDER
    parts.mkdir(exist_ok=True)
    for sign in parts.glob("*.sign"):
        host, number, _ = (*sign.name.rsplit(",", 2), "", "")[:3]
        here = host == socket.gethostname()
        if psutil.pid_exists(int(number or 0)) if here else time.time() - sign.stat().st_mtime < FRESH_S:
            raise OutputError(
                f"Another dtsgan farm is at work in {folder}, on {host}.",
                remedy="Wait for it, or choose another folder.",
            )
        sign.unlink(missing_ok=True)
    token = f"{socket.gethostname()},{os.getpid()},{secrets.token_hex(8)}.sign"
    (parts / token).touch()
    try:
        yield Desk(
            folder=str(parts.absolute()),
            token=token,
            topic=f"dtsgan-{secrets.token_hex(8)}",
            every_s=max(1.0, workers / WORKERS_A_WORD),
            version=version("dtsgan"),
        )
    finally:
        (parts / token).unlink(missing_ok=True)


def place(parts: Path, order: Order, outcome: Outcome) -> None:
    """On a thread that fetches results: put one into the folder for parts, or find it there. Raises OutputError."""
    path = parts / order.name
    if outcome.content is not None and hashlib.sha256(outcome.content).hexdigest() == outcome.sha256:
        with replacing(path) as temporary:
            temporary.write_bytes(outcome.content)
        return
    until = time.monotonic() + SEEN_S
    while outcome.content is None:
        with suppress(OSError):
            if file_digest(path) == outcome.sha256:
                return
        if time.monotonic() > until:
            break
        time.sleep(POLL_S)
    raise OutputError(
        f"{path}, which {outcome.host} has made, is not seen here, or is damaged.",
        remedy="Check the shared disk, or choose a folder that only this computer has.",
    )
