"""``dtsgan variants``: many results of one texture, into a folder with a gallery."""

from __future__ import annotations

import argparse
import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from msgspec import structs

from ...engine.clip import parse_span
from ...engine.errors import OptionError
from ...engine.exemplar import MOST_BYTES
from ...engine.files import file_digest
from ...engine.memory import PIXEL_BYTES, RENDERING_BYTES, exemplar_budget
from ...ui import words
from .arguments import memory_bytes, positive, rate, size_hw
from .context import command_line
from .generate import LEAST_LOOP, layers
from .textures import facts_of, is_model, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...export.variants import Batch, Variant
    from .context import Context

HELP = "make many videos of a texture model, or of a clip, with other seeds, sizes and lengths"
FORMATS = ("mp4", "mov", "mkv", "webm", "gif")
WORKERS = 2
COUNT = 8
MOST_SEEDS = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", type=Path, metavar="MODEL|CLIP", help="a texture model, or any clip")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="the folder for all of them")
    add_settings(parser)
    parser.add_argument("--memory", type=memory_bytes, metavar="4G", help="the most that all workers use together")
    parser.add_argument(
        "--workers", type=positive, metavar="N", help="processes at work; default: 2 where memory allows"
    )


def add_settings(parser: argparse.ArgumentParser) -> None:
    """What all the variants are."""
    seeds_from = parser.add_mutually_exclusive_group()
    seeds_from.add_argument("--count", type=positive, metavar="N", help="that many seeds, from 0; default: 8")
    seeds_from.add_argument("--seeds", type=seeds, metavar="3,7,10-14", help="these seeds")
    parser.add_argument(
        "--fine-seeds",
        type=seeds,
        metavar="1-8",
        help="each with these, too: alike in slow motion, otherwise in fast; a seed without one isn't made then",
    )
    parser.add_argument(
        "--sizes", type=sizes, metavar="WxH,...", help="each in all of these; default: the source's own"
    )
    parser.add_argument(
        "--lengths", type=lengths, metavar="N,...", help="in frames; default: as many as the source has"
    )
    parser.add_argument("--range", metavar="A:B", help="of a clip: the part to use, as for generate")
    parser.add_argument("--rate", type=rate, metavar="FPS", help="of a folder of pictures, in frames a second")
    parser.add_argument("--loop", action="store_true", help="make every one a loop")
    parser.add_argument(
        "--fit", choices=("auto", "more", "scale"), default="auto", help="how other sizes are filled, as for generate"
    )
    parser.add_argument("--format", choices=FORMATS, default="mp4", help="default: %(default)s")
    parser.add_argument("--layers", type=layers, metavar="prior,pyramid,detail", help="of a model, as for generate")
    parser.add_argument("--source", type=Path, metavar="FILE", help="the clip a model was learned from, if it moved")


def seeds(text: str) -> list[int]:
    """ "3,7,10-14" in the order given."""
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,18})(?:-(\d{1,18}))?\s*", part)
        if not match:
            raise argparse.ArgumentTypeError(f"{part!r} is no seed or range of seeds such as 10-14")
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last < first + MOST_SEEDS:
            raise argparse.ArgumentTypeError(f"{part!r} does not go up, or holds more than {MOST_SEEDS} seeds")
        found += range(first, last + 1)
    return found


def sizes(text: str) -> list[tuple[int, int]]:
    return [size_hw(part.strip()) for part in text.split(",")]


def lengths(text: str) -> list[int]:
    return [positive(part.strip()) for part in text.split(",")]


def run(arguments: argparse.Namespace, context: Context) -> int:
    from ...export.variants import Finished, Progressed, Told, render_variants

    batch = batch_of(arguments.input, arguments, seeds=arguments.seeds or range(arguments.count or COUNT))
    own_hw = check(batch, arguments.output)
    workers, exemplar_bytes = _shared_out(arguments, batch, own_hw, context)
    made = 0
    for event in render_variants(
        with_digest(batch),
        arguments.output,
        workers=workers,
        exemplar_bytes=exemplar_bytes,
        stop=context.stop.is_set,
    ):
        match event:
            case Told(text=text):
                context.report.say("notice", text)
            case Progressed(done=done, left_s=left):
                context.report.progress(f"{made} made", done=done, left_s=left, made=made)
            case Finished(variant=variant, made=made, missing=missing):
                text = f"{made} of {missing}: {variant.name}"
                context.report.say("made", text, name=variant.name, made=made, missing=missing)
    if context.stop.is_set():
        again = command_line(context.words)
        context.report.say("stopped", f"Stopped; what is made stays. Go on with: {again}", command=again)
        return context.stop.exit_code
    finish(f"Variants of {arguments.input.name}", batch.variants, arguments.output, context, made=made)
    return 0


def finish(
    title: str,
    variants: Sequence[Variant],
    folder: Path,
    context: Context,
    *,
    made: int,
    models: Sequence[Path] = (),
) -> None:
    """Show all of them at a glance, and tell where they are; the ``models`` were learned for them."""
    from ...export.variants import save_gallery

    page, sheet = save_gallery(title, variants, folder)
    text = f"{words.plural(len(variants), 'variant')} in {folder}. To look at them: {page}"
    facts = {"folder": folder, "variants": len(variants), "made": made, "gallery": page, "sheet": sheet}
    context.report.finish(text, facts | {"videos": [variant.name for variant in variants], "models": list(models)})


def batch_of(path: Path, arguments: argparse.Namespace, *, seeds: Sequence[int]) -> Batch:
    """What the settings ask for of this model or clip, its digest not taken yet."""
    from ...export.variants import Batch, plan

    variants = plan(
        path.stem,
        seeds=seeds,
        fine_seeds=arguments.fine_seeds or [None],
        sizes=arguments.sizes or [None],
        lengths=arguments.lengths or [None],
        loop=arguments.loop,
        suffix=f".{arguments.format}",
    )
    return Batch(
        input=str(path.absolute()),
        layers=arguments.layers,
        fit=arguments.fit,
        range=arguments.range,
        rate=None if arguments.rate is None else str(arguments.rate),
        source=None if arguments.source is None else str(arguments.source.absolute()),
        variants=tuple(variants),
    )


def check(batch: Batch, folder: Path) -> tuple[int, int]:
    """The texture's own size, once everything is known to be possible. Raises UserError."""
    from ...export.variants.manifest import check_unlike

    check_unlike(batch.variants)
    for variant in batch.variants:
        if variant.loop and variant.frames is not None and variant.frames < LEAST_LOOP:
            raise OptionError(
                f"{variant.name} would be a loop of {words.plural(variant.frames, 'frame')}.",
                remedy=f"A loop has to have {LEAST_LOOP} frames or more.",
            )
    path = Path(batch.input)
    if is_model(path):
        refuse(batch, ("range", "rate", "learn"), f"{path.name} is a texture model: what it holds was chosen before")
    elif batch.learn is None:
        refuse(batch, ("layers", "source"), f"{path.name} is a clip: nothing was learned from it")
    if batch.range:
        parse_span(batch.range)  # what makes no sense is said before any work
    layers = None if batch.learn else batch.layers
    facts = facts_of(path, layers=layers, rate=None if batch.rate is None else Fraction(batch.rate))
    # A folder that isn't there yet will be made where it is to be.
    there = next((each for each in (folder, *folder.absolute().parents) if each.is_dir()), None)
    for variant in batch.variants:
        facts.check_output((there or folder) / variant.name, variant.size_hw, overwrite=True)
    return facts.size_hw


def with_digest(batch: Batch) -> Batch:
    """With that of its model's file, or of its clip's files. Raises OptionError where another one is asked for."""
    from ...engine.video.reader import sha256_of

    path = Path(batch.input)
    found = file_digest(path) if is_model(path) else sha256_of(path)
    if batch.sha256 not in (None, found):
        raise OptionError(
            f"{path} is not the file that is asked for, or has changed since.",
            remedy="Find the one with that sha256, or leave that out of the job file.",
        )
    return structs.replace(batch, sha256=found)


def _shared_out(
    arguments: argparse.Namespace, batch: Batch, own_hw: tuple[int, int], context: Context
) -> tuple[int, int]:
    """(workers, bytes of each one's exemplar) within the memory allowed, or free."""
    largest = max((each.size_hw or own_hw for each in batch.variants), key=lambda size: size[0] * size[1])
    if arguments.memory is not None:
        workers = arguments.workers or WORKERS
        if arguments.workers is None and arguments.memory < WORKERS * _need(largest):
            workers = 1
        return workers, min(MOST_BYTES, exemplar_budget(arguments.memory // workers, largest))
    if arguments.workers is not None:
        return arguments.workers, MOST_BYTES
    if psutil.virtual_memory().available < WORKERS * _need(largest):
        context.report.say("notice", "Memory is short: one worker, not two.")
        return 1, MOST_BYTES
    return WORKERS, MOST_BYTES


def _need(size: tuple[int, int]) -> int:
    return RENDERING_BYTES + MOST_BYTES + PIXEL_BYTES * size[0] * size[1]
