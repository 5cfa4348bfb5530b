"""Edits of a strip: what the plain command makes of its frames, and where that goes on the timeline."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....engine.errors import OptionError
from ...host import Range, Step
from .. import extend as plain_extend
from .. import loop as plain_loop
from .. import replace as plain_replace
from .. import variants as plain_variants
from ..arguments import positive
from ..textures import is_model
from .making import Edit, make

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...host import Strip
    from ..context import Context


def _after(arguments: argparse.Namespace, video: Path, facts: Mapping[str, Any], strip: Strip) -> Sequence[Step]:
    del arguments, strip
    return [Step(kind="insert_after", media=video, source=Range(facts["kept"][1], facts["frames"]))]


def _again_and_again(
    arguments: argparse.Namespace, video: Path, facts: Mapping[str, Any], strip: Strip
) -> Sequence[Step]:
    kept, frames = facts["kept"][1], facts["frames"]
    whole = Range(0, frames)
    if kept == strip.source.frames:
        first = Step(kind="insert_after", media=video, source=Range(kept, frames))
    else:  # the loop is shorter than the strip
        first = Step(kind="replace", media=video, source=whole)
    return [first, *[Step(kind="insert_after", media=video, source=whole)] * (arguments.times - 1)]


def _in_place(arguments: argparse.Namespace, video: Path, facts: Mapping[str, Any], strip: Strip) -> Sequence[Step]:
    del strip
    kind = "overlay" if arguments.layer else "replace"
    return [Step(kind=kind, media=video, source=Range(0, facts["frames"]))]


def _above(arguments: argparse.Namespace, folder: Path, facts: Mapping[str, Any], strip: Strip) -> Sequence[Step]:
    del arguments
    source = Range(0, strip.source.frames)
    return [Step(kind="variant", media=folder / name, source=source) for name in facts["videos"]]


def _extend(plain: argparse.Namespace, context: Context) -> int:
    plain.at = "end"
    return plain_extend.run(plain, context)


def _variants(plain: argparse.Namespace, context: Context) -> int:
    plain.format = plain.output.suffix[1:]
    plain.output = plain.output.with_suffix("")
    if plain.model is not None:
        plain.input, plain.range = plain.model, None
    model_only = {"layers": None, "source": None, "fit": "auto"}
    alike = {"fine_seeds": None, "sizes": None, "lengths": [plain.whole[1] - plain.whole[0]], "loop": False}
    return plain_variants.run(argparse.Namespace(**vars(plain) | model_only | alike | {"workers": None}), context)


EDITS = {
    edit.kind: edit
    for edit in (
        Edit(kind="extend", run=_extend, steps=_after),
        Edit(kind="loop", run=plain_loop.run, steps=_again_and_again),
        Edit(kind="replace", run=plain_replace.run, steps=_in_place),
        Edit(kind="variants", run=_variants, steps=_above),
    )
}


def add_variants(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-m", "--model", type=Path, metavar="MODEL", help="of what texture; default: the strip's own")
    seeds_from = parser.add_mutually_exclusive_group()
    seeds_from.add_argument("--count", type=positive, metavar="N", default=4, help="how many; default: 4")
    seeds_from.add_argument("--seeds", type=plain_variants.seeds, metavar="3,7,10-14", help="these seeds")


def extend(arguments: argparse.Namespace, context: Context) -> int:
    return make(EDITS["extend"], arguments, context)


def loop(arguments: argparse.Namespace, context: Context) -> int:
    return make(EDITS["loop"], arguments, context)


def replace(arguments: argparse.Namespace, context: Context) -> int:
    return make(EDITS["replace"], arguments, context)


def variants(arguments: argparse.Namespace, context: Context) -> int:
    if arguments.model is not None and not is_model(arguments.model):
        raise OptionError(f"{arguments.model} is no texture model.", remedy="Give a .dtsgan file after -m.")
    return make(EDITS["variants"], arguments, context)
