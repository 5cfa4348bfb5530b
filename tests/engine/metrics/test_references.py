"""The cheats are what their names say."""

from __future__ import annotations

import pytest
import torch

from dtsgan.engine.metrics.references import (
    CHEATS,
    blurred,
    cross_fade,
    frozen,
    linear_dynamic_texture,
    shuffled,
)


def clip(frames: int = 60) -> torch.Tensor:
    """Three waves of their own speeds, travelling over the picture."""
    time = torch.arange(frames)[:, None, None, None]
    x = torch.arange(24)[None, None, None]
    y = torch.arange(20)[None, None, :, None]
    channel = torch.arange(3)[None, :, None, None]
    waves = [torch.sin(0.31 * k * time + 0.2 * x * k + 0.3 * y + channel) for k in (1, 2, 3)]
    return (0.5 + 0.12 * torch.stack(waves).sum(0)).clamp(0, 1)


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_keeps_shape_and_range(name: str) -> None:
    """Also of the fewest frames that are measured."""
    for frames in (8, 60):
        video = clip(frames)
        made = CHEATS[name](video)
        assert made.shape == video.shape
        assert 0 <= float(made.min()) <= float(made.max()) <= 1
        assert torch.equal(made, CHEATS[name](video))


def test_the_cross_fade_runs_on_over_its_seam() -> None:
    """Its last frame is the one before its first faded frame's own predecessor: the step across is ordinary."""
    video = clip()
    made = cross_fade(video)
    period = 60 - 15
    assert torch.equal(made[period:], made[: 60 - period])
    assert torch.equal(made[15:period], video[15:period])
    step = (made[period] - made[period - 1]).abs().mean()
    assert step < 1.5 * video.diff(dim=0).abs().mean((1, 2, 3)).max()


def test_frozen_and_shuffled_use_the_clips_own_frames() -> None:
    """One of them, or all in another order."""
    video = clip()
    assert torch.equal(frozen(video), video[:1].expand_as(video))
    mixed = shuffled(video)
    assert not torch.equal(mixed, video)
    assert torch.equal(mixed.flatten(1).sum(1).sort().values, video.flatten(1).sum(1).sort().values)


def test_blurring_keeps_the_mean_and_loses_detail() -> None:
    """A constant stays as it is."""
    video = clip()
    soft = blurred(video)
    assert float((soft.mean() - video.mean()).abs()) < 0.01
    assert soft.diff(dim=3).square().mean() < 0.9 * video.diff(dim=3).square().mean()
    torch.testing.assert_close(blurred(torch.full_like(video, 0.3)), torch.full_like(video, 0.3))


def test_the_linear_dynamic_texture_keeps_mean_and_variance_of_what_is_linear() -> None:
    """Of what a first-order process has made it makes new footage of the same energy and persistence."""
    generator = torch.Generator().manual_seed(0)
    modes = torch.randn(3, 3, 20, 24, generator=generator)
    states = [torch.zeros(3)]
    for _ in range(299):
        states.append(0.8 * states[-1] + 0.6 * torch.randn(3, generator=generator))
    video = (0.5 + 0.05 * torch.einsum("tk,kchw->tchw", torch.stack(states), modes)).clamp(0, 1)
    made = linear_dynamic_texture(video)
    torch.testing.assert_close(made.mean(), video.mean(), atol=0.02, rtol=0)
    assert 0.6 < float(made.var(0).mean() / video.var(0).mean()) < 1.5
    assert 0.6 < float(made.diff(dim=0).square().mean() / video.diff(dim=0).square().mean()) < 1.5
    assert float((made - video).abs().mean()) > 0.02
