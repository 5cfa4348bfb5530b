"""Outputs that appear whole or not at all."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import secrets
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import OutputError, ResourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL_SUFFIX = ".dtsgan"
"""Of texture models."""


def check_target(path: Path, *, overwrite: bool, need_bytes: int = 0) -> None:
    """Refuse an output file that can't be written, before any work goes into it.

    Raises OutputError for a folder in the file's place, or a file that stands there and is not to be overwritten, and
    as ``check_folder`` does.
    """
    if path.is_dir():
        raise OutputError(f"{path} is a folder.", remedy="Give the name of a file.")
    if path.exists() and not overwrite:
        raise taken(path)
    check_folder(path.parent, name=path.name, need_bytes=need_bytes)


def taken(path: Path) -> OutputError:
    """The error of an output that is not to be replaced."""
    return OutputError(f"{path} exists already.", remedy="Choose another output, or add --overwrite.")


def check_folder(folder: Path, *, name: str, need_bytes: int = 0) -> None:
    """Refuse a folder for the output ``name``: OutputError where it is missing or read-only, ResourceError where its
    disk has less than ``need_bytes`` free."""
    if not folder.is_dir():
        raise OutputError(f"There is no folder {folder}.", remedy="Create it, or choose another output.")
    try:
        with tempfile.TemporaryFile(dir=folder):  # permissions alone don't tell: a read-only disk has them, too
            pass
    except OSError as error:
        reason = f": {error.strerror}" if error.strerror else ""
        raise OutputError(
            f"The folder {folder} can't be written to{reason}.", remedy="Choose another output."
        ) from error
    free = shutil.disk_usage(folder).free
    if free < need_bytes:
        raise ResourceError(
            f"{name} may need {need_bytes / 1e9:.2f} GB, and only {free / 1e9:.2f} GB are free in {folder}.",
            remedy="Free some space, choose another disk, or make something smaller or shorter.",
        )


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hidden_beside(path: Path) -> Path:
    """A name for what will become ``path``: beside it, so that renaming stays on one disk, and no one else's."""
    return path.with_name(f".{path.stem}.{secrets.token_hex(6)}.partial{path.suffix}")


def remove_left_over(path: Path) -> None:
    """Remove what killed programs left of ``path`` under hidden names. Nobody must be writing it now."""
    for hidden in path.parent.glob(f".{glob.escape(path.stem)}.*.partial{glob.escape(path.suffix)}"):
        if re.fullmatch(r"[0-9a-f]{12}", hidden.name.removeprefix(f".{path.stem}.").split(".")[0]):
            hidden.unlink(missing_ok=True)


def put_in_place(temporary: Path, path: Path) -> None:
    """Let a finished file become ``path`` at once, and only after its bytes are on the disk. Raises OSError."""
    with temporary.open("r+b") as file:
        os.fsync(file.fileno())
    mask = os.umask(0o077)
    os.umask(mask)
    temporary.chmod(0o666 & ~mask)  # some libraries make files that only their maker may read
    temporary.replace(path)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path`` to write to: it becomes ``path`` when the block ends well, else it is removed.

    Raises OutputError where the system refuses the writing or the renaming.
    """
    temporary = hidden_beside(path)
    try:
        yield temporary
        put_in_place(temporary, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{path} can't be written: {reason}.", remedy="Check the folder and the disk.") from error
    finally:
        temporary.unlink(missing_ok=True)
