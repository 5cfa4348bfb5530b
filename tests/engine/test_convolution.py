from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
import torch.nn.functional as F

from dtsgan.engine.convolution import SpaceTimeConv

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

SHAPES = [(1, 6, 5, 7, 9), (2, 4, 3, 8, 6), (1, 1, 4, 3, 3)]


def reference(weight: Tensor, bias: Tensor | None) -> Callable[[Tensor], Tensor]:
    """PyTorch's own 3D convolution, on this package's order of axes."""
    return lambda x: F.conv3d(x.transpose(1, 2), weight, bias, padding=1).transpose(1, 2)


def layer(shape: tuple[int, ...], *, bias: bool) -> SpaceTimeConv:
    torch.manual_seed(0)
    made = SpaceTimeConv(shape[2], 6, bias=bias)
    if made.bias is not None:
        torch.nn.init.normal_(made.bias)
    return made


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("bias", [True, False])
def test_it_is_a_3d_convolution(shape: tuple[int, ...], bias: bool) -> None:
    """Values, and gradients by input, weights and bias, are those of conv3d with zeros around."""
    mine = layer(shape, bias=bias)
    x = torch.randn(shape, requires_grad=True)
    seen = torch.randn(shape[0], shape[1], 6, *shape[3:])
    wanted = [x, *mine.parameters()]
    made, true = mine(x), reference(mine.weight, mine.bias)(x)
    torch.testing.assert_close(made, true, atol=1e-5, rtol=0)
    gradients = torch.autograd.grad((made * seen).sum(), wanted)
    for gradient, expected in zip(gradients, torch.autograd.grad((true * seen).sum(), wanted), strict=True):
        torch.testing.assert_close(gradient, expected, atol=1e-5 * expected.abs().max().item(), rtol=0)


@pytest.mark.parametrize("shape", SHAPES)
def test_second_order_gradients_are_those_of_conv3d(shape: tuple[int, ...]) -> None:
    """What a gradient penalty differentiates twice, by input and by weights, behind a bent function."""
    mine = layer(shape, bias=True)
    x = torch.randn(shape, requires_grad=True)

    def penalty(convolve: Callable[[Tensor], Tensor]) -> tuple[Tensor, ...]:
        (slope,) = torch.autograd.grad(torch.tanh(convolve(x)).sum(), x, create_graph=True)
        return torch.autograd.grad(((slope.norm(dim=2) - 1) ** 2).mean(), [x, mine.weight])

    for made, true in zip(penalty(mine), penalty(reference(mine.weight, mine.bias)), strict=True):
        torch.testing.assert_close(made, true, atol=1e-5 * true.abs().max().item(), rtol=0)


def test_gain_scales_the_first_weights() -> None:
    """With He's deviation a layer keeps the second moment of what a ReLU lets through; gain 0 is a layer of zeros."""
    torch.manual_seed(0)
    assert SpaceTimeConv(32, 32).weight.std().item() == pytest.approx((2 / (27 * 32)) ** 0.5, rel=0.03)
    assert not SpaceTimeConv(32, 32, gain=0.0).weight.any()
