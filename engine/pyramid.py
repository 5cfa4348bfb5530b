"""The pyramid at work: noise in, coarse to fine, video out. Importing this needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .noise import noise
from .prior import Draw
from .scales import resize_alike

LAYERS = 5
"""Convolutions of a generator, 3x3x3 each (paper, section 3.2)."""

HALO = LAYERS
"""Frames of context a scale needs on either side of the frames it makes."""


class Generator(Protocol):
    """A scale's network at work on arrays, each (T, 3, H, W), ``layout`` (3, H, W); None where it takes none."""

    def __call__(self, noise: np.ndarray | None, base: np.ndarray | None, layout: np.ndarray | None) -> np.ndarray: ...


@dataclass(frozen=True, kw_only=True)
class Scale:
    """One trained scale. ``amplitude`` is sigma_n, the deviation of its white noise (unused with a motion prior)."""

    size_hw: tuple[int, int]
    amplitude: float
    generator: Generator


class Drawn(Protocol):
    """Video that scales restore: the motion prior's, noise shaped by the clip, or a clip that was edited."""

    def video(self, frames: range, draw: Draw) -> np.ndarray:
        """(T, 3, H, W) in [-1, 1]."""
        ...

    def layout(self) -> np.ndarray:
        """The still picture, (3, H, W)."""
        ...


class Feed:
    """What scales are fed: white noise (``prior`` None), the motion prior, or, where that is switched off, noise shaped
    by the clip.

    With the prior, scale n starts from the coarser video and the band of the prior's detail between the two sizes
    (at scale 0 the whole prior): the paper's z_n with the clip's own structure in place of white noise.
    """

    def __init__(self, *, seed: int, prior: Drawn | None = None) -> None:
        self.seed, self.prior = seed, prior
        self._layout = None if prior is None else prior.layout()

    def inputs(
        self,
        index: int,
        frames: range,
        draw: Draw,
        coarser: np.ndarray | None,
        *,
        size_hw: tuple[int, int],
        amplitude: float,
        drawn: np.ndarray | None = None,
    ) -> tuple[np.ndarray | None, np.ndarray | None]:
        """(noise, base) of scale ``index`` for these frames, each (T, 3, H, W) or None.

        ``coarser`` is the video of the scale below for the same frames, None at scale 0; ``drawn`` the prior's video of
        them, where it is already at hand.
        """
        below = None if coarser is None else resize_alike(coarser, size_hw)
        if self.prior is not None:
            drawn = self.prior.video(frames, draw) if drawn is None else drawn
            band = resize_alike(drawn, size_hw)
            if coarser is not None:
                coarser_hw = (coarser.shape[2], coarser.shape[3])
                band = band + below - resize_alike(resize_alike(drawn, coarser_hw), size_hw)
            return None, band
        if draw.share == 0:
            if index == 0:
                return noise(frames, (3, *size_hw), key=("reconstruction", self.seed)), None
            return np.zeros((len(frames), 3, *size_hw), np.float32), below
        white = noise(frames, (3, *size_hw), key=(draw.seed, index), period=draw.period)
        white *= np.float32(amplitude)
        known = draw.known
        if known is not None and known.places is not None:
            # What reconstructs the known frames, so that what follows them follows from them.
            for number, place in zip(known.numbers, known.places, strict=True):
                if number in frames:
                    white[number - frames.start] = self._reconstructing(place, size_hw) if index == 0 else 0
        return white, below

    def _reconstructing(self, frame: int, size_hw: tuple[int, int]) -> np.ndarray:
        """z* of a frame of the clip at scale 0, (3, H, W)."""
        return noise(range(frame, frame + 1), (3, *size_hw), key=("reconstruction", self.seed))[0]

    def layout(self, size_hw: tuple[int, int]) -> np.ndarray | None:
        """The still picture at a scale's size, (3, H, W), where there is a prior that knows it."""
        return None if self._layout is None else resize_alike(self._layout, size_hw)


class Pyramid:
    """Scales, coarsest first, and what they are fed."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.scales: list[Scale] = []

    @property
    def size_hw(self) -> tuple[int, int]:
        """Of the finest scale there is."""
        return self.scales[-1].size_hw

    def video(self, frames: range, draw: Draw, *, halo: int = HALO) -> np.ndarray:
        """Video of the finest scale there is, (T, 3, H, W).

        With the full ``halo`` any range of frames equals the same frames of a longer one. With 0 the range's ends see
        zeros at every scale, as the paper's 16-frame windows do.
        """
        widest = _widened(frames, halo * len(self.scales))
        drawn = None if self.feed.prior is None else self.feed.prior.video(widest, draw)
        made: np.ndarray | None = None
        for index, scale in enumerate(self.scales):
            wide = _widened(frames, halo * (len(self.scales) - index))
            first = wide.start - widest.start
            fed = self.feed.inputs(
                index,
                wide,
                draw,
                made,
                size_hw=scale.size_hw,
                amplitude=scale.amplitude,
                drawn=None if drawn is None else drawn[first : first + len(wide)],
            )
            made = scale.generator(*fed, self.feed.layout(scale.size_hw))
            made = made[halo : len(made) - halo]
        assert made is not None
        return made


def _widened(frames: range, margin: int) -> range:
    return range(frames.start - margin, frames.stop + margin)
