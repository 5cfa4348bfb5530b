"""Between a pixel's colours and its normal scores, the space in which frames are mixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from .. import threads

KNOTS = 33
BANDWIDTH = 12 / 127.5
"""Differences of luma below about 12 levels count as sensor noise. Without it a still pixel's noise is stretched to
the same scores as a flame that passes there once, and mixing scatters flame-coloured specks."""

BANDWIDTH_SHARE = 0.1
"""And differences below this share of a pixel's own range count little: neighbours then bend alike, and flames keep
smooth edges."""

MOST_FRAMES = 128
"""Evenly spaced frames are enough to know a pixel's distribution: long clips are fitted as quickly as short ones."""

LUMA = np.array([0.299, 0.587, 0.114], np.float32)

RISE = 0.02
"""Of scores, in deviations, from the middle of a pixel's range to its ends, where its colours give none."""

TOGETHER = 2048
"""Pixels that are worked on at a time."""


@dataclass(frozen=True, kw_only=True)
class ColourCurves:
    """Each pixel's way between luma, normal score and colour, as tables over ``KNOTS`` equal steps of its luma range.

    ``low`` and ``high`` are (P,), ``scores`` (KNOTS, P) rising, ``colours`` (KNOTS, P, 3).
    """

    low: np.ndarray
    high: np.ndarray
    scores: np.ndarray
    colours: np.ndarray

    @classmethod
    def fitted(cls, rgb_tpc: np.ndarray, *, most_frames: int = MOST_FRAMES) -> ColourCurves:
        """Curves of a clip (T, P, 3) in [-1, 1]: the smoothed normal-score transform of geostatistics."""
        luma = luma_of(rgb_tpc)
        low, high = luma.min(0), luma.max(0)
        bandwidth = np.maximum(BANDWIDTH_SHARE * (high - low), BANDWIDTH)
        low, high = low - bandwidth / 2, high + bandwidth / 2
        every = -(-len(luma) // most_frames)
        some_luma, some_rgb = luma[::every], rgb_tpc[::every]
        scores, colours = np.empty((KNOTS, len(low)), np.float32), np.empty((KNOTS, len(low), 3), np.float32)

        def fit(part: slice) -> None:
            scores[:, part], colours[:, part] = _fitted(
                some_luma[:, part], some_rgb[:, part], low[part], high[part], bandwidth[part]
            )

        threads.shared(fit, _parts(len(low)))
        return cls(low=low, high=high, scores=scores, colours=colours)

    def score(self, luma_tp: np.ndarray) -> np.ndarray:
        return self._looked_up(self.scores[..., None], luma_tp)[..., 0]

    def luma(self, score_tp: np.ndarray) -> np.ndarray:
        """The inverse of :meth:`score`."""
        made = np.empty_like(score_tp)

        def invert(part: slice) -> None:
            scores, asked = self.scores[:, part], score_tp[:, part]
            below = np.zeros(asked.shape, np.int8)
            for knot in range(1, KNOTS - 1):
                below += asked > scores[knot]
            flat = below.astype(np.intp) * scores.shape[1] + np.arange(scores.shape[1])
            table = np.ascontiguousarray(scores).ravel()
            low, high = table.take(flat), table.take(flat + scores.shape[1])
            place = below + np.clip((asked - low) / (high - low), 0, 1)
            made[:, part] = self.low[part] + (self.high[part] - self.low[part]) * place / np.float32(KNOTS - 1)

        threads.shared(invert, _parts(score_tp.shape[1]))
        return made

    def colour(self, luma_tp: np.ndarray) -> np.ndarray:
        """The pixel's usual colour at this luma, (T, P, 3)."""
        return self._looked_up(self.colours, luma_tp)

    def at(self, pixels: slice | np.ndarray) -> ColourCurves:
        """The curves of some of the pixels, a slice or their numbers."""
        return ColourCurves(
            low=self.low[pixels],
            high=self.high[pixels],
            scores=self.scores[:, pixels],
            colours=self.colours[:, pixels],
        )

    def _looked_up(self, table_kpn: np.ndarray, luma_tp: np.ndarray) -> np.ndarray:
        """What a table says at this luma, (T, P, N), on straight lines between its knots."""
        made = np.empty((*luma_tp.shape, table_kpn.shape[2]), np.float32)

        def look(part: slice) -> None:
            low, high = self.low[part], self.high[part]
            place = np.clip((luma_tp[:, part] - low) / (high - low) * np.float32(KNOTS - 1), 0, KNOTS - 1.001)
            index = place.astype(np.intp)
            share = (place - index).astype(np.float32)[..., None]
            table = np.ascontiguousarray(table_kpn[:, part])
            pixels = table.shape[1]
            rows = table.reshape(KNOTS * pixels, -1)
            flat = index * pixels + np.arange(pixels)
            before = rows.take(flat, 0)
            made[:, part] = before + share * (rows.take(flat + pixels, 0) - before)

        threads.shared(look, _parts(luma_tp.shape[1]))
        return made


def luma_of(rgb: np.ndarray) -> np.ndarray:
    """The luma of colours (..., 3), added up one after the other: a product of matrices differs by processor."""
    red, green, blue = np.moveaxis(rgb, -1, 0)
    return red * LUMA[0] + green * LUMA[1] + blue * LUMA[2]


def _parts(pixels: int) -> list[slice]:
    return [slice(start, min(start + TOGETHER, pixels)) for start in range(0, pixels, TOGETHER)]


def _fitted(
    luma_tp: np.ndarray, rgb_tpc: np.ndarray, low: np.ndarray, high: np.ndarray, bandwidth: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(scores, colours) of some pixels at every knot."""
    rare = 0.5 / len(luma_tp)
    width = np.maximum((high - low) / (KNOTS - 1), np.float32(BANDWIDTH / 3))
    shares, colours = [], []
    for knot in range(KNOTS):
        value = low + (high - low) * np.float32(knot / (KNOTS - 1))
        away = value - luma_tp
        shares.append(_smooth_step(away / bandwidth).mean(0).clip(rare, 1 - rare))
        # In double precision: the last digits of these depend on the processor.
        weight = np.exp(-0.5 * np.square(away / width, dtype=np.float64)).astype(np.float32) + np.float32(1e-12)
        colour = (weight[..., None] * rgb_tpc).sum(0) / weight.sum(0)[:, None]
        colours.append(colour + (value - luma_of(colour))[:, None])
    # The slope makes equal scores rise, at the tails and between two colours that a pixel has, so that the curve can be
    # inverted: by as much as makes nothing of a score's last digits.
    slope = np.linspace(-RISE, RISE, KNOTS, dtype=np.float32)[:, None]
    return ndtri(np.stack(shares)).astype(np.float32) + slope, np.stack(colours)


def _smooth_step(away: np.ndarray) -> np.ndarray:
    """From 0 to 1 over a few deviations: the distribution function of Epanechnikov's kernel, of deviation 1."""
    place = np.clip(away / np.float32(5**0.5), -1, 1)
    return np.float32(0.5) + place * (np.float32(0.75) - np.float32(0.25) * np.square(place))
