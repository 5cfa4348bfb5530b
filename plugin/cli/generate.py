"""``dtsgan generate``: new video from a texture model, or from a clip that nothing was learned from."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import OptionError
from ...engine.events import Notice
from ...engine.exemplar import MOST_BYTES, frames_within, short_side_for
from ...engine.layers import LAYERS, Layer, layers_of
from ...engine.memory import exemplar_budget, peak_bytes
from ...ui import words
from .arguments import memory_bytes, positive, rate, seed, size_hw
from .textures import device_for, facts_of, is_model, refuse

if TYPE_CHECKING:
    from ...engine.synthesis import Texture
    from .context import Context

HELP = "make new video from a texture model, or at once from a clip"
LEAST_LOOP = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "input", type=Path, metavar="MODEL|CLIP", help="a texture model that dtsgan learn has written, or any clip"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.mp4", help="the video to write")
    parser.add_argument("--frames", type=positive, metavar="N", help="how many; default: as many as the source has")
    parser.add_argument(
        "--loop", action="store_true", help="make a loop: after the last frame the first goes on from it"
    )
    parser.add_argument("--size", type=size_hw, metavar="WxH", help="in pixels; default: the source's own")
    parser.add_argument(
        "--fit",
        choices=("auto", "more", "scale"),
        default="auto",
        help="fill another size with more of the texture, or scale its picture; default: more where the clip looks "
        "the same all over",
    )
    parser.add_argument(
        "--tile-space",
        choices=("xy", "x", "y"),
        nargs="?",
        const="xy",
        help="make pictures that go on around their edges, or two of these, so that copies of them join unseen",
    )
    parser.add_argument("--seed", type=seed, default=0, metavar="S", help="another seed, another video; default: 0")
    parser.add_argument(
        "--fine-seed",
        type=seed,
        metavar="S",
        help="more like what the seed alone gives: slow motion stays, fast motion comes otherwise",
    )
    parser.add_argument(
        "--layers",
        type=layers,
        metavar="prior,pyramid,detail",
        help="of a model, those to use: coarse motion, learned shapes, the source's own pixels; default: all of use",
    )
    parser.add_argument("--source", type=Path, metavar="FILE", help="the clip a model was learned from, if it moved")
    parser.add_argument(
        "--range",
        metavar="A:B",
        help="of a model: make these frames of the video alone, as 100:120 or 4s:5s; of a clip: the part to use",
    )
    parser.add_argument("--crop", metavar="X,Y,W,H", help="of a clip: the part of the picture to use")
    parser.add_argument("--rate", type=rate, metavar="FPS", help="of a folder of pictures, in frames a second")
    parser.add_argument(
        "--memory",
        type=memory_bytes,
        metavar="2G",
        help="the most to use; with less, fewer of the source's frames serve",
    )
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "gpu"),
        default="auto",
        help="what the generators of a model run on; default: a graphics card where one can be used",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace a video that exists")


def layers(text: str) -> tuple[Layer, ...]:
    """ "prior,detail" as names, in the order they work in."""
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in LAYERS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is no layer; choose among {', '.join(LAYERS)}")
    return tuple(name for name in LAYERS if name in names)


def run(arguments: argparse.Namespace, context: Context) -> int:
    output: Path = arguments.output
    texture = _texture(arguments, context)
    if texture is None:
        context.report.say("stopped", f"Stopped; {output} was not written.")
        return context.stop.exit_code
    count = arguments.frames or texture.frames
    frames = _frames(arguments, texture, count)
    size = arguments.size or texture.size_hw
    texture = _fitted(arguments, texture, context)
    if not render_video(
        texture,
        output,
        frames=frames,
        seed=arguments.seed,
        fine_seed=arguments.fine_seed,
        size_hw=arguments.size,
        period=count if arguments.loop else None,
        overwrite=arguments.overwrite,
        context=context,
    ):
        context.report.say("stopped", f"Stopped; {output} was not written.")
        return context.stop.exit_code
    written = output.stat().st_size
    peak = peak_bytes()
    text = f"Wrote {output}: {words.plural(len(frames), 'frame')}, {words.picture_size(size)}, {words.size(written)}; "
    text += f"took {words.size(peak)} of memory."
    facts = {"video": output, "frames": len(frames), "size_hw": size, "seed": arguments.seed}
    facts |= {"loop": arguments.loop, "layers": texture.layers}
    context.report.finish(text, facts | {"bytes": written, "peak_memory_bytes": peak})
    return 0


def _frames(arguments: argparse.Namespace, texture: Texture, count: int) -> range:
    """The frames to make, of a video of ``count``. Raises OptionError and ClipError."""
    if arguments.loop and count < LEAST_LOOP:
        raise OptionError(f"--frames is {count}.", remedy=f"A loop has to have {LEAST_LOOP} frames or more.")
    if texture.options is None or arguments.range is None:  # of a clip the range is its own
        return range(count)
    from ...engine.clip import parse_span

    rate = texture.facts.rate
    span = parse_span(arguments.range)
    return range(
        *span.resolve(count=count, rate=rate, frame_at=lambda at: math.ceil(at * rate), name=arguments.output.name)
    )


def _fitted(arguments: argparse.Namespace, texture: Texture, context: Context) -> Texture:
    """The texture as it fills the size asked for; says where its picture goes on, is made larger, or is stretched."""
    from ...engine.fit import ROUNDING, fitted

    around = ("y" in (arguments.tile_space or ""), "x" in (arguments.tile_space or ""))
    own = texture.size_hw
    texture = fitted(texture, arguments.size, fit=arguments.fit, around=around, memory_bytes=arguments.memory)
    asked = arguments.size or own
    if texture.canvas is not None:
        if any(around):
            text = f"The picture goes on around its {'edges' if all(around) else 'sides' if around[1] else 'ends'}."
        elif any(new > old for new, old in zip(texture.size_hw, own, strict=True)):
            text = f"The source has {words.picture_size(own)} px; the rest is more of its texture."
        else:
            text = f"Of the source's {words.picture_size(own)} px the middle is seen."
        context.report.say("notice", f"{text} (--fit scale would scale it.)" if not any(around) else text)
        return texture
    (height, width), (own_height, own_width) = asked, (own[0], float(own[1] * texture.sample_aspect))
    if height > own_height * (1 + ROUNDING) or width > own_width * (1 + ROUNDING):
        text = f"The texture has {words.picture_size(own)} px; it is scaled up to {words.picture_size(asked)}."
        context.report.say("notice", text)
    if arguments.size and abs(width / height * own_height / own_width - 1) > 2 * ROUNDING:
        text = f"The texture has {words.picture_size(own)} px; in {words.picture_size(asked)} its picture is stretched."
        context.report.say("notice", f"{text} (--fit more would cut and continue it.)")
    return texture


def _texture(arguments: argparse.Namespace, context: Context) -> Texture | None:
    """What is asked for, a model's or a clip's; None where reading was stopped."""
    from ...engine.video import ReadStopped

    path: Path = arguments.input
    try:
        if is_model(path):
            refuse(arguments, ("crop", "rate"), f"{path.name} is a texture model: what it holds was chosen before")
            return _learned(arguments, context)
        refuse(arguments, ("layers", "source"), f"{path.name} is a clip: nothing was learned from it")
        return _instant(arguments, context)
    except ReadStopped:
        return None


def _learned(arguments: argparse.Namespace, context: Context) -> Texture:
    facts = facts_of(arguments.input, layers=arguments.layers)
    assert facts.model is not None
    facts.check_output(arguments.output, arguments.size, overwrite=arguments.overwrite)
    model, within = facts.model, _exemplar_bytes(arguments, facts.size_hw)
    layers = layers_of(model, arguments.layers)
    if model.exemplar is not None and "detail" in layers:
        side = short_side_for(facts.size_hw, facts.sample_aspect, arguments.size)
        kept = frames_within(model.exemplar, within, deep=facts.bit_depth > 8, short_side=side)
        if len(kept) < model.exemplar.frames:
            text = f"In so little memory, {len(kept)} of the source's {model.exemplar.frames} frames serve."
            context.report.say("notice", text)
    from ...export.textures import open_texture

    device = device_for(context, arguments.device)
    if "pyramid" in layers:
        context.report.say("device", f"The generators run on {device.name}: {device.reason}.", device=device.name)
    return open_texture(
        model,
        device,
        layers=layers,
        size_hw=arguments.size,
        source=arguments.source,
        exemplar_bytes=within,
        stop=context.stop.is_set,
    )


def _exemplar_bytes(arguments: argparse.Namespace, own_hw: tuple[int, int]) -> int:
    if arguments.memory is None:
        return MOST_BYTES
    return min(MOST_BYTES, exemplar_budget(arguments.memory, arguments.size or own_hw))


def _instant(arguments: argparse.Namespace, context: Context) -> Texture:
    from ...engine.clip import parse_crop, parse_span

    span = parse_span(arguments.range) if arguments.range else None
    crop = parse_crop(arguments.crop) if arguments.crop else None
    facts = facts_of(arguments.input, crop=crop, rate=arguments.rate)
    facts.check_output(arguments.output, arguments.size, overwrite=arguments.overwrite)
    from ...engine.instant import instant_texture

    context.report.say("reading", f"Reading {arguments.input.name}; nothing is learned.")
    texture, notices = instant_texture(
        arguments.input,
        span=span,
        crop=crop,
        short_side=short_side_for(facts.size_hw, facts.sample_aspect, arguments.size),
        rate=arguments.rate,
        exemplar_bytes=_exemplar_bytes(arguments, facts.size_hw),
        stop=context.stop.is_set,
    )
    for notice in notices:
        context.report.say("notice", notice)
    return texture


def render_video(
    texture: Texture,
    output: Path,
    *,
    frames: range,
    seed: int,
    fine_seed: int | None = None,
    size_hw: tuple[int, int] | None = None,
    period: int | None = None,
    overwrite: bool,
    context: Context,
) -> bool:
    """Render with progress; False where it was stopped, and then nothing is written."""
    from ...export.stream import render

    done = 0
    for event in render(
        texture,
        output,
        frames=frames,
        seed=seed,
        fine_seed=fine_seed,
        size_hw=size_hw,
        period=period,
        overwrite=overwrite,
        stop=context.stop.is_set,
    ):
        if isinstance(event, Notice):
            context.report.say("notice", event.text)
            continue
        done = event.frame
        facts = {"frame": done, "frames": len(frames)}
        context.report.progress(f"frame {done} of {len(frames)}", done=done / len(frames), left_s=event.left_s, **facts)
    return done == len(frames)
