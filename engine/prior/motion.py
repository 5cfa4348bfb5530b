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

import torch
from torch import Tensor

from ..noise import generator_for
from .blocks import Blocks
from .curves import KNOTS, LUMA, ColourCurves
from .fields import PIECES, shares

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK = 64
"""Frames drawn together; longer motion than this is not kept."""

SHORTEST_CHOICE = 3
"""Of a short clip a block takes at most this part, so that there are enough places to take one from."""

FADE = 16
"""Frames over which a block gives way to the next, its variance kept. Where two blocks overlap both are seen, so
long fades are soft and ghostly."""

PHASE_STEP = 0.1
"""Deviation, in radians, between the phase shifts of neighbouring frequencies. 0 replays the clip; above 1 every event
is spread over time until nothing is recognised."""

CANDIDATES = 10
"""Places among which the best joined is taken. With half of all places, different seeds met in the same ones."""

EVERY_PIXEL = 7
"""Every so many pixels are enough to compare frames and to measure energies."""

GAIN_DRAWS = 12
GAIN_MOST = 1.3


@dataclass(frozen=True, kw_only=True)
class Draw:
    """One outcome of all random numbers. ``share`` of the variance's root is fresh, the rest is the clip's own:
    1 is a new video, 0 the clip itself (the paper's reconstruction from z*). With a ``period`` it is a loop: a frame so
    much later is the same."""

    seed: int
    share: float = 1.0
    period: int | None = None


class MotionPrior:
    """Endless video with a clip's layout, colours and second-order motion.

    Built from the clip itself, levels of uint8 or uint16 (T, H, W, 3). In the space of normal scores every frame it
    makes is a weighted sum of the clip's frames: blocks of the clip, each filtered by random phase shifts common to all
    pixels, joined where they are alike, their overlaps weighted so that the variance stays the clip's. Several such
    draws share the picture (``fields``). So any two pixels near each other at nearby moments vary together as in the
    clip, at any length, and a frame depends on (seed, frame number) alone.
    """

    def __init__(self, clip_thwc: Tensor, curves: ColourCurves | None = None, gain: float | None = None) -> None:
        self.clip_thwc = clip_thwc
        self.frames, self.size_hw = clip_thwc.shape[0], (clip_thwc.shape[1], clip_thwc.shape[2])
        most = 65535 if clip_thwc.dtype == torch.uint16 else 255
        self._video = clip_thwc.float() / (most / 2) - 1
        rgb = self._video.flatten(1, 2)
        self.curves = curves or ColourCurves.fitted(rgb)
        luma = rgb @ LUMA
        signal = torch.cat([self.curves.score(luma), (rgb - self.curves.colour(luma)).flatten(1)], 1)
        self._mean = signal.mean(0)
        self._signal = signal - self._mean
        self._longest = max(min(BLOCK, self.frames // SHORTEST_CHOICE), min(16, self.frames)) // 2 * 2
        self._fade = max(1, self._longest * FADE // BLOCK)
        self._weights_of_block = lru_cache(maxsize=PIECES * 3)(self._block_weights)
        self.gain = 1.0
        self.gain = self._fitted_gain(luma) if gain is None else gain

    def sound(self) -> bool:
        """Whether what it was built from, a stranger's perhaps, belongs together."""
        curves, pixels = self.curves, self.size_hw[0] * self.size_hw[1]
        shapes = (curves.low.shape, curves.high.shape, curves.scores.shape, curves.colours.shape)
        fitting = ((pixels,), (pixels,), (KNOTS, pixels), (KNOTS, pixels, 3))
        return shapes == fitting and self.frames >= 3 and math.isfinite(self.gain)

    def layout(self) -> Tensor:
        """The temporal mean, (3, H, W)."""
        return self._video.mean(0).permute(2, 0, 1)

    def video(self, frames: range, draw: Draw) -> Tensor:
        """Frames of the endless video of one draw, (T, 3, H, W) in [-1, 1]; frame numbers may be negative.

        A draw of share 0 is the clip itself, its first and last frame held before and after it.
        """
        if draw.share == 0:
            return self._video[self._held(frames)].permute(0, 3, 1, 2)
        pixels = self.size_hw[0] * self.size_hw[1]
        numbers = frames if draw.period is None else [frame % draw.period for frame in frames]
        own = self._signal[self._held(numbers)]
        signal = self._mean + self.gain * draw.share * self._fresh(numbers, draw) + math.sqrt(1 - draw.share**2) * own
        colour = self.curves.colour(self.curves.luma(signal[:, :pixels]))
        rgb = colour + signal[:, pixels:].reshape(-1, pixels, 3)
        return rgb.clamp(-1, 1).reshape(-1, *self.size_hw, 3).permute(0, 3, 1, 2)

    def weights(self, frames: Sequence[int], draw: Draw, piece: int = 0) -> Tensor:
        """How much of each of the clip's frames goes into each frame of a draw's ``piece``, (len(frames), T)."""
        blocks = Blocks.around(self._longest, self._fade, draw.period)
        rows = torch.zeros(len(frames), self.frames)
        for row, frame in enumerate(frames):
            for block, place in blocks.seen(frame):
                rows[row] += self._weights_of_block(blocks, blocks.name(block), draw.seed, piece)[place]
        return rows

    def _fresh(self, frames: Sequence[int], draw: Draw) -> Tensor:
        """The draws that share the picture, each weighted by its share of it; (T, values) about zero."""
        fresh = torch.zeros(len(frames), self._signal.shape[1])
        for piece, share in enumerate(shares(frames, self.size_hw, draw.seed, draw.period)):
            drawn = self.weights(frames, draw, piece) @ self._signal
            # First every pixel's score of luma, then every pixel's three colours.
            of_luma = share.flatten(1)
            fresh += drawn * torch.cat([of_luma, of_luma.repeat_interleave(3, 1)], 1)
        return fresh

    def _block_weights(self, blocks: Blocks, block: int, seed: int, piece: int) -> Tensor:
        """One block's weights, (block length, T), its fade in and out applied."""
        generator = generator_for("phase", seed, piece, block)
        length, fade = blocks.length(block), blocks.fade
        start = self._start(blocks, block, seed, piece)
        phase = torch.cumsum(PHASE_STEP * torch.randn(length // 2 + 1, generator=generator), 0)
        phase[0] = phase[-1] = 0
        response = torch.fft.irfft(torch.polar(torch.ones_like(phase), phase), n=length)
        lag = (torch.arange(length)[:, None] - torch.arange(length)[None]) % length
        rise = torch.sin(math.pi / 2 * (torch.arange(fade) + 0.5) / fade)
        envelope = torch.cat([rise, torch.ones(length - 2 * fade), rise.flip(0)])
        weights = torch.zeros(length, self.frames)
        weights[:, start : start + length] = response[lag] * envelope[:, None]
        return weights

    def _start(self, blocks: Blocks, block: int, seed: int, piece: int) -> int:
        """The clip's frame from which a block is taken: anywhere for even blocks, where it joins both its neighbours
        best for odd ones (among a few places, so that seeds differ). What fades into each other is then alike, and few
        ghosts are seen; yet a block depends on its neighbours' numbers alone, not on what came before.

        The pieces of a draw come from different parts of the clip, so that every draw has lively moments and calm ones.
        """
        name = blocks.name(block)
        part = int(torch.randperm(PIECES, generator=generator_for("part", seed, name))[piece])
        generator = generator_for("start", seed, piece, name)
        places = self.frames - blocks.length(block) + 1
        first, last = places * part // PIECES, max(places * part // PIECES + 1, places * (part + 1) // PIECES)
        if block % 2 == 0:
            return int(torch.randint(first, last, (), generator=generator))
        before = self._start(blocks, block - 1, seed, piece) + blocks.hop(block - 1)
        after = self._start(blocks, block + 1, seed, piece)
        chosen = first + torch.randperm(last - first, generator=generator)[:CANDIDATES]
        cost = self._apart(before, chosen, blocks.fade) + self._apart(after, chosen + blocks.hop(block), blocks.fade)
        return int(chosen[cost.argmin()])

    def _apart(self, start: int, others: Tensor, length: int) -> Tensor:
        """How unlike so many frames from ``start`` on are to those from each of the other places on, (len(others),)."""
        sparse = self._signal[:, : self.size_hw[0] * self.size_hw[1] : EVERY_PIXEL]
        steps = torch.arange(length)
        return (sparse[others[:, None] + steps] - sparse[start : start + length]).square().sum((1, 2))

    def _fitted_gain(self, luma: Tensor) -> float:
        """What brings the draws' energy to the clip's: bending scores back into colours loses some of it where
        bright moments are rare. The geometric mean of what variance and frame differences ask for."""
        sparse = luma[:, ::EVERY_PIXEL]
        drawn = torch.cat([self._drawn_luma(seed, EVERY_PIXEL) for seed in range(GAIN_DRAWS)])
        spread = sparse.var(0).mean() / drawn.var(0).mean()
        steps = drawn.unflatten(0, (GAIN_DRAWS, -1)).diff(dim=1)
        motion = sparse.diff(dim=0).square().mean() / steps.square().mean()
        return float(((spread * motion) ** 0.25).nan_to_num(1.0).clamp(1 / GAIN_MOST, GAIN_MOST))

    def _drawn_luma(self, seed: int, every: int) -> Tensor:
        """Luma of a draw at every so many pixels, as long as a block without its fade, (T, P / every)."""
        pixels = self.size_hw[0] * self.size_hw[1]
        frames = range(self._longest - self._fade)
        score = self._mean[:pixels:every].repeat(len(frames), 1)
        for piece, share in enumerate(shares(frames, self.size_hw, seed)):
            score += share.flatten(1)[:, ::every] * (
                self.weights(frames, Draw(seed=seed), piece) @ self._signal[:, :pixels:every]
            )
        curves = self.curves
        sparse = ColourCurves(
            low=curves.low[::every],
            high=curves.high[::every],
            scores=curves.scores[:, ::every],
            colours=curves.colours[:, ::every],
        )
        return sparse.luma(score)

    def _held(self, frames: Sequence[int]) -> Tensor:
        return torch.tensor([min(max(frame, 0), self.frames - 1) for frame in frames])
