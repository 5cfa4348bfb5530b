"""Where a project file says that its media lie."""

from __future__ import annotations

import os
import re
from pathlib import Path, PureWindowsPath
from urllib.parse import quote, unquote

from ..host import HostError


def path_from(text: str, folder: Path) -> Path:
    """The absolute path that a project in ``folder`` names: plain or as a file URL, absolute or relative to it. Nothing
    is opened, nor looked for.

    Raises HostError for what is no file of this machine: other schemes, servers, characters that no path has.
    """
    match = re.match(r"file://([^/]*)(/.*)", text, re.DOTALL | re.IGNORECASE)
    if match:
        if match[1].lower() not in ("", "localhost"):
            raise _foreign(text)
        path = unquote(match[2])
        path = path[1:] if re.match(r"/[A-Za-z]:[/\\]", path) and os.name == "nt" else path
    elif match := re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", text):
        if match[1].lower() != "file":
            raise _foreign(text)
        path = unquote(text[len("file:") :])
    else:
        path = unquote(text) if "%" in text and not (folder / text).exists() else text
    if not path or "\0" in path or path.startswith(("//", "\\\\")):
        # A share is opened with the person's name and password for the server that the project names.
        raise _foreign(text)
    if PureWindowsPath(path).drive and os.name != "nt":
        raise HostError(f"{_short(path)} is a path of Windows.", remedy="Relink the media to where they are here.")
    return Path(os.path.normpath(folder / path))


def text_for(path: Path, folder: Path | None) -> str:
    """A path as projects name it: relative to a folder, percent-encoded with slashes, or as a file URL."""
    if folder is None:
        return path.as_uri()
    try:
        return quote(Path(os.path.relpath(path, folder)).as_posix())
    except ValueError:  # on another drive
        return path.as_uri()


def is_relative(text: str) -> bool:
    """Whether a project names it by where it lies from the project."""
    return not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) and not text.startswith(("/", "\\"))


def _foreign(text: str) -> HostError:
    return HostError(
        f"{_short(text)!r} names no file of this machine.", remedy="Copy it here, or give its share a drive letter."
    )


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:97]}..."
