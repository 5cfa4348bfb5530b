"""Which of several draws is seen where: slow random fields that share out the picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..exact import rounded
from ..noise import generator_for
from ..scales import resize

if TYPE_CHECKING:
    from collections.abc import Sequence

PIECES = 3
"""Independent draws side by side. One alone looks, at any moment, like some piece of the clip: made new by phase shifts
it was either a copy (0.3 rad: at 25 px a third of the distance between the clip's own moments) or a haze of ghosts
(1.0). Three together are each sharp, and the whole is new (0.6)."""

FRAMES = 40
"""Between a field's independent moments."""

CELLS = (2, 3)
"""Across the short and the long side of the picture, between a field's independent places."""

HARDNESS = 3.0
ALONE = 5.0
"""By how much a field is raised where its draw is to be seen alone: the others are then below a thousandth."""


def shares(
    frames: Sequence[int],
    size_hw: tuple[int, int],
    seed: int,
    period: int | None = None,
    pinned: Sequence[int] = (),
) -> np.ndarray:
    """Each draw's weight, (PIECES, T, H, W); their squares add up to 1, so that mixing them keeps the variance.

    A frame's weights depend on ``seed`` and its number alone; around a loop of ``period`` frames they come back. Near
    ``pinned`` frames the first draw is seen alone.
    """
    cells = CELLS if size_hw[0] <= size_hw[1] else CELLS[::-1]
    around = None if period is None else max(1, round(period / FRAMES))
    apart = FRAMES if period is None or around is None else period / around
    knots = range(math.floor(min(frames) / apart), math.floor(max(frames) / apart) + 2)
    smooth = []
    for piece in range(PIECES):
        named = [knot if around is None else knot % around for knot in knots]
        coarse = np.stack(
            [generator_for("field", seed, piece, name).standard_normal(cells, np.float32) for name in named]
        )
        smooth.append(resize(coarse.astype(np.float64), size_hw))
    nearness = _nearness(frames, pinned, period) if pinned else np.zeros(len(frames))
    knots_hw, made = np.stack(smooth), np.empty((PIECES, len(frames), *size_hw), np.float32)
    for row, frame in enumerate(frames):
        before = math.floor(frame / apart)
        share, knot = frame / apart - before, before - knots.start
        fields = (1 - share) * knots_hw[:, knot] + share * knots_hw[:, knot + 1]
        fields /= math.hypot(share, 1 - share)
        fields[0] += nearness[row]
        # The roots of a softmax.
        fields -= fields.max(0)
        root = np.exp(HARDNESS / 2 * fields, out=fields)
        made[:, row] = rounded(root / np.sqrt(np.square(root).sum(0)))
    return made


def _nearness(frames: Sequence[int], pinned: Sequence[int], period: int | None) -> np.ndarray:
    """``ALONE`` at the pinned frames, 0 far from them; (T,)."""
    away = np.abs(np.array(frames)[:, None] - np.array(pinned)[None])
    if period is not None:
        away = np.minimum(away % period, period - away % period)
    return ALONE * np.exp(-np.square(away.min(1) / (FRAMES / 2)))
