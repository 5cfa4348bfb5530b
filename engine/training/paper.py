"""Training a scale exactly as the paper does, its gaps filled by SinGAN's published recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import torch
from torch import Tensor, nn

from ..losses import critic_loss, reconstruction_loss
from ..networks import Critic, PaperGenerator, Trained
from ..noise import generator_for, seed_for
from ..packing import module_of
from ..prior import Draw
from ..pyramid import Pyramid, Scale
from ..schedule import window_start

if TYPE_CHECKING:
    import numpy as np

    from ..config import LearnOptions

Network = TypeVar("Network", bound=nn.Module)

UPDATES_AN_EPOCH = 3
PENALTY = 0.1
RECONSTRUCTION_WEIGHT = 10.0
NOISE_SHARE = 0.1
LEARNING_RATE = 5e-4
BETAS = (0.5, 0.999)
RATE_DROP_AT = 0.8
RATE_DROP = 0.1
CALIBRATION_SAMPLES = 24


def width_of(index: int) -> int:
    """Channels of a scale's networks: 32, doubled every 4 scales, at most 128."""
    return min(32 * 2 ** (index // 4), 128)


class PaperTrainer:
    """Trains one scale; a step is an epoch, three critic and three generator updates.

    ``real`` is the clip at this scale, (T, 3, H, W). Every random number comes from (seed, scale, step), so that a
    run that goes on from its weights makes the same steps as one that never stopped.
    """

    def __init__(
        self, pyramid: Pyramid, index: int, real: np.ndarray, *, options: LearnOptions, steps: int, device: torch.device
    ) -> None:
        self.pyramid, self.index, self.options, self.steps = pyramid, index, options, steps
        self.device = device
        self.real = torch.from_numpy(real)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed_for(options.seed, "weights", index))
            self.generator = _initialised(PaperGenerator(width_of(index))).to(device)
            self.critic = _initialised(Critic(width_of(index))).to(device)
        if pyramid.scales and width_of(index) == width_of(index - 1):
            # SinGAN starts a scale from the one below where their networks have the same shape.
            self.generator.load_state_dict(module_of(pyramid.scales[-1]).state_dict())
        self.generator_adam = torch.optim.Adam(self.generator.parameters(), LEARNING_RATE, BETAS)
        self.critic_adam = torch.optim.Adam(self.critic.parameters(), LEARNING_RATE, BETAS)
        self.size_hw = (real.shape[-2], real.shape[-1])
        self.amplitude = 1.0
        if index:
            self.amplitude = NOISE_SHARE * self._missing_detail()
        self._window: range | None = None

    def modules(self) -> dict[str, nn.Module]:
        return {"generator": self.generator, "critic": self.critic}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return {"generator": self.generator_adam, "critic": self.critic_adam}

    def step(self, step: int) -> dict[str, float]:
        """Epoch number ``step``, from 0. Gives the losses of its last updates."""
        rate = LEARNING_RATE * (RATE_DROP if step >= RATE_DROP_AT * self.steps else 1.0)
        for adam in (self.generator_adam, self.critic_adam):
            adam.param_groups[0]["lr"] = rate
        self._move_to(self._window_of(step))
        losses: dict[str, float] = {}
        for update in range(UPDATES_AN_EPOCH):
            seed, mix = self._draw(step, update)
            with torch.no_grad():
                fake = self._fake(seed)
            loss = critic_loss(self.critic, self._target, fake, mix, PENALTY)
            self.critic_adam.zero_grad()
            loss.backward()
            self.critic_adam.step()
            losses["critic"] = loss.item()
        for update in range(UPDATES_AN_EPOCH):
            seed, _ = self._draw(step, UPDATES_AN_EPOCH + update)
            self.critic.requires_grad_(False)
            adversarial = -self.critic(self._fake(seed))
            rebuilt = reconstruction_loss(self._run(*self._rebuild_inputs), self._target)
            self.generator_adam.zero_grad()
            (adversarial + RECONSTRUCTION_WEIGHT * rebuilt).backward()
            self.critic.requires_grad_(True)
            self.generator_adam.step()
            losses |= {"generator": adversarial.item(), "reconstruction": rebuilt.item()}
        return losses

    def finish(self) -> Scale:
        """The scale as rendering uses it, its normalisation frozen.

        Statistics gathered while training drift at a batch of one (a tint over the whole picture); these are taken
        anew over many samples.
        """
        norms = [module for module in self.generator.modules() if isinstance(module, nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # cumulative average
        with torch.no_grad():
            for sample in range(CALIBRATION_SAMPLES):
                self._fake(self._seed("calibration", sample))
        self.generator.eval().requires_grad_(False)
        return Scale(size_hw=self.size_hw, amplitude=self.amplitude, generator=Trained(self.generator))

    def _seed(self, *key: int | str) -> int:
        return seed_for(self.options.seed, self.index, *key)

    def _draw(self, step: int, update: int) -> tuple[int, Tensor]:
        seed = self._seed(step, update)
        return seed, torch.tensor(generator_for(seed, "mix").random(dtype="f4")).to(self.device)

    def _fake(self, seed: int) -> Tensor:
        frames = range(self.options.window)
        return self._run(*self._inputs(frames, Draw(seed=seed)))

    def _inputs(self, frames: range, draw: Draw) -> tuple[Tensor | None, Tensor | None]:
        coarser = self.pyramid.video(frames, draw, halo=0) if self.index else None
        made = self.pyramid.feed.inputs(
            self.index, frames, draw, coarser, size_hw=self.size_hw, amplitude=self.amplitude
        )
        noise, base = (None if array is None else torch.from_numpy(array)[None].to(self.device) for array in made)
        return noise, base

    def _run(self, noise: Tensor | None, base: Tensor | None) -> Tensor:
        assert noise is not None
        return self.generator(noise, base)

    def _window_of(self, step: int) -> range:
        start = window_start(
            step // self.options.update_every,
            frames=len(self.real),
            window=self.options.window,
            stride=self.options.window_stride,
        )
        return range(start, start + self.options.window)

    def _move_to(self, window: range) -> None:
        if window == self._window:
            return
        self._window = window
        self._target = self.real[window.start : window.stop][None].to(self.device)
        self._rebuild_inputs = self._inputs(window, Draw(seed=0, share=0))

    def _missing_detail(self) -> float:
        """RMSE between the upsampled reconstruction from below and the clip, over the clip's windows."""
        window = self.options.window
        errors = []
        for start in range(0, len(self.real) - window + 1, window):
            frames = range(start, start + window)
            _, base = self._inputs(frames, Draw(seed=0, share=0))
            assert base is not None
            errors.append(reconstruction_loss(base[0], self.real[start : start + window].to(self.device)))
        return float(torch.stack(errors).mean().sqrt())


def _initialised(network: Network) -> Network:
    """Weights as SinGAN draws them: normal(0, 0.02), normalisation gains normal(1, 0.02)."""
    for name, parameter in network.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(parameter)
        else:
            nn.init.normal_(parameter, 1.0 if "norms" in name else 0.0, 0.02)
    return network
