"""How fast a pyramid is rendered, against the matrix-multiply peak and against PyTorch: a row a size.

Run ``python -m tests.bench.render [--sides 32 150 540] [--rounds 3]`` on an idle machine. The networks are the paper's
with 32 channels at every scale, weights random: speed does not depend on them. The render is the whole of it: noise,
every scale, upsampling, conversion to levels, encoding to MP4. Operations are those of the convolutions alone, each
frame's counted once. PyTorch makes the same networks' video in inference mode, without conversion and encoding: on its
own 3D convolutions in "windows" of ``--chunk`` frames without context, as the paper's generators do, and in "chunks" of
so many with the context that each scale needs for any range to be exact; and these on our convolutions of "stacked"
time taps. All on the same threads, in turns, medians of the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from contextlib import contextmanager, nullcontext
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
from dtsgan.engine.pyramid import HALO, LAYERS, Feed, Pyramid, Scale
from dtsgan.engine.scales import sizes_hw
from dtsgan.engine.synthesis import CHUNK
from dtsgan.export.device import choose_device
from dtsgan.export.stream import render
from dtsgan.export.textures import open_texture

from ..support.models import empty_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dtsgan.engine.model import TextureModel

COMPARED = ("windows", "chunks", "stacked")
WIDTH = 32
COARSEST = 25
CHANGE = 0.02
"""Of the finer scales' random changes: all of them together would be white noise, and cost the encoder several times
what real pictures do."""

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
        network = PaperGenerator(WIDTH).eval().requires_grad_(False)
        if pyramid.scales:
            last = network.stack.convolutions[-1]
            assert isinstance(last, SpaceTimeConv)
            last.weight.mul_(CHANGE)
        generator = Trained(network)
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
    one = torch.rand(2048, 2048)
    return 2 * 2048**3 / min(timed(lambda: one @ one) for _ in range(3))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def as_conv3d() -> Iterator[None]:
    """Our networks on PyTorch's own 3D convolutions."""
    own = SpaceTimeConv.forward
    SpaceTimeConv.forward = lambda self, x: F.conv3d(x.transpose(1, 2), self.weight, self.bias, padding=1).transpose(
        1, 2
    )
    try:
        yield
    finally:
        SpaceTimeConv.forward = own


def row(side: int, rounds: int, chunk: int, compared: Sequence[str]) -> None:
    sizes = scales_of(side)
    pyramid = pyramid_of(sizes)
    texture = open_texture(model_of(pyramid), choose_device("cpu", tell=print), layers=("pyramid",))
    found: dict[str, list[float]] = {"ours": [], **{name: [] for name in compared}}
    peaks = []
    frames = CHUNK * max(1, min(4, int(2e12 / operations(sizes)) // CHUNK))
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

        def by_torch(halo: int) -> float:
            with torch.inference_mode():
                return timed(lambda: pyramid.video(range(chunk), Draw(seed=0), halo=halo)) / chunk

        whole(0)
        for number in range(1, rounds + 1):
            peaks.append(peak())
            found["ours"].append(timed(lambda number=number: whole(number)) / frames)
            for name in compared:
                with nullcontext() if name == "stacked" else as_conv3d():
                    found[name].append(by_torch(0 if name == "windows" else HALO))
    mine = statistics.median(found.pop("ours"))
    times = ", ".join(f"{name} {statistics.median(each) / mine:.2f}" for name, each in found.items())
    best = statistics.median(peaks)
    print(
        f"{side:>5} px {len(sizes):>3} scales {operations(sizes) / 1e9:7.1f} GFLOP a frame: {1e3 * mine:8.1f} ms, "
        f"{operations(sizes) / mine / best:4.0%} of the peak of {best / 1e9:.0f} GFLOP/s; PyTorch: {times} times",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sides", type=int, nargs="+", default=[32, 150, 540])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chunk", type=int, default=16)
    parser.add_argument("--compared", nargs="*", choices=COMPARED, default=COMPARED, help="what PyTorch does")
    arguments = parser.parse_args()
    torch.set_flush_denormal(True)
    torch.set_num_threads(threads.count())
    for side in arguments.sides:
        row(side, arguments.rounds, arguments.chunk, arguments.compared)


if __name__ == "__main__":
    main()
