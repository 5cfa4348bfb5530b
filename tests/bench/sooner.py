"""The same quality sooner: both presets learn the same clips on the same cores, and are looked at on the way.

Run ``python -m tests.bench.sooner train CLIP... --preset paper --minutes 50 --out DIR`` and the same with ``--preset
fast --minutes 5`` on an idle machine, then ``python -m tests.bench.sooner plot --out DIR``. At every moment of
``--looks``, in seconds of training (looking is off the clock), ``--seeds`` videos of ``--frames`` frames are drawn from
what is learned so far and brought to the clip at ``--size`` px: the sliced Wasserstein distance of their space-time
patches, mean over the bands of the Laplacian pyramid, goes into a JSON file, as do the wall and the processor's time.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dtsgan.engine import threads
from dtsgan.engine.config import LearnOptions
from dtsgan.engine.levels import levels, volume
from dtsgan.engine.metrics.footage import Footage
from dtsgan.engine.metrics.patches import patch_distances
from dtsgan.engine.networks import FastGenerator
from dtsgan.engine.prior import Draw, MotionPrior
from dtsgan.engine.pyramid import Feed, Pyramid
from dtsgan.engine.scales import resize, sizes_hw
from dtsgan.engine.training.fast import FastTrainer
from dtsgan.engine.training.paper import PaperTrainer
from dtsgan.engine.video import read_clip
from dtsgan.export.sheet import contact_sheet, save_sheet

from .curves import Curve, picture

LOOKS = (5, 10, 20, 40, 75, 150, 300, 600, 1200, 1800, 2400, 3000)
CHUNK = 32


def footage(video: np.ndarray, name: str) -> Footage:
    return Footage(torch.from_numpy((video + 1) / 2), name)


class Race:
    """One preset on one clip, from nothing until ``seconds`` of training are spent or nothing is left to train."""

    def __init__(self, path: Path, arguments: argparse.Namespace) -> None:
        self.arguments, self.path = arguments, path
        self.options = LearnOptions.of(arguments.preset)
        fast = arguments.preset == "fast"
        began = time.perf_counter(), time.process_time()
        video = volume(read_clip(path, short_side=self.options.size, min_frames=self.options.window).frames_thwc)
        frame_hw = (video.shape[2], video.shape[3])
        self.sizes = sizes_hw(
            coarsest=self.options.coarsest,
            finest=min(self.options.size, *frame_hw),
            scales=self.options.scales,
            frame_hw=frame_hw,
            block=FastGenerator.BLOCK if fast else 1,
        )
        self.fine = resize(video, self.sizes[-1]).clip(-1, 1)
        short = min(arguments.size, *frame_hw)
        height, width = (round(side * short / min(frame_hw)) for side in frame_hw)
        self.seen_hw = (height, width)
        self.seen = resize(video, self.seen_hw).clip(-1, 1)
        self.source = footage(self.seen, "source")
        prior = MotionPrior(levels(self.fine)) if fast else None
        self.pyramid = Pyramid(Feed(seed=self.options.seed, prior=prior))
        self.wall, self.processor = time.perf_counter() - began[0], time.process_time() - began[1]
        self.looks = [look for look in LOOKS if look <= arguments.minutes * 60]
        self.found: list[dict[str, Any]] = []

    def run(self) -> None:
        kind = FastTrainer if self.arguments.preset == "fast" else PaperTrainer
        for index, size_hw in enumerate(self.sizes):
            real = resize(self.fine, size_hw).clip(-1, 1)
            began = time.perf_counter(), time.process_time()
            trainer = kind(
                self.pyramid, index, real, options=self.options, steps=self.options.steps, device=torch.device("cpu")
            )
            for step in range(self.options.steps):
                trainer.step(step)
                now = time.perf_counter(), time.process_time()
                self.wall, self.processor = self.wall + now[0] - began[0], self.processor + now[1] - began[1]
                if self.looks and self.wall >= self.looks[0]:
                    self.looks = [look for look in self.looks if look > self.wall]
                    self.look(trainer, step + 1)
                    if not self.looks:
                        return
                began = time.perf_counter(), time.process_time()
            self.pyramid.scales.append(trainer.finish())
        self.look(None, self.options.steps)

    def look(self, trainer: FastTrainer | PaperTrainer | None, step: int) -> None:
        pyramid = copy.copy(self.pyramid)
        pyramid.scales = list(self.pyramid.scales)
        if trainer is not None:
            pyramid.scales.append(copy.deepcopy(trainer).finish())
        made = [self.drawn(pyramid, seed) for seed in range(self.arguments.seeds)]
        distances = [patch_distances(self.source, footage(video, "made")) for video in made]
        self.found.append(
            {
                "wall_s": self.wall,
                "processor_s": self.processor,
                "scale": len(pyramid.scales) - 1,
                "size_hw": pyramid.size_hw,
                "step": step,
                "distances": distances,
            }
        )
        means = [sum(bands) / len(bands) for bands in distances]
        line = f"{self.name}: {self.wall:.0f} s, scale {len(pyramid.scales) - 1} step {step}: "
        print(line + " ".join(f"{mean:.3f}" for mean in means), flush=True)
        kept = {"clip": self.path.name, "preset": self.arguments.preset, "threads": torch.get_num_threads()}
        kept |= {"seen_hw": self.seen_hw, "frames": self.arguments.frames, "looks": self.found}
        (self.arguments.out / f"{self.name}.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
        rows = [("source", levels(self.seen[: self.arguments.frames]))]
        rows += [(f"seed {seed}", levels(video)) for seed, video in enumerate(made)]
        save_sheet(contact_sheet(rows), self.arguments.out / f"{self.name}.png")

    def drawn(self, pyramid: Pyramid, seed: int) -> np.ndarray:
        parts = []
        for start in range(0, self.arguments.frames, CHUNK):
            frames = range(start, min(start + CHUNK, self.arguments.frames))
            parts.append(resize(pyramid.video(frames, Draw(seed=seed)), self.seen_hw).clip(-1, 1))
        return np.concatenate(parts)

    @property
    def name(self) -> str:
        return f"{self.path.stem}-{self.arguments.preset}"


def train(arguments: argparse.Namespace) -> None:
    torch.set_flush_denormal(True)
    torch.set_num_threads(arguments.threads)
    threads.limit(arguments.threads)
    for path in arguments.clips:
        Race(path, arguments).run()


def plot(arguments: argparse.Namespace) -> None:
    """One picture a clip: mean and range of the seeds' distances over the wall time, both presets."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(arguments.out.glob("*.json"))]
    for clip in sorted({one["clip"] for one in found}):
        curves = []
        for one in found:
            if one["clip"] == clip:
                points = []
                for look in one["looks"]:
                    means = [sum(bands) / len(bands) for bands in look["distances"]]
                    points.append((look["wall_s"], min(means), sum(means) / len(means), max(means)))
                curves.append(Curve(name=one["preset"], points=points))
                print(f"{clip} {one['preset']}: {points[-1][2]:.3f} after {points[-1][0]:.0f} s")
        svg = picture(curves, title=clip, x="seconds of training", y="distance of space-time patches")
        (arguments.out / f"{Path(clip).stem}.svg").write_text(svg, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("train", "plot"))
    parser.add_argument("clips", type=Path, nargs="*")
    parser.add_argument("--preset", default="fast")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=64)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    {"train": train, "plot": plot}[arguments.what](arguments)


if __name__ == "__main__":
    main()
