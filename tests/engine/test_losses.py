from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dtsgan.engine.losses import critic_loss, reconstruction_loss
from dtsgan.engine.networks import Critic


def scores(critic: Critic, video: Tensor) -> Tensor:
    """The critic's map by PyTorch's 3D layers alone; axes (batch, channels, frames, height, width)."""
    weights = dict(critic.named_parameters())
    x = video
    for layer in range(4):
        x = F.conv3d(x, weights[f"stack.convolutions.{layer}.weight"], padding=1)
        gain, shift = (weights[f"stack.norms.{layer}.{name}"] for name in ("weight", "bias"))
        x = F.leaky_relu(F.batch_norm(x, None, None, gain, shift, training=True), 0.2)
    last, bias = (weights[f"stack.convolutions.4.{name}"] for name in ("weight", "bias"))
    return F.conv3d(x, last, bias, padding=1)


def slow_loss(critic: Critic, real: Tensor, fake: Tensor, mix: Tensor, penalty: float) -> Tensor:
    """Equation 3 written out: a voxel's slope is the root of the sum of its channels' squared derivatives."""
    real, fake = real.transpose(1, 2), fake.transpose(1, 2)
    between = (fake + mix * (real - fake)).detach().requires_grad_()
    (slope,) = torch.autograd.grad(scores(critic, between).sum(), between, create_graph=True)
    red, green, blue = slope.unbind(1)
    steepness = torch.sqrt(red * red + green * green + blue * blue)
    gap = scores(critic, fake).mean() - scores(critic, real).mean()
    return gap + penalty * (steepness - 1).square().mean()


def test_the_critics_loss_is_the_papers() -> None:
    """Value and gradients by every weight equal a slow reference built from conv3d and autograd."""
    torch.manual_seed(0)
    critic = Critic(6)
    real, fake = torch.rand(1, 5, 3, 7, 6) * 2 - 1, torch.rand(1, 5, 3, 7, 6) * 2 - 1
    weights = list(critic.parameters())
    for penalty in (0.0, 0.1, 10.0):
        made = critic_loss(critic, real, fake, torch.tensor(0.3), penalty)
        true = slow_loss(critic, real, fake, torch.tensor(0.3), penalty)
        torch.testing.assert_close(made, true, atol=1e-5, rtol=1e-5)
        for one, other in zip(torch.autograd.grad(made, weights), torch.autograd.grad(true, weights), strict=True):
            torch.testing.assert_close(one, other, atol=2e-5 * (1 + penalty), rtol=1e-3)


class LinearCritic(nn.Module):
    """Scores that rise by a fixed slope a channel."""

    def __init__(self, slope: tuple[float, float, float]) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(slope))

    def stack(self, video: Tensor) -> Tensor:
        return torch.einsum("btchw,c->bthw", video, self.slope)

    def forward(self, video: Tensor) -> Tensor:
        return self.stack(video).mean()


@pytest.mark.parametrize(
    ("slope", "steepness"), [((0.0, 0.6, 0.8), 0.0), ((3.0, 0.0, 4.0), 16.0), ((0.3, 0.0, 0.4), 0.25)]
)
def test_a_slope_of_one_costs_nothing(slope: tuple[float, float, float], steepness: float) -> None:
    """Of a critic of slope s the penalty is (|s| - 1)^2, at every place of the interpolate."""
    critic = LinearCritic(slope)
    real, fake = torch.rand(2, 4, 3, 5, 5), torch.rand(2, 4, 3, 5, 5)
    gap = critic(fake) - critic(real)
    for mix in (0.0, 0.4, 1.0):
        loss = critic_loss(critic, real, fake, torch.tensor(mix), 0.1)  # type: ignore[arg-type]
        torch.testing.assert_close(loss - gap, torch.tensor(0.1 * steepness), atol=1e-5, rtol=1e-5)


def test_a_better_critic_has_a_lower_loss() -> None:
    """The loss falls as the real video's score rises over the made one's."""
    real, fake = torch.ones(1, 3, 3, 4, 4), torch.zeros(1, 3, 3, 4, 4)
    good, bad = LinearCritic((1.0, 0.0, 0.0)), LinearCritic((-1.0, 0.0, 0.0))
    mix = torch.tensor(0.5)
    assert critic_loss(good, real, fake, mix, 0.1) < critic_loss(bad, real, fake, mix, 0.1)  # type: ignore[arg-type]


def test_reconstruction_is_the_mean_square() -> None:
    """Equation 4, per value."""
    assert reconstruction_loss(torch.full((1, 2, 3, 4, 4), 0.5), torch.zeros(1, 2, 3, 4, 4)).item() == 0.25
