"""What is being learned, as far as it has come, brought to the client: a worker that dies takes little of it along."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from ...engine.files import replacing
from . import work
from .cluster import everywhere
from .inputs import Input
from .orders import state_of

if TYPE_CHECKING:
    from pathlib import Path

    from distributed import Client

KEEP_S = 60.0
"""What is lost at most: a state is some megabytes, and the network has other work."""


class Keeper:
    """Asks workers that see no folder of the client's for the states of what they learn, from threads of its own, and
    keeps them where those that see it write them."""

    def __init__(self, client: Client, parts_folder: Path) -> None:
        self._client, self._folder = client, parts_folder
        self._at: dict[str, str] = {}
        self._asked: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def follow(self, name: str, worker: str) -> None:
        """What is learned for the order of this name is learned there now."""
        self._at[name] = worker

    def forget(self, name: str) -> None:
        """It is learned."""
        with self._lock:
            self._at.pop(name, None)
            (self._folder / state_of(name)).unlink(missing_ok=True)

    def state(self, name: str) -> Input | None:
        """What is known of it, which stays as it is until the next one is followed; None where it has to be begun."""
        path = self._folder / state_of(name)
        with self._lock:
            self._at.pop(name, None)
            return Input.of_file(path) if path.exists() else None

    def close(self) -> None:
        """A state that is on its way is let go."""
        self._at.clear()
        self._stopped.set()

    def _work(self) -> None:
        while not self._stopped.wait(KEEP_S):
            for asked in self._at.copy().items() - self._asked:
                self._asked.add(asked)
                threading.Thread(target=self._bring, args=asked, daemon=True).start()

    def _bring(self, name: str, worker: str) -> None:
        """On a thread of its own: one that has died is noticed after half a minute."""
        with suppress(Exception):  # where the worker is gone, or the scheduler, the state before has to do
            content = everywhere(self._client, work.state, name, workers=[worker])[worker]
            with self._lock:
                if isinstance(content, bytes) and self._at.get(name) == worker:
                    with replacing(self._folder / state_of(name)) as temporary:
                        temporary.write_bytes(content)
        self._asked.discard((name, worker))
