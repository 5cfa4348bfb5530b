"""Seconds, operations and share of the machine's peak of a training step, scale by scale.

Run ``python -m tests.bench.step [--preset fast|paper] [--size PX] [--threads N]`` on an idle machine. The peak is that
of a matrix multiplication measured before and after each scale, in the same run; the operations are those that PyTorch
dispatches (convolutions and multiplications), counted, not estimated.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from dtsgan.engine.config import LearnOptions
from dtsgan.engine.levels import volume
from dtsgan.engine.networks import FastGenerator
from dtsgan.engine.prior import MotionPrior
from dtsgan.engine.pyramid import Feed, Pyramid
from dtsgan.engine.scales import resize, sizes_hw
from dtsgan.engine.training import paper
from dtsgan.engine.training.fast import FastTrainer
from dtsgan.engine.training.paper import PaperTrainer

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAMES = 48
ROW = "{:>5} {:>9} {:>8} {:>8} {:>8} {:>6} {:>6} {:>6}"


class CountFlops(TorchDispatchMode):
    """Adds up the operations of every convolution and multiplication that runs inside it."""

    def __init__(self) -> None:
        super().__init__()
        self.flops = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        count = flop_registry.get(func._overloadpacket)
        if count is not None:
            self.flops += count(*args, **(kwargs or {}), out_val=result)
        return result


def peak_flops() -> float:
    """Operations a second of a 1024x1024 multiplication, the best of several."""
    left, right = torch.rand(1024, 1024), torch.rand(1024, 1024)
    best = float("inf")
    for _ in range(12):
        started = time.perf_counter()
        torch.mm(left, right)
        best = min(best, time.perf_counter() - started)
    return 2 * 1024**3 / best


def trainers(options: LearnOptions, frame_hw: tuple[int, int]) -> Iterator[FastTrainer | PaperTrainer]:
    """A trainer a scale, on noise; its scale joins the pyramid untrained."""
    fast = options.preset == "fast"
    block = FastGenerator.BLOCK if fast else 1
    sizes = sizes_hw(
        coarsest=options.coarsest, finest=options.size, scales=options.scales, frame_hw=frame_hw, block=block
    )
    clip = np.random.default_rng(0).integers(0, 256, (FRAMES, *sizes[-1], 3), np.uint8)
    pyramid = Pyramid(Feed(seed=0, prior=MotionPrior(clip) if fast else None))
    for index, size in enumerate(sizes):
        real = resize(volume(clip), size)
        kind = FastTrainer if fast else PaperTrainer
        trainer = kind(pyramid, index, real, options=options, steps=1000, device=torch.device("cpu"))
        yield trainer
        pyramid.scales.append(trainer.finish())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=("fast", "paper"), default="fast")
    parser.add_argument("--size", type=int)
    parser.add_argument("--scales", type=int)
    parser.add_argument("--aspect", type=float, default=16 / 9)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    options = LearnOptions.of(arguments.preset, size=arguments.size, scales=arguments.scales)
    updates = paper.UPDATES_AN_EPOCH if arguments.preset == "paper" else 1
    print(f"{arguments.threads} threads; a step of {arguments.preset}, medians of {arguments.repeats}")
    print(ROW.format("scale", "size", "s/step", "GFLOP", "GFLOP/s", "peak", "share", "vs 0"))
    first = None
    for trainer in trainers(options, (100, round(100 * arguments.aspect))):
        trainer.step(0)
        with CountFlops() as counted:
            trainer.step(1)
        before = peak_flops()
        times = []
        for step in range(2, 2 + arguments.repeats):
            started = time.perf_counter()
            trainer.step(step)
            times.append((time.perf_counter() - started) / updates)
        peak = max(before, peak_flops())
        seconds, flops = statistics.median(times), counted.flops / updates
        first = first or seconds
        height, width = trainer.size_hw
        rate = flops / seconds
        figures = [f"{seconds:.3f}", f"{flops / 1e9:.2f}", f"{rate / 1e9:.1f}", f"{peak / 1e9:.1f}"]
        figures += [f"{rate / peak:.0%}", f"{seconds / first:.2f}"]
        print(ROW.format(trainer.index, f"{width}x{height}", *figures), flush=True)


if __name__ == "__main__":
    main()
