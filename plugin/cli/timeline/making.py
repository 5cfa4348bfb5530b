"""From a strip to a changed timeline: the plain command makes a video, which is then put there."""

from __future__ import annotations

import argparse
import dataclasses
import glob
import signal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ....engine.errors import OptionError, OutputError, UserError
from ....engine.files import check_folder
from ....ui import words
from ...host import Change, HostError
from ..textures import facts_of as facts_of_file
from .project import open_project
from .show import facts_of
from .strips import choose_strip, fraction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ....ui.progress import Reporter
    from ...host import Editor, Step, Strip
    from ..context import Context
    from .project import Project

VERSION = 1
"""Of the metadata that results carry."""

OTHERS = (".mov", ".mkv", ".mp4")
"""Formats for what the editor's favourite can't hold: pixels that are not square, say."""

NOT_SETTINGS = {"timeline", "sequence", "clip", "output", "media", "paths", "format", "overwrite", "memory"}
NOT_SETTINGS |= {"json", "percentage", "debug", "attended", "do", "run", "whole"}


class Recorded:
    """A reporter that keeps the result for itself and shows progress in the editor, too."""

    def __init__(self, report: Reporter, editor: Editor) -> None:
        self._report, self._editor = report, editor
        self.facts: dict[str, Any] | None = None

    def say(self, event: str, text: str, **facts: Any) -> None:
        self._report.say(event, text, **facts)

    def progress(self, text: str, *, done: float, left_s: float | None, **facts: Any) -> None:
        self._editor.progress(f"{text}, {words.left(left_s)}", done)
        self._report.progress(text, done=done, left_s=left_s, **facts)

    def finish(self, text: str, facts: Mapping[str, Any]) -> None:  # noqa: ARG002  # what comes of it is said later
        self.facts = dict(facts)

    def fail(self, problem: str, remedy: str) -> None:
        self._report.fail(problem, remedy)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Edit:
    """``run`` is the plain command; ``steps`` tells from its result what goes onto the timeline."""

    kind: str
    run: Callable[[argparse.Namespace, Context], int]
    steps: Callable[[argparse.Namespace, Path, Mapping[str, Any], Strip], Sequence[Step]]


def make(edit: Edit, arguments: argparse.Namespace, context: Context) -> int:
    """Let the plain command make a video of the strip that is asked for, and put it onto the timeline; the exit code.
    Raises UserError."""

    def work(project: Project) -> int:
        strip = choose_strip(project.editor, arguments.clip)
        return make_of(edit, strip, arguments, context, project=project)

    return within(work, arguments, context)


def within(work: Callable[[Project], int], arguments: argparse.Namespace, context: Context) -> int:
    """Work on the timeline that is asked for; those who wait for it hear of a failure. Raises UserError."""

    def stop() -> None:
        context.stop.set(signal.SIGTERM)

    with open_project(arguments.timeline, sequence=arguments.sequence, stop=stop) as project:
        try:
            project.check_output(arguments.output, overwrite=arguments.overwrite)
            return work(project)
        except UserError as error:
            project.failed(error)
            raise


def make_of(
    edit: Edit,
    strip: Strip,
    arguments: argparse.Namespace,
    context: Context,
    *,
    project: Project,
    again: tuple[Strip, int] | None = None,
) -> int:
    """The same of a strip; ``again`` names a strip whose place its step of this number takes instead."""
    _check_file(strip)
    video = _place_for(edit.kind, strip, project, arguments)
    plain = argparse.Namespace(
        **vars(arguments)
        | {"input": strip.media.path, "output": video, "overwrite": False, "rate": None, "no_audio": True}
        | {"range": f"{strip.source.start}:{strip.source.stop}", "whole": tuple(strip.source)}
    )
    record = Recorded(context.report, project.editor)
    code = edit.run(plain, dataclasses.replace(context, report=record))
    if code or record.facts is None:
        project.done("Stopped.")
        return code
    known = {"version": VERSION, "edit": edit.kind, "options": settings_of(arguments), "of": _origin(strip)}
    steps = [
        dataclasses.replace(step, meta=known | {"made": str(step.media), "step": number})
        for number, step in enumerate(edit.steps(arguments, plain.output, record.facts, strip))
    ]
    target = strip
    if again is not None:
        target, number = again
        steps = [dataclasses.replace(steps[min(number, len(steps) - 1)], kind="replace")]
    _put(Change(title=f"dtsgan: {edit.kind} {target.name}", strip=target.id, steps=tuple(steps)),
         plain.output, arguments, context, project=project)  # fmt: skip
    return 0


def _put(change: Change, video: Path, arguments: argparse.Namespace, context: Context, *, project: Project) -> None:
    """Change the timeline, and tell what was done. Raises UserError, which names the video that lies ready."""
    before = project.editor.strips()
    try:
        made = project.editor.apply(change)
        kept = project.write(arguments.output, paths=arguments.paths)
    except HostError as error:
        raise HostError(error.problem, remedy=f"{error.remedy} What was made lies in {video}.".strip()) from error
    if kept:
        context.report.say("kept", f"The timeline as it was is kept as {kept.name}.", kept=kept)
    if moved := _moved(before, project.editor.strips(), made):
        text = f"{words.plural(moved, 'strip')} behind it moved to make room; sound stays where it was."
        context.report.say("notice", text)
    where = arguments.output or project.editor.title
    text = f"{where} has {words.plural(len(made), 'new strip')}, of {video}."
    project.done(text)
    strips = [facts_of(project.editor, each) for each in made]
    context.report.finish(text, {"timeline": where, "video": video, "strips": strips})


def _moved(before: Sequence[Strip], after: Sequence[Strip], made: Sequence[Strip]) -> int:
    """How many strips begin elsewhere than before."""
    new = {(strip.track, strip.place) for strip in made}
    starts = {(strip.track, strip.place.start, strip.media.path) for strip in before}
    rest = [strip for strip in after if (strip.track, strip.place) not in new]
    return sum((strip.track, strip.place.start, strip.media.path) not in starts for strip in rest)


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
    """Where the new video goes, under a name that is free, in the format that suits the editor best of those that can
    hold it. Raises OutputError."""
    folder = (arguments.media or project.folder(arguments.output, strip)).absolute()
    check_folder(folder, name="The new video")
    name, number = f"{strip.media.path.stem}-{kind}", 1
    while any(folder.glob(f"{glob.escape(name)}.*")) or (folder / name).exists():
        number += 1
        name = f"{strip.media.path.stem}-{kind}-{number}"
    suffixes = [f".{arguments.format}"] if arguments.format else dict.fromkeys((project.editor.suffix, *OTHERS))
    facts, refused = facts_of_file(strip.media.path), []
    for path in (folder / f"{name}{suffix}" for suffix in suffixes):
        try:
            facts.check_output(path, None, alpha=getattr(arguments, "layer", False), overwrite=False)
        except OutputError as error:
            refused.append(error)
        else:
            return path
    raise refused[0]


def settings_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """The options by which a result can be made again, as JSON."""
    chosen = {name: value for name, value in vars(arguments).items() if name not in NOT_SETTINGS}
    return {name: _plain(value) for name, value in chosen.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):  # a length in seconds
        return f"{float(value):g}s"
    return value if isinstance(value, int | float | list | None) else str(value)


def _origin(strip: Strip) -> dict[str, Any]:
    return {"file": str(strip.media.path), "frames": list(strip.source), "rate": fraction(strip.media.rate)}
