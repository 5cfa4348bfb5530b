"""``dtsgan app``: the window, where all of this is done with the mouse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import OptionError

if TYPE_CHECKING:
    import argparse

    from .context import Context

HELP = "open the window, to learn, extend, replace and choose with the mouse"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", type=Path, nargs="?", metavar="CLIP|PROJECT", help="what to open")
    parser.add_argument(
        "--editor", type=Path, metavar="SESSION", help="work for an editor that is open; its plugin says this"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    path: Path | None = arguments.input
    if path is not None and not path.exists() and not path.parent.is_dir():
        raise OptionError(f"There is no {path}.", remedy="Check the path.")
    try:
        from ...ui.app import run_app
    except ImportError as error:
        raise OptionError(
            f"The window can't be opened: {error}.",
            remedy="Install the system's libraries for Qt: on Debian and Ubuntu, "
            "sudo apt-get install libglib2.0-0 libegl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 "
            "libxcb-shape0 libdbus-1-3.",
        ) from error
    link = None
    if arguments.editor is not None:
        from ..bridge.window import WindowLink

        link = WindowLink(arguments.editor)
    return run_app(path, link=link, stop=context.stop.is_set)
