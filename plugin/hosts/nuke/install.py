"""A line in the person's own ``menu.py`` that loads ours, which registers the panel."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ...installing import Folder, Lines
from ..blender.package import ROOT

if TYPE_CHECKING:
    from ...installing import Part, System

LOOKED_FOR = "the folder .nuke in a person's home"
NEXT = "In Nuke 16 or newer: Windows > Custom > dtsgan."
LINE = "import dtsgan_nuke.menu  # dtsgan\n"

MENU = '''"""Registers dtsgan's panel. Untested on the real application."""
import sys

import nukescripts

sys.path.append({folder!r})
nukescripts.registerWidgetAsPanel({widget!r}, "dtsgan", "com.dtsgan.panel")
'''


def places(system: System) -> list[Path]:
    folder = system.home / ".nuke"
    return [folder] if folder.is_dir() else []


def parts(place: Path) -> list[Part]:
    package = __name__.removesuffix(".plugin.hosts.nuke.install")
    widget = f"__import__('{package}.plugin.hosts.nuke.panel', fromlist=['NukePanel']).NukePanel"
    text = MENU.format(folder=str(ROOT.parent), widget=widget)
    return [
        Folder(path=place / "dtsgan_nuke", within=place, files={"__init__.py": b"", "menu.py": text.encode()}),
        Lines(path=place / "menu.py", put=put, take=take),
    ]


def put(text: str) -> str:
    return f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{LINE}"


def take(text: str) -> str:
    return re.sub(rf"(?m)^{re.escape(LINE)}", "", text)
