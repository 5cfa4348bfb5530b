"""A mask: of every pixel of every frame, how much of it is replaced."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import distance_transform_edt

from ..clip import Rect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INSIDE = 0.5
"""A feather begins where less than this much is masked."""


@dataclass(frozen=True, kw_only=True)
class Edited:
    """What a mask is for: a clip of ``name``, its upright picture's size, its frames and the range that is edited."""

    size_hw: tuple[int, int]
    span: tuple[int, int]
    clip_frames: int
    name: str

    @property
    def frames(self) -> int:
        return self.span[1] - self.span[0]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A mask as its file has it. Each ``draw()`` begins anew and yields a frame at a time, (H, W) float32 in [0, 1];
    a single one if ``still``."""

    draw: Callable[[], Iterator[np.ndarray]]
    still: bool


class Mask:
    """The masks of ``frames`` frames in a row, made as they are asked for; ``still`` if one picture is all of them."""

    def __init__(self, drawing: Drawing, *, frames: int, feather_px: float) -> None:
        self.still = drawing.still
        self._drawing = drawing
        self._frames = frames
        self._feather_px = feather_px
        self._union = self._find_union()

    def frames(self) -> Iterator[np.ndarray]:
        """Every frame's (H, W), float32 in [0, 1]: 1 is replaced, 0 stays. Each call begins anew.

        With a feather, what the file has masked by half or more is 1, and from there it falls to exactly 0 at
        ``feather_px`` pixels; without one, the file's own edges stay as they are.
        """
        if self.still:
            picture = next(self._pictures())
            picture.setflags(write=False)  # it is all frames
            yield from repeat(picture, self._frames)
        else:
            yield from self._pictures()

    def union(self) -> np.ndarray:
        """Where any frame replaces anything, (H, W) bool, not to be written to."""
        return self._union

    def rect(self) -> Rect | None:
        """The rectangle around the union; None where nothing is masked, which ``open_mask`` refuses."""
        return bounds(self._union)

    def covers_all(self) -> bool:
        """Whether no frame has a single place that stays as it is."""
        return bool(self._union.all()) and (self.still or all(picture.all() for picture in self._pictures()))

    def _pictures(self) -> Iterator[np.ndarray]:
        return (feathered(picture, self._feather_px) for picture in self._drawing.draw())

    def _find_union(self) -> np.ndarray:
        """One feather around what any frame masks: its distance is the least of all frames'."""
        masked = np.zeros((1, 1), bool)
        for picture in self._drawing.draw():
            masked = masked | (picture >= INSIDE if self._feather_px else picture > 0)
        union = feathered(masked.astype(np.float32), self._feather_px) > 0
        union.setflags(write=False)
        return union


def feathered(picture_hw: np.ndarray, feather_px: float) -> np.ndarray:
    """1 where at least half is masked, and a smooth fall to 0 at ``feather_px`` from there; unchanged without one."""
    if not feather_px:
        return picture_hw
    made = np.zeros_like(picture_hw)
    inside = picture_hw >= INSIDE
    rect = bounds(inside)
    if rect is None:
        return made
    reach = math.ceil(feather_px)
    window = (
        slice(max(0, rect.y - reach), rect.y + rect.height + reach),
        slice(max(0, rect.x - reach), rect.x + rect.width + reach),
    )
    distance_px = np.asarray(distance_transform_edt(~inside[window]))
    near = (1 - distance_px / max(feather_px, 1)).clip(0, 1)  # the nearest neighbour is 1 px away
    made[window] = near * near * (3 - 2 * near)
    return made


def bounds(places_hw: np.ndarray) -> Rect | None:
    """The smallest rectangle that holds all true places; None where there are none."""
    rows, columns = np.flatnonzero(places_hw.any(1)), np.flatnonzero(places_hw.any(0))
    if not len(rows):
        return None
    x, y = int(columns[0]), int(rows[0])
    return Rect(x=x, y=y, width=int(columns[-1]) - x + 1, height=int(rows[-1]) - y + 1)
