"""Putting our part into an editor, and taking it out again without a trace."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from ..engine.errors import OutputError
from ..engine.files import replacing
from .bridge.places import note_program, program_note
from .manifest import hosts, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .manifest import HostEntry

State = Literal["installed", "outdated", "not installed"]


@dataclass(frozen=True, kw_only=True)
class System:
    """Where an editor's own folders are. ``name`` is ``sys.platform``'s."""

    name: str
    home: Path
    environment: Mapping[str, str]

    @classmethod
    def here(cls) -> System:
        return cls(name=sys.platform, home=Path.home(), environment=os.environ)

    def roaming(self) -> Path:
        """Windows's folder for what follows a person from machine to machine."""
        return Path(self.environment.get("APPDATA") or self.home / "AppData/Roaming")

    def data(self) -> Path:
        """Linux's folder for what programs keep."""
        return Path(self.environment.get("XDG_DATA_HOME") or self.home / ".local/share")

    def config(self) -> Path:
        """Linux's folder for settings."""
        return Path(self.environment.get("XDG_CONFIG_HOME") or self.home / ".config")


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder that is ours alone, with these files by their names in it; ``within`` is the editor's own, which
    stays."""

    path: Path
    within: Path
    files: Mapping[str, bytes]

    def state(self) -> State:
        if not self.path.exists():
            return "not installed"
        whole = all(_content(self.path / name) == data for name, data in self.files.items())
        return "installed" if whole else "outdated"

    def install(self) -> None:
        if self.path.exists():
            shutil.rmtree(self.path)
        for name, data in self.files.items():
            _write(self.path / name, data)

    def uninstall(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        for folder in self.path.parents:
            if folder == self.within or not _is_empty(folder):
                break
            folder.rmdir()

    def told(self) -> str:
        return f"the folder {self.path}, with {len(self.files)} files"


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Lines of ours in a file that is the person's: ``put`` gives its text with them, ``take`` without them; both leave
    all else as it is."""

    path: Path
    put: Callable[[str], str] = field(repr=False)
    take: Callable[[str], str] = field(repr=False)

    def state(self) -> State:
        text = self._text()
        if self.take(text) == text:
            return "not installed"
        return "installed" if self.put(self.take(text)) == text else "outdated"

    def install(self) -> None:
        _write(self.path, self.put(self.take(self._text())).encode("utf-8", "surrogateescape"))

    def uninstall(self) -> None:
        text = self._text()
        rest = self.take(text)
        if rest == text:
            return
        if rest.strip():
            _write(self.path, rest.encode("utf-8", "surrogateescape"))
        else:
            self.path.unlink(missing_ok=True)

    def told(self) -> str:
        return f"lines in {self.path}"

    def _text(self) -> str:
        return (_content(self.path) or b"").decode("utf-8", "surrogateescape")


Part = Folder | Lines


class Installer(Protocol):
    """What a host's module for this has."""

    LOOKED_FOR: str
    """The folders in which the editor is looked for, for people."""
    NEXT: str
    """What a person does then."""

    def places(self, system: System) -> list[Path]:
        """The editor's own folders that are there, one for each version and kind of it."""
        ...

    def parts(self, place: Path) -> list[Part]:
        """What is put there."""
        ...


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Of one editor's part, in all places where that editor is."""

    entry: HostEntry
    installer: Installer
    parts: tuple[Part, ...]

    @property
    def state(self) -> State | Literal["not found"]:
        states: set[State] = {part.state() for part in self.parts}
        return "not found" if not states else states.pop() if len(states) == 1 else "outdated"

    def install(self) -> None:
        """Raises OutputError."""
        note_program([sys.executable, "-m", "dtsgan"])
        for part in self.parts:
            _reporting(part, part.install)

    def uninstall(self) -> None:
        """Raises OutputError."""
        for part in self.parts:
            _reporting(part, part.uninstall)
        if all(each.state in ("not found", "not installed") for each in installations(System.here())):
            program_note().unlink(missing_ok=True)
            for folder in tuple(program_note().parents)[:2]:
                if _is_empty(folder):
                    folder.rmdir()


def installation(entry: HostEntry, system: System, place: Path | None = None) -> Installation:
    """Of this host, in a place that a person names or where it is found."""
    assert entry.installer is not None
    installer: Installer = load(entry.installer)
    places = installer.places(system) if place is None else [place]
    parts = tuple(part for each in places for part in installer.parts(each))
    return Installation(entry=entry, installer=installer, parts=parts)


def installations(system: System) -> Iterator[Installation]:
    """Of all hosts that have one."""
    return (installation(entry, system) for entry in hosts() if entry.installer)


def _reporting(part: Part, call: Callable[[], None]) -> None:
    try:
        call()
    except OSError as error:
        raise OutputError(
            f"{part.path} can't be changed: {error.strerror or error}.", remedy="Check the rights to write there."
        ) from error


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_bytes(data)
