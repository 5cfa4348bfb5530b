"""How well held-out frames are set in motion: a table a clip, a sheet of what came.

Run ``python -m tests.bench.predicted CLIP... --out DIR [--frames 64] [--held 5]`` on an idle machine. A
model is learned with the defaults from the first 80 % of each clip's frames, and stills from the rest are set in motion
by ``dtsgan predict``. Columns: ``psnr``, of the first frame against the given one, at the clip's own size; ``motion``
and ``sharp``, of all frames over the source's; ``bright``, ``colour``, ``lpips``, the change from the first frame to
the second, and ``most``, the largest of these among the first five steps, over what 95 of 100 of the source's own steps
stay below.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np
from PIL import Image

from dtsgan.engine.metrics.lpips import Lpips
from dtsgan.engine.video import iter_frames
from dtsgan.plugin.cli import main as dtsgan

from .joints import STEPS, moving_parts, tracks

LEARNED = 0.8
EARLY = 5
SHOWN = 8


def frames_of(path: Path) -> np.ndarray:
    return np.stack([frame[..., :3] for frame in iter_frames(path)])


def show(path: Path, arguments: argparse.Namespace) -> None:
    source = frames_of(path)
    learned = int(LEARNED * len(source))
    name = arguments.out / path.stem
    model = name.with_suffix(".dtsgan")
    if not model.exists() and dtsgan(["learn", str(path), "-o", str(model), "--range", f"0:{learned}"]):
        raise SystemExit(f"{path.name} was not learned")
    moving, lpips = moving_parts(source), Lpips()
    own = tracks(source, moving, lpips)
    usual = {kind: float(np.percentile(getattr(own, kind), 95)) for kind in STEPS}
    print(f"{path.name}\n  still     psnr   motion    sharp" + "".join(f"{kind:>9}" for kind in (*STEPS, "most")))
    rows = []
    for number in np.linspace(learned, len(source) - 1, arguments.held).astype(int):
        still, out = Path(f"{name}-{number}.png"), Path(f"{name}-{number}")
        Image.fromarray(source[number]).save(still)
        words = ["predict", str(still), "-m", str(model), "-o", str(out), "--overwrite"]
        if dtsgan([*words, "--frames", str(arguments.frames), "--source", str(path)]):
            raise SystemExit(f"frame {number} of {path.name} was not set in motion")
        made = frames_of(out)
        apart = np.square(made[0].astype(float) - source[number]).mean()
        psnr = 10 * math.log10(255**2 / apart) if apart else math.inf
        found = tracks(made, moving, lpips)
        steps = [getattr(found, kind)[:EARLY] / usual[kind] for kind in STEPS]
        energies = found.motion.mean() / own.motion.mean(), found.sharp.mean() / own.sharp.mean()
        values = (psnr, *energies, *(step[0] for step in steps), np.max(steps))
        print(f"  {number:>5}" + "".join(f"{value:>9.2f}" for value in values), flush=True)
        rows.append(np.concatenate([made[0], *made[np.linspace(1, len(made) - 1, SHOWN - 1).astype(int)]], 1))
    sheet = Image.fromarray(np.concatenate(rows))
    sheet.resize((2048, round(2048 * sheet.height / sheet.width))).save(f"{name}-predicted.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--frames", type=int, default=64)
    parser.add_argument("--held", type=int, default=5)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in arguments.clips:
        show(path, arguments)


if __name__ == "__main__":
    main()
