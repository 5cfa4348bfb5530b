"""The extension, put where Blender keeps those of a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...installing import Folder
from .package import contents

if TYPE_CHECKING:
    from pathlib import Path

    from ...installing import Part, System

LOOKED_FOR = "the folders of settings that Blender 4.2 and newer make when they are first started"
NEXT = "In Blender: Edit > Preferences > Add-ons, and switch dtsgan on. Its panel is in the sequencer's sidebar (N)."
OLDEST = (4, 2)


def places(system: System) -> list[Path]:
    """A folder for each version."""
    if system.name == "win32":
        roots = [system.roaming() / "Blender Foundation/Blender"]
    elif system.name == "darwin":
        roots = [system.home / "Library/Application Support/Blender"]
    else:
        flatpak = system.home / ".var/app/org.blender.Blender/config/blender"
        roots = [system.config() / "blender", flatpak]
    found = [each for root in roots if root.is_dir() for each in sorted(root.iterdir())]
    return [each for each in found if (version := _version(each.name)) and version >= OLDEST]


def parts(place: Path) -> list[Part]:
    files = {name: text.encode() for name, text in contents().items()}
    return [Folder(path=place / "extensions/user_default/dtsgan", within=place, files=files)]


def _version(name: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})", name)
    return (int(match[1]), int(match[2])) if match else None
