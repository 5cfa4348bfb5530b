"""A host in memory that is served to apps, polled on a thread as an editor's timer does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from support.contract import FRAMES, LAYOUT, RATE
from support.fakehost import FakeHost

from dtsgan.plugin.bridge.server import Server
from dtsgan.plugin.bridge.session import SUFFIX
from dtsgan.plugin.host import Media, Range

if TYPE_CHECKING:
    from pathlib import Path


def laid(folder: Path) -> FakeHost:
    """The contract's timeline."""
    host = FakeHost(FRAMES, rate=RATE)
    base = Media(path=folder / "base.mkv", rate=RATE, frames=FRAMES["base.mkv"])
    for _, track, source, start in LAYOUT:
        host.add(base, Range(*source), track=track, start=start)
    return host


class Served:
    """Serves ``host``, by default the contract's timeline over files in ``folder``, until it is closed."""

    def __init__(self, folder: Path, host: FakeHost | None = None, **options: Any) -> None:
        self.host = host or laid(folder)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.path = folder / f"fake{SUFFIX}"
        self.server = Server(self.host, self.path, told=lambda *told: self.told.append(told), **options)
        self.paused = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._poll)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self.server.close()

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _poll(self) -> None:
        while not self._over.wait(0.002):
            with self.paused:
                self.server.poll()
