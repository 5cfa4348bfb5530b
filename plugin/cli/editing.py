"""What the commands that edit a clip share: reading it, its texture, writing the result."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.events import Notice
from ...engine.exemplar import MOST_BYTES
from ...engine.memory import exemplar_budget, peak_bytes
from ...ui import words
from .arguments import memory_bytes, rate, seed
from .textures import device_for, facts_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from typing import Any

    from ...engine.clip import Clip, Span
    from ...engine.edit import Edit
    from ...engine.model import TextureModel
    from ...engine.region import Region
    from ...engine.shot import Shot
    from ...engine.synthesis import Texture
    from ...engine.video import Sound
    from ...export.facts import Facts
    from .context import Context

PRESET = "fast"
"""Of what is learned on the fly."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of every edit that makes new frames of a clip."""
    add_clip(parser)
    add_texture(parser)


def add_texture(parser: argparse.ArgumentParser) -> None:
    """What new frames are made of, and how."""
    texture = parser.add_mutually_exclusive_group()
    texture.add_argument(
        "-m", "--model", type=Path, metavar="MODEL", help="a model of the clip; default: one that is learned once, now"
    )
    texture.add_argument("--instant", action="store_true", help="learn nothing: ready in seconds, to see what comes")
    add_rendering(parser)


def add_clip(parser: argparse.ArgumentParser) -> None:
    """Those of every edit of a clip."""
    parser.add_argument("input", type=Path, metavar="CLIP", help="a video file, or a folder or pattern of pictures")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.mp4", help="the video to write")
    parser.add_argument("--range", metavar="A:B", help="the part of the clip to use, as 10:200 or 5s:10.5s")
    parser.add_argument("--rate", type=rate, metavar="FPS", help="of a folder of pictures, in frames a second")
    parser.add_argument("--no-audio", action="store_true", help="leave the clip's sound out")
    parser.set_defaults(whole=None)  # the frames that may not be cut down, of a strip
    add_writing(parser)


def add_writing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--memory", type=memory_bytes, metavar="2G", help="the most to use; with less, fewer of the clip's frames serve"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace a video that exists")


def add_rendering(parser: argparse.ArgumentParser) -> None:
    """Those of everything that a model or the motion prior renders."""
    parser.add_argument("--seed", type=seed, default=0, metavar="S", help="another seed, other new frames; default: 0")
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "gpu"),
        default="auto",
        help="what the generators of a model run on; default: a graphics card where one can be used",
    )


def checked(arguments: argparse.Namespace, *, alpha: bool = False) -> Facts:
    """The clip's facts, once its output can be written, with ``alpha`` if that is wanted. Raises UserError."""
    facts = facts_of(arguments.input, rate=arguments.rate)
    if facts.model is not None:
        from ...engine.errors import OptionError

        raise OptionError(
            f"{arguments.input.name} is a texture model, and this command edits a clip.",
            remedy="Name the clip first, and the model after -m.",
        )
    facts.check_output(arguments.output, None, alpha=alpha, overwrite=arguments.overwrite)
    return facts


def check_whole(clip: Clip, arguments: argparse.Namespace) -> None:
    """On a timeline an edit is of all of a strip, or of nothing. Raises OptionError where a part was chosen."""
    first, stop = arguments.whole or clip.span
    if clip.span == (first, stop):
        return
    from ...engine.errors import OptionError

    cut = clip.span[0] if clip.span[0] > first else clip.span[1]
    raise OptionError(
        f"{clip.source.name} has a hard cut at frame {cut}, within the strip (frames {first} to {stop - 1}).",
        remedy=f"Split the strip there, {cut - first} frames after its start, and choose one part.",
    )


def shot_of(arguments: argparse.Namespace, facts: Facts, context: Context, *, span: Span | None = None) -> Shot | None:
    """The shot to edit, of ``span`` or of the range asked for; None where reading was stopped, which is said. Raises
    UserError."""
    from ...engine.clip import parse_span
    from ...engine.config import LearnOptions
    from ...engine.detail.transfer import GRID
    from ...engine.model import load_model
    from ...engine.shot import read_shot
    from ...engine.video import ReadStopped

    side = GRID if arguments.instant else LearnOptions.of(PRESET).size
    if arguments.model:
        side = min(load_model(arguments.model).size_hw)
    if span is None and arguments.range:
        span = parse_span(arguments.range)
    context.report.say("reading", f"Reading {arguments.input.name}.")
    try:
        shot = read_shot(
            arguments.input,
            span=span,
            short_side=side,
            rate=arguments.rate,
            exemplar_bytes=exemplar_bytes(arguments, facts.size_hw),
            stop=context.stop.is_set,
        )
    except ReadStopped:
        say_stopped(arguments, context)
        return None
    check_whole(shot.clip, arguments)
    for notice in shot.notices:
        context.report.say("notice", notice)
    return shot


def texture_for(shot: Shot, arguments: argparse.Namespace, context: Context) -> Texture | None:
    """Its texture: at once, from a model, or learned now; None where that was stopped, which is said. Raises
    UserError."""
    from ...engine.config import LearnOptions
    from ...engine.instant import texture_of
    from ...engine.model import load_model
    from .learned import model_of

    if arguments.instant:
        return texture_of(shot.clip, shot.exemplar, cut_off=True)
    model = load_model(arguments.model) if arguments.model else model_of(shot.clip, LearnOptions.of(PRESET), context)
    return None if model is None else _texture(model, shot, arguments, context)


def _texture(model: TextureModel, shot: Shot, arguments: argparse.Namespace, context: Context) -> Texture:
    from ...export.textures import open_for_editing

    device = device_for(context, arguments.device)
    context.report.say("device", f"The generators run on {device.name}: {device.reason}.", device=device.name)
    texture = open_for_editing(model, shot, device)
    if model.facts.sha256 != shot.clip.source_sha256:
        _say_other(model.facts.name, shot.clip, texture, context)
    return texture


def _say_other(learned: str, clip: Clip, texture: Texture, context: Context) -> None:
    """The model is of another clip: say whether that looks like this one."""
    from ...engine.likeness import unlike

    if texture.prior is None:
        text = f"The model was learned from another clip, {learned}."
    elif times := unlike(clip.frames_thwc, texture.prior.clip_thwc):
        text = f"{learned}, which the model was learned from, does not look like {clip.source.name}: they differ "
        text += f"{times:.1f} times as much as its own moments do."
    else:
        return
    context.report.say("notice", f"{text} New frames may not fit.")


def exemplar_bytes(arguments: argparse.Namespace, size_hw: tuple[int, int]) -> int:
    """How much memory the clip's frames at full size may take. Raises OptionError."""
    return min(MOST_BYTES, exemplar_budget(arguments.memory, size_hw)) if arguments.memory else MOST_BYTES


def frames_of(asked: int | Fraction, at: Fraction) -> int:
    """A length in frames, or in seconds, as frames of a clip with that rate."""
    return asked if isinstance(asked, int) else math.ceil(asked * at)


def sound_of(
    clip: Clip, arguments: argparse.Namespace, context: Context, *, seconds: Fraction | None = None
) -> Sound | None:
    """The clip's own sound, unless it is to be left out: as long as its frames, or as so many ``seconds``."""
    from ...engine.video import read_sound

    if arguments.no_audio:
        return None
    seconds = len(clip.numbers) / clip.rate if seconds is None else seconds
    sound = read_sound(clip.source, start_s=clip.start_s, stop_s=clip.start_s + seconds)
    for notice in sound.notices if sound else ():
        context.report.say("notice", notice)
    return sound


def write(
    edit: Edit,
    source: Texture | Region,
    arguments: argparse.Namespace,
    context: Context,
    *,
    note: dict[str, Any],
    sound: Sound | None = None,
    loop: bool = False,
    alpha: bool = False,
) -> bool:
    """Write the result with progress, RGBA with ``alpha``; False where that was stopped, which is said."""
    from ...export.edits import render_edit

    done = 0
    events = render_edit(
        edit,
        source.facts,
        arguments.output,
        size_hw=source.size_hw,
        sample_aspect=source.sample_aspect,
        loop=loop,
        sound=sound,
        alpha=alpha,
        note=note,
        overwrite=arguments.overwrite,
        stop=context.stop.is_set,
    )
    for event in events:
        if isinstance(event, Notice):
            context.report.say("notice", event.text)
            continue
        done = event.frame
        text = f"frame {done} of {edit.frames}"
        context.report.progress(text, done=done / edit.frames, left_s=event.left_s, frame=done, frames=edit.frames)
    if done < edit.frames:
        say_stopped(arguments, context)
    return done == edit.frames


def finish(
    edit: Edit, source: Texture | Region, arguments: argparse.Namespace, context: Context, text: str, **facts: Any
) -> None:
    """The command's last word: what was written, and ``text`` on what is new in it."""
    output: Path = arguments.output
    files = output.iterdir() if output.is_dir() else (output,)
    written, peak = sum(file.stat().st_size for file in files), peak_bytes()
    seconds = edit.frames / source.facts.rate
    whole = f"Wrote {output}: {words.plural(edit.frames, 'frame')} ({float(seconds):.2f} s), {text}; "
    whole += f"{words.size(written)}; took {words.size(peak)} of memory."
    known = {"video": output, "frames": edit.frames, "kept": [edit.before, edit.before + edit.kept]}
    known |= {"bytes": written, "peak_memory_bytes": peak}
    context.report.finish(whole, known | facts)


def said_of(joints: Mapping[int, float]) -> str:
    """How the joints are, by the frames after them."""
    told = [f"{ratio:.2f} at frame {frame}" for frame, ratio in sorted(joints.items())]
    return f"joined with {' and '.join(told)} (up to 1 no more changes than within the clip)"


def say_stopped(arguments: argparse.Namespace, context: Context) -> None:
    context.report.say("stopped", f"Stopped; {arguments.output} was not written.")
