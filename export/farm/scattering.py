"""Inputs in a cluster's memory, for workers that see no folder of the client's."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from .cluster import Disconnected

if TYPE_CHECKING:
    from distributed import Client, Future

    from .inputs import Input


class Pieces:
    """Of inputs; ``topic`` is a word of this job alone."""

    def __init__(self, client: Client, topic: str) -> None:
        self._client, self._topic = client, topic
        self._of: dict[str, tuple[Future, ...]] = {}

    def of(self, wanted: Input, worker: str | None) -> tuple[Future, ...] | None:
        """Where the first worker that needs them has them, and the next from it; None where this worker is gone. Raises
        Disconnected."""
        if wanted.sha256 not in self._of:
            found = []
            for number, piece in enumerate(wanted.pieces()):
                key = f"{self._topic}-{wanted.sha256[:16]}-{number}"
                try:
                    sent = self._client.scatter({key: piece}, workers=worker and [worker])
                except (OSError, KeyError) as error:  # the second is what the scheduler says of a worker it had
                    if self._client.status != "running":
                        raise Disconnected from error
                    return None
                found.append(cast("dict[str, Future]", sent)[key])
            self._of[wanted.sha256] = tuple(found)
        return self._of[wanted.sha256]

    def forget(self, wanted: Input) -> None:
        """It is needed no more."""
        self._of.pop(wanted.sha256, None)

    def clear(self) -> None:
        """They are lost."""
        self._of.clear()
