"""The plugin's manifest, through which the adapters for editors are found."""

from __future__ import annotations

import importlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

PATH = Path(__file__).parents[1] / "manifest.json"
SCHEMA = Path(__file__).with_name("manifest.schema.json")
"""What may stand in it, and what it means (JSON Schema)."""


class HostEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An editor. ``files`` are the suffixes of its projects that ``module`` reads and writes; ``installer`` names the
    module that puts our part into the editor. ``tested`` are the versions that it was seen to work in."""

    id: str
    name: str
    minimum: str
    tested: tuple[str, ...]
    files: tuple[str, ...] = ()
    module: str | None = None
    installer: str | None = None
    adapter: str | None = None


@cache
def manifest() -> dict[str, Any]:
    return json.loads(PATH.read_text(encoding="utf-8"))


def hosts() -> tuple[HostEntry, ...]:
    return msgspec.convert(manifest()["hosts"], tuple[HostEntry, ...])


def load(name: str) -> Any:
    """What an entry point names: "dtsgan.plugin.cli:main", or a module alone. Raises ImportError where something that
    it needs isn't installed."""
    module, _, attribute = name.partition(":")
    # Relative, since the sources' root has another name before they are installed.
    found = importlib.import_module(module.removeprefix("dtsgan"), __name__.removesuffix(".plugin.manifest"))
    return getattr(found, attribute) if attribute else found
