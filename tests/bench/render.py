"""How fast a pyramid is rendered, against the matrix-multiply peak and against PyTorch: a row a size.

Run ``python -m tests.bench.render [--sides 32 150 540] [--rounds 3]`` on an idle machine. The networks are the paper's
with 32 channels at every scale, weights random: speed does not depend on them. The render is the whole of it: noise,
every scale, upsampling, conversion to levels, encoding to MP4. Operations are those of the convolutions alone, each
frame's counted once. PyTorch makes chunks of ``--chunk`` frames with the context that each scale needs, in inference
mode, once with its own 3D convolutions and once with ours (stacked time taps), without conversion and encoding. All on
the same threads, in turns, medians of the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F

from dtsgan.engine import threads
from dtsgan.engine.config import LearnOptions
from dtsgan.engine.convolution import SpaceTimeConv
from dtsgan.engine.networks import PaperGenerator, Trained
from dtsgan.engine.packing import pack_scales
from dtsgan.engine.prior import Draw
from dtsgan.engine.pyramid import LAYERS, Feed, Pyramid, Scale
from dtsgan.engine.scales import sizes_hw
from dtsgan.export.device import choose_device
from dtsgan.export.stream import render
from dtsgan.export.textures import open_texture

from ..support.models import empty_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtsgan.engine.model import TextureModel

WIDTH = 32
COARSEST = 25
RATIO = (150 / 25) ** (1 / 7)


def scales_of(side: int) -> tuple[tuple[int, int], ...]:
    count = max(1, round(np.log(side / COARSEST) / np.log(RATIO)) + 1)
    return sizes_hw(coarsest=COARSEST, finest=side, scales=count, frame_hw=(side, round(side * 16 / 9)), block=1)


def operations(sizes: tuple[tuple[int, int], ...]) -> float:
    """Of a frame."""
    weights = 27 * (2 * 3 * WIDTH + (LAYERS - 2) * WIDTH**2)
    return sum(2.0 * weights * height * width for height, width in sizes)


def pyramid_of(sizes: tuple[tuple[int, int], ...]) -> Pyramid:
    torch.manual_seed(0)
    pyramid = Pyramid(Feed(seed=0))
    for size in sizes:
        generator = Trained(PaperGenerator(WIDTH).eval().requires_grad_(False))
        pyramid.scales.append(Scale(size_hw=size, amplitude=0.1, generator=generator))
    return pyramid


def model_of(pyramid: Pyramid) -> TextureModel:
    sizes = tuple(scale.size_hw for scale in pyramid.scales)
    return replace(
        empty_model(sizes[-1]),
        options=LearnOptions.of("paper"),
        sizes_hw=sizes,
        amplitudes=tuple(scale.amplitude for scale in pyramid.scales),
        arrays=pack_scales(pyramid),
    )


def peak() -> float:
    """Operations a second of a large matrix product."""
    one = np.random.default_rng(0).standard_normal((2048, 2048), np.float32)
    return 2 * 2048**3 / timed(lambda: one @ one)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def as_conv3d(self: SpaceTimeConv, x: torch.Tensor) -> torch.Tensor:
    return F.conv3d(x.transpose(1, 2), self.weight, self.bias, padding=1).transpose(1, 2)


def row(side: int, rounds: int, chunk: int) -> None:
    sizes = scales_of(side)
    pyramid = pyramid_of(sizes)
    texture = open_texture(model_of(pyramid), choose_device("cpu", tell=print), layers=("pyramid",))
    ours, eager, stacked, peaks = [], [], [], []
    frames = max(8, min(96, int(2e12 / operations(sizes)) // 8 * 8))
    with tempfile.TemporaryDirectory() as folder:

        def whole(number: int) -> None:
            for _ in render(
                texture,
                Path(folder) / "a.mp4",
                frames=range(number * frames, (number + 1) * frames),
                seed=0,
                overwrite=True,
                stop=lambda: False,
            ):
                pass

        def by_torch() -> None:
            with torch.inference_mode():
                pyramid.video(range(chunk), Draw(seed=0))

        whole(0)
        for number in range(1, rounds + 1):
            peaks.append(peak())
            ours.append(timed(lambda number=number: whole(number)) / frames)
            stacked.append(timed(by_torch) / chunk)
            own = SpaceTimeConv.forward
            SpaceTimeConv.forward = as_conv3d
            eager.append(timed(by_torch) / chunk)
            SpaceTimeConv.forward = own
    best, mine = statistics.median(peaks), statistics.median(ours)
    print(
        f"{side:>5} px {len(sizes):>3} scales {operations(sizes) / 1e9:7.1f} GFLOP a frame: {1e3 * mine:8.1f} ms, "
        f"{operations(sizes) / mine / best:4.0%} of the peak of {best / 1e9:.0f} GFLOP/s; "
        f"PyTorch {statistics.median(eager) / mine:.2f} times, "
        f"with stacked taps {statistics.median(stacked) / mine:.2f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sides", type=int, nargs="+", default=[32, 150, 540])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chunk", type=int, default=16)
    arguments = parser.parse_args()
    torch.set_flush_denormal(True)
    torch.set_num_threads(threads.count())
    for side in arguments.sides:
        row(side, arguments.rounds, arguments.chunk)


if __name__ == "__main__":
    main()
