"""Names for videos, and copying them to where they are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.errors import OutputError
from ..engine.files import check_target, replacing
from .background import Background

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

BLOCK = 1 << 22


def copy_file(source: Path, target: Path) -> Path:
    """Copy a file, whole or not at all; what was there is replaced. Raises UserError, OSError."""
    if not source.is_file():
        raise OutputError(f"{source} is gone.", remedy="Make it again.")
    if source.absolute() == target.absolute():
        return target
    check_target(target, overwrite=True, need_bytes=source.stat().st_size)
    with replacing(target) as temporary, source.open("rb") as read, temporary.open("wb") as write:
        while block := read.read(BLOCK):
            write.write(block)
    return target


def copying(source: Path, target: Path) -> Background:
    """The same on a thread, not started yet."""
    return Background(lambda: copy_file(source, target))


def free_path(folder: Path, name: str, suffix: str, *, taken: Collection[str] = ()) -> Path:
    """A file that isn't there yet, nor ``taken``: "name 3.mp4"."""
    number = 1
    while (path := folder / f"{name} {number}{suffix}").exists() or str(path) in taken:
        number += 1
    return path
