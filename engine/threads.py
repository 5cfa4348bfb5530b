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

import numpy as np
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Part = TypeVar("Part")
Made = TypeVar("Made")

PRODUCT_COLUMNS = 4096

PRODUCT_ROWS = 12
"""Rows of one call of the BLAS library; OpenBLAS works on so many together with AVX2."""

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


def product(one: np.ndarray, other: np.ndarray, numbers: Sequence[int]) -> np.ndarray:
    """The matrix product of a short and a wide matrix.

    On many processors a row's last digits depend on where in the product it stands, and on how large that is. Each row
    has its number, stands where that says, and is made in a product that is always as large: it comes out the same to
    the bit, whichever others it is made with.
    """
    tiles = {tile: place for place, tile in enumerate(dict.fromkeys(number // PRODUCT_ROWS for number in numbers))}
    rows = [tiles[number // PRODUCT_ROWS] * PRODUCT_ROWS + number % PRODUCT_ROWS for number in numbers]
    placed = np.zeros((len(tiles), PRODUCT_ROWS, one.shape[1]), np.float32)
    placed.reshape(-1, one.shape[1])[rows] = one
    made = np.empty((len(numbers), other.shape[1]), np.float32)

    def multiply(start: int) -> None:
        part = slice(start, start + PRODUCT_COLUMNS)
        tall = np.matmul(placed, other[:, part])  # tile by tile
        made[:, part] = tall.reshape(-1, tall.shape[-1])[rows]

    shared(multiply, range(0, other.shape[1], PRODUCT_COLUMNS))
    return made


@lru_cache(maxsize=2)
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, initializer=lambda: setattr(_worker, "works", True))
