"""Pictures of yes and no as the lengths of their runs, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ..document import Moving


MOST_PIXELS = 1 << 24
"""More than any picture that is looked at for motion has: a damaged file must not take all memory."""


def runs_of(places_hw: np.ndarray) -> tuple[int, ...]:
    """A picture of bools as the lengths of its runs, row by row, false ones first (see ``Moving``)."""
    flat = np.concatenate([[False], places_hw.ravel().astype(bool)])
    turns = np.flatnonzero(flat[1:] != flat[:-1])
    return tuple(np.diff(np.concatenate([[0], turns, [places_hw.size]])).tolist())


def places_of(moving: Moving) -> np.ndarray:
    """(H, W) bool; what a damaged file has too few or too many of is left out."""
    height, width = moving.size_hw
    if not 0 < height * width <= MOST_PIXELS or height < 0:
        return np.zeros((1, 1), bool)
    ends = np.cumsum(np.clip(np.array(moving.runs, np.float64), 0, height * width))
    run = np.searchsorted(ends, np.arange(height * width), "right")
    return ((run % 2 == 1) & (run < len(ends))).reshape(height, width)
