from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

from dtsgan.engine.convolution import SpaceTimeConv
from dtsgan.engine.networks import RECEPTIVE_FIELD, Critic, FastGenerator, PaperGenerator
from dtsgan.engine.training.paper import width_of

if TYPE_CHECKING:
    from torch import Tensor

# A 3x3x3 convolution has 27 weights an input and output channel. Convolutions before a batch norm have no bias, and a
# norm has a gain and a shift a channel. At w channels that is, for the generator,
#     27*3*w + 3 * 27*w*w + 4 * 2*w + 27*w*3 + 3 = 81*w*w + 170*w + 3,
# and for the critic, whose last convolution has one output,
#     27*3*w + 3 * 27*w*w + 4 * 2*w + 27*w*1 + 1 = 81*w*w + 116*w + 1.
GENERATOR = [88_387] * 4 + [342_659] * 4
CRITIC = [86_657] * 4 + [339_201] * 4


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def reach(gradient: Tensor) -> tuple[int, ...]:
    """Extent of what isn't zero, over (frames, height, width)."""
    touched = gradient.abs().sum((0, 2)).nonzero()
    return tuple((touched.amax(0) - touched.amin(0) + 1).tolist())


def test_channels_double_every_four_scales() -> None:
    """32 channels at scales 0 to 3, 64 at 4 to 7, never more than 128."""
    assert [width_of(scale) for scale in range(8)] == [32] * 4 + [64] * 4
    assert [width_of(scale) for scale in (8, 12, 16)] == [128, 128, 128]


@pytest.mark.parametrize("scale", range(8))
def test_parameters_of_every_scale(scale: int) -> None:
    """Generator and critic have exactly the parameters that five convolutions and four norms have."""
    assert count(PaperGenerator(width_of(scale))) == GENERATOR[scale]
    assert count(Critic(width_of(scale))) == CRITIC[scale]


@pytest.mark.parametrize("kind", [PaperGenerator, Critic])
def test_five_convolutions_of_three(kind: type[PaperGenerator | Critic]) -> None:
    """Five 3x3x3 convolutions, batch normalisation behind the first four."""
    layers = [layer for layer in kind(32).modules() if isinstance(layer, SpaceTimeConv)]
    assert [layer.weight.shape[2:] for layer in layers] == [(3, 3, 3)] * 5
    assert [layer.bias is None for layer in layers] == [True] * 4 + [False]
    assert len([layer for layer in kind(32).modules() if isinstance(layer, nn.BatchNorm2d)]) == 4


@pytest.mark.parametrize("kind", [PaperGenerator, Critic])
def test_the_receptive_field_is_11_cubed(kind: type[PaperGenerator | Critic]) -> None:
    """With frozen normalisation, one output value depends on 11 frames of 11x11 px, and on all of them."""
    torch.manual_seed(0)
    network = kind(8).eval()
    x = torch.randn(1, 15, 3, 17, 19, requires_grad=True)
    (gradient,) = torch.autograd.grad(network.stack(x)[0, 7, 0, 8, 9], x)
    assert reach(gradient) == (11, 11, 11)
    assert RECEPTIVE_FIELD == 11
    assert gradient.count_nonzero() == 3 * 11**3


def test_the_fast_generator_sees_11_frames() -> None:
    """On blocks of 2x2 px the field is as long in time and twice as wide."""
    torch.manual_seed(0)
    network = FastGenerator(8)
    last = network.stack.convolutions[-1]
    assert isinstance(last, SpaceTimeConv)
    nn.init.normal_(last.weight)
    base = torch.randn(1, 15, 3, 30, 30, requires_grad=True)
    made = network(base, torch.zeros(1, 3, 30, 30))
    (gradient,) = torch.autograd.grad(made[0, 7, 0, 14, 14], base)
    assert reach(gradient) == (11, 22, 22)


def test_the_coarsest_generator_stays_in_range() -> None:
    """At scale 0 tanh comes last, so that whatever the weights no value leaves [-1, 1]."""
    torch.manual_seed(0)
    network = PaperGenerator(8)
    for parameter in network.parameters():
        nn.init.normal_(parameter)
    made = network(torch.randn(1, 5, 3, 8, 8), None)
    assert made.abs().max() <= 1
    assert made.std() > 0.5


def test_finer_generators_add_to_their_base() -> None:
    """Above scale 0 the network's tanh is added to the upsampled video."""
    torch.manual_seed(0)
    network = PaperGenerator(8)
    noise, base = torch.randn(1, 5, 3, 8, 8), torch.randn(1, 5, 3, 8, 8)
    torch.testing.assert_close(network(noise, base) - base, network(noise + base, None))


def test_normalisation_is_over_the_whole_volume() -> None:
    """Batch norm works over batch, frames, height and width together, as a 3D one does."""
    torch.manual_seed(0)
    stack = PaperGenerator(8).stack
    x = torch.randn(2, 4, 3, 6, 5)
    hidden = stack.convolutions[0](x)
    mean, variance = hidden.mean((0, 1, 3, 4)), hidden.var((0, 1, 3, 4))
    stack(x)
    torch.testing.assert_close(stack.norms[0].running_mean, 0.1 * mean)
    torch.testing.assert_close(stack.norms[0].running_var, 0.9 + 0.1 * variance)


def test_the_critic_is_the_mean_of_its_map() -> None:
    """One channel of scores as large as the video; their mean is the critic's value."""
    torch.manual_seed(0)
    critic = Critic(8).eval()
    video = torch.randn(2, 5, 3, 8, 7)
    scores = critic.stack(video)
    assert scores.shape == (2, 5, 1, 8, 7)
    torch.testing.assert_close(critic(video), scores.mean())


def test_the_fast_generator_starts_as_its_base() -> None:
    """Before the first step it gives back what it was given, to the bit."""
    torch.manual_seed(0)
    base = torch.randn(2, 4, 3, 8, 10)
    assert torch.equal(FastGenerator(8)(base, torch.randn(2, 3, 8, 10)), base)
