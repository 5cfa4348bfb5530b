"""Edits of a strip: the plain command makes a video of its frames, which is then put on the timeline."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....engine.errors import OptionError
from ....engine.files import check_folder
from ....ui import words
from ...host import Change, HostError, Range, Step
from .. import extend as plain_extend
from .. import loop as plain_loop
from .. import replace as plain_replace
from .. import variants as plain_variants
from ..arguments import positive
from ..textures import is_model
from .project import Project, choose_strip, fraction, free
from .show import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ....ui.progress import Reporter
    from ...host import Editor, Strip
    from ..context import Context

VERSION = 1
"""Of the metadata that results carry."""

NOT_SETTINGS = {"timeline", "sequence", "clip", "output", "media", "paths", "overwrite", "json", "debug", "attended"}
NOT_SETTINGS |= {"do", "run", "whole", "memory", "format"}


class Recorded:
    """A reporter that keeps the result for itself and shows progress in the host, too."""

    def __init__(self, report: Reporter, host: Editor) -> None:
        self._report, self._host = report, host
        self.facts: dict[str, Any] | None = None

    def say(self, event: str, text: str, **facts: Any) -> None:
        self._report.say(event, text, **facts)

    def progress(self, text: str, *, done: float, left_s: float | None, **facts: Any) -> None:
        self._host.progress(f"{text}, {words.left(left_s)}", done)
        self._report.progress(text, done=done, left_s=left_s, **facts)

    def finish(self, text: str, facts: Mapping[str, Any]) -> None:  # noqa: ARG002  # what comes of it is said later
        self.facts = dict(facts)

    def fail(self, problem: str, remedy: str) -> None:
        self._report.fail(problem, remedy)


def extend(arguments: argparse.Namespace, context: Context) -> int:
    def steps(video: Path, facts: Mapping[str, Any], strip: Strip) -> list[Step]:
        del strip
        return [Step(kind="insert_after", media=video, source=Range(facts["kept"][1], facts["frames"]))]

    arguments.at = "end"
    return _edit("extend", plain_extend.run, steps, arguments, context)


def loop(arguments: argparse.Namespace, context: Context) -> int:
    def steps(video: Path, facts: Mapping[str, Any], strip: Strip) -> list[Step]:
        kept, frames = facts["kept"][1], facts["frames"]
        whole = Range(0, frames)
        if arguments.length is None or kept == strip.source.frames:
            first = Step(kind="insert_after", media=video, source=Range(kept, frames))
        else:  # the loop is shorter than the strip
            first = Step(kind="replace", media=video, source=whole)
        return [first, *[Step(kind="insert_after", media=video, source=whole)] * (arguments.times - 1)]

    return _edit("loop", plain_loop.run, steps, arguments, context)


def replace(arguments: argparse.Namespace, context: Context) -> int:
    def steps(video: Path, facts: Mapping[str, Any], strip: Strip) -> list[Step]:
        del strip
        kind = "overlay" if arguments.layer else "replace"
        return [Step(kind=kind, media=video, source=Range(0, facts["frames"]))]

    return _edit("replace", plain_replace.run, steps, arguments, context)


def add_variants(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-m", "--model", type=Path, metavar="MODEL", help="of what texture; default: the strip's own")
    seeds_from = parser.add_mutually_exclusive_group()
    seeds_from.add_argument("--count", type=positive, metavar="N", default=4, help="how many; default: 4")
    seeds_from.add_argument("--seeds", type=plain_variants.seeds, metavar="3,7,10-14", help="these seeds")


def variants(arguments: argparse.Namespace, context: Context) -> int:
    def steps(folder: Path, facts: Mapping[str, Any], strip: Strip) -> list[Step]:
        source = Range(0, strip.source.frames)
        return [Step(kind="variant", media=folder / name, source=source) for name in facts["videos"]]

    def run(plain: argparse.Namespace, context: Context) -> int:
        plain.format = plain.output.suffix[1:]
        plain.output = plain.output.with_suffix("")
        if plain.model is not None:
            plain.input, plain.range = plain.model, None
        model_only = {"layers": None, "source": None, "fit": "auto"}
        alike = {"fine_seeds": None, "sizes": None, "lengths": [plain.whole[1] - plain.whole[0]], "loop": False}
        return plain_variants.run(argparse.Namespace(**vars(plain) | model_only | alike | {"workers": None}), context)

    if arguments.model is not None and not is_model(arguments.model):
        raise OptionError(f"{arguments.model} is no texture model.", remedy="Give a .dtsgan file after -m.")
    return _edit("variants", run, steps, arguments, context)


def _edit(
    kind: str,
    run: Callable[[argparse.Namespace, Context], int],
    steps_of: Callable[[Path, Mapping[str, Any], Strip], Sequence[Step]],
    arguments: argparse.Namespace,
    context: Context,
) -> int:
    """Make the video, then change the timeline; the exit code. Raises UserError."""
    project = Project.open(arguments.timeline, sequence=arguments.sequence)
    project.check_output(arguments.output, overwrite=arguments.overwrite)
    strip = choose_strip(project.host, arguments.clip)
    _check_file(strip)
    video = _place_for(kind, strip, project, arguments)
    plain = argparse.Namespace(
        **vars(arguments)
        | {"input": strip.media.path, "output": video, "overwrite": False, "rate": None, "no_audio": True}
        | {"range": f"{strip.source.start}:{strip.source.stop}", "whole": tuple(strip.source)}
    )
    record = Recorded(context.report, project.host)
    code = run(plain, dataclasses.replace(context, report=record))
    if code or record.facts is None:
        return code
    known = {"version": VERSION, "edit": kind, "options": _settings(arguments), "of": _origin(strip)}
    steps = [
        dataclasses.replace(step, meta=known | {"made": str(step.media)})
        for step in steps_of(plain.output, record.facts, strip)
    ]
    change = Change(title=f"dtsgan: {kind} {strip.name}", strip=strip.id, steps=tuple(steps))
    try:
        made = project.host.apply(change)
        kept = project.write(arguments.output, paths=arguments.paths)
    except HostError as error:
        raise HostError(
            error.problem, remedy=f"{error.remedy} What was made lies in {plain.output}.".strip()
        ) from error
    _finish(made, project.host, arguments, context, video=plain.output, kept=kept)
    return 0


def _check_file(strip: Strip) -> None:
    """The strip's file is there and runs as the timeline counts it. Raises UserError."""
    from ....engine.video import probe

    path = strip.media.path
    if not path.exists():
        raise OptionError(f"The file of {strip.name} is missing: {path}.", remedy="Relink it in the editor.")
    info = probe(path)
    if info.vfr:
        raise OptionError(f"{path.name} has a varying frame rate.", remedy="Convert it to an even one, and relink it.")
    if info.rate != strip.media.rate:
        raise OptionError(
            f"{path.name} runs at {float(info.rate):.5g} frames a second, and the timeline plays it as if at "
            f"{float(strip.media.rate):.5g}.",
            remedy="Convert it to the timeline's rate, and relink it.",
        )
    if strip.source.stop > info.frames:
        raise OptionError(
            f"{path.name} has {info.frames} frames, and the strip shows it up to frame {strip.source.stop}.",
            remedy="Relink the strip to the right file.",
        )


def _place_for(kind: str, strip: Strip, project: Project, arguments: argparse.Namespace) -> Path:
    """Where the new video goes, under a name that is free. Raises OutputError."""
    folder = (arguments.media or arguments.output.parent).absolute()
    check_folder(folder, name="The new video")
    suffix = f".{arguments.format}" if arguments.format else project.host.suffix
    name = f"{strip.media.path.stem}-{kind}"
    while (path := free(folder, name, suffix)).with_suffix("").exists():
        name += "-new"
    return path


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The options by which a result can be made again, as JSON."""
    chosen = {name: value for name, value in vars(arguments).items() if name not in NOT_SETTINGS}
    return {
        name: value if isinstance(value, int | float | list | None) else str(value) for name, value in chosen.items()
    }


def _origin(strip: Strip) -> dict[str, Any]:
    return {"file": str(strip.media.path), "frames": list(strip.source), "rate": fraction(strip.media.rate)}


def _finish(
    made: Sequence[Strip],
    host: Editor,
    arguments: argparse.Namespace,
    context: Context,
    *,
    video: Path,
    kept: Path | None,
) -> None:
    if kept:
        context.report.say("kept", f"The timeline as it was is kept as {kept.name}.", kept=kept)
    text = f"Wrote {arguments.output} with {words.plural(len(made), 'new strip')}, which show {video}."
    facts = {"timeline": arguments.output, "video": video, "strips": [facts_of(host, strip) for strip in made]}
    context.report.finish(text, facts)
