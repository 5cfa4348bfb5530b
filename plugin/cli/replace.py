"""``dtsgan replace``: a region of a clip replaced by what is around it, or by new pictures of a texture."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...ui import words
from . import editing
from .textures import device_for, refuse

if TYPE_CHECKING:
    from ...engine.fill import Reference
    from ...engine.model import TextureModel
    from ...engine.region import Fill, Region
    from ...export.device import Device
    from .context import Context

HELP = "replace a region of a clip: by what is around it, by its texture, or by a reference patch"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    editing.add_clip(parser)
    add_region(parser)


def add_region(parser: argparse.ArgumentParser) -> None:
    """What is replaced, and by what."""
    parser.add_argument(
        "--mask",
        type=Path,
        required=True,
        metavar="FILE",
        help="what to replace is white: a picture, a video as long as the clip, or a polygon with key frames (JSON)",
    )
    parser.add_argument(
        "--feather",
        type=pixels,
        metavar="PX",
        help="width of the region's soft edge; default: of the short side 2 %%, or 6 %% where it is painted",
    )
    parser.add_argument(
        "--fill",
        choices=("surround", "texture", "patch"),
        help="by what: its surroundings at other moments or beside it; new pictures of a texture; the reference. "
        "Default: surround, with a model texture, with a reference patch",
    )
    parser.add_argument(
        "--reference",
        metavar="X,Y,W,H@FRAME|CLIP",
        help="what fills the region: a rectangle of the clip from a frame on, or X,Y,W,H@CLIP of another clip",
    )
    parser.add_argument(
        "--inject",
        type=scale,
        metavar="SCALE",
        help="the scale of the model from which on a reference is made anew: 0, the coarsest, changes most of it; "
        "default: 1",
    )
    parser.add_argument(
        "--track",
        action="store_true",
        help="the mask is the first frame's, and follows the camera; takes dtsgan[track]",
    )
    parser.add_argument(
        "--layer", action="store_true", help="write the region alone, the rest transparent, to lie above the clip"
    )
    texture = parser.add_mutually_exclusive_group()
    texture.add_argument(
        "-m",
        "--model",
        type=Path,
        metavar="MODEL",
        help="a model of the clip, or of another texture to fill the region with; default: one that is learned once",
    )
    texture.add_argument(
        "--instant", action="store_const", const=True, help="learn nothing: ready in seconds, to see what comes"
    )
    editing.add_rendering(parser)


def pixels(text: str) -> float:
    """A width in pixels, 0 or more."""
    if not re.fullmatch(r"\d{1,4}(\.\d+)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no width in pixels such as 8")
    return float(text)


def scale(text: str) -> int:
    """The number of a scale, from 0."""
    if not re.fullmatch(r"\d{1,2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no scale's number such as 1")
    return int(text)


def run(arguments: argparse.Namespace, context: Context) -> int:
    fill = _kind(arguments)
    facts = editing.checked(arguments, alpha=arguments.layer)
    if arguments.track:
        from ...engine.track import check_opencv

        check_opencv()
    from ...engine.video import ReadStopped

    try:
        done = _replaced(fill, arguments, context, facts.size_hw)
    except ReadStopped:
        editing.say_stopped(arguments, context)
        done = False
    return 0 if done else context.stop.exit_code


def _kind(arguments: argparse.Namespace) -> str:
    """What kind of filling is asked for. Raises OptionError for options that don't belong to it."""
    fill = arguments.fill or ("patch" if arguments.reference else "texture" if arguments.model else "surround")
    if fill == "surround":
        refuse(arguments, ("reference", "model", "instant", "inject"), "--fill surround takes nothing from elsewhere")
    if fill == "texture":
        refuse(arguments, ("reference", "inject"), "--fill texture takes no reference")
    if fill == "patch" and not arguments.reference:
        from ...engine.errors import OptionError

        raise OptionError(
            "--fill patch needs a reference.", remedy="Say what fills the region: --reference X,Y,W,H@FRAME."
        )
    if arguments.instant:
        refuse(arguments, ("inject",), "--instant learns no scales")
    return fill


def _replaced(kind: str, arguments: argparse.Namespace, context: Context, size_hw: tuple[int, int]) -> bool:
    """Do it; False where it was stopped, which is said unless reading was."""
    from ...engine.clip import parse_span
    from ...engine.config import LearnOptions
    from ...engine.detail.transfer import GRID
    from ...engine.errors import OptionError
    from ...engine.fill import check_reference, parse_reference
    from ...engine.model import load_model
    from ...engine.region import feather_share, read_region
    from ...export.painting import synthesised

    reference = parse_reference(arguments.reference) if kind == "patch" else None
    model = load_model(arguments.model) if arguments.model else None
    side = GRID if kind == "surround" or arguments.instant else LearnOptions.of(editing.PRESET).size
    share = feather_share(painted=kind != "surround")
    context.report.say("reading", f"Reading {arguments.input.name} and its mask.")
    region = read_region(
        arguments.input,
        arguments.mask,
        span=parse_span(arguments.range) if arguments.range else None,
        rate=arguments.rate,
        short_side=min(model.size_hw) if model else side,
        feather_px=round(share * min(size_hw)) if arguments.feather is None else arguments.feather,
        follow=arguments.track,
        # Painting takes the window's pixels a second time.
        exemplar_bytes=editing.exemplar_bytes(arguments, size_hw) // (1 if kind == "surround" else 2),
        stop=context.stop.is_set,
    )
    editing.check_whole(region.clip, arguments)
    _tell(region.notices, context)
    if kind == "surround":
        return _surrounded(region, arguments, context)
    if reference is not None:
        check_reference(reference, region)
    options = LearnOptions.of(editing.PRESET)
    if model is None and arguments.inject is not None and arguments.inject >= options.scales:
        raise OptionError(
            f"What is learned for this has {options.scales} scales, and --inject is {arguments.inject}.",
            remedy=f"Choose 0, the coarsest, to {options.scales - 1}, the finest.",
        )
    other = None if model is None or _learned_from(model, region) else model
    if kind == "texture" and other is not None:
        made = synthesised(
            region,
            other,
            _device(arguments, context),
            seed=arguments.seed,
            exemplar_bytes=editing.exemplar_bytes(arguments, size_hw) // 2,
            memory_bytes=arguments.memory,
            stop=context.stop.is_set,
        )
        return _write(made, f"the region filled with {other.facts.name}", region, arguments, context)
    if other is not None:
        text = f"The model was learned from {other.facts.name}, not from all of {arguments.input.name}."
        _tell((f"{text} What it makes anew may not fit.",), context)
    painting = _painted(reference, model, region, arguments, context)
    if painting is None:
        return False
    how = "the region filled with its texture" if reference is None else "the region filled with the reference"
    return _write(painting, how, region, arguments, context)


def _learned_from(model: TextureModel, region: Region) -> bool:
    """Whether a model is of the clip, and of its whole picture."""
    return model.facts.sha256 == region.clip.source_sha256 and model.facts.crop is None


def _tell(notices: tuple[str, ...], context: Context) -> None:
    for notice in notices:
        context.report.say("notice", notice)


def _device(arguments: argparse.Namespace, context: Context) -> Device:
    device = device_for(context, arguments.device)
    context.report.say("device", f"The generators run on {device.name}: {device.reason}.", device=device.name)
    return device


def _surrounded(region: Region, arguments: argparse.Namespace, context: Context) -> bool:
    from ...engine.fill import Moments, surround

    found = surround(region)
    if isinstance(found, Moments):
        how = f"the region filled from other moments, with {words.plural(found.jumps, 'change')}"
        return _write(found, how, region, arguments, context, jumps=found.jumps)
    context.report.say("notice", "The region is never clear: it is filled from beside it.")
    return _write(found, "the region filled from beside it", region, arguments, context)


def _painted(
    reference: Reference | None,
    model: TextureModel | None,
    region: Region,
    arguments: argparse.Namespace,
    context: Context,
) -> Fill | None:
    """The region made anew with what is put into it; None where learning was stopped."""
    from ...engine.config import LearnOptions
    from ...engine.errors import ClipError
    from ...engine.fill import cleaned_of, insertion, surround
    from ...export.painting import painting
    from .learned import model_of

    within = editing.exemplar_bytes(arguments, region.size_hw) // 2
    try:
        clean = surround(region)
    except ClipError:
        if reference is None:
            raise
        clean = None  # the reference hides it
    if not arguments.instant and model is None:
        small = region.clip.frames_thwc
        small_hw = (small.shape[1], small.shape[2])
        if clean is not None:
            small = cleaned_of(region, small_hw, clean)
        else:
            put = insertion(region, small_hw, reference, clean=None, exemplar_bytes=within, stop=context.stop.is_set)
            small = put.edited.frames()
        model = model_of(replace(region.clip, frames_thwc=small), LearnOptions.of(editing.PRESET), context)
        if model is None:
            return None
    made, notices = painting(
        region,
        reference,
        clean=clean,
        model=model,
        device=_device(arguments, context) if model else device_for(context, "cpu"),
        inject=arguments.inject,
        seed=arguments.seed,
        exemplar_bytes=within,
        stop=context.stop.is_set,
    )
    _tell(notices, context)
    return made


def _write(fill: Fill, how: str, region: Region, arguments: argparse.Namespace, context: Context, **facts: int) -> bool:
    edit = region.layer(fill) if arguments.layer else region.replaced(fill)
    sound = None
    if not arguments.layer:
        sound = editing.sound_of(region.clip, arguments, context, seconds=len(region.shown) / region.rate)
    names = ("fill", "reference", "inject", "instant", "track", "layer", "feather")
    asked = {name: getattr(arguments, name) for name in names if getattr(arguments, name)}
    note = {"edit": "replace", "mask": arguments.mask.name, "seed": arguments.seed} | asked
    if arguments.model:
        note["model"] = arguments.model.name
    if not editing.write(edit, region, arguments, context, note=note, sound=sound, alpha=arguments.layer):
        return False
    text = f"{how}, alone" if arguments.layer else how
    editing.finish(edit, region, arguments, context, text, **facts)
    return True
