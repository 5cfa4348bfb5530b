"""Space-time patches: are they distributed as the source's, and are they new?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from ..scales import resize

if TYPE_CHECKING:
    from torch import Tensor

    from .footage import Footage

PATCH = (3, 7, 7)
PLACES = 4096
DIRECTIONS = 128
SMALLEST = 16
"""Short side in px of the coarsest band that patches are taken from."""

PIECE = (5, 9, 9)
"""Frames, rows and columns of what counts as a copy, on pictures of ``PIECE_SIDE`` px."""

PIECE_SIDE = 64
PIECES = 256


def projections(points_nd: Tensor, *, seed: int = 0) -> Tensor:
    """The points along random directions, each direction's sorted, (DIRECTIONS, N)."""
    generator = torch.Generator().manual_seed(seed)
    directions = F.normalize(torch.randn(points_nd.shape[1], DIRECTIONS, generator=generator), dim=0)
    return (points_nd @ directions).T.contiguous().sort(dim=1).values


def sliced_wasserstein(mine_nd: Tensor, true_nd: Tensor, *, seed: int = 0) -> float:
    """Mean over random directions of the 1-Wasserstein distance between two equally large sets of points."""
    return float((projections(mine_nd, seed=seed) - projections(true_nd, seed=seed)).abs().mean())


def patch_distances(source: Footage, made: Footage) -> list[float]:
    """Sliced Wasserstein distance of 3x7x7 patches in each band of the Laplacian pyramid, finest first, over the
    deviation of the source's patches there. Both are looked at in the same places."""
    pairs = zip(_projected(source), _projected(made), strict=True)
    return [float((mine - true).abs().mean()) / max(deviation, 1 / 255) for (true, deviation), (mine, _) in pairs]


def _projected(footage: Footage) -> list[tuple[Tensor, float]]:
    """A band's projected patches and their deviation, for each band."""

    def project() -> list[tuple[Tensor, float]]:
        drawn = [patches(band, PATCH, PLACES, seed=level) for level, band in enumerate(bands(footage.video_tchw))]
        return [(projections(points), float(points.std())) for points in drawn]

    return footage.once("patches", project)


def bands(video_tchw: Tensor) -> list[Tensor]:
    """The spatial Laplacian pyramid, finest first; the last band is the small picture itself."""
    made = []
    while min(video_tchw.shape[-2:]) >= 2 * SMALLEST:
        height, width = video_tchw.shape[-2:]
        smaller = _resized(video_tchw, (height // 2, width // 2))
        made.append(video_tchw - _resized(smaller, (height, width)))
        video_tchw = smaller
    return [*made, video_tchw]


def patches(video_tchw: Tensor, shape: tuple[int, int, int], count: int, *, seed: int) -> Tensor:
    """Random patches, (count, values); a seed takes the same places of every video of one size."""
    windows = video_tchw.unfold(0, shape[0], 1).unfold(2, shape[1], 1).unfold(3, shape[2], 1)
    generator = torch.Generator().manual_seed(seed)
    places = [torch.randint(windows.shape[axis], (count,), generator=generator) for axis in (0, 2, 3)]
    return windows[places[0], :, places[1], places[2]].flatten(1)


def novelty(source: Footage, made: Footage) -> float:
    """Mean RMS difference, in levels, of moving pieces to the nearest piece at any place and time of the source."""
    height, width = source.size_hw
    shrink = min(1.0, PIECE_SIDE / min(height, width))
    size = (round(height * shrink), round(width * shrink))
    known, asked = (_resized(footage.luma, size) for footage in (source, made))
    lively = F.interpolate(source.moving[None, None].float(), size, mode="area")[0, 0]
    pieces = _moving_pieces(asked, lively)
    energy = pieces.square().sum(1)
    nearest = torch.full((len(pieces),), torch.inf)
    for start in range(len(known) - PIECE[0] + 1):
        columns = F.unfold(known[None, start : start + PIECE[0]], PIECE[1:])[0]
        apart = energy[:, None] - 2 * pieces @ columns + columns.square().sum(0)
        nearest = torch.minimum(nearest, apart.amin(1))
    return float((nearest.clamp(min=0) / pieces.shape[1]).sqrt().mean())


def _moving_pieces(luma_thw: Tensor, lively_hw: Tensor) -> Tensor:
    """Random pieces whose middle lies in the moving parts, (PIECES, values)."""
    frames, height, width = PIECE
    inner = lively_hw[height // 2 : -(height // 2), width // 2 : -(width // 2)]
    places = (inner > 0.5 * inner.amax()).nonzero()
    generator = torch.Generator().manual_seed(0)
    chosen = places[torch.randint(len(places), (PIECES,), generator=generator)]
    starts = torch.randint(len(luma_thw) - frames + 1, (PIECES,), generator=generator)
    windows = luma_thw.unfold(0, frames, 1).unfold(1, height, 1).unfold(2, width, 1)
    return windows[starts, chosen[:, 0], chosen[:, 1]].flatten(1)


def _resized(video: Tensor, size_hw: tuple[int, int]) -> Tensor:
    return torch.from_numpy(resize(video.numpy(), size_hw))
