"""What a frame costs, against the size of the picture and the length of the source: a table and two pictures.

Run ``python -m tests.bench.cost CLIP --out DIR`` on an idle machine, with a clip of 1080 px on its short side or more;
a smaller one is enlarged, which changes nothing in the cost. The instant result is timed, without reading and writing
files: what it takes before the first frame (fitting the prior, describing the exemplar), and then a frame, the median
of ``--rounds`` rounds of 32 frames after a first one. Longer sources than the clip are the clip repeated.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np

from dtsgan.engine.detail import DetailTransfer
from dtsgan.engine.detail.transfer import CONTEXT, GRID
from dtsgan.engine.exemplar import MOST_BYTES
from dtsgan.engine.instant import MOST_FRAMES
from dtsgan.engine.levels import levels, volume
from dtsgan.engine.model import MOST_EXEMPLAR_FRAMES
from dtsgan.engine.prior import Draw, MotionPrior
from dtsgan.engine.scales import resize
from dtsgan.engine.synthesis import CHUNK
from dtsgan.engine.video import read_clip

from .curves import Curve, picture

SIDES = (180, 360, 720, 1080)
LENGTHS = (100, 300, 1000)
LENGTH_SIDE = 360
SIZE_LENGTH = 100


def repeated(frames_thwc: np.ndarray, length: int) -> np.ndarray:
    return frames_thwc[np.arange(length) % len(frames_thwc)]


def timed(clip_thwc: np.ndarray, *, side: int, length: int, rounds: int) -> tuple[float, float]:
    """(seconds before the first frame, seconds a frame) of a source so large and so long."""
    height, width = clip_thwc.shape[1:3]
    size_hw = (round(height * side / min(height, width)), round(width * side / min(height, width)))
    small_hw = (round(height * GRID / min(height, width)), round(width * GRID / min(height, width)))
    kept = min(length, MOST_EXEMPLAR_FRAMES, MOST_BYTES // (size_hw[0] * size_hw[1] * 3))
    distinct = [levels(resize(volume(frame[None]), size_hw))[0] for frame in clip_thwc[:kept]]
    exemplar = repeated(np.stack(distinct), kept)
    shrunk = np.concatenate([levels(resize(volume(frame[None]), small_hw)) for frame in clip_thwc])
    small = repeated(shrunk, min(length, MOST_FRAMES))
    began = time.perf_counter()
    prior = MotionPrior(small)
    detail = DetailTransfer(exemplar, base_hw=small_hw)
    ready = time.perf_counter() - began
    found = []
    for number in range(rounds + 1):
        began = time.perf_counter()
        frames = range(number * CHUNK - CONTEXT, (number + 1) * CHUNK + CONTEXT)
        for frame in detail.frames(prior.video(frames, Draw(seed=0)), range(CONTEXT, CONTEXT + CHUNK)):
            levels(frame)
        found.append((time.perf_counter() - began) / CHUNK)
    return ready, statistics.median(found[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    clip = read_clip(arguments.clip, short_side=max(SIDES)).frames_thwc

    def row(side: int, length: int) -> float:
        ready, frame = timed(clip, side=side, length=length, rounds=arguments.rounds)
        print(f"{side:>6} px {length:>6} frames: {ready:6.2f} s, then {frame:.3f} s a frame", flush=True)
        return frame

    sizes = [(float(side) ** 2, row(side, SIZE_LENGTH)) for side in SIDES]
    lengths = [(float(length), row(LENGTH_SIDE, length)) for length in LENGTHS]
    for name, points, x in (("size", sizes, "short side squared, pixels"), ("length", lengths, "frames of the source")):
        linear = [(point[0], points[0][1] * point[0] / points[0][0]) for point in points]
        curves = [Curve(name="measured", points=points), Curve(name="linear", points=linear)]
        svg = picture(curves, title=f"cost against {name}", x=x, y="seconds a frame")
        (arguments.out / f"cost-{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
