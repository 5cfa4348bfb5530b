"""``dtsgan generate``: new video from a texture model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.events import Notice
from ...ui import words
from .arguments import positive, seed, size_hw

if TYPE_CHECKING:
    import argparse

    from ...engine.model import TextureModel
    from .context import Context

HELP = "make new video from a texture model"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help="a texture model that dtsgan learn has written")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.mp4", help="the video to write")
    parser.add_argument("--frames", type=positive, metavar="N", help="how many; default: as many as the source has")
    parser.add_argument("--size", type=size_hw, metavar="WxH", help="in pixels; default: as learned")
    parser.add_argument("--seed", type=seed, default=0, metavar="S", help="another seed, another video; default: 0")
    parser.add_argument("--overwrite", action="store_true", help="replace a video that exists")


def run(arguments: argparse.Namespace, context: Context) -> int:
    from ...engine.model import load_model

    output: Path = arguments.output
    model = load_model(arguments.model)
    frames = arguments.frames or model.frames
    size = arguments.size or model.size_hw
    if not render_video(
        model, output, frames=frames, seed=arguments.seed, size_hw=size, overwrite=arguments.overwrite, context=context
    ):
        context.report.say("stopped", f"Stopped; {output} was not written.")
        return context.stop.exit_code
    written = output.stat().st_size
    text = f"Wrote {output}: {words.plural(frames, 'frame')}, {words.picture_size(size)}, {words.size(written)}."
    facts = {"video": output, "frames": frames, "size_hw": size, "seed": arguments.seed, "bytes": written}
    context.report.finish(text, facts)
    return 0


def render_video(
    model: TextureModel,
    output: Path,
    *,
    frames: int,
    seed: int,
    size_hw: tuple[int, int],
    overwrite: bool,
    context: Context,
) -> bool:
    """Render with progress; False where it was stopped, and then nothing is written."""
    from ...export.stream import render

    done = 0
    for event in render(
        model, output, frames=frames, seed=seed, size_hw=size_hw, overwrite=overwrite, stop=context.stop.is_set
    ):
        if isinstance(event, Notice):
            context.report.say("notice", event.text)
            continue
        done = event.frame
        facts = {"frame": done, "frames": frames}
        context.report.progress(f"frame {done} of {frames}", done=done / frames, left_s=event.left_s, **facts)
    return done == frames
