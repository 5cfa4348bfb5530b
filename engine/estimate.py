"""What learning will take, before it starts: memory, operations, time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil
import torch

from .errors import ResourceError
from .networks import FastGenerator
from .pyramid import HALO, LAYERS
from .scales import sizes_hw
from .synthesis import CHUNK
from .training import fast, paper

if TYPE_CHECKING:
    from .config import LearnOptions

TAPS = 27
FLOAT = 4
REACHED_SHARE = 0.6
"""Of the matrix-multiply peak that steps reach (see ``python -m tests.bench.step``)."""

PROGRAM_BYTES = 350 << 20
"""The interpreter and torch themselves."""

CRITIC_VOLUMES, STEP_VOLUMES, RENDERED_VOLUMES = 160, 80, 9
"""Memory at its peak, in volumes of one layer's output: of a critic's update, whose gradient penalty keeps three passes
and their gradients at once; of a step of the fast preset; of rendering, which keeps one layer. Measured."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """``flops`` has the floating-point operations of one step at each scale."""

    memory_bytes: int
    flops: tuple[float, ...]


def scales_of(options: LearnOptions, frame_hw: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Sizes (H, W) of the scales, coarsest first, that are learned from frames of this size."""
    block = FastGenerator.BLOCK if options.preset == "fast" else 1
    return sizes_hw(
        coarsest=options.coarsest,
        finest=min(options.size, *frame_hw) // block * block,
        scales=options.scales,
        frame_hw=frame_hw,
        block=block,
    )


def estimate(options: LearnOptions, sizes_hw: tuple[tuple[int, int], ...], frames: int) -> Estimate:
    """Estimate learning from ``frames`` frames at these sizes."""
    finest = sizes_hw[-1][0] * sizes_hw[-1][1]
    clip = frames * finest * 3 * FLOAT
    if options.preset == "paper":
        step = options.window * finest * paper.width_of(len(sizes_hw) - 1) * FLOAT * CRITIC_VOLUMES
        memory = 3 * clip + step
    else:
        height, width_px = fast.crop_hw(sizes_hw[0])
        block = fast.WIDTH * FLOAT / FastGenerator.BLOCK**2
        step = fast.BATCH * options.window * height * width_px * block * STEP_VOLUMES
        rendered = (CHUNK + 2 * HALO) * finest * block * RENDERED_VOLUMES
        # The clip, the prior's curves and signal while they are fitted, then the draws trained on.
        memory = 9 * clip + step + rendered
    flops = tuple(_flops(options, index, size, sizes_hw[0]) for index, size in enumerate(sizes_hw))
    return Estimate(memory_bytes=PROGRAM_BYTES + int(memory), flops=flops)


def _flops(options: LearnOptions, index: int, size_hw: tuple[int, int], coarsest_hw: tuple[int, int]) -> float:
    """Operations of a step, its convolutions counted: two a weight and value, twice that again for gradients."""
    height, width_px = size_hw
    if options.preset == "paper":
        width = paper.width_of(index)
        pass_ = 2 * TAPS * (6 * width + (LAYERS - 2) * width**2) * options.window * height * width_px
        return paper.UPDATES_AN_EPOCH * 20 * pass_
    pixels = FastGenerator.BLOCK**2
    crop_height, crop_width = fast.crop_hw(coarsest_hw)
    blocks = crop_height * crop_width / pixels
    weights = 6 * pixels * fast.WIDTH + (LAYERS - 2) * fast.WIDTH**2 + fast.WIDTH * 3 * pixels
    return fast.BATCH * 3 * 2 * TAPS * weights * options.window * blocks


def seconds_of(flops: float, device: torch.device) -> float | None:
    """Time for so many operations on this machine's CPU, by a multiplication measured now; None for a GPU."""
    if device.type != "cpu":
        return None
    side = 768
    left, right = torch.rand(side, side), torch.rand(side, side)
    best = float("inf")
    for _ in range(6):
        started = time.perf_counter()
        torch.mm(left, right)
        best = min(best, time.perf_counter() - started)
    return flops / (2 * side**3 / best * REACHED_SHARE)


def check_memory(needed: int, options: LearnOptions, frames: int, sizes_hw: tuple[tuple[int, int], ...]) -> None:
    """Raise ResourceError where learning can't fit, with the setting that would."""
    free = psutil.virtual_memory().available
    if needed <= free:
        return
    fixed = estimate(options, sizes_hw, 0).memory_bytes
    fits = int(0.9 * frames * (free - fixed) / (needed - fixed))
    remedy = f"Learn a part, as --range 0:{fits}" if fits >= options.window else "Close other programs"
    raise ResourceError(
        f"Learning needs about {needed / 2**30:.1f} GiB of memory for {frames} frames of "
        f"{sizes_hw[-1][1]} x {sizes_hw[-1][0]} px, and {free / 2**30:.1f} GiB are free.",
        remedy=f"{remedy}, or choose a smaller --size than {options.size}.",
    )
