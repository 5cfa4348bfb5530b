"""``dtsgan demo``: the whole job on a clip that needs no footage."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.files import check_target
from .generate import render_video
from .learn import NEED_BYTES, follow, make_folder, save, state_path, with_pixels
from .textures import device_for

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    import numpy as np

    from ...engine.clip import Clip
    from ...engine.model import TextureModel
    from .context import Context

HELP = "learn from a simulated fire and make new video of it, within a few minutes"

FRAMES = 120
SIZE_HW = (64, 64)
RATE = Fraction(25)
LEARN_S = 60.0
SEEDS = (0, 1)
ENLARGED = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=Path("demo-out"), metavar="DIR", help="default: %(default)s")


def run(arguments: argparse.Namespace, context: Context) -> int:
    folder: Path = arguments.out
    make_folder(folder)
    output = folder / "fire.dtsgan"
    check_target(output, overwrite=True, need_bytes=NEED_BYTES)
    clip = _simulated(folder / "source.mp4", context)

    from ...engine.config import LearnOptions
    from ...engine.learn import learn

    options = LearnOptions.of("fast", size=min(SIZE_HW))
    state = state_path(output)
    model = follow(
        learn(clip, options, state=state, stop=context.stop.is_set, time_budget_s=LEARN_S), context, sheet=None
    )
    if model is None:
        return context.stop.exit_code
    model = with_pixels(model, clip.source, state, context, link=False)
    if model is None:
        return context.stop.exit_code
    save(model, output, overwrite=True)
    shown = _show(model, clip, folder, context)
    if shown is None:
        context.report.say("stopped", f"Stopped. The model is saved: {output}")
        return context.stop.exit_code
    made = [clip.source, output, *shown]
    context.report.finish("The demo is done. It made:\n" + "\n".join(f"  {path}" for path in made), {"files": made})
    return 0


def _simulated(path: Path, context: Context) -> Clip:
    """The clip as any other would be: written to a file, and read from it."""
    from ...engine.simulate import simulate_fire
    from ...engine.video import read_clip

    context.report.say("simulating", f"Simulating {FRAMES} frames of fire: {path}")
    _write(path, simulate_fire(frames=FRAMES, size_hw=SIZE_HW, rate=RATE, seed=0), SIZE_HW)
    return read_clip(path)


def _show(model: TextureModel, clip: Clip, folder: Path, context: Context) -> list[Path] | None:
    """A video a seed, the first beside the source, and a contact sheet of all; None where it was stopped."""
    import numpy as np

    from ...engine.video import iter_frames
    from ...export.sheet import contact_sheet, save_sheet, side_by_side
    from ...export.textures import open_texture

    videos = [folder / f"seed-{seed}.mp4" for seed in SEEDS]
    texture = open_texture(model, device_for(context))
    for seed, video in zip(SEEDS, videos, strict=True):
        if not render_video(texture, video, frames=range(FRAMES), seed=seed, overwrite=True, context=context):
            return None
    results = [np.stack(list(iter_frames(video))) for video in videos]
    beside = folder / "source-and-result.mp4"
    pairs = list(side_by_side(clip.frames_thwc, results[0], captions=("source", "synthesised"), scale=ENLARGED))
    _write(beside, pairs, (pairs[0].shape[0], pairs[0].shape[1]))
    sheet = folder / "sheet.png"
    labelled = [(f"seed {seed}", result) for seed, result in zip(SEEDS, results, strict=True)]
    save_sheet(contact_sheet([("source", clip.frames_thwc), *labelled]), sheet)
    return [*videos, beside, sheet]


def _write(path: Path, frames: Iterable[np.ndarray], size_hw: tuple[int, int]) -> None:
    from ...engine.video import open_output

    with open_output(path, size_hw=size_hw, rate=RATE, overwrite=True) as writer:
        for frame in frames:
            writer.write(frame)
