"""How well a replaced region sits in its clip: its edge, its flicker and its movement, against what is around it.

Run ``python -m tests.bench.regions SOURCE RESULT --mask FILE [--feather PX] [--within X,Y,W,H] --out DIR``. Outside the
mask, values are counted that differ from the source's. Then ratios of what is in the region to what is at most
``BESIDE`` pixels beside it and ``--within`` a rectangle (the water, say), in the same frames of the result: ``edge``,
the mean gradient of luma where half is replaced (within two pixels) to that outside; ``flicker``, the mean second
difference in time inside to that outside; ``motion``, the first. The same of the source follows. A strip of frames, and
a slice through the region's middle row over time, the source's on the left, go to DIR as PNG.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import binary_dilation

from dtsgan.engine.clip import parse_crop
from dtsgan.engine.mask import open_mask
from dtsgan.engine.video import iter_frames, probe

LUMA = np.array([0.299, 0.587, 0.114])
SHOWN, BESIDE = 6, 24


def frames_of(path: Path) -> np.ndarray:
    return np.stack([frame[..., :3] for frame in iter_frames(path)])


def ratios(
    video_thwc: np.ndarray, masks_thw: np.ndarray, within_hw: np.ndarray, numbers: np.ndarray
) -> dict[str, float]:
    luma = video_thwc @ LUMA
    edge, gradient, flicker, motion = [], [], ([], []), ([], [])
    for number in numbers:
        mask, picture = masks_thw[number], luma[number]
        inside = mask == 1
        outside = np.asarray(binary_dilation(mask > 0, iterations=BESIDE), bool) & (mask == 0) & within_hw
        half = mask >= 0.5
        rim = np.asarray(binary_dilation(half, iterations=2), bool) & np.asarray(
            binary_dilation(~half, iterations=2), bool
        )
        steep = np.hypot(*np.gradient(picture))
        edge.append(steep[rim].mean())
        gradient.append(steep[outside].mean())
        before, after = luma[number - 1], luma[number + 1]
        for part, places in enumerate((inside, outside)):
            flicker[part].append(np.abs(before - 2 * picture + after)[places].mean())
            motion[part].append(np.abs(after - picture)[places].mean())
    found = {"edge": (edge, gradient), "flicker": flicker, "motion": motion}
    return {name: float(np.mean(one) / np.mean(other)) for name, (one, other) in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("--mask", type=Path, required=True)
    parser.add_argument("--feather", type=float, default=5)
    parser.add_argument("--within", type=parse_crop)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    source, made = frames_of(arguments.source), frames_of(arguments.result)
    info = probe(arguments.source)
    mask = open_mask(
        arguments.mask,
        size_hw=info.size_hw,
        span=(0, info.frames),
        clip_frames=info.frames,
        name=arguments.source.name,
        feather_px=arguments.feather,
    )
    masks = np.stack(list(mask.frames()))
    print(f"{arguments.result.name}: {int((source != made)[masks == 0].sum())} values outside the mask differ")
    within, rect = np.ones(info.size_hw, bool), arguments.within
    if rect is not None:
        within[:] = False
        within[rect.y : rect.y + rect.height, rect.x : rect.x + rect.width] = True
    whole = (masks[1:-1] == 1).sum((1, 2)) > 0
    numbers = 1 + np.flatnonzero(whole)
    for name, video in (("result", made), ("source", source)):
        row = ratios(video, masks, within, numbers)
        print(f"  {name}: " + ", ".join(f"{key} {value:.2f}" for key, value in row.items()))
    arguments.out.mkdir(parents=True, exist_ok=True)
    shown = made[numbers[np.linspace(0, len(numbers) - 1, SHOWN).astype(int)]]
    name = arguments.out / arguments.result.stem
    Image.fromarray(np.concatenate([np.concatenate(list(half), 1) for half in np.split(shown, 2)], 0)).save(
        f"{name}.png"
    )
    row = int(np.flatnonzero(mask.union().any(1)).mean())
    Image.fromarray(np.concatenate([source[:, row], made[:, row]], 1)).save(f"{name}-slice.png")


if __name__ == "__main__":
    main()
