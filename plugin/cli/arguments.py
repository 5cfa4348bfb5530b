"""The command line's grammar."""

from __future__ import annotations

import argparse
import re
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from ...engine.errors import OptionError
from ...engine.files import MODEL_SUFFIX

_UNITS_S = {"s": 1, "m": 60, "h": 3600}
_EXIT_CODES = """exit codes:
  0  done
  1  a fault of dtsgan itself; the details are in a log file, or shown with --debug
  2  the input, the output, an option or the machine is at fault; the message says what to do
  130, 143  stopped by Ctrl-C or by a kill; the message says how to go on"""


class Parser(argparse.ArgumentParser):
    """Reports bad usage as every other error of the person's is reported."""

    def error(self, message: str) -> NoReturn:
        raise OptionError(f"{message[:1].upper()}{message[1:]}.", remedy=f"See {self.prog} --help.")


def new_parser(prog: str, description: str) -> Parser:
    return Parser(
        prog=prog,
        description=description,
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object a line, the result or failure last")
    percent = 'progress as lines "percentage: 37" on standard error, which Kdenlive reads'
    parser.add_argument("--percentage", action="store_true", help=percent)
    parser.add_argument("--debug", action="store_true", help="show the traceback of a fault of dtsgan itself")
    parser.add_argument(
        "--attended",
        action="store_true",
        help="stop, as by Ctrl-C, when standard input ends: for programs that start this one, and may be gone",
    )


def add_subcommand(commands: Any, parser: argparse.ArgumentParser, name: str, text: str) -> argparse.ArgumentParser:
    """One of several that a command has, all with the common options."""
    child = commands.add_parser(
        name,
        help=text,
        description=f"{text[:1].upper()}{text[1:]}.",
        formatter_class=parser.formatter_class,
        allow_abbrev=False,
    )
    add_common(child)
    return child


def duration_s(text: str) -> float:
    """ "90", "90s", "5m" or "1.5h" in seconds."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text)
    if not match or not float(match[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no length of time such as 90s, 5m or 1.5h")
    return float(match[1]) * _UNITS_S[match[2] or "s"]


def length(text: str) -> int | Fraction:
    """ "200" frames, or "40s" or "1.5m" in seconds, exactly."""
    match = re.fullmatch(r"(\d{1,7}(?:\.\d{1,6})?)(s|m)?", text)
    if not match or not Fraction(match[1]) or (not match[2] and "." in match[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no length such as 200 (frames), 40s or 1.5m")
    return Fraction(match[1]) * _UNITS_S[match[2]] if match[2] else int(match[1])


def rate(text: str) -> Fraction:
    """Frames a second, exactly: "25" or "24000/1001"."""
    match = re.fullmatch(r"([1-9]\d{0,8})(?:/([1-9]\d{0,8}))?", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no frame rate such as 25 or 24000/1001")
    return Fraction(int(match[1]), int(match[2] or 1))


def size_hw(text: str) -> tuple[int, int]:
    """ "WIDTHxHEIGHT" as (height, width)."""
    match = re.fullmatch(r"([1-9]\d{0,4})[xX]([1-9]\d{0,4})", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 640x360")
    return int(match[2]), int(match[1])


def positive(text: str) -> int:
    """A whole number above 0."""
    if not re.fullmatch(r"0*[1-9]\d{0,8}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def memory_bytes(text: str) -> int:
    """ "2G" or "1500M" in bytes."""
    match = re.fullmatch(r"(\d{1,7}(?:\.\d+)?)([MG])", text, re.IGNORECASE)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount of memory such as 2G or 1500M")
    return int(float(match[1]) * (1 << 30 if match[2] in "gG" else 1 << 20))


def seed(text: str) -> int:
    """A whole number from 0 that fits 63 bits."""
    if not re.fullmatch(r"\d{1,18}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no seed: a whole number from 0, of 18 digits at most")
    return int(text)


def model_path(text: str) -> Path:
    """The texture model to write."""
    path = Path(text)
    if path.suffix != MODEL_SUFFIX:
        raise argparse.ArgumentTypeError(f"{text!r} does not end in {MODEL_SUFFIX}, as a texture model does")
    return path
