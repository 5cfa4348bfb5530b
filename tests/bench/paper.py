"""Train the coarse scales of the ``paper`` preset at full length, and show what they learned.

Run ``python -m tests.bench.paper CLIP --out DIR [--scales 3] [--epochs 2000] [--finer-epochs 200]``: the coarsest scale
is trained for ``--epochs``, the others for ``--finer-epochs``, at the sizes that they have in the whole pyramid of
eight. A killed run goes on from its state in DIR. Writes a contact sheet a scale: source, reconstruction, seeds.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import torch

from dtsgan.engine.config import LearnOptions
from dtsgan.engine.packing import pack_scales, unpack_scale
from dtsgan.engine.prior import Draw
from dtsgan.engine.pyramid import Pyramid
from dtsgan.engine.scales import resize, sizes_hw
from dtsgan.engine.synthesis import levels, volume
from dtsgan.engine.training.checkpoint import pack_trainer, read_state, unpack_trainer, write_state
from dtsgan.engine.training.paper import PaperTrainer
from dtsgan.engine.video import read_clip
from dtsgan.export.sheet import contact_sheet, save_sheet

SAVE_EVERY_S = 60
SHOWN = 32


def train(trainer: PaperTrainer, pyramid: Pyramid, *, first: int, state: Path, identity: dict[str, Any]) -> None:
    saved = started = time.monotonic()
    for step in range(first, trainer.steps):
        losses = trainer.step(step)
        if time.monotonic() - saved > SAVE_EVERY_S:
            saved = time.monotonic()
            arrays = pack_scales(pyramid) | pack_trainer(trainer.modules(), trainer.optimisers())
            place = {"scale": trainer.index, "step": step + 1, "sigma": [scale.amplitude for scale in pyramid.scales]}
            write_state(state, identity=identity, place=place, arrays=arrays)
            words = ", ".join(f"{name} {value:.4f}" for name, value in losses.items())
            pace = (saved - started) / (step + 1 - first)
            print(f"scale {trainer.index}, epoch {step + 1} of {trainer.steps}, {pace:.2f} s each: {words}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scales", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=2000)
    parser.add_argument("--finer-epochs", type=int, default=200)
    arguments = parser.parse_args()
    torch.set_flush_denormal(True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    options = LearnOptions.of("paper")
    clip = read_clip(arguments.clip, short_side=options.size, min_frames=options.window)
    video = volume(clip.frames_thwc)
    sizes = sizes_hw(
        coarsest=options.coarsest,
        finest=options.size,
        scales=options.scales,
        frame_hw=(video.shape[2], video.shape[3]),
        block=1,
    )[: arguments.scales]
    state = arguments.out / f"{arguments.clip.stem}-paper.part"
    identity = {"clip": clip.source_sha256, "epochs": arguments.epochs, "finer_epochs": arguments.finer_epochs}
    place, arrays = (
        read_state(state, identity=identity) if state.exists() else ({"scale": 0, "step": 0, "sigma": []}, {})
    )
    pyramid = Pyramid(seed=options.seed)
    for index, sigma in enumerate(place["sigma"]):
        scale = unpack_scale(index, preset="paper", size_hw=sizes[index], amplitude=sigma, arrays=arrays)
        pyramid.scales.append(scale)
    for index in range(place["scale"], len(sizes)):
        real = resize(video, sizes[index]).clamp(-1, 1)
        steps = arguments.finer_epochs if index else arguments.epochs
        trainer = PaperTrainer(pyramid, index, real, options=options, steps=steps, device=torch.device("cpu"))
        first = place["step"] if index == place["scale"] else 0
        if first:
            unpack_trainer(arrays, trainer.modules(), trainer.optimisers())
        train(trainer, pyramid, first=first, state=state, identity=identity)
        pyramid.scales.append(trainer.finish())
        show(pyramid, real, arguments.out / f"{arguments.clip.stem}-paper-{index}.png")


def show(pyramid: Pyramid, real: torch.Tensor, path: Path) -> None:
    frames = range(min(SHOWN, len(real)))
    rows = [("source", levels(real[: len(frames)]))]
    rows.append(("reconstruction from z*", levels(pyramid.video(frames, Draw(seed=0, share=0)))))
    rows += [(f"seed {seed}", levels(pyramid.video(frames, Draw(seed=seed)))) for seed in range(3)]
    save_sheet(contact_sheet(rows), path)
    print(path)


if __name__ == "__main__":
    main()
