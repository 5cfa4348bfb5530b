"""What each layer adds: every subset of them on real clips, at the source's own size, against the source.

Run ``python -m tests.bench.layers CLIP... --out DIR [--seeds 3] [--frames 64]`` on an idle machine. A model of a clip
is learned with the defaults into DIR, or taken from there. For each subset of layers and each seed it prints the
distance of space-time patches, motion and sharpness over the source's, the distance of temporal spectra, the flicker of
the still parts over the source's, the shift of the mean colour in levels, how far windows of 16 frames are from the
source's nearest window over how far the source's own distant windows are from each other (at 25 px, 48 px and the size
learned), and how far seeds are from each other by the same yardstick. The first row is one half of the source against
the other. A contact sheet a clip shows the source and every subset's first seed.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from dtsgan.engine.config import LearnOptions
from dtsgan.engine.events import Learned
from dtsgan.engine.exemplar import with_exemplar
from dtsgan.engine.layers import LAYERS, Layer
from dtsgan.engine.learn import learn
from dtsgan.engine.levels import volume
from dtsgan.engine.metrics.energy import motion_energy, motion_ratio, sharpness_ratio, spectrum_distance
from dtsgan.engine.metrics.footage import Footage
from dtsgan.engine.metrics.patches import patch_distances
from dtsgan.engine.model import TextureModel, load_model, save_model
from dtsgan.engine.scales import resize
from dtsgan.engine.synthesis import synthesise
from dtsgan.engine.video import read_clip
from dtsgan.export.device import choose_device
from dtsgan.export.sheet import contact_sheet, save_sheet
from dtsgan.export.textures import open_texture

SUBSETS: tuple[tuple[Layer, ...], ...] = (
    ("prior",),
    ("pyramid",),
    ("prior", "pyramid"),
    ("prior", "detail"),
    ("pyramid", "detail"),
    LAYERS,
)
WINDOW = 16
DISTANT = 32
COLUMNS = ("patches", "motion", "sharp", "spectrum", "still", "tint", "new25", "new48", "new", "apart")
SMALL_SIDES = (25, 48)


def model_of(path: Path, folder: Path) -> TextureModel:
    file = folder / f"{path.stem}.dtsgan"
    if file.exists():
        return load_model(file)
    options = LearnOptions.of("fast")
    clip = read_clip(path, short_side=options.size, min_frames=options.window)
    started = time.perf_counter()
    *_, last = learn(clip, options)
    assert isinstance(last, Learned)
    print(f"  learned in {time.perf_counter() - started:.0f} s")
    model, notices = with_exemplar(last.model, path, link=False)
    for text in notices:
        print(f"  {text}")
    save_model(model, file)
    print(f"  model {file.stat().st_size / 1e6:.1f} MB")
    return model


def small(video_thwc: np.ndarray, short: int) -> np.ndarray:
    """(T, values) at this short side, in levels."""
    height, width = video_thwc.shape[1:3]
    side = min(height, width, short) / min(height, width)
    parts = [
        resize(volume(part), (round(height * side), round(width * side))) for part in np.array_split(video_thwc, 8)
    ]
    return np.concatenate(parts).reshape(len(video_thwc), -1) * np.float32(127.5)


def between(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """RMS difference of every window of one to every window of the other."""
    squares = np.square(one).sum(1)[:, None] + np.square(other).sum(1)[None] - 2 * one @ other.T
    windows = [squares[k : len(one) - WINDOW + 1 + k, k : len(other) - WINDOW + 1 + k] for k in range(WINDOW)]
    return np.sqrt(np.sum(windows, 0).clip(min=0) / (WINDOW * one.shape[1]))


def distant(source: np.ndarray) -> float:
    own = between(source, source)
    numbers = np.arange(len(own))
    return float(own[np.abs(numbers[:, None] - numbers) >= DISTANT].mean())


def still(source: Footage, made: Footage) -> float:
    """Motion of the still parts over the source's; nan where nothing is still."""
    parts = ~source.moving
    if parts.float().mean() < 0.02:
        return float("nan")
    return motion_energy(made.luma, parts) / max(motion_energy(source.luma, parts), 1e-3)


class Yardstick:
    """A clip, and all that results are measured against."""

    def __init__(self, frames_thwc: np.ndarray, learned_px: int) -> None:
        self.frames, self.source = frames_thwc, Footage.of(frames_thwc, "source")
        self.smalls = {side: small(frames_thwc, side) for side in (*SMALL_SIDES, learned_px)}
        self.distances = {side: distant(smaller) for side, smaller in self.smalls.items()}

    def halves(self) -> list[float]:
        first, last = self.source.halves(len(self.source) // 2)
        return [*self._ratios(first, last), *[float("nan")] * 4]

    def row(self, made: np.ndarray) -> list[float]:
        footage = Footage.of(made, "made")
        new = [
            float(between(small(made, side), smaller).min(1).mean()) / self.distances[side]
            for side, smaller in self.smalls.items()
        ]
        return [*self._ratios(self.source, footage), *new]

    def apart(self, one: np.ndarray, other: np.ndarray) -> float:
        return float(between(small(one, 25), small(other, 25)).diagonal().mean()) / self.distances[25]

    def _ratios(self, source: Footage, made: Footage) -> list[float]:
        length = min(len(source), len(made))
        cut = [Footage(footage.video_tchw[:length], footage.name) for footage in (source, made)]
        tint = (made.video_tchw.mean((0, 2, 3)) - source.video_tchw.mean((0, 2, 3))).abs().max() * 255
        return [
            float(np.mean(patch_distances(*cut))),
            motion_ratio(source, made),
            sharpness_ratio(source, made),
            spectrum_distance(source, made),
            still(source, made),
            float(tint),
        ]


def show(path: Path, arguments: argparse.Namespace) -> None:
    print(path.name)
    model = model_of(path, arguments.out)
    assert model.exemplar is not None
    height, width = model.exemplar.size_hw
    clip = read_clip(path, min_frames=16)
    assert clip.frames_thwc.shape[1:3] == (height, width)
    yardstick = Yardstick(clip.frames_thwc, min(model.size_hw))
    print("  {:>22}".format("") + "".join(f"{column:>10}" for column in COLUMNS))
    print_row("half against half", yardstick.halves())
    rows = [("source", clip.frames_thwc[: arguments.frames])]
    device = choose_device("cpu", tell=print)
    for layers in arguments.subsets:
        texture = open_texture(model, device, layers=layers)
        made: list[np.ndarray] = []
        for seed in range(arguments.seeds):
            started = time.perf_counter()
            frames = synthesise(texture, frames=range(arguments.frames), seed=seed, size_hw=(height, width))
            made.append(np.stack(list(frames)))
            seconds = time.perf_counter() - started
            apart = yardstick.apart(made[-1], made[0]) if seed else float("nan")
            print_row(
                "+".join(layers), [*yardstick.row(made[-1]), apart], f"  {seconds / arguments.frames:.2f} s a frame"
            )
        rows += [(f"{'+'.join(layers)}, seed {seed}", one) for seed, one in enumerate(made[: arguments.shown])]
    save_sheet(contact_sheet(rows, columns=6), arguments.out / f"{path.stem}-layers.png")


def print_row(name: str, figures: list[float], more: str = "") -> None:
    print(f"  {name:>22}" + "".join(f"{figure:>10.3f}" for figure in figures) + more, flush=True)


def subset(text: str) -> tuple[Layer, ...]:
    return tuple(layer for layer in LAYERS if layer in text.split(","))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--frames", type=int, default=64)
    parser.add_argument("--shown", type=int, default=1, help="seeds of each subset in the contact sheet")
    parser.add_argument("--subsets", type=subset, nargs="+", default=SUBSETS, help="as prior,detail; all by default")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in arguments.clips:
        show(path, arguments)


if __name__ == "__main__":
    main()
