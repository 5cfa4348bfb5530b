"""What stands behind a region that is taken out of a clip: the same place at other moments, or a place beside it.

The moments are chosen so that what is around the region looks alike then, and that one follows the other as long as it
can: the region keeps moving (video textures, Schoedl et al., 2000). Importing this needs no torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import binary_dilation

if TYPE_CHECKING:
    from collections.abc import Sequence

RING = 3
"""Cells around a hole that have to look alike at the moment it is filled from."""

CLEAR = 2
"""Cells around a hole that have to be clear then: what is taken out often has a shadow or a wave about it."""

JUMP = 4.0
"""Weight of what changes in the region where one moment does not follow the other, beside what its ring differs."""

STEP = 2
"""Cells between the places beside a hole that are tried."""


def moments_for(small_thwc: np.ndarray, holes_thw: np.ndarray, candidates: Sequence[int]) -> np.ndarray | None:
    """For every frame with a hole, which of the ``candidates`` it is filled from; others are -1. None where for some
    frame no candidate is clear.

    ``small_thwc`` (T, h, w, 3) are all frames, of any levels; ``holes_thw`` is true where something is taken out.
    Found by dynamic programming over each run of frames with holes.
    """
    known = np.asarray(candidates)
    video = small_thwc.astype(np.float32)
    region = video[known][:, holes_thw.any(0)].reshape(len(known), -1)
    lengths = np.square(region).sum(1)
    apart = (lengths[:, None] + lengths[None] - 2 * region @ region.T).clip(0) / region.shape[1]
    follows = np.diff(known, append=known[-1]) == 1
    usual = apart[:-1, 1:].diagonal()[follows[:-1]].mean() if follows.any() else 0.0
    # From one moment to another that does not follow it: as what should have followed differs from that, and no
    # oftener than for something.
    after = np.where(follows, np.arange(len(known)) + 1, np.arange(len(known)))
    jump = JUMP * (apart[after] + usual)
    jump[follows.nonzero()[0], after[follows]] = 0
    moments = np.full(len(video), -1)
    costs: list[np.ndarray] = []
    for frame, hole in enumerate(holes_thw):
        if hole.any():
            costs.append(_unlikeness(video, holes_thw, frame, known))
            if not np.isfinite(costs[-1]).any():
                return None
        if costs and (not hole.any() or frame + 1 == len(video)):
            end = frame + 1 if hole.any() else frame
            moments[end - len(costs) : end] = known[_cheapest(costs, jump)]
            costs = []
    return moments


def place_beside(
    small_thwc: np.ndarray, holes_thw: np.ndarray, unseen_hw: np.ndarray | None = None
) -> tuple[int, int] | None:
    """The way, in cells down and right, to a place that looks most like a hole's surroundings in the same frames; None
    where no place is clear of holes, and of ``unseen_hw``, what isn't in the picture all the time."""
    video = small_thwc.astype(np.float32)
    frames = np.flatnonzero(holes_thw.any((1, 2)))
    height, width = holes_thw.shape[1:]
    union: np.ndarray = np.asarray(holes_thw.any(0))
    inner: np.ndarray = np.asarray(binary_dilation(union), bool)
    outer: np.ndarray = np.asarray(binary_dilation(inner, iterations=RING), bool)
    ring = np.logical_and(outer, ~union)
    taken = union if unseen_hw is None else union | unseen_hw
    rows, columns = np.nonzero(outer)
    y, x = np.nonzero(ring)
    around = video[frames][:, y, x]
    best, found = np.inf, None
    for down in range(-rows.min() // STEP * STEP, height - rows.max(), STEP):
        for right in range(-columns.min() // STEP * STEP, width - columns.max(), STEP):
            if rows.min() + down < 0 or columns.min() + right < 0:
                continue
            if taken[rows + down, columns + right].any():
                continue
            cost = float(np.square(around - video[frames[:, None], y + down, x + right]).mean())
            if cost < best:
                best, found = cost, (down, right)
    return found


def clear(holes_thw: np.ndarray, frame: int, moments: np.ndarray) -> np.ndarray:
    """Whether at each of these moments nothing is in the way of filling a frame's hole."""
    near = np.asarray(binary_dilation(holes_thw[frame], iterations=CLEAR), bool)
    return holes_thw[moments][:, near].sum(1) == 0


def _unlikeness(video: np.ndarray, holes: np.ndarray, frame: int, known: np.ndarray) -> np.ndarray:
    """How unlike a frame's surroundings of its hole are at each known moment; infinite where something is in there."""
    around = np.asarray(binary_dilation(holes[frame], iterations=RING), bool) & ~holes[frame]
    cost = np.zeros(len(known))
    if around.any():
        cost = np.square(video[known][:, around] - video[frame, around]).mean((1, 2))
    return np.where(clear(holes, frame, known), cost, np.inf)


def _cheapest(costs: list[np.ndarray], jump: np.ndarray) -> np.ndarray:
    """The way through so many frames that costs least, as places among the known moments."""
    best, before = costs[0], []
    for cost in costs[1:]:
        total = best[:, None] + jump
        before.append(total.argmin(0))
        best = total.min(0) + cost
    way = [int(best.argmin())]
    for places in reversed(before):
        way.append(int(places[way[-1]]))
    return np.array(way[::-1])
