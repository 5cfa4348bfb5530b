from __future__ import annotations

import torch
from torch import Tensor

from dtsgan.engine.detail.coarse import CoarseBands
from dtsgan.engine.scales import resize

FRAMES, SIZE_HW = 60, (16, 20)


def moving(seed: int = 0) -> Tensor:
    """Soft blobs that come and go, (T, 3, H, W) about 0."""
    generator = torch.Generator().manual_seed(seed)
    return 0.5 * resize(torch.randn(FRAMES, 3, 6, 8, generator=generator), SIZE_HW).clamp(-1.8, 1.8)


def patchwork(seed: int = 1) -> Tensor:
    """Labels of pieces of 4 x 4 cells from anywhere in time."""
    generator = torch.Generator().manual_seed(seed)
    start = torch.randint(FRAMES, (1, SIZE_HW[0] // 4, SIZE_HW[1] // 4), generator=generator)
    time = torch.arange(FRAMES)[:, None, None]
    ways = (time + start) % FRAMES - time
    ways = ways.repeat_interleave(4, 1).repeat_interleave(4, 2)
    return torch.stack([ways, torch.zeros_like(ways), torch.zeros_like(ways)], -1)


def motion_of(video: Tensor) -> float:
    return video.diff(dim=0).square().mean().item()


def test_the_source_itself_comes_back() -> None:
    """Where all labels agree nothing is blended, and nothing is made stronger."""
    source = moving()
    made = CoarseBands(source).made_of(torch.zeros(FRAMES, *SIZE_HW, 3, dtype=torch.long))
    torch.testing.assert_close(made, source, atol=2e-3, rtol=0)


def test_pieces_that_disagree_keep_the_motion() -> None:
    """A patchwork moves about as much as its source; blending alone left six tenths of it."""
    source = moving()
    made = CoarseBands(source).made_of(patchwork())
    assert 0.75 < motion_of(made) / motion_of(source) < 1.25


def test_no_colour_is_seen_that_was_never_near() -> None:
    """Contrast that is given back stays within what the source shows within a cell of the place."""
    source = moving()
    made = CoarseBands(source).made_of(patchwork())
    for row, column in ((0, 0), (7, 9), (15, 19)):
        near = source[:, :, max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        assert (made[:, :, row, column] <= near.amax((0, 2, 3)) + 1e-6).all()
        assert (made[:, :, row, column] >= near.amin((0, 2, 3)) - 1e-6).all()
