"""Where the editor's end and the app's end find each other on this machine."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

SESSIONS = "DTSGAN_SESSIONS"
"""Environment variable with the folder for session files; the system's own for such things by default."""
DATA = "DTSGAN_DATA"
"""Environment variable with the folder for what is installed; the system's own for such things by default."""


def sessions_folder() -> Path:
    """Where editors leave their session files."""
    if SESSIONS in os.environ:
        return Path(os.environ[SESSIONS])
    home = Path.home()
    if os.name == "nt":
        return _local_app_data() / "dtsgan" / "sessions"
    if sys.platform == "darwin":
        return home / "Library/Caches/dtsgan/sessions"
    return Path(os.environ.get("XDG_RUNTIME_DIR") or home / ".cache") / "dtsgan" / "sessions"


def data_folder() -> Path:
    """Where the app lies if an editor installed it, and where it notes where else it does."""
    if DATA in os.environ:
        return Path(os.environ[DATA])
    home = Path.home()
    if os.name == "nt":
        return _local_app_data() / "dtsgan" / "app"
    if sys.platform == "darwin":
        return home / "Library/Application Support/dtsgan/app"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "dtsgan" / "app"


def program_note() -> Path:
    """The file that says by which words the app is started."""
    return data_folder() / "program.json"


def note_program(words: list[str]) -> None:
    """Let editors know by which words the app is started. Raises OSError."""
    path = program_note()
    path.parent.mkdir(parents=True, exist_ok=True)
    file, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(file, "w", encoding="utf-8") as out:
        json.dump({"program": words}, out)
    Path(name).replace(path)


def noted_program() -> list[str]:
    """The words by which the app is started, as it noted them; none where it didn't, or isn't there any more."""
    try:
        words = json.loads(program_note().read_text(encoding="utf-8"))["program"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
    whole = isinstance(words, list) and words and all(isinstance(word, str) for word in words)
    return words if whole and Path(words[0]).is_file() else []


def _local_app_data() -> Path:
    return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
