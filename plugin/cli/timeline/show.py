"""What lies on a timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....ui import words
from .project import Project, fraction, time_code

if TYPE_CHECKING:
    import argparse

    from ...host import Editor, Strip
    from ..context import Context


def run(arguments: argparse.Namespace, context: Context) -> int:
    host = Project.open(arguments.timeline, sequence=arguments.sequence).host
    strips = host.strips()
    skipped = getattr(host, "skipped", ())
    rate = f"{float(host.rate):.5g} frames a second"
    lines = [f"{host.title}: {words.plural(len(strips), 'strip')} at {rate}."]
    rows = [_row(host, strip) for strip in strips]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines += [f"{name} can't be worked on: {reason}." for name, reason in skipped]
    facts = {
        "timeline": host.title,
        "rate": fraction(host.rate),
        "strips": [facts_of(host, strip) for strip in strips],
        "skipped": [{"name": name, "reason": reason} for name, reason in skipped],
    }
    context.report.finish("\n".join(lines), facts)
    return 0


def _row(host: Editor, strip: Strip) -> tuple[str, ...]:
    note = "muted" if strip.muted else ""
    if not strip.media.path.exists():
        note = "its file is missing"
    elif meta := host.get_meta(strip):
        note = f"made by dtsgan: {meta.get('edit', '')}" + (f", {note}" if note else "")
    return (
        f"track {strip.track + 1}",
        f"{time_code(host, strip.place.start)} to {time_code(host, strip.place.stop)}",
        strip.name,
        f"frames {strip.source.start}:{strip.source.stop} of {strip.media.path}",
        note,
    )


def facts_of(host: Editor, strip: Strip) -> dict[str, object]:
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
        "meta": host.get_meta(strip),
    }
