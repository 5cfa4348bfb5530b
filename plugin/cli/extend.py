"""``dtsgan extend``: a clip made longer, its own frames kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...engine.errors import OptionError
from ...ui import words
from . import editing
from .arguments import length

if TYPE_CHECKING:
    import argparse

    from .context import Context

HELP = "make a clip longer: new frames go on from its last one, or lead into its first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    editing.add_arguments(parser)
    add_length(parser)
    parser.add_argument(
        "--at", choices=("end", "start", "both"), default="end", help="where new frames go; default: at the end"
    )


def add_length(parser: argparse.ArgumentParser) -> None:
    how_long = parser.add_mutually_exclusive_group(required=True)
    how_long.add_argument("--to", type=length, metavar="40s", help="how long the whole is to be: 40s, 1.5m, or frames")
    how_long.add_argument("--add", type=length, metavar="N", help="how much is added: frames, or 8s, 1.5m")


def run(arguments: argparse.Namespace, context: Context) -> int:
    facts = editing.checked(arguments)
    shot = editing.shot_of(arguments, facts, context)
    if shot is None:
        return context.stop.exit_code
    new = _new(arguments, len(shot), shot.clip.rate)  # what can't be is said before anything is learned
    texture = editing.texture_for(shot, arguments, context)
    if texture is None:
        return context.stop.exit_code
    from ...engine.edit import extended, judged

    before = {"end": 0, "start": new, "both": new // 2}[arguments.at]
    joints: dict[int, float] = {}
    made = extended(shot, texture, before=before, after=new - before, seed=arguments.seed)
    edit = judged(made, shot.joints, joints)
    note = {"seed": arguments.seed, "layers": texture.layers, "edit": "extend", "added": [before, new - before]}
    sound = editing.sound_of(shot.clip, arguments, context)
    if not editing.write(edit, texture, arguments, context, note=note, sound=sound):
        return context.stop.exit_code
    where = {"end": "at the end", "start": "at the start", "both": "at both ends"}[arguments.at]
    text = f"{words.plural(new, 'new one')} {where}, {editing.said_of(joints)}"
    facts = {"added": [before, new - before], "joints": sorted(joints.items())}
    editing.finish(edit, texture, arguments, context, text, seed=arguments.seed, **facts)
    return 0


def _new(arguments: argparse.Namespace, kept: int, rate: editing.Fraction) -> int:
    """How many new frames are asked for. Raises OptionError."""
    if arguments.add is not None:
        return editing.frames_of(arguments.add, rate)
    whole = editing.frames_of(arguments.to, rate)
    if whole <= kept:
        raise OptionError(
            f"{arguments.input.name} has {kept} frames ({float(kept / rate):.2f} s) already.",
            remedy="Give a longer --to, or a shorter --range of the clip.",
        )
    return whole - kept
