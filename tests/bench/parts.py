"""What a video's parts cost, and what they are on other kinds of processor: what the farm plans by.

``python -m tests.bench.parts costs MODEL`` prints what a core takes to render a frame at 96 px and at the model's own
size, and what it takes to put parts together and encode them, with the bytes of each.

``python -m tests.bench.parts kinds MODEL`` renders 96 frames at 96 px as other kinds of processor do, as far as that
can be set from outside (OpenBLAS' kernels, NumPy's instructions), and prints how many values differ from this one's.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dtsgan.engine import threads
from dtsgan.engine.video import iter_frames
from dtsgan.export.farm.parts import join, render_part
from dtsgan.export.variants.opening import Ingredients, Textures

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL = (96, 96)
SPAN = range(64, 160)
KINDS = {
    "Sandybridge": {"OPENBLAS_CORETYPE": "Sandybridge"},
    "Haswell": {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX X86_V4"},
    "Nehalem": {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 X86_V3 AVX512F X86_V4"},
}


def never() -> bool:
    return False


def textures_of(model: Path) -> Textures:
    of = Ingredients(path=str(model), layers=None, fit="auto", range=None, rate=None, source=None)
    return Textures(of, tell=print, stop=never)


def part(model: Path, out: Path, size_hw: tuple[int, int] | None = SMALL, span: range = SPAN) -> float:
    """Seconds that a core takes for a frame, the texture opened before."""
    texture = textures_of(model).of(size_hw)
    asked = {"seed": 0, "fine_seed": None, "size_hw": size_hw, "period": None}
    list(render_part(texture, out, span=range(2), **asked, stop=never))
    began = time.process_time()
    list(render_part(texture, out, span=span, **asked, stop=never))
    return (time.process_time() - began) / len(span)


def costs(model: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        made, joined = Path(name) / "part.mkv", Path(name) / "joined.mp4"
        for size_hw in (SMALL, None):
            render_s = part(model, made, size_hw)
            began = time.process_time()
            list(join([(made, len(SPAN))], len(SPAN), joined, stop=never))
            join_s = (time.process_time() - began) / len(SPAN)
            height, width = next(iter_frames(made)).shape[:2]
            a_frame = [path.stat().st_size / len(SPAN) / 1e3 for path in (made, joined)]
            print(f"{width}x{height}: a core renders a frame in {render_s:.3f} s, ", end="")
            print(f"joins and encodes it in {join_s:.3f} s ", end="")
            print(f"({height * width / join_s / 1e6:.1f} million pixels a second); ", end="")
            print(f"{a_frame[0]:.0f} kB a frame without loss, {a_frame[1]:.0f} kB encoded")


def kinds(model: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        frames: dict[str, np.ndarray] = {}
        for kind, settings in {"here": {}, **KINDS}.items():
            out = Path(name) / f"{kind}.mkv"
            words = [sys.executable, "-m", "tests.bench.parts", "one", str(model), str(out)]
            subprocess.run(words, check=True, env=os.environ | settings, capture_output=True)
            frames[kind] = np.stack(list(iter_frames(out))).astype(int)
            if kind != "here":
                apart = np.abs(frames[kind] - frames["here"])
                print(f"{kind}: {apart.max()} levels at most, {(apart > 0).mean():.4%} of values differ, ", end="")
                print(f"{(apart > 1).mean():.4%} by more than one level")


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("costs", "kinds", "one"))
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    arguments = parser.parse_args(words)
    threads.limit(1)
    if arguments.command == "one":
        part(arguments.model, arguments.out)
    else:
        {"costs": costs, "kinds": kinds}[arguments.command](arguments.model.absolute())


if __name__ == "__main__":
    main()
