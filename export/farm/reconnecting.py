"""Work that outlives its scheduler."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..variants import Told
from .cluster import Disconnected, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from distributed import Client

    from .farming import Event

PATIENCE_S = 600.0
"""How long a scheduler that is gone is looked for."""

AGAIN_S = 2.0


def steadily(
    cluster: Callable[[], AbstractContextManager[Client]],
    work: Callable[[Client], Iterator[Event]],
    *,
    stop: Callable[[], bool],
) -> Iterator[Event]:
    """What ``work`` yields with a client of the cluster. Where its scheduler is gone it is looked for again, and the
    work begun once more: what is done stays done. Raises what both do, Unreachable after ``PATIENCE_S``."""
    lost_s: float | None = None
    while not stop():
        try:
            with cluster() as client:
                lost_s = None
                yield from work(client)
                return
        except Disconnected:
            lost_s = time.monotonic()
            yield Told(text="The scheduler is gone; looking for it again.")
        except Unreachable:
            if lost_s is None or time.monotonic() - lost_s > PATIENCE_S:
                raise
        time.sleep(AGAIN_S)
