"""A result once more, with other new frames: from what lies with it on the timeline."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...bridge.records import rate_from
from ...bridge.wire import ProtocolError
from ...host import HostError, Media, Range
from .edits import EDITS
from .making import NOT_SETTINGS, make_of, within
from .strips import choose_strip

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from ...host import Strip
    from ..context import Context
    from .project import Project


def run(arguments: argparse.Namespace, context: Context) -> int:
    def work(project: Project) -> int:
        strip = choose_strip(project.editor, arguments.clip)
        meta = project.editor.get_meta(strip)
        edit, source = EDITS.get(str(meta.get("edit"))), _source(strip, meta)
        if edit is None or source is None:
            raise HostError(
                f"{strip.name} was not made by dtsgan, or not by this version.", remedy="Choose one that was."
            )
        step = meta.get("step")
        number = step if isinstance(step, int) and step >= 0 else 0
        options = meta.get("options")
        chosen = _chosen(edit.kind, dict(options) if isinstance(options, dict) else {}, arguments)
        return make_of(edit, source, chosen, context, project=project, again=(strip, number))

    return within(work, arguments, context)


def _source(strip: Strip, meta: Mapping[str, Any]) -> Strip | None:
    """What a result was made of; None where that isn't told as it should be."""
    try:
        of = meta["of"]
        first, stop = of["frames"]
        if type(first) is not int or type(stop) is not int or not 0 <= first < stop:
            return None
        media = Media(path=Path(of["file"]), rate=rate_from(of["rate"]), frames=stop)
        return dataclasses.replace(strip, media=media, source=Range(first, stop))
    except (KeyError, TypeError, ValueError, ProtocolError):
        return None


def _chosen(kind: str, options: dict[str, Any], arguments: argparse.Namespace) -> argparse.Namespace:
    """The options that it was made with, read as if they were given on the command line, and the next seed."""
    from ..app import build_parser

    if kind == "variants":
        seeds, count = options.get("seeds"), options.get("count")
        known = [each for each in seeds if type(each) is int] if isinstance(seeds, list) else []
        last = max(known) if known else count - 1 if type(count) is int else 0
        options |= {"seeds": [last + 1 if arguments.seed is None else arguments.seed], "count": None}
    else:
        known = options.get("seed")
        following = known + 1 if type(known) is int and known >= 0 else 0
        options["seed"] = following if arguments.seed is None else arguments.seed
    told = ["timeline", kind, str(arguments.timeline), "--clip", arguments.clip]
    for name, value in options.items():
        if name in NOT_SETTINGS or not re.fullmatch(r"[a-z_]+", name) or value is None or value is False:
            continue
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        told += [f"--{name.replace('_', '-')}"] if value is True else [f"--{name.replace('_', '-')}={text}"]
    chosen = build_parser().parse_args(told)
    shared = ("output", "media", "format", "paths", "overwrite", "memory", "sequence")
    for name in shared:
        setattr(chosen, name, getattr(arguments, name))
    return chosen
