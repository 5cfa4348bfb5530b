"""From where in the source each place of a video is taken: found coarse to fine, agreed among neighbours.

A label is the way from a place to its match, (frames, rows, columns), in cells of the grid it belongs to. Neighbours
with the same label take neighbouring pixels: nothing is seen between them. So matches are not only near; they agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

SEARCH_REACH = 1
"""Cells of the coarsest grid by which a match may lie beside its place: layouts stay where they are."""

PLACE_WEIGHT = 0.02
"""Cost of one cell beside the place, in units of the descriptors' spread."""

AGREEMENT = 0.3
"""Weight of what each neighbour's label would put here, beside the wanted patch's 1."""

SWITCH_COST = 0.002
"""Of a neighbour with another label, in units of the spread: in flat parts, too, pieces stay whole."""

ROUNDS = 5
TOGETHER = 1 << 15
"""Places that choose at a time; how many makes no difference, as places of one colour are no neighbours."""

INVALID = 1e9
SIDES = torch.tensor([[-1, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1]])


@dataclass(frozen=True, kw_only=True)
class Known:
    """The source's descriptors on one grid, (N, H, W, VALUES), and the sum of their variances."""

    descriptors: Tensor
    spread: float

    @property
    def shape(self) -> tuple[int, int, int]:
        frames, height, width, _ = self.descriptors.shape
        return frames, height, width


def search(wanted: Tensor, known: Known) -> Tensor:
    """The nearest patch at any time and at most ``SEARCH_REACH`` cells aside, for each of (T, H, W, VALUES).

    Exact, by matrix products. Gives labels (T, H, W, 3).
    """
    frames, height, width, _ = wanted.shape
    reach = SEARCH_REACH
    source = torch.nn.functional.pad(known.descriptors.permute(1, 2, 3, 0), (0, 0, 0, 0, reach, reach, reach, reach))
    lengths = source.square().sum(2)
    # Beside the picture there is nothing to take.
    lengths[:reach] = lengths[-reach:] = INVALID
    lengths[:, :reach] = lengths[:, -reach:] = INVALID
    asked = wanted.permute(1, 2, 0, 3)
    best = torch.full((height, width, frames), torch.inf)
    labels = torch.zeros(height, width, frames, 3, dtype=torch.long)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            rows, columns = (slice(reach + by, reach + by + side) for by, side in ((down, height), (right, width)))
            apart = lengths[rows, columns, None] - 2 * asked @ source[rows, columns]
            cost, time = apart.min(-1)
            cost += PLACE_WEIGHT * known.spread * (down**2 + right**2)
            better = cost < best
            best = torch.where(better, cost, best)
            here = torch.stack([time, torch.full_like(time, down), torch.full_like(time, right)], -1)
            labels = torch.where(better[..., None], here, labels)
    labels = labels.permute(2, 0, 1, 3).contiguous()
    labels[..., 0] -= torch.arange(frames)[:, None, None]
    return labels


def enlarge(labels: Tensor, size_hw: tuple[int, int]) -> Tensor:
    """Labels (T, h, w, 3) on a finer grid, each way as long in the picture as it was."""
    ratios = [new / old for new, old in zip(size_hw, labels.shape[1:3], strict=True)]
    rows, columns = (((torch.arange(new) + 0.5) / ratio).long() for new, ratio in zip(size_hw, ratios, strict=True))
    finer = labels[:, rows][:, :, columns].clone()
    for axis, ratio in enumerate(ratios, 1):
        finer[..., axis] = (finer[..., axis] * ratio).round().long()
    return finer


def settle(wanted: Tensor, known: Known, labels: Tensor) -> Tensor:
    """Let every place choose again among its own label and its six neighbours', ``ROUNDS`` times.

    A place takes the label whose patch is nearest to what is wanted and to what its neighbours' labels would put here:
    iterated conditional modes (Besag, 1986) on a chequerboard, so that no two neighbours choose at once.
    """
    shape = labels.shape[:3]
    places = torch.cartesian_prod(*map(torch.arange, shape))
    most = torch.tensor(shape) - 1
    boards = [part for colour in (0, 1) for part in places[(places.sum(1) % 2) == colour].split(TOGETHER)]
    asked = wanted.flatten(0, 2)
    flat = labels.flatten(0, 2).clone()
    near = [
        torch.cat([board[:, None], torch.minimum((board[:, None] + SIDES).clamp(min=0), most)], 1) for board in boards
    ]
    for _ in range(ROUNDS):
        for board, around in zip(boards, near, strict=True):
            candidates = flat[_flat_index(around, shape)]
            values, cost = _taken(known, board, candidates)
            chosen = _chosen(asked[_flat_index(board, shape)], values, cost, candidates, known.spread)
            flat[_flat_index(board, shape)] = candidates[torch.arange(len(board)), chosen]
    return flat.reshape(*shape, 3)


def _chosen(asked: Tensor, values: Tensor, cost: Tensor, candidates: Tensor, spread: float) -> Tensor:
    """Which of the candidates (M, 7), the first of them the place's own, has the least energy."""
    votes = AGREEMENT * (cost[:, 1:] < INVALID).float()
    weight = 1 + votes.sum(1)
    target = (asked + (votes[..., None] * values[:, 1:]).sum(1)) / weight[:, None]
    codes = (candidates * torch.tensor([1 << 40, 1 << 20, 1])).sum(-1)
    switches = (codes[:, :, None] != codes[:, None, 1:]).sum(-1)
    energy = (values - target[:, None]).square().sum(-1) * weight[:, None]
    return (energy + cost + SWITCH_COST * spread * switches).argmin(1)


def _taken(known: Known, places: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """What labels (M, K, 3) take for places (M, 3): descriptors, and the cost of lying aside."""
    at = places[:, None] + labels
    most = torch.tensor(known.shape) - 1
    inside = ((at >= 0) & (at <= most)).all(-1)
    values = known.descriptors.flatten(0, 2)[_flat_index(torch.minimum(at.clamp(min=0), most), known.shape)]
    cost = PLACE_WEIGHT * known.spread * labels[..., 1:].square().sum(-1).float()
    return values, torch.where(inside, cost, INVALID)


def _flat_index(places: Tensor, shape: tuple[int, ...]) -> Tensor:
    return (places[..., 0] * shape[1] + places[..., 1]) * shape[2] + places[..., 2]
