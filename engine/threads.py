"""How many threads work, and work shared out among them. Importing this needs no torch.

NumPy's own matrix products are held to the thread that asks for them: theirs and ours would fight for the processors,
and where sums are shared out, they come out otherwise on another machine.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Part = TypeVar("Part")
Made = TypeVar("Made")

_limit: int | None = None
_worker = threading.local()
threadpool_limits(1, "blas")


def count() -> int:
    """Threads that work at once: as many as there are processors for this process, unless it was limited."""
    return processors() if _limit is None else _limit


def processors() -> int:
    """Those that this process may use, however it was limited."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def limit(threads: int) -> None:
    """Let this process use so many; to be called before any work."""
    global _limit  # noqa: PLW0603  # one number a process
    _limit = threads


def shared(make: Callable[[Part], Made], parts: Iterable[Part]) -> list[Made]:
    """What ``make`` gives for each part, in order; array functions let the threads run side by side.

    The parts must not depend on the number of threads, so that results don't. A part that shares out its own work does
    it alone.
    """
    threads = count()
    if threads == 1 or hasattr(_worker, "works"):
        return [make(part) for part in parts]
    return list(_pool(threads).map(make, parts))


@lru_cache(maxsize=2)
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, initializer=lambda: setattr(_worker, "works", True))
