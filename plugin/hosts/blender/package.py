"""The extension for Blender, as the archive that Blender installs: plain Python, nothing compiled."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ...manifest import hosts, manifest

ROOT = Path(__file__).parents[3]
ADDON = "plugin/hosts/blender/addon"
FILES = (
    "engine/__init__.py",
    "engine/errors.py",
    "plugin/__init__.py",
    "plugin/host.py",
    "plugin/bridge/__init__.py",
    "plugin/bridge/places.py",
    "plugin/bridge/records.py",
    "plugin/bridge/server.py",
    "plugin/bridge/session.py",
    "plugin/bridge/wire.py",
    "plugin/hosts/__init__.py",
    "plugin/hosts/blender/__init__.py",
)
"""Beside the addon: laid out as here, so that they find each other as here."""

ENTRY = '''"""dtsgan in Blender's video sequencer."""

from .plugin.hosts.blender.addon import register, unregister

__all__ = ["register", "unregister"]
'''
STAMP = (2020, 1, 1, 0, 0, 0)
"""The same sources make the same archive."""


def contents() -> dict[str, str]:
    """The extension's files by their names."""
    files = {"__init__.py": ENTRY, "blender_manifest.toml": blender_manifest()}
    for name in (*FILES, *sorted(each.relative_to(ROOT).as_posix() for each in (ROOT / ADDON).glob("*.py"))):
        files[name] = (ROOT / name).read_text(encoding="utf-8")
    return files


def build(path: Path) -> None:
    """Write the archive. Raises OSError."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents().items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), text, zipfile.ZIP_DEFLATED)


def blender_manifest() -> str:
    """What Blender wants to know of it, from our own manifest."""
    known = manifest()
    minimum = next(entry.minimum for entry in hosts() if entry.id == "blender")
    return f'''schema_version = "1.0.0"
id = "{known["id"]}"
version = "{known["version"]}"
name = "{known["name"]}"
tagline = "Make clips of fire, water and clouds as long as needed"
maintainer = "dtsgan"
type = "add-on"
tags = ["Sequencer"]
blender_version_min = "{minimum}.0"
license = ["SPDX:{known["licence"]}"]

[permissions]
files = "Put results of the app on the timeline"
network = "Talk to the app on this machine; fetch it if asked"
'''
