"""The pyramid at work: noise in, coarse to fine, video out."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .networks import HALO, FastGenerator, PaperGenerator
from .noise import noise
from .prior import Draw, MotionPrior, ShapedNoise
from .scales import resize


@dataclass(frozen=True, kw_only=True)
class Scale:
    """One trained scale. ``amplitude`` is sigma_n, the deviation of its white noise (unused with a motion prior)."""

    size_hw: tuple[int, int]
    amplitude: float
    generator: PaperGenerator | FastGenerator


class Pyramid:
    """Scales, coarsest first, and what they are fed: white noise (``prior`` None), the motion prior, or, where that is
    switched off, noise shaped by the clip.

    With the prior, scale n starts from the coarser video and the band of the prior's detail between the two sizes
    (at scale 0 the whole prior): the paper's z_n with the clip's own structure in place of white noise.
    """

    def __init__(self, *, seed: int, prior: MotionPrior | ShapedNoise | None = None) -> None:
        self.prior = prior
        self.seed = seed
        self.scales: list[Scale] = []
        self._layout = None if prior is None else prior.layout()

    @property
    def size_hw(self) -> tuple[int, int]:
        """Of the finest scale there is."""
        return self.scales[-1].size_hw

    @torch.no_grad()
    def video(self, frames: range, draw: Draw, *, halo: int = HALO) -> Tensor:
        """Video of the finest scale there is, (T, 3, H, W).

        With the full ``halo`` any range of frames equals the same frames of a longer one. With 0 the range's ends see
        zeros at every scale, as the paper's 16-frame windows do.
        """
        widest = _widened(frames, halo * len(self.scales))
        drawn = None if self.prior is None else self.prior.video(widest, draw)
        made: Tensor | None = None
        for index, scale in enumerate(self.scales):
            wide = _widened(frames, halo * (len(self.scales) - index))
            first = wide.start - widest.start
            inputs = self.inputs(
                index,
                wide,
                draw,
                made,
                size_hw=scale.size_hw,
                amplitude=scale.amplitude,
                drawn=None if drawn is None else drawn[first : first + len(wide)],
            )
            made = self.apply(scale, *inputs)
            made = made[halo : len(made) - halo]
        assert made is not None
        return made

    def inputs(
        self,
        index: int,
        frames: range,
        draw: Draw,
        coarser: Tensor | None,
        *,
        size_hw: tuple[int, int],
        amplitude: float,
        drawn: Tensor | None = None,
    ) -> tuple[Tensor | None, Tensor | None]:
        """(noise, base) of scale ``index`` for these frames, each (T, 3, H, W) or None.

        ``coarser`` is the video of the scale below for the same frames, None at scale 0; ``drawn`` the prior's video of
        them, where it is already at hand.
        """
        below = None if coarser is None else resize(coarser.cpu(), size_hw)
        if self.prior is not None:
            drawn = self.prior.video(frames, draw) if drawn is None else drawn
            band = resize(drawn, size_hw)
            if below is not None:
                coarser_hw = self.scales[index - 1].size_hw
                band = band + below - resize(resize(drawn, coarser_hw), size_hw)
            return None, band
        if draw.share == 0:
            if index == 0:
                return noise(frames, (3, *size_hw), key=("reconstruction", self.seed)), None
            return torch.zeros(len(frames), 3, *size_hw), below
        return amplitude * noise(frames, (3, *size_hw), key=(draw.seed, index), period=draw.period), below

    def apply(self, scale: Scale, noise_tchw: Tensor | None, base_tchw: Tensor | None) -> Tensor:
        """One scale's generator on its inputs, (T, 3, H, W), where its weights are."""
        generator = scale.generator
        device = next(generator.parameters()).device
        base = None if base_tchw is None else base_tchw[None].to(device)
        if isinstance(generator, FastGenerator):
            assert base is not None
            return generator(base, self.layout(scale.size_hw)[None].to(device))[0]
        assert noise_tchw is not None
        return generator(noise_tchw[None].to(device), base)[0]

    def layout(self, size_hw: tuple[int, int]) -> Tensor:
        """The still picture at a scale's size, (3, H, W)."""
        assert self._layout is not None
        return resize(self._layout, size_hw)


def _widened(frames: range, margin: int) -> range:
    return range(frames.start - margin, frames.stop + margin)
