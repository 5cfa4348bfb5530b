"""Which of several draws is seen where: slow random fields that share out the picture."""

from __future__ import annotations

import torch
from torch import Tensor

from ..noise import generator_for
from ..scales import resize

PIECES = 3
"""Independent draws side by side. One alone looks, at any moment, like some piece of the clip: made new by phase shifts
it was either a copy (0.3 rad: at 25 px a third of the distance between the clip's own moments) or a haze of ghosts
(1.0). Three together are each sharp, and the whole is new (0.6)."""

FRAMES = 40
"""Between a field's independent moments."""

CELLS = (2, 3)
"""Across the short and the long side of the picture, between a field's independent places."""

HARDNESS = 3.0


def shares(frames: range, size_hw: tuple[int, int], seed: int) -> Tensor:
    """Each draw's weight, (PIECES, T, H, W); their squares add up to 1, so that mixing them keeps the variance.

    A frame's weights depend on ``seed`` and its number alone.
    """
    cells = CELLS if size_hw[0] <= size_hw[1] else CELLS[::-1]
    knots = range(frames.start // FRAMES, (frames.stop - 1) // FRAMES + 2)
    place = torch.tensor([frame / FRAMES for frame in frames]) - knots.start
    index = place.floor().long()
    later = (place - index)[:, None, None]
    fields = []
    for piece in range(PIECES):
        coarse = [torch.randn(1, *cells, generator=generator_for("field", seed, piece, knot)) for knot in knots]
        smooth = resize(torch.stack(coarse), size_hw)[:, 0]
        between = (1 - later) * smooth[index] + later * smooth[index + 1]
        fields.append(between / (later**2 + (1 - later) ** 2).sqrt())
    return torch.softmax(HARDNESS * torch.stack(fields), 0).sqrt()
