"""What lies on a timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....ui import words
from .project import open_project
from .strips import fraction, time_code

if TYPE_CHECKING:
    import argparse

    from ...host import Editor, Strip
    from ..context import Context


def run(arguments: argparse.Namespace, context: Context) -> int:
    with open_project(arguments.timeline, sequence=arguments.sequence, stop=lambda: None) as project:
        _show(project.editor, context)
    return 0


def _show(editor: Editor, context: Context) -> None:
    strips = editor.strips()
    skipped = getattr(editor, "skipped", ())
    rate = f"{float(editor.rate):.5g} frames a second"
    lines = [f"{editor.title}: {words.plural(len(strips), 'strip')} at {rate}."]
    rows = [_row(editor, strip) for strip in strips]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines += [f"{name} can't be worked on: {reason}." for name, reason in skipped]
    facts = {
        "timeline": editor.title,
        "rate": fraction(editor.rate),
        "strips": [facts_of(editor, strip) for strip in strips],
        "skipped": [{"name": name, "reason": reason} for name, reason in skipped],
    }
    context.report.finish("\n".join(lines), facts)


def _row(editor: Editor, strip: Strip) -> tuple[str, ...]:
    note = "muted" if strip.muted else ""
    if not strip.media.path.exists():
        note = "its file is missing"
    elif meta := editor.get_meta(strip):
        note = f"made by dtsgan: {meta.get('edit', '')}" + (f", {note}" if note else "")
    return (
        f"track {strip.track + 1}",
        f"{time_code(editor, strip.place.start)} to {time_code(editor, strip.place.stop)}",
        strip.name,
        f"frames {strip.source.start}:{strip.source.stop} of {strip.media.path}",
        note,
    )


def facts_of(editor: Editor, strip: Strip) -> dict[str, object]:
    """A strip as JSON."""
    return {
        "id": strip.id,
        "name": strip.name,
        "track": strip.track,
        "file": str(strip.media.path),
        "rate": fraction(strip.media.rate),
        "source": list(strip.source),
        "place": list(strip.place),
        "muted": strip.muted,
        "meta": editor.get_meta(strip),
    }
