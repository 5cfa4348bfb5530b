"""``dtsgan predict``: a still frame set in motion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import ClipError, ModelFileError, OptionError
from ...engine.exemplar import open_exemplar
from ...ui import words
from . import editing
from .arguments import length
from .textures import device_for, facts_of

if TYPE_CHECKING:
    import argparse

    import numpy as np

    from ...engine.model import TextureModel
    from ...export.facts import Facts
    from .context import Context

HELP = "set a still frame in motion, as a texture model has learned it"
USUAL = 64
LEAST = 2
MOST_STRETCH = 0.02
"""Difference of shapes that comes from whole pixels."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", type=Path, metavar="FRAME.png", help="a picture of the texture, as PNG or JPEG")
    parser.add_argument(
        "-m", "--model", type=Path, required=True, metavar="MODEL", help="what dtsgan learn has written"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.mp4", help="the video to write")
    parser.add_argument(
        "--frames", type=length, default=USUAL, metavar="N", help="how many, or 4s; default: %(default)s, the still too"
    )
    parser.add_argument("--source", type=Path, metavar="FILE", help="the clip the model was learned from, if it moved")
    editing.add_rendering(parser)
    editing.add_writing(parser)


def run(arguments: argparse.Namespace, context: Context) -> int:
    facts = facts_of(arguments.model)
    model = facts.model
    if model is None:
        raise ModelFileError(f"{arguments.model.name} is no texture model.", remedy="Name one that learn has written.")
    if model.options.preset != "fast":
        raise OptionError(
            f"{model.facts.name} was learned with --preset {model.options.preset}, which can't set a still in motion.",
            remedy="Learn the clip with --preset fast, the default.",
        )
    facts.check_output(arguments.output, None, overwrite=arguments.overwrite)
    count = editing.frames_of(arguments.frames, facts.rate)
    if count < LEAST:
        raise OptionError(f"--frames is {count}.", remedy=f"It has to be {LEAST} or more: the still is the first.")
    frame = _picture(arguments.input, facts, context)
    from ...engine.video import ReadStopped

    try:
        pixels = _pixels(model, facts, arguments, context)
    except ReadStopped:
        editing.say_stopped(arguments, context)
        return context.stop.exit_code
    from ...engine.detail import GiveWay
    from ...engine.edit import predicted
    from ...export.textures import open_with_pixels

    give_way = GiveWay(pixels)
    device = device_for(context, arguments.device)
    texture = open_with_pixels(model, pixels, device, sample_aspect=facts.sample_aspect)
    edit = predicted(frame, texture, give_way, frames=count, seed=arguments.seed)
    note = {"seed": arguments.seed, "layers": texture.layers, "edit": "predict", "frame": arguments.input.name}
    if not editing.write(edit, texture, arguments, context, note=note):
        return context.stop.exit_code
    editing.finish(edit, texture, arguments, context, "the first of them the still", seed=arguments.seed)
    return 0


def _picture(path: Path, facts: Facts, context: Context) -> np.ndarray:
    """The still as a frame of the texture's size and depth, HWC levels. Raises ClipError."""
    import numpy as np

    from ...engine.levels import levels, volume
    from ...engine.scales import resize
    from ...engine.video import iter_frames, probe

    info = probe(path)
    if info.frames != 1:
        raise ClipError(
            f"{path.name} is a video of {words.plural(info.frames, 'frame')}, and a still is set in motion.",
            remedy="Give one picture, as PNG or JPEG; extend makes a video longer.",
        )
    frame = next(iter_frames(path))
    if frame.shape[2] == 4 and (frame[..., 3] != np.iinfo(frame.dtype).max).any():
        raise ClipError(f"{path.name} has transparency.", remedy="Put it on a plain background first.")
    size_hw = (frame.shape[0], frame.shape[1])
    height, width = facts.size_hw
    shown = size_hw[1] / size_hw[0] * float(info.sample_aspect)
    if abs(shown / (width / height * float(facts.sample_aspect)) - 1) > MOST_STRETCH and size_hw != facts.size_hw:
        raise ClipError(
            f"{path.name} has {words.picture_size(size_hw)} pixels and another shape than the texture, which has "
            f"{words.picture_size(facts.size_hw)}.",
            remedy="Cut the picture to the texture's shape: what was learned is where it was learned.",
        )
    if size_hw != facts.size_hw:
        text = f"{path.name} has {words.picture_size(size_hw)} pixels and is made {words.picture_size(facts.size_hw)}."
        context.report.say("notice", text)
    video = resize(volume(frame[..., :3]), facts.size_hw)
    return levels(np.clip(video, -1, 1), deep=facts.bit_depth > 8)


def _pixels(model: TextureModel, facts: Facts, arguments: argparse.Namespace, context: Context) -> np.ndarray:
    within = editing.exemplar_bytes(arguments, facts.size_hw)
    pixels = open_exemplar(model, source=arguments.source, most_bytes=within, stop=context.stop.is_set)
    if pixels is None:
        raise OptionError(
            f"The texture model of {model.facts.name} has none of its clip's pixels, of which new frames are made.",
            remedy="Learn the clip again, with --pixels carry or link.",
        )
    return pixels
