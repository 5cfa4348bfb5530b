"""What must hold in every rendering, seen on trained models: a row a rule, the largest difference found.

Run ``python -m tests.bench.invariants MODEL... [--seeds 3]``. In levels of 255 of whole frames, at the models' own size
with all of their layers: frames 100 to 119 alone against the whole; the picture put together in strips of three
heights; one and two threads. In colours from -1 to 1 of the pyramid: blocks of three lengths, and PyTorch. Of loops of
100 frames: frame N against frame 0, and the change from the last to the first over the 95th percentile of all changes.
Of pictures that go on around their edges, where the clip looks the same all over: the step across each edge over the
95th percentile of all steps.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dtsgan.engine import threads
from dtsgan.engine.detail import fine
from dtsgan.engine.fit import alike, fitted
from dtsgan.engine.model import load_model
from dtsgan.engine.packing import unpack
from dtsgan.engine.prior import Draw
from dtsgan.engine.synthesis import synthesise
from dtsgan.export import streamed
from dtsgan.export.device import choose_device
from dtsgan.export.textures import open_texture

if TYPE_CHECKING:
    from dtsgan.engine.synthesis import Texture

LOOP = 100


def frames_of(texture: Texture, frames: range, seed: int = 0, period: int | None = None) -> np.ndarray:
    return np.stack(list(synthesise(texture, frames=frames, seed=seed, period=period)))


def apart(one: np.ndarray, other: np.ndarray) -> str:
    return f"{np.abs(one.astype(float) - other).max():.3g}"


def over_usual(steps: np.ndarray) -> float:
    """The last step over the 95th percentile of the others."""
    return float(steps[-1] / np.quantile(steps[:-1], 0.95))


def show(path: Path, seeds: int) -> None:
    model = load_model(path)
    device = choose_device("cpu", tell=print)

    def opened() -> Texture:
        return open_texture(model, device)

    print(f"{path.name}: {opened().layers}")
    whole = frames_of(opened(), range(80, 140))
    print("  frames 100 to 119 alone:", apart(frames_of(opened(), range(100, 120)), whole[20:40]))
    for px in (1 << 12, 1 << 15, 1 << 20):
        own, fine.STRIP_PX = fine.STRIP_PX, px
        print(f"  strips of {px} px:", apart(frames_of(opened(), range(100, 108)), whole[20:28]))
        fine.STRIP_PX = own
    for number in (1, 2):
        threads.limit(number)
        print(f"  threads {number}:", apart(frames_of(opened(), range(100, 120)), whole[20:40]))
    wide, draw = range(90, 130), Draw(seed=0)
    base = open_texture(model, device, layers=("prior", "pyramid")).base.video(wide, draw)
    for length in (4, 8, 32):
        own, streamed.LONGEST = streamed.LONGEST, length
        other = open_texture(model, device, layers=("prior", "pyramid")).base.video(wide, draw)
        print(f"  pyramid in blocks of {length}:", apart(other, base))
        streamed.LONGEST = own
    print("  pyramid against PyTorch:", apart(unpack(model).video(wide, draw), base))
    texture = opened()
    for seed in range(seeds):
        loop = frames_of(texture, range(LOOP + 1), seed, LOOP).astype(np.float32)
        steps = np.abs(np.roll(loop[:-1], -1, 0) - loop[:-1]).mean((1, 2, 3))
        print(f"  loop, seed {seed}: frame N against 0 {apart(loop[-1], loop[0])}, joint {over_usual(steps):.2f}")
    assert texture.prior is not None
    if not all(alike(texture.prior.clip_thwc)):
        return
    tile = fitted(replace(texture, sample_aspect=Fraction(1)), None, fit="auto", around=(True, True))
    for seed in range(seeds):
        video = frames_of(tile, range(32), seed).astype(np.float32)
        down, right = (np.abs(video - np.roll(video, -1, axis)).mean((0, 3 - axis, 3)) for axis in (1, 2))
        print(f"  around the edges, seed {seed}: down {over_usual(down):.2f}, right {over_usual(right):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    for path in arguments.models:
        show(path, arguments.seeds)


if __name__ == "__main__":
    main()
