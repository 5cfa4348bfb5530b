"""The paper's experiments on any clips, each resumable, its settings and result in one JSON file.

Run ``python -m tests.bench.paper scales|ablation|quality CLIP... --out DIR [--size 150] [--scales 8] [--trained N]
[--epochs 2000] [--finer-epochs 2000] [--moves 20]`` on an idle machine.

- ``scales`` trains the coarsest ``--trained`` scales and writes a contact sheet a scale: source, reconstruction, seeds.
- ``ablation`` (Table 3) trains each clip with and without the data update, draws 20 samples of 16 frames from both, and
  prints their mean pairwise LPIPS, beside that of the source's own windows.
- ``quality`` (Table 1) trains each clip and prints MS-SSIM, Frechet distances and sigma-N-LPIPS of 16 frames, beside
  those of real footage and of a linear dynamic texture.

The coarsest scale is trained for ``--epochs``, the others for ``--finer-epochs``; during each, the window makes
``--moves`` moves of ``--stride`` frames. A killed run goes on from its state in DIR.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from dtsgan.engine.clip import Clip
from dtsgan.engine.config import LearnOptions
from dtsgan.engine.levels import levels, volume
from dtsgan.engine.metrics.diversity import pairwise_lpips
from dtsgan.engine.metrics.footage import Footage
from dtsgan.engine.metrics.measures import Networks, available
from dtsgan.engine.metrics.references import linear_dynamic_texture
from dtsgan.engine.packing import pack_scales, unpack_scale
from dtsgan.engine.prior import Draw
from dtsgan.engine.pyramid import Feed, Pyramid
from dtsgan.engine.scales import resize, sizes_hw
from dtsgan.engine.training.checkpoint import pack_trainer, read_state, unpack_trainer, write_state
from dtsgan.engine.training.paper import PaperTrainer
from dtsgan.engine.video import read_clip
from dtsgan.export.sheet import contact_sheet, save_sheet

if TYPE_CHECKING:
    import numpy as np

SAVE_EVERY_S = 60
SHOWN = 32
FRAMES = 16
SAMPLES = 20
QUALITY = ("ms_ssim", "frechet", "fid", "smoothness")


@dataclass(frozen=True, kw_only=True)
class Training:
    """One clip, one set of options. ``name`` is that of its files in ``folder``."""

    clip: Clip
    options: LearnOptions
    epochs: tuple[int, ...]
    update: bool
    moves: int
    folder: Path
    name: str

    def of_scale(self, index: int) -> LearnOptions:
        """Options whose window moves as often in these epochs as in others'; without the data update, never."""
        epochs = self.epochs[index]
        every = max(1, epochs // self.moves) if self.update else epochs + 1
        return replace(self.options, update_every=every)

    def run(self, finished: Callable[[Pyramid, np.ndarray], None] = lambda *_: None) -> tuple[Pyramid, np.ndarray]:
        """The trained pyramid and the clip at its finest size; ``finished`` is called after every scale."""
        video = volume(self.clip.frames_thwc)
        frame_hw = (video.shape[2], video.shape[3])
        options = self.options
        sizes = sizes_hw(
            coarsest=options.coarsest, finest=options.size, scales=options.scales, frame_hw=frame_hw, block=1
        )[: len(self.epochs)]
        path = self.folder / f"{self.name}.part"
        identity: dict[str, Any] = {
            "clip": self.clip.source_sha256,
            "options": options.as_dict(),
            "epochs": list(self.epochs),
        }
        identity |= {"update": self.update, "moves": self.moves}
        place: dict[str, Any] = {"scale": 0, "step": 0, "sigma": []}
        arrays: dict[str, Any] = {}
        if path.exists():
            place, arrays = read_state(path, identity=identity)
        pyramid = Pyramid(Feed(seed=options.seed))
        for index, sigma in enumerate(place["sigma"]):
            scale = unpack_scale(index, preset="paper", size_hw=sizes[index], amplitude=sigma, arrays=arrays)
            pyramid.scales.append(scale)
        for index in range(place["scale"], len(sizes)):
            real = resize(video, sizes[index]).clip(-1, 1)
            trainer = PaperTrainer(
                pyramid, index, real, options=self.of_scale(index), steps=self.epochs[index], device=torch.device("cpu")
            )
            first = place["step"] if index == place["scale"] else 0
            if first:
                unpack_trainer(arrays, trainer.modules(), trainer.optimisers())
            self._train(trainer, pyramid, first, path, identity)
            pyramid.scales.append(trainer.finish())
            self._save(pyramid, None, {"scale": index + 1, "step": 0}, path, identity)
            finished(pyramid, real)
        return pyramid, resize(video, sizes[-1]).clip(-1, 1)

    def _train(self, trainer: PaperTrainer, pyramid: Pyramid, first: int, path: Path, identity: dict[str, Any]) -> None:
        saved = started = time.monotonic()
        for step in range(first, trainer.steps):
            losses = trainer.step(step)
            if time.monotonic() - saved > SAVE_EVERY_S or step + 1 == trainer.steps:
                saved = time.monotonic()
                self._save(pyramid, trainer, {"scale": trainer.index, "step": step + 1}, path, identity)
                words = ", ".join(f"{name} {value:.4f}" for name, value in losses.items())
                pace = (saved - started) / (step + 1 - first)
                where = f"{self.name}: scale {trainer.index}, epoch {step + 1} of {trainer.steps}"
                print(f"{where}, {pace:.2f} s each: {words}", flush=True)

    def _save(
        self,
        pyramid: Pyramid,
        trainer: PaperTrainer | None,
        place: dict[str, Any],
        path: Path,
        identity: dict[str, Any],
    ) -> None:
        arrays = pack_scales(pyramid)
        if trainer is not None:
            arrays |= pack_trainer(trainer.modules(), trainer.optimisers())
        place = place | {"sigma": [scale.amplitude for scale in pyramid.scales]}
        write_state(path, identity=identity, place=place, arrays=arrays)


def scales(training: Training, _: Networks) -> dict[str, Any]:
    def show(pyramid: Pyramid, real: np.ndarray) -> None:
        frames = range(min(SHOWN, len(real)))
        rows = [("source", levels(real[: len(frames)]))]
        rows.append(("reconstruction from z*", levels(pyramid.video(frames, Draw(seed=0, share=0)))))
        rows += [(f"seed {seed}", levels(pyramid.video(frames, Draw(seed=seed)))) for seed in range(3)]
        path = training.folder / f"{training.name}-{len(pyramid.scales) - 1}.png"
        save_sheet(contact_sheet(rows), path)
        print(path)

    pyramid = training.run(show)[0]
    return {"sizes_hw": [scale.size_hw for scale in pyramid.scales]}


def ablation(training: Training, networks: Networks) -> dict[str, Any]:
    """Table 3: mean pairwise LPIPS of samples; and of as many windows of the source as there are without overlap."""
    pyramid, real = training.run()
    made = [sample(pyramid, seed) for seed in range(SAMPLES)]
    starts = range(0, len(real) - FRAMES + 1, FRAMES)
    own = [footage(real[start : start + FRAMES], f"window {start}") for start in starts]
    rows = [("source", levels(real[:FRAMES]))]
    rows += [(f"sample {index}", levels(2 * one.video_tchw.numpy() - 1)) for index, one in enumerate(made[:4])]
    save_sheet(contact_sheet(rows), training.folder / f"{training.name}.png")
    return {"lpips": pairwise_lpips(networks.lpips, made), "lpips_of_source": pairwise_lpips(networks.lpips, own)}


def quality(training: Training, networks: Networks) -> dict[str, Any]:
    """Table 1: 16 frames of three seeds against the first 16 of the source; real footage is the source's last 16."""
    pyramid, real = training.run()
    source = footage(real[:FRAMES], "source")
    rows = {"real footage": footage(real[-FRAMES:], "real footage")}
    linear = linear_dynamic_texture(torch.from_numpy((real + 1) / 2))[:FRAMES]
    rows["linear dynamic texture"] = Footage(linear, "linear dynamic texture")
    rows |= {f"seed {seed}": sample(pyramid, seed) for seed in range(3)}
    measures = [measure for measure in available()[0] if measure.key in QUALITY]
    return {
        name: {measure.key: measure.value(source, made, networks) for measure in measures}
        for name, made in rows.items()
    }


def sample(pyramid: Pyramid, seed: int) -> Footage:
    """As many frames as were trained on, seen as they were in training."""
    return footage(pyramid.video(range(FRAMES), Draw(seed=seed), halo=0), f"seed {seed}")


def footage(video: np.ndarray, name: str) -> Footage:
    return Footage(torch.from_numpy((video + 1) / 2), name)


EXPERIMENTS = {"scales": (scales, (True,)), "ablation": (ablation, (True, False)), "quality": (quality, (True,))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiment", choices=EXPERIMENTS)
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=150)
    parser.add_argument("--scales", type=int, default=8)
    parser.add_argument("--trained", type=int, help="how many of the scales, the coarsest; all by default")
    parser.add_argument("--epochs", type=int, default=2000)
    parser.add_argument("--finer-epochs", type=int, default=2000)
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_flush_denormal(True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    work, updates = EXPERIMENTS[arguments.experiment]
    epochs = (arguments.epochs, *[arguments.finer_epochs] * ((arguments.trained or arguments.scales) - 1))
    options = LearnOptions.of(
        "paper", size=arguments.size, scales=arguments.scales, window_stride=arguments.stride, seed=arguments.seed
    )
    networks, found = Networks(), []
    for path in arguments.clips:
        clip = read_clip(path, short_side=options.size, min_frames=options.window)
        for update in updates:
            name = f"{path.stem}-{arguments.experiment}" + ("" if update else "-still")
            training = Training(
                clip=clip,
                options=options,
                epochs=epochs,
                update=update,
                moves=arguments.moves,
                folder=arguments.out,
                name=name,
            )
            started = time.monotonic()
            result = work(training, networks)
            found.append({"clip": path.name, "data_update": update, "seconds": time.monotonic() - started} | result)
            print(json.dumps(found[-1]), flush=True)
            settings = {key: str(value) if isinstance(value, Path) else value for key, value in vars(arguments).items()}
            settings["clips"] = [clip.name for clip in arguments.clips]
            kept = {"settings": settings, "options": options.as_dict(), "results": found}
            (arguments.out / f"{arguments.experiment}.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
