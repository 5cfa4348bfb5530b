"""Between a pixel's colours and its normal scores, the space in which frames are mixed."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

KNOTS = 33
BANDWIDTH = 12 / 127.5
"""Differences of luma below about 12 levels count as sensor noise. Without it a still pixel's noise is stretched to
the same scores as a flame that passes there once, and mixing scatters flame-coloured specks."""

BANDWIDTH_SHARE = 0.1
"""And differences below this share of a pixel's own range count little: neighbours then bend alike, and flames keep
smooth edges."""

MOST_FRAMES = 128
"""Evenly spaced frames are enough to know a pixel's distribution: long clips are fitted as quickly as short ones."""

LUMA = torch.tensor([0.299, 0.587, 0.114])


@dataclass(frozen=True, kw_only=True)
class ColourCurves:
    """Each pixel's way between luma, normal score and colour, as tables over ``KNOTS`` equal steps of its luma range.

    ``low`` and ``high`` are (P,), ``scores`` (KNOTS, P) rising, ``colours`` (KNOTS, P, 3).
    """

    low: Tensor
    high: Tensor
    scores: Tensor
    colours: Tensor

    @classmethod
    def fitted(cls, rgb_tpc: Tensor) -> ColourCurves:
        """Curves of a clip (T, P, 3) in [-1, 1]: the smoothed normal-score transform of geostatistics."""
        luma = rgb_tpc @ LUMA
        low, high = luma.amin(0), luma.amax(0)
        bandwidth = torch.clamp(BANDWIDTH_SHARE * (high - low), min=BANDWIDTH)
        low, high = low - bandwidth / 2, high + bandwidth / 2
        some = slice(None, None, -(-len(luma) // MOST_FRAMES))
        luma, rgb_tpc = luma[some], rgb_tpc[some]
        rare = 0.5 / len(luma)
        scores, colours = [], []
        for knot in range(KNOTS):
            value = low + (high - low) * (knot / (KNOTS - 1))
            share = torch.special.ndtr((value - luma) / bandwidth).mean(0).clamp(rare, 1 - rare)
            scores.append(torch.special.ndtri(share))
            width = torch.clamp((high - low) / (KNOTS - 1), min=BANDWIDTH / 3)
            weight = torch.exp(-0.5 * ((value - luma) / width) ** 2) + 1e-12
            colour = torch.einsum("tp,tpc->pc", weight, rgb_tpc) / weight.sum(0)[:, None]
            colours.append(colour + (value - colour @ LUMA)[:, None])
        # The slope makes equal scores at the tails rise, so that the curve can be inverted.
        slope = torch.linspace(-1e-4, 1e-4, KNOTS)[:, None]
        return cls(low=low, high=high, scores=torch.stack(scores) + slope, colours=torch.stack(colours))

    def score(self, luma_tp: Tensor) -> Tensor:
        index, share = self._place(luma_tp)
        return torch.lerp(self.scores.gather(0, index), self.scores.gather(0, index + 1), share)

    def luma(self, score_tp: Tensor) -> Tensor:
        """The inverse of :meth:`score`."""
        upper = torch.searchsorted(self.scores.T.contiguous(), score_tp.T.contiguous()).clamp(1, KNOTS - 1).T
        below, above = self.scores.gather(0, upper - 1), self.scores.gather(0, upper)
        place = upper - 1 + ((score_tp - below) / (above - below)).clamp(0, 1)
        return self.low + (self.high - self.low) * place / (KNOTS - 1)

    def colour(self, luma_tp: Tensor) -> Tensor:
        """The pixel's usual colour at this luma, (T, P, 3)."""
        index, share = self._place(luma_tp)
        index = index[..., None].expand(*index.shape, 3)
        return torch.lerp(self.colours.gather(0, index), self.colours.gather(0, index + 1), share[..., None])

    def _place(self, luma_tp: Tensor) -> tuple[Tensor, Tensor]:
        place = ((luma_tp - self.low) / (self.high - self.low) * (KNOTS - 1)).clamp(0, KNOTS - 1.001)
        index = place.floor().long()
        return index, place - index
