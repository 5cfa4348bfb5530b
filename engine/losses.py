"""What generators and critics are trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

if TYPE_CHECKING:
    from .networks import Critic


def critic_loss(critic: Critic, real: Tensor, fake: Tensor, mix: Tensor, penalty: float) -> Tensor:
    """WGAN-GP's loss of the critic (paper, equation 3, with Gulrajani et al.'s gradient by the interpolate).

    ``real`` and ``fake`` are (B, T, 3, H, W); ``mix`` in (0, 1) places the interpolate between them. The norm is taken
    a voxel, over its channels, of the score map's sum, as SinGAN does, whose penalty factor 0.1 belongs to that form.
    """
    between = (mix * real + (1 - mix) * fake).requires_grad_()
    (gradient,) = torch.autograd.grad(critic.stack(between).sum(), between, create_graph=True)
    steepness = ((gradient.norm(dim=2) - 1) ** 2).mean()
    return critic(fake) - critic(real) + penalty * steepness


def reconstruction_loss(made: Tensor, real: Tensor) -> Tensor:
    """Mean squared difference (paper, equation 4)."""
    return F.mse_loss(made, real)
