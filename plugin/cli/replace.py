"""``dtsgan replace``: a region of a clip replaced by what is around it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...ui import words
from . import editing

if TYPE_CHECKING:
    from .context import Context

HELP = "take something out of a clip: what it hides is filled from other moments, or from beside it"
FEATHER_SHARE = 0.02
"""Of the short side: the width of the edge over which the region gives way to the clip."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    editing.add_clip(parser)
    parser.add_argument(
        "--mask",
        type=Path,
        required=True,
        metavar="FILE",
        help="what to replace is white: a picture, a video as long as the clip, or a polygon with key frames (JSON)",
    )
    parser.add_argument(
        "--feather", type=pixels, metavar="PX", help="width of the region's soft edge; default: 2 %% of the short side"
    )


def pixels(text: str) -> float:
    """A width in pixels, 0 or more."""
    if not re.fullmatch(r"\d{1,4}(\.\d+)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no width in pixels such as 8")
    return float(text)


def run(arguments: argparse.Namespace, context: Context) -> int:
    facts = editing.checked(arguments)
    from ...engine.clip import parse_span
    from ...engine.replace import read_region
    from ...engine.video import ReadStopped

    feather = arguments.feather
    context.report.say("reading", f"Reading {arguments.input.name} and finding what fills the region.")
    try:
        region = read_region(
            arguments.input,
            arguments.mask,
            span=parse_span(arguments.range) if arguments.range else None,
            rate=arguments.rate,
            feather_px=round(FEATHER_SHARE * min(facts.size_hw)) if feather is None else feather,
            exemplar_bytes=editing.exemplar_bytes(arguments, facts.size_hw),
            stop=context.stop.is_set,
        )
    except ReadStopped:
        editing.say_stopped(arguments, context)
        return context.stop.exit_code
    for notice in region.notices:
        context.report.say("notice", notice)
    edit = region.replaced()
    sound = editing.sound_of(region.clip, arguments, context)
    note = {"edit": "replace", "mask": arguments.mask.name}
    if not editing.write(edit, region, arguments, context, note=note, sound=sound):
        return context.stop.exit_code
    jumps = 0
    if region.moments is not None:
        there = (region.moments[:-1] >= 0) & (region.moments[1:] >= 0)
        jumps = int((np.diff(region.moments)[there] != 1).sum())
    how = "from beside it" if region.moments is None else f"from other moments, with {words.plural(jumps, 'change')}"
    editing.finish(edit, region, arguments, context, f"the region filled {how}", jumps=jumps)
    return 0
