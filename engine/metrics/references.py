"""What figures are held against: real footage, and cheats that a good measure ranks below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from ..noise import generator_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

MODES = 20
"""Of the linear dynamic texture, as in its authors' examples."""

STABLE = 0.99
"""Largest radius of the dynamics' eigenvalues: 1 or more would grow without bound."""


def cross_fade(video_tchw: Tensor) -> Tensor:
    """A loop whose start fades in over its end, repeated to the clip's length."""
    frames = len(video_tchw)
    faded = max(2, min(24, frames // 4))
    period = frames - faded
    share = ((torch.arange(faded) + 0.5) / faded)[:, None, None, None]
    loop = video_tchw[:period].clone()
    loop[:faded] = share * video_tchw[:faded] + (1 - share) * video_tchw[period:]
    return loop[torch.arange(frames) % period]


def frozen(video_tchw: Tensor) -> Tensor:
    return video_tchw[:1].expand_as(video_tchw).clone()


def shuffled(video_tchw: Tensor) -> Tensor:
    order = generator_for("shuffled", len(video_tchw)).permutation(len(video_tchw))
    return video_tchw[torch.from_numpy(order)]


def blurred(video_tchw: Tensor, *, deviation_px: float = 1.5) -> Tensor:
    """A Gaussian blur in space."""
    reach = int(3 * deviation_px + 0.5)
    taps = torch.exp(-0.5 * ((torch.arange(-reach, reach + 1)) / deviation_px) ** 2)
    taps = taps / taps.sum()
    flat = video_tchw.flatten(0, 1)[:, None]
    flat = F.conv2d(F.pad(flat, (reach, reach, 0, 0), mode="replicate"), taps[None, None, None])
    flat = F.conv2d(F.pad(flat, (0, 0, reach, reach), mode="replicate"), taps[None, None, :, None])
    return flat[:, 0].view_as(video_tchw)


def linear_dynamic_texture(video_tchw: Tensor) -> Tensor:
    """A new sequence of the closed-form model of Doretto et al. (2003; the paper's [15]): leading spatial modes whose
    weights follow a first-order vector autoregression."""
    frames = len(video_tchw)
    mean = video_tchw.mean(0)
    flat = (video_tchw - mean).flatten(1)
    left, values, _ = torch.linalg.svd((flat @ flat.T).double())
    count = min(MODES, frames // 3)
    values = values[:count].clamp(min=1e-9).sqrt()
    states = left[:, :count] * values
    modes = (left[:, :count] / values).T.float() @ flat
    dynamics = torch.linalg.lstsq(states[:-1], states[1:]).solution
    radius = float(torch.linalg.eigvals(dynamics).abs().max())
    dynamics = dynamics * min(1.0, STABLE / radius)
    rest = states[1:] - states[:-1] @ dynamics
    kicks = torch.from_numpy(generator_for("linear").standard_normal((frames, frames - 1)))
    kicks = kicks @ rest / (frames - 1) ** 0.5
    state, made = states[0], []
    for kick in kicks:
        made.append(state)
        state = state @ dynamics + kick
    return (mean + (torch.stack(made).float() @ modes).view_as(video_tchw)).clamp(0, 1)


CHEATS: dict[str, Callable[[Tensor], Tensor]] = {
    "cross-fade loop": cross_fade,
    "frozen frame": frozen,
    "shuffled frames": shuffled,
    "blurred": blurred,
    "linear dynamic texture": linear_dynamic_texture,
}
