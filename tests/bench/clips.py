"""Learn real clips with the defaults, and hold three seeds against the source: sheets, and ratios.

Run ``python -m tests.bench.clips CLIP... --out DIR [--seeds 3] [--time-budget 300]`` on an idle machine. For each it
writes the model, and at the learned size one video a seed and a contact sheet. It prints generated over source at that
size, in the moving parts: energy of the high frequencies (squared Laplacian of luma) and of the motion (squared
difference of neighbouring frames); then the variance in time, the motion of the still parts, the shift of the mean
colour, and how different the seeds are. The first line a clip is the motion prior alone, with no training.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import torch

from dtsgan.engine import threads
from dtsgan.engine.config import LearnOptions
from dtsgan.engine.events import Learned, Notice, Planned
from dtsgan.engine.exemplar import with_exemplar
from dtsgan.engine.learn import learn
from dtsgan.engine.levels import levels, volume
from dtsgan.engine.model import TextureModel, save_model
from dtsgan.engine.prior import Draw
from dtsgan.engine.scales import resize
from dtsgan.engine.synthesis import synthesise
from dtsgan.engine.video import open_output, read_clip
from dtsgan.export.device import choose_device
from dtsgan.export.sheet import contact_sheet, save_sheet
from dtsgan.export.textures import open_texture

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
COLUMNS = ("HF", "motion", "variance", "still", "tint", "apart")


def luma(video: np.ndarray) -> np.ndarray:
    return video.astype(np.float32) @ LUMA


def moving(source: np.ndarray) -> np.ndarray:
    """Pixels whose mean change from frame to frame is over half of the picture's mean."""
    change = np.abs(np.diff(luma(source), axis=0)).mean(0)
    return change > 0.5 * change.mean()


def energies(video: np.ndarray, parts: np.ndarray) -> tuple[float, float, float]:
    """(high-frequency, motion, variance) energy of luma inside ``parts``."""
    y = luma(video)
    laplacian = (np.roll(y, 1, 1) + np.roll(y, -1, 1) + np.roll(y, 1, 2) + np.roll(y, -1, 2) - 4 * y)[:, 2:-2, 2:-2]
    high = float((laplacian[:, parts[2:-2, 2:-2]] ** 2).mean())
    return high, float((np.diff(y, axis=0)[:, parts] ** 2).mean()), float(y.var(0)[parts].mean())


def row(source: np.ndarray, made: np.ndarray, other: np.ndarray) -> list[float]:
    """The figures of COLUMNS. ``apart`` is the mean difference between two seeds over that between source moments."""
    parts = moving(source)
    figures = [m / s for m, s in zip(energies(made, parts), energies(source, parts), strict=True)]
    still = ~parts
    quiet = energies(made, still)[1] / max(energies(source, still)[1], 1e-3) if still.mean() > 0.02 else float("nan")
    tint = float(np.abs(made.mean((0, 1, 2)) - source.mean((0, 1, 2))).max())
    half = len(source) // 2
    own = np.abs(luma(source)[:half] - luma(source)[half : 2 * half]).mean()
    return [*figures, quiet, tint, float(np.abs(luma(made) - luma(other)).mean() / own)]


def learned(path: Path, arguments: argparse.Namespace) -> tuple[TextureModel, np.ndarray]:
    """The model, and the clip at its finest size."""
    options = LearnOptions.of(arguments.preset, steps=arguments.steps)
    clip = read_clip(path, short_side=options.size, min_frames=options.window)
    for text in clip.notices:
        print(f"  {text}")
    for event in learn(clip, options, time_budget_s=arguments.time_budget):
        match event:
            case Planned(sizes_hw=sizes, memory_bytes=memory, seconds=seconds):
                print(f"  sizes {sizes}, estimated {memory / 2**20:.0f} MiB, {seconds:.0f} s")
            case Notice(text=text):
                print(f"  {text}")
            case Learned(model=model):
                fine = resize(volume(clip.frames_thwc), model.size_hw)
                return model, levels(fine)
            case _:
                pass
    raise AssertionError("learning ended without a model")


def show(path: Path, arguments: argparse.Namespace) -> None:
    print(f"{path.name}")
    started = time.perf_counter()
    model, source = learned(path, arguments)
    seconds = time.perf_counter() - started
    out: Path = arguments.out
    save_model(with_exemplar(model, path, link=False)[0], out / f"{path.stem}.dtsgan", overwrite=True)
    frames = range(min(len(source), arguments.frames))
    texture = open_texture(model, choose_device("cpu", tell=print))
    made = [np.stack(list(synthesise(texture, frames=frames, seed=seed))) for seed in range(arguments.seeds)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  learned in {seconds:.0f} s; peak memory so far {peak:.0f} MiB")
    print("  {:>12} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}".format("", *COLUMNS))
    if texture.prior is not None:
        alone = [levels(texture.prior.video(frames, Draw(seed=seed))) for seed in range(2)]
        print_row("prior alone", row(source, alone[0], alone[1]))
    for seed, video in enumerate(made):
        print_row(f"seed {seed}", row(source, video, made[seed - 1]))
        with open_output(
            out / f"{path.stem}-{seed}.mp4", size_hw=model.size_hw, rate=model.facts.rate, overwrite=True
        ) as writer:
            for frame in video:
                writer.write(frame)
    rows = [("source", source[: len(frames)])] + [(f"seed {seed}", video) for seed, video in enumerate(made)]
    save_sheet(contact_sheet(rows), out / f"{path.stem}.png")


def print_row(name: str, figures: list[float]) -> None:
    print(f"  {name:>12} " + " ".join(f"{figure:>8.2f}" for figure in figures), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--preset", default="fast")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--frames", type=int, default=96)
    parser.add_argument("--time-budget", type=float)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    threads.limit(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in arguments.clips:
        show(path, arguments)


if __name__ == "__main__":
    main()
