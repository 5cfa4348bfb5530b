"""The motion prior: structured noise that already moves and looks like the clip, fitted in seconds.

White noise tells the generators nothing of a clip's layout, colours or motion, and they need hours to invent them.
The prior's noise has all the second-order structure of the clip in space and time, and every pixel's own
distribution of colours. What it can't have is shape: that is left to the generators.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ..exact import product, rounded
from .conditioning import carried, correlation
from .curves import KNOTS, ColourCurves, luma_of
from .draw import Draw
from .fields import shares
from .mixing import Mixing, Pinned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .draw import Known

EVERY_PIXEL = 7
"""Every so many pixels are enough to compare frames and to measure energies."""

GAIN_DRAWS = 12
GAIN_MOST = 1.3

EDGE = 8
"""Known frames nearest to unknown ones that say how these go on."""


class MotionPrior:
    """Endless video with a clip's layout, colours and second-order motion.

    Built from the clip itself, levels of uint8 or uint16 (T, H, W, 3). In the space of normal scores every frame it
    makes is a weighted sum of the clip's frames: blocks of the clip, each filtered by random phase shifts common to all
    pixels, joined where they are alike, their overlaps weighted so that the variance stays the clip's. Several such
    draws share the picture (``fields``). So any two pixels near each other at nearby moments vary together as in the
    clip, at any length, and a frame depends on (seed, frame number) alone.
    """

    def __init__(self, clip_thwc: np.ndarray, curves: ColourCurves | None = None, gain: float | None = None) -> None:
        self.clip_thwc = clip_thwc
        self.frames, self.size_hw = clip_thwc.shape[0], (clip_thwc.shape[1], clip_thwc.shape[2])
        most = 65535 if clip_thwc.dtype == np.uint16 else 255
        self._video = clip_thwc.astype(np.float32) * np.float32(2 / most) - 1
        rgb = self._video.reshape(self.frames, -1, 3)
        self.curves = curves or ColourCurves.fitted(rgb)
        self._signal = self._signal_of(rgb)
        self._mean = self._signal.mean(0)
        self._signal -= self._mean
        rounded(self._signal)
        self._mixing = Mixing(self._looks(self._signal))
        self._pinned = lru_cache(maxsize=2)(self._newly_pinned)
        self.gain = 1.0
        self.gain = self._fitted_gain(luma_of(rgb)) if gain is None else gain

    def sound(self) -> bool:
        """Whether what it was built from, a stranger's perhaps, belongs together."""
        curves, pixels = self.curves, self.size_hw[0] * self.size_hw[1]
        shapes = (curves.low.shape, curves.high.shape, curves.scores.shape, curves.colours.shape)
        fitting = ((pixels,), (pixels,), (KNOTS, pixels), (KNOTS, pixels, 3))
        return shapes == fitting and self.frames >= 3 and math.isfinite(self.gain)

    def layout(self) -> np.ndarray:
        """The temporal mean, (3, H, W)."""
        return np.moveaxis(self._video.mean(0), 2, 0)

    def mean_signal(self) -> np.ndarray:
        """The temporal mean of :meth:`signal`'s four, about which that is, (4, H, W)."""
        return self._split(self._mean[None])[:, 0]

    def signal(self, frames: range, draw: Draw) -> np.ndarray:
        """A draw about its mean before it becomes colours, (4, T, H, W): every pixel's score of luma, then what its
        colours are beside the usual ones."""
        numbers = frames if draw.period is None else [frame % draw.period for frame in frames]
        return self._split(self._drawn(numbers, draw))

    def _split(self, signal: np.ndarray) -> np.ndarray:
        pixels = self.size_hw[0] * self.size_hw[1]
        beside = np.moveaxis(signal[:, pixels:].reshape(len(signal), pixels, 3), 2, 0)
        return np.concatenate([signal[None, :, :pixels], beside]).reshape(4, len(signal), *self.size_hw)

    def video(self, frames: range, draw: Draw) -> np.ndarray:
        """Frames of the endless video of one draw, (T, 3, H, W) in [-1, 1]; frame numbers may be negative.

        A draw of share 0 is the clip itself, its first and last frame held before and after it.
        """
        if draw.share == 0:
            return np.moveaxis(self._video[self._held(frames)], 3, 1).copy()
        numbers = frames if draw.period is None else [frame % draw.period for frame in frames]
        signal = self._mean + self._drawn(numbers, draw)
        pixels = self.size_hw[0] * self.size_hw[1]
        colour = self.curves.colour(self.curves.luma(signal[:, :pixels]))
        colour += signal[:, pixels:].reshape(-1, pixels, 3)
        rgb = np.clip(colour, -1, 1, out=colour)
        video = np.moveaxis(rgb.reshape(-1, *self.size_hw, 3), 3, 1).copy()
        if draw.known is not None:
            there = {number: place for place, number in enumerate(draw.known.numbers)}
            for place, number in enumerate(numbers):
                if number in there:
                    video[place] = draw.known.video_tchw[there[number]]
        return video

    def _drawn(self, numbers: Sequence[int], draw: Draw) -> np.ndarray:
        """A draw's signal about the mean, (T, values), going on from what is known."""
        if draw.known is None:
            return self._free(numbers, draw, None)
        pinned = self._pinned(draw.known, draw.period)
        free = self._free([*numbers, *pinned.frames.numbers], draw, pinned)
        missed = pinned.signal - free[len(numbers) :]
        # A colour carried on to where its light is gone would be seen as a stain.
        missed[:, self.size_hw[0] * self.size_hw[1] :] = 0
        carry = carried(numbers, pinned.frames.numbers, pinned.correlation, draw.period)
        return free[: len(numbers)] + product(carry, rounded(missed))

    def _free(self, numbers: Sequence[int], draw: Draw, pinned: _Pins | None) -> np.ndarray:
        """As ``_drawn``, but only near to what is known."""
        fresh = np.zeros((len(numbers), self._signal.shape[1]), np.float32)
        pixels = self.size_hw[0] * self.size_hw[1]
        frames = pinned.frames if pinned else None
        known = frames.numbers if frames else ()
        for piece, share in enumerate(shares(numbers, self.size_hw, draw.seed, draw.period, known)):
            weights = self._mixing.weights(numbers, draw, piece, None if piece else frames)
            drawn = product(weights, self._signal)
            # First every pixel's score of luma, then every pixel's three colours.
            of_luma = share.reshape(len(numbers), pixels)
            drawn[:, :pixels] *= of_luma
            drawn[:, pixels:].reshape(-1, pixels, 3)[...] *= of_luma[..., None]
            fresh += drawn
        fresh *= np.float32(self.gain * draw.share)
        if draw.share < 1:
            fresh += np.float32(math.sqrt(1 - draw.share**2)) * self._signal[self._held(numbers)]
        return fresh

    def _newly_pinned(self, known: Known, period: int | None) -> _Pins:
        edges = known.edges(EDGE, period)
        rgb = np.moveaxis(known.video_tchw[list(edges)], 1, 3).reshape(len(edges), -1, 3)
        signal = self._signal_of(rgb) - self._mean
        pinned = Pinned(tuple(known.numbers[place] for place in edges), self._looks(signal))
        return _Pins(pinned, signal, correlation(self._looks(self._signal)))

    def _signal_of(self, rgb_tpc: np.ndarray) -> np.ndarray:
        """Every pixel's score of luma, then what its three colours differ from the usual ones; (T, values)."""
        luma = luma_of(rgb_tpc)
        beside = rgb_tpc - self.curves.colour(luma)
        return np.concatenate([self.curves.score(luma), beside.reshape(len(luma), -1)], 1)

    def _looks(self, signal: np.ndarray) -> np.ndarray:
        """Of a signal, what is enough to compare frames."""
        return np.ascontiguousarray(signal[:, : self.size_hw[0] * self.size_hw[1] : EVERY_PIXEL])

    def _fitted_gain(self, luma: np.ndarray) -> float:
        """What brings the draws' energy to the clip's: bending scores back into colours loses some of it where
        bright moments are rare. The geometric mean of what variance and frame differences ask for."""
        sparse = luma[:, ::EVERY_PIXEL]
        drawn = np.stack([self._drawn_luma(seed) for seed in range(GAIN_DRAWS)])
        spread = _ratio(sparse.var(0).mean(), drawn.reshape(-1, drawn.shape[2]).var(0).mean())
        motion = _ratio(np.square(np.diff(sparse, axis=0)).mean(), np.square(np.diff(drawn, axis=1)).mean())
        return min(max((spread * motion) ** 0.25, 1 / GAIN_MOST), GAIN_MOST)

    def _drawn_luma(self, seed: int) -> np.ndarray:
        """Luma of a draw at every so many pixels, as long as a block without its fade, (T, P / EVERY_PIXEL)."""
        pixels = slice(0, self.size_hw[0] * self.size_hw[1], EVERY_PIXEL)
        frames = range(max(2, self._mixing.longest - self._mixing.fade))
        signal = np.ascontiguousarray(self._signal[:, pixels])
        score = np.repeat(self._mean[None, pixels], len(frames), 0)
        for piece, share in enumerate(shares(frames, self.size_hw, seed)):
            weights = self._mixing.weights(frames, Draw(seed=seed), piece)
            score += share.reshape(len(frames), -1)[:, pixels] * (weights @ signal)
        return self.curves.at(slice(None, None, EVERY_PIXEL)).luma(score)

    def _held(self, frames: Sequence[int]) -> np.ndarray:
        return np.clip(np.array(frames), 0, self.frames - 1)


def _ratio(one: float, other: float) -> float:
    """1 where both are nothing."""
    return float(one / other) if other else 1.0


@dataclass(frozen=True, eq=False)
class _Pins:
    """The known frames that matter, as the mixing sees them; their signal about the mean; the clip's correlation."""

    frames: Pinned
    signal: np.ndarray
    correlation: np.ndarray
