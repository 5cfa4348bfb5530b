"""The data update: which window of the clip is trained on (paper, section 3.3)."""

from __future__ import annotations


def window_start(update: int, *, frames: int, window: int, stride: int) -> int:
    """First frame of the window after ``update`` moves: neighbour to neighbour, turning back at the clip's ends."""
    last = frames - window
    stops = [*range(0, last, stride), last]
    turn = max(1, 2 * (len(stops) - 1))
    place = update % turn
    return stops[min(place, turn - place)] if len(stops) > 1 else stops[0]
