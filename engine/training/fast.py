"""Training a scale the fast way: restore the clip from what the motion prior makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ..networks import FastGenerator, Trained
from ..noise import generator_for, seed_for
from ..prior import Draw
from ..pyramid import Pyramid, Scale
from ..schedule import window_start

if TYPE_CHECKING:
    from ..config import LearnOptions

WIDTH = 32
LARGEST_CROP = 48
LEARNING_RATE = 5e-4
BETAS = (0.9, 0.99)
WARM_UP = 0.1
LAST_RATE = 0.05
SHARES = (0.2, 0.3, 0.4, 0.5)
"""How much of the clip is replaced by fresh draws in the pairs trained on. Above a half nobody can tell which part was
the clip's, and the generator learns to fade both: at 0.5 to 0.95 a fire lost a quarter of its variance."""

BATCH = len(SHARES)


def crop_hw(coarsest_hw: tuple[int, int]) -> tuple[int, int]:
    """Size of the crops trained on at every scale, so that a step costs the same at each: the coarsest scale's."""
    return min(LARGEST_CROP, coarsest_hw[0]), min(LARGEST_CROP, coarsest_hw[1])


class FastTrainer:
    """Trains one scale on space-time crops.

    The clip is disturbed by fresh draws of the motion prior (part of every frame is replaced by a mixture of others),
    and the generator learns to bring the clip back: to take out the ghosts, specks and softness that mixing leaves.
    ``real`` is the clip at this scale, (T, 3, H, W).
    """

    def __init__(
        self, pyramid: Pyramid, index: int, real: np.ndarray, *, options: LearnOptions, steps: int, device: torch.device
    ) -> None:
        self.pyramid, self.index, self.options, self.steps = pyramid, index, options, steps
        self.device = device
        self.real = torch.from_numpy(real)
        self.size_hw = (real.shape[-2], real.shape[-1])
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed_for(options.seed, "weights", index))
            self.generator = FastGenerator(WIDTH).to(device)
        self.adam = torch.optim.Adam(self.generator.parameters(), LEARNING_RATE, BETAS)
        self._crop_hw = crop_hw(pyramid.scales[0].size_hw if index else self.size_hw)
        layout = pyramid.feed.layout(self.size_hw)
        assert layout is not None
        self._layout = torch.from_numpy(layout)
        self._bases = [
            torch.cat([self._base(chunk, Draw(seed=self._seed("pair", pair), share=share)) for chunk in self._chunks()])
            for pair, share in enumerate(SHARES)
        ]

    def modules(self) -> dict[str, nn.Module]:
        return {"generator": self.generator}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return {"generator": self.adam}

    def step(self, step: int) -> dict[str, float]:
        """Step number ``step``, from 0."""
        generator = generator_for(self.options.seed, self.index, step)
        self.adam.param_groups[0]["lr"] = LEARNING_RATE * self._rate(step)
        area = self._crop(generator)
        window = self.options.window
        start = window_start(
            step // self.options.update_every, frames=len(self.real), window=window, stride=self.options.window_stride
        )
        frames = slice(start, start + window)
        base = torch.stack([disturbed[frames][area] for disturbed in self._bases]).to(self.device)
        layout = self._layout[area[1:]][None].expand(BATCH, -1, -1, -1).to(self.device)
        goal = self.real[frames][area].to(self.device)
        loss = F.l1_loss(self.generator(base, layout), goal[None].expand_as(base))
        self.adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.generator.parameters(), 1.0)
        self.adam.step()
        return {"restoration": loss.item(), "disturbance": F.l1_loss(base, goal[None].expand_as(base)).item()}

    def finish(self) -> Scale:
        """The scale as rendering uses it."""
        self.generator.eval().requires_grad_(False)
        return Scale(size_hw=self.size_hw, amplitude=0.0, generator=Trained(self.generator))

    def _seed(self, *key: int | str) -> int:
        return seed_for(self.options.seed, self.index, *key)

    def _chunks(self) -> list[range]:
        return [range(start, min(start + 32, len(self.real))) for start in range(0, len(self.real), 32)]

    def _base(self, frames: range, draw: Draw) -> torch.Tensor:
        coarser = self.pyramid.video(frames, draw) if self.index else None
        _, base = self.pyramid.feed.inputs(self.index, frames, draw, coarser, size_hw=self.size_hw, amplitude=0.0)
        assert base is not None
        return torch.from_numpy(base)

    def _rate(self, step: int) -> float:
        """A short warm-up, then a straight line down to ``LAST_RATE``."""
        done = (step + 1) / self.steps
        return done / WARM_UP if done < WARM_UP else 1 - (1 - LAST_RATE) * (done - WARM_UP) / (1 - WARM_UP)

    def _crop(self, generator: np.random.Generator) -> tuple[slice, slice, slice, slice]:
        def side(length: int, kept: int) -> slice:
            blocks = (length - kept) // FastGenerator.BLOCK + 1
            start = int(generator.integers(blocks)) * FastGenerator.BLOCK
            return slice(start, start + kept)

        rows, columns = (side(*lengths) for lengths in zip(self.size_hw, self._crop_hw, strict=True))
        return slice(None), slice(None), rows, columns
