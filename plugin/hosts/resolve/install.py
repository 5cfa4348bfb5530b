"""The script, put where Resolve looks for those of a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...installing import Folder
from ..blender.package import ROOT

if TYPE_CHECKING:
    from ...installing import Part, System

LOOKED_FOR = "Resolve's folder Fusion/Scripts among a person's own"
NEXT = "In Resolve: Workspace > Scripts > dtsgan > dtsgan, with the playhead on a clip."

ENTRY = '''"""Opens dtsgan's window for the clip under the playhead. Untested on the real application."""
import importlib
import sys

sys.path.append({folder!r})
importlib.import_module({module!r}).main(resolve)  # noqa: F821  # Resolve gives it
'''


def places(system: System) -> list[Path]:
    if system.name == "win32":
        folder = system.roaming() / "Blackmagic Design/DaVinci Resolve/Support/Fusion/Scripts"
    elif system.name == "darwin":
        folder = system.home / "Library/Application Support/Blackmagic Design/DaVinci Resolve/Fusion/Scripts"
    else:
        folder = system.data() / "DaVinciResolve/Fusion/Scripts"
    return [folder] if folder.is_dir() else []


def parts(place: Path) -> list[Part]:
    # The sources are a package of another name before they are installed.
    package = __name__.removesuffix(".plugin.hosts.resolve.install")
    text = ENTRY.format(folder=str(ROOT.parent), module=f"{package}.plugin.hosts.resolve.script")
    return [Folder(path=place / "Utility/dtsgan", within=place, files={"dtsgan.py": text.encode()})]
