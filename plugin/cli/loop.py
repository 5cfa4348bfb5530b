"""``dtsgan loop``: a clip closed into an exact loop, its own frames kept."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ...engine.errors import OptionError
from ...ui import words
from . import editing
from .arguments import length, positive

if TYPE_CHECKING:
    from ...engine.shot import Shot
    from ...engine.synthesis import Texture
    from .context import Context

HELP = "close a clip into an exact loop: new frames lead from its end back to its start"
AUTO = "auto"
USUAL = 24
"""Frames of a bridge where a loop shorter than the clip is asked for and nothing is said of it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    editing.add_arguments(parser)
    add_length(parser)


def add_length(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bridge",
        type=bridge,
        default=AUTO,
        metavar="N",
        help="new frames between the clip's end and its start; default: as many as join best",
    )
    parser.add_argument("--length", type=length, metavar="10s", help="how long the loop is to be: 10s, or frames")


def bridge(text: str) -> int | str:
    """Frames, or the word for as many as join best."""
    return text if text == AUTO else positive(text)


def run(arguments: argparse.Namespace, context: Context) -> int:
    facts = editing.checked(arguments)
    shot = editing.shot_of(arguments, facts, context)
    if shot is None:
        return context.stop.exit_code
    asked = None if arguments.length is None else editing.frames_of(arguments.length, shot.clip.rate)
    if asked is not None and asked <= len(shot):
        shot = _shorter(arguments, facts, context, shot, asked)
    count = None if shot is None else _asked_bridge(arguments, len(shot), asked)
    texture = None if shot is None else editing.texture_for(shot, arguments, context)
    if shot is None or texture is None:
        return context.stop.exit_code
    from ...engine.edit import judged, looped

    if count is None:
        count = _best_bridge(shot, texture, arguments.seed, context)
    joints: dict[int, float] = {}
    edit = judged(looped(shot, texture, bridge=count, seed=arguments.seed), shot.joints, joints, loop=True)
    note = {"seed": arguments.seed, "layers": texture.layers, "edit": "loop", "bridge": count}
    sound = editing.sound_of(shot.clip, arguments, context)
    if not editing.write(edit, texture, arguments, context, note=note, sound=sound, loop=True):
        return context.stop.exit_code
    text = f"a loop with a bridge of {words.plural(count, 'new frame')}, {editing.said_of(joints)}"
    facts = {"bridge": count, "joints": sorted(joints.items())}
    editing.finish(edit, texture, arguments, context, text, seed=arguments.seed, **facts)
    return 0


def _shorter(
    arguments: argparse.Namespace, facts: editing.Facts, context: Context, shot: Shot, asked: int
) -> Shot | None:
    """A loop that is no longer than the shot keeps the shot's beginning alone. Raises OptionError."""
    from ...engine.clip import Span
    from ...engine.shot import LEAST_FRAMES

    count = USUAL if arguments.bridge == AUTO else arguments.bridge
    kept = asked - count
    if kept < LEAST_FRAMES:
        raise OptionError(
            f"In a loop of {asked} frames, {count} of them a bridge, {max(kept, 0)} of the clip's are left.",
            remedy=f"Give a longer --length or a shorter --bridge: {LEAST_FRAMES} have to be left.",
        )
    numbers = shot.clip.numbers
    text = f"The loop is shorter than the clip: its first {kept} frames are kept."
    context.report.say("notice", text)
    arguments.bridge = count
    if arguments.whole:
        arguments.whole = numbers[0], numbers[kept - 1] + 1
    return editing.shot_of(arguments, facts, context, span=Span(start=numbers[0], stop=numbers[kept - 1] + 1))


def _asked_bridge(arguments: argparse.Namespace, kept: int, asked: int | None) -> int | None:
    """The length of the bridge where it is given, or follows from the loop's. Raises OptionError."""
    if arguments.bridge == AUTO:
        return None if asked is None else asked - kept
    if asked is not None and asked != kept + arguments.bridge:
        raise OptionError(
            f"{kept} frames of {arguments.input.name} and a bridge of {arguments.bridge} are not {asked}.",
            remedy="Leave out --length or --bridge.",
        )
    return arguments.bridge


def _best_bridge(shot: Shot, texture: Texture, seed: int, context: Context) -> int:
    """The length that joins best."""
    from ...engine.edit import BRIDGES, best_bridge

    found: dict[int, tuple[float, float]] = {}
    for tried, joints in best_bridge(shot, texture, shot.joints, seed=seed):
        found[tried] = joints
        done = len(found) / len(BRIDGES)
        context.report.progress(f"trying a bridge of {tried} frames", done=done, left_s=None)
    best = min(found, key=lambda tried: max(found[tried]))
    end, start = found[best]
    text = f"A bridge of {best} frames joins best: at the clip's end {end:.2f}, at its start {start:.2f} "
    text += "(up to 1, no more changes than within the clip)."
    context.report.say("bridge", text, bridge=best, joints=found[best])
    return best
