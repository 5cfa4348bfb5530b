"""From the words of the command line to an exit code."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import UserError
from ...ui.progress import JsonReporter, PercentageReporter, Reporter, TextReporter
from . import (
    demo,
    evaluate,
    export,
    extend,
    farm,
    generate,
    info,
    learn,
    loop,
    plan,
    plugin,
    predict,
    preview,
    replace,
    sample,
    timeline,
    variants,
    window,
)
from .arguments import Parser, add_common, new_parser
from .context import Context
from .interrupts import interrupts

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE = 0
OUR_FAULT = 1
USER_ERROR = 2
STOPPED_AT_ONCE = 130

COMMANDS = {
    "extend": extend,
    "loop": loop,
    "replace": replace,
    "predict": predict,
    "plan": plan,
    "learn": learn,
    "generate": generate,
    "variants": variants,
    "farm": farm,
    "timeline": timeline,
    "plugin": plugin,
    "evaluate": evaluate,
    "info": info,
    "export": export,
    "demo": demo,
    "sample": sample,
    "app": window,
    "preview": preview,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code; every failure ends here, in words."""
    words = tuple(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file name that the terminal can't show must not end the work
            stream.reconfigure(errors="backslashreplace")
    # Bad usage is reported the way the person asked for, too, and that is known before the words are parsed.
    report = _reporter(words)
    try:
        arguments = build_parser().parse_args(words)
        with interrupts(attended=arguments.attended) as stop:
            return arguments.run(arguments, Context(report=report, stop=stop, words=words))
    except UserError as error:
        report.fail(error.problem, error.remedy)
        return USER_ERROR
    except MemoryError:
        report.fail("There is not enough memory.", "Choose a smaller --size, or a shorter --range of the clip.")
        return USER_ERROR
    except KeyboardInterrupt:
        report.fail("Stopped at once.", "")
        return STOPPED_AT_ONCE
    except BrokenPipeError:  # whoever read our output has read enough, as "head" does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # the program's end: nothing above could tell the person
        return _our_fault(error, report, show="--debug" in words)


def _reporter(words: Sequence[str]) -> Reporter:
    if "--json" in words:
        return JsonReporter(sys.stdout)
    if "--percentage" in words:
        return PercentageReporter(sys.stdout, sys.stderr)
    return TextReporter(sys.stdout, sys.stderr)


def build_parser() -> Parser:
    parser = new_parser("dtsgan", "Learn a dynamic texture from one clip; make as much new video of it as you need.")
    parser.add_argument("--version", action="version", version=f"dtsgan {version('dtsgan')}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        child = subparsers.add_parser(
            name,
            help=command.HELP,
            description=command.HELP[:1].upper() + command.HELP[1:] + ".",
            epilog=parser.epilog,
            formatter_class=parser.formatter_class,
            allow_abbrev=False,
        )
        command.add_arguments(child)
        if not hasattr(command, "SUBCOMMANDS"):  # those have the common options themselves
            add_common(child)
        child.set_defaults(run=command.run)
    return parser


def _our_fault(error: Exception, report: Reporter, *, show: bool) -> int:
    details = "".join(traceback.format_exception(error))
    if show:
        sys.stderr.write(details)
        remedy = "The details are above."
    else:
        with tempfile.NamedTemporaryFile("w", prefix="dtsgan-", suffix=".log", delete=False, encoding="utf-8") as log:
            log.write(details)
        remedy = f"The details are in {Path(log.name)}; please report them."
    report.fail(f"This is a fault of dtsgan: {type(error).__name__}: {error}", remedy)
    return OUR_FAULT
