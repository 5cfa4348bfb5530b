"""Which of all possible videos is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """Frames that a video has to have: those numbered ``numbers`` are ``video_tchw``, (n, 3, H, W) in [-1, 1].

    ``places`` says which of the learned clip's frames they are; None where they are of another clip.
    """

    numbers: tuple[int, ...]
    video_tchw: np.ndarray
    places: tuple[int, ...] | None = None

    def edges(self, reach: int, period: int | None) -> tuple[int, ...]:
        """Places among the known frames of those with an unknown one at most ``reach`` frames away."""
        there = set(self.numbers)

        def unknown(number: int) -> bool:
            return (number if period is None else number % period) not in there

        near = range(-reach, reach + 1)
        return tuple(place for place, number in enumerate(self.numbers) if any(unknown(number + away) for away in near))


@dataclass(frozen=True, kw_only=True)
class Draw:
    """One outcome of all random numbers. ``share`` of the variance's root is fresh, the rest is the clip's own:
    1 is a new video, 0 the clip itself (the paper's reconstruction from z*). With a ``period`` it is a loop: a frame so
    much later is the same. ``known`` frames are kept, and what is before, after or between them goes on from them.
    With another ``fine_seed`` slow motion stays as it is, and fast motion comes at other moments: more of the same."""

    seed: int
    fine_seed: int | None = None
    share: float = 1.0
    period: int | None = None
    known: Known | None = None
