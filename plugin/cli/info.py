"""``dtsgan info``: what a texture model or a clip holds, at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...engine.files import MODEL_SUFFIX
from ...ui import words

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from .context import Context

HELP = "say what a texture model or a clip holds"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="MODEL|CLIP")


def run(arguments: argparse.Namespace, context: Context) -> int:
    from ...engine.container import is_container

    path: Path = arguments.file
    facts = _model_facts(path) if path.suffix == MODEL_SUFFIX or is_container(path) else _clip_facts(path)
    context.report.finish("\n".join(_lines(facts)), facts)
    return 0


def _model_facts(path: Path) -> dict[str, Any]:
    from ...engine.model import load_model

    summary = load_model(path).summary()
    return {"kind": "texture model", "file": str(path), "bytes": path.stat().st_size} | summary


def _clip_facts(path: Path) -> dict[str, Any]:
    from ...engine.video import probe

    facts = probe(path).as_dict()
    size = {} if path.is_dir() else {"bytes": path.stat().st_size}
    return {"kind": "clip", "file": facts.pop("path"), **size, **facts}


def _lines(facts: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for name, value in facts.items():
        label = f"{indent}{name.removesuffix('_hw').replace('_', ' ')}:"
        if isinstance(value, dict):
            yield label
            yield from _lines(value, indent + "  ")
        else:
            yield f"{label} {_in_words(name, value)}"


def _in_words(name: str, value: Any) -> str:
    """A fact as people read it; the name's ending says what its numbers are."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        if name.endswith("_hw") and len(value) == 2 and isinstance(value[0], int):
            return words.picture_size((value[0], value[1]))
        return ", ".join(_in_words(name, item) for item in value) or "-"
    return words.size(value) if name.endswith("bytes") else str(value)
