"""A timeline that is opened, one of its strips, and where all goes that is made."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import platformdirs

from ....engine.errors import OptionError, OutputError
from ....engine.files import check_target
from ...bridge.client import RemoteEditor
from ...bridge.session import SUFFIX
from ...manifest import hosts, load
from .strips import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from ....engine.errors import UserError
    from ...host import Editor, Strip


class Project(ABC):
    """A timeline that is open, within a ``with`` block, and where what is done with it goes."""

    editor: Editor

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:  # noqa: B027  # a file needs nothing
        """Let go of the editor. What was changed stays."""

    @abstractmethod
    def check_output(self, output: Path | None, *, overwrite: bool) -> None:
        """Refuse, before any work, what can't be written. Raises OutputError, OptionError."""

    @abstractmethod
    def folder(self, output: Path | None, strip: Strip) -> Path:
        """Where new videos go unless a person says so."""

    @abstractmethod
    def write(self, output: Path | None, *, paths: str) -> Path | None:
        """Keep the timeline as it is now. Where a file is replaced it stays under another name, which is returned."""

    def failed(self, error: UserError) -> None:
        """The work came to nothing: those who wait for it elsewhere are told."""
        del error

    def done(self, text: str) -> None:
        """It came to an end, as the text says."""
        del text


def open_project(path: Path, *, sequence: str | None, stop: Callable[[], None]) -> Project:
    """A timeline in a file, or in an editor that is open; ``stop`` is called when a person there says so.

    Raises OptionError for a file of an unknown kind or a part of ours that isn't installed, HostError.
    """
    if path.suffix != SUFFIX:
        return FileProject.open(path, sequence=sequence)
    return LiveProject(RemoteEditor(path, "edit", told=lambda message: stop() if message["event"] == "stop" else None))


class LiveProject(Project):
    """In an editor that is open: it is changed there, and the editor saves it."""

    def __init__(self, editor: RemoteEditor) -> None:
        self.editor = self._remote = editor

    def check_output(self, output: Path | None, *, overwrite: bool) -> None:
        del overwrite
        if output is not None:
            raise OptionError("The timeline is open in an editor, which saves it.", remedy="Leave out -o.")

    def folder(self, output: Path | None, strip: Strip) -> Path:
        """Beside the project, else beside the strip's file, else where people look for their videos."""
        del output
        for folder in (self.editor.folder, strip.media.path.parent):
            if folder is not None and os.access(folder, os.W_OK):
                return folder
        videos = platformdirs.user_videos_path() / "dtsgan"
        videos.mkdir(parents=True, exist_ok=True)
        return videos

    def write(self, output: Path | None, *, paths: str) -> Path | None:
        """Nothing needs to be written."""
        del output, paths

    def failed(self, error: UserError) -> None:
        self._remote.say("failed", problem=error.problem, remedy=error.remedy)

    def done(self, text: str) -> None:
        self._remote.say("done", text=text)

    def leave(self) -> None:
        self._remote.close()


class FileProject(Project):
    """In the file ``path``, which ``module`` reads and writes."""

    def __init__(self, editor: Editor, path: Path, module: Any) -> None:
        self.editor = editor
        self.path = path
        self._module = module

    @classmethod
    def open(cls, path: Path, *, sequence: str | None) -> FileProject:
        """Raises OptionError, HostError."""
        known = {suffix: entry for entry in hosts() for suffix in entry.files}
        entry = known.get(path.suffix.lower())
        if entry is None or entry.module is None:
            raise OptionError(f"{path.name} is no timeline that can be read.", remedy=f"Give a {listed(known)} file.")
        if not path.is_file():
            raise OptionError(f"There is no {path}.", remedy="Check the path.")
        try:
            module = load(entry.module)
        except ImportError as error:
            raise OptionError(
                f"Timelines of {entry.name} need {error.name}, which isn't installed.",
                remedy='Install it: pip install "dtsgan[timeline]".',
            ) from error
        return cls(module.read(path, sequence=sequence), path, module)

    def check_output(self, output: Path | None, *, overwrite: bool) -> None:
        if output is None:
            raise OptionError(
                "Where is the new timeline to go?", remedy=f"Say -o NEW{self.path.suffix}; {self.path.name} stays."
            )
        if output.suffix.lower() != self.path.suffix.lower():
            raise OutputError(
                f"{output.name} is of another kind than {self.path.name}.",
                remedy=f"Choose a name that ends in {self.path.suffix}.",
            )
        check_target(output, overwrite=overwrite)

    def folder(self, output: Path | None, strip: Strip) -> Path:
        """Beside the new timeline."""
        del strip
        return (output or self.path).parent

    def write(self, output: Path | None, *, paths: str) -> Path | None:
        assert output is not None
        kept = _keep(output) if output.exists() else None
        self._module.write(self.editor, output, paths=paths)
        return kept


def free(folder: Path, name: str, suffix: str) -> Path:
    """A name in the folder that nothing has yet."""
    number, path = 1, folder / f"{name}{suffix}"
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{suffix}"
    return path


def _keep(path: Path) -> Path:
    """Copy a project to a name beside it that nothing has."""
    kept = free(path.parent, f"{path.stem}.before-dtsgan", path.suffix)
    try:
        kept.write_bytes(path.read_bytes())
    except OSError as error:
        raise OutputError(
            f"{path} can't be kept as {kept.name}: {error.strerror}.", remedy="Choose another -o."
        ) from error
    return kept
