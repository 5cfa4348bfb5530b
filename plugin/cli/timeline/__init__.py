"""``dtsgan timeline``: the same edits on a strip of an editor's timeline, by its project file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .. import editing, extend, loop, replace
from ..arguments import add_subcommand, positive, seed
from . import again, edits, show

if TYPE_CHECKING:
    import argparse

    from ..context import Context

HELP = "list the strips of an editor's timeline, or extend, loop or replace one"
SUBCOMMANDS = {
    "show": (show.run, "list the strips of a timeline"),
    "extend": (edits.extend, "make a strip longer: new frames follow it, and fill the gap that is there"),
    "loop": (edits.loop, "close a strip into an exact loop, which is played several times"),
    "replace": (edits.replace, "replace a region of a strip, which keeps its length"),
    "again": (again.run, "make a result of ours once more, with other new frames, in its place"),
    "variants": (edits.variants, "put other videos of a strip's texture above it, muted, to choose from"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="WHAT", required=True)
    for name, (run_it, text) in SUBCOMMANDS.items():
        child = add_subcommand(commands, parser, name, text)
        child.add_argument("timeline", type=Path, metavar="FILE", help="a project: .otio, or .xml of Final Cut Pro 7")
        child.add_argument("--sequence", metavar="NAME", help="of a file with several timelines: this one")
        child.set_defaults(do=run_it)
        if name != "show":
            _add_edit(child)
        if name in ("extend", "loop"):
            editing.add_texture(child)
        if name == "extend":
            extend.add_length(child)
        elif name == "loop":
            loop.add_length(child)
            child.add_argument(
                "--times", type=positive, default=2, metavar="N", help="how often it is played in all; default: 2"
            )
        elif name == "replace":
            replace.add_region(child)
        elif name == "again":
            child.add_argument("--seed", type=seed, metavar="S", help="another seed; default: the one after its own")
        elif name == "variants":
            edits.add_variants(child)


def _add_edit(parser: argparse.ArgumentParser) -> None:
    """Which strip, and where results go."""
    parser.add_argument(
        "--clip", required=True, metavar="NAME|TIME", help="the strip: its name, or a moment at which it is seen"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="NEW", help="the timeline to write; needed unless an editor is connected"
    )
    parser.add_argument("--media", type=Path, metavar="DIR", help="where new videos go; default: beside the timeline")
    parser.add_argument("--format", choices=("mov", "mkv", "mp4", "webm"), help="of new videos; default: what suits")
    parser.add_argument(
        "--paths",
        choices=("keep", "absolute", "relative"),
        default="keep",
        help="how the timeline names its videos; default: as it did",
    )
    editing.add_writing(parser)


def run(arguments: argparse.Namespace, context: Context) -> int:
    return arguments.do(arguments, context)
