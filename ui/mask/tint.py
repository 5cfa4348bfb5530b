"""How a mask is seen: a colour, hatched and with an outline, since colour alone is not seen by all nor over all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from typing import Literal

INSIDE = 128
"""Coverage from which a place counts as masked, as it does for the engine."""

FILL, STRIPE, EDGE, RIM = 0.26, 0.55, 1.0, 0.6
STRIPES, STRIPE_PX = 12, 3

CHECKS_PX = {"before": 6, "after": 2}
"""Checks cut a line of any direction into dashes, or dots."""


def tinted(coverage_hw: np.ndarray, colour: str, *, filled: bool, origin_xy: tuple[int, int] = (0, 0)) -> np.ndarray:
    """Pixels of a mask, (H, W) uint32, ARGB with premultiplied alpha, for the part of a picture that begins at the
    origin.

    What is masked is ``filled`` or clear; its edge is bright inside and dark outside, so that it is seen over anything.
    """
    inside = coverage_hw >= INSIDE
    made = np.zeros(inside.shape, np.uint32)
    if not inside.any():
        return made
    if filled:
        down, across = np.ogrid[: inside.shape[0], : inside.shape[1]]
        stripes = (down + across + sum(origin_xy)) % STRIPES < STRIPE_PX
        made = np.where(inside, np.where(stripes, _pixel(colour, STRIPE), _pixel(colour, FILL)), np.uint32(0))
    made[inside & _grown(~inside, 2)] = _pixel(colour, EDGE)
    made[_grown(inside, 1) & ~inside] = _pixel("#000000", RIM)
    return made


def outlined(coverage_hw: np.ndarray, colour: str, side: Literal["before", "after"]) -> np.ndarray:
    """The outline alone, faint: dashes for the key before, dots for the one after."""
    inside = coverage_hw >= INSIDE
    down, across = np.ogrid[: inside.shape[0], : inside.shape[1]]
    dashes = (down // CHECKS_PX[side] + across // CHECKS_PX[side]) % 2 == 0
    made = np.zeros(inside.shape, np.uint32)
    made[inside & _grown(~inside, 2) & dashes] = _pixel(colour, STRIPE + 0.2)
    made[inside & _grown(~inside, 2) & ~dashes] = _pixel("#000000", FILL)
    return made


def _grown(places_hw: np.ndarray, steps: int) -> np.ndarray:
    for _ in range(steps):
        grown = places_hw.copy()
        grown[1:] |= places_hw[:-1]
        grown[:-1] |= places_hw[1:]
        grown[:, 1:] |= places_hw[:, :-1]
        grown[:, :-1] |= places_hw[:, 1:]
        places_hw = grown
    return places_hw


def _pixel(colour: str, alpha: float) -> np.uint32:
    whole = QColor(colour)
    red, green, blue = (round(part * alpha) for part in (whole.red(), whole.green(), whole.blue()))
    return np.uint32(round(255 * alpha) << 24 | red << 16 | green << 8 | blue)
