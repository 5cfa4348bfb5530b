"""Ways to spoil video, each at three strengths."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dtsgan.engine.metrics.references import blurred

STRENGTHS = (1, 2, 3)


def blur(video: Tensor, strength: int) -> Tensor:
    return blurred(video, deviation_px=0.4 * 2 ** (strength - 1))


def noise(video: Tensor, strength: int) -> Tensor:
    grain = torch.randn(video.shape, generator=torch.Generator().manual_seed(0))
    return (video + 4 / 255 * 2 ** (strength - 1) * grain).clamp(0, 1)


def jpeg(video: Tensor, strength: int) -> Tensor:
    made = []
    for frame in (video * 255).round().byte().permute(0, 2, 3, 1).numpy():
        kept = io.BytesIO()
        Image.fromarray(frame).save(kept, "JPEG", quality={1: 50, 2: 20, 3: 5}[strength])
        made.append(torch.from_numpy(np.asarray(Image.open(kept)).copy()))
    return torch.stack(made).permute(0, 3, 1, 2) / 255


def frozen(video: Tensor, strength: int) -> Tensor:
    """Every frame is held for 2, 4 or 8."""
    held = 2**strength
    return video[torch.arange(len(video)) // held * held]


def shuffled(video: Tensor, strength: int) -> Tensor:
    """Frames change places with others that are near, further away, or anywhere."""
    reach = {1: 2.0, 2: 5.0, 3: 1e6}[strength]
    places = torch.arange(len(video)) + reach * torch.rand(len(video), generator=torch.Generator().manual_seed(0))
    return video[places.argsort()]


def flash(video: Tensor, strength: int) -> Tensor:
    """One frame is brighter."""
    made = video.clone()
    made[len(video) // 2] = torch.lerp(made[len(video) // 2], torch.ones(()), strength / 3)
    return made


def colour(video: Tensor, strength: int) -> Tensor:
    """Redder."""
    return (video + torch.tensor([1.0, 0.0, -1.0])[:, None, None] * 0.03 * 2 ** (strength - 1)).clamp(0, 1)


def seam(video: Tensor, strength: int) -> Tensor:
    """The end fades into the start two thirds of the way, one third, or not at all: the loop's seam grows."""
    share = torch.linspace(0, 1 - strength / 3, len(video))[:, None, None, None]
    return (1 - share) * video + share * video[:1]


def copied(video: Tensor, strength: int) -> Tensor:
    """The second half becomes more and more the first, and is all that is left."""
    half = len(video) // 2
    return torch.lerp(video[half : 2 * half], video[:half], strength / 3)


DAMAGES: dict[str, Callable[[Tensor, int], Tensor]] = {
    damage.__name__: damage for damage in (blur, noise, jpeg, frozen, shuffled, flash, colour, seam, copied)
}
