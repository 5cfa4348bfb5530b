"""Sums that are the same on every processor.

In which order a library adds up, and whether it rounds between a product and its sum, depends on the processor. Where
one of several things is chosen by such sums, another may be chosen elsewhere, and the picture is another. So what
choices hang on is rounded to so few digits that its products and their sums lose none, in whichever order.
"""

from __future__ import annotations

import numpy as np

from . import threads

STEP = 2.0**-20
"""What factors of a product are multiples of."""

COLUMNS = 2048


def rounded(values: np.ndarray, step: float = STEP) -> np.ndarray:
    """Floating-point numbers as the nearest multiples of a power of 2, in place."""
    values *= 1 / step
    np.rint(values, out=values)
    values *= step
    return values


def product(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The product of a small matrix (M, K) and a wide one (K, N), float32; of multiples of ``STEP`` below 2 and 8, with
    K up to 512, it is exact but for its last rounding."""
    used = np.flatnonzero(one.any(0))
    few = one[:, used].astype(np.float64)
    made = np.empty((len(one), other.shape[1]), np.float32)

    def multiply(start: int) -> None:
        part = slice(start, start + COLUMNS)
        made[:, part] = few @ other[used, part].astype(np.float64)

    threads.shared(multiply, range(0, other.shape[1], COLUMNS))
    return made
