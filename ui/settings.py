"""What the window remembers of a person's ways: no part of any project."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct, structs

from ..engine.errors import UserError
from ..engine.files import replacing
from .binding import Store

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

MOST_RECENT = 12
SEEN = ("theme", "on_cluster", "scheduler")
"""What is remembered of how things are looked at, by the names of its fields."""


class Settings(Struct, frozen=True, kw_only=True):
    """``recent`` has the paths of clips and projects, the latest first; ``geometry`` is the window's, as Qt writes it,
    in base 64. The fields of ``SEEN`` are the view's."""

    theme: Literal["dark", "light"] = "dark"
    recent: tuple[str, ...] = ()
    geometry: str = ""
    on_cluster: bool = False
    scheduler: str = ""


class Remembered(Store[Settings]):
    """Settings that are kept in a file. One that can't be read or written is as good as none."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(_read(path), parent)
        self._path = path
        self.changed.connect(self._write)

    def use(self, path: Path) -> None:
        """A file was opened or saved."""
        others = tuple(each for each in self.state.recent if each != str(path))
        self.set({"recent": (str(path), *others)[:MOST_RECENT]})

    def forget(self, path: Path) -> None:
        """A file can't be opened any more."""
        self.set({"recent": tuple(each for each in self.state.recent if each != str(path))})

    def _write(self, _before: Settings, settings: Settings) -> None:
        with contextlib.suppress(UserError, OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self._path) as temporary:
                temporary.write_bytes(msgspec.json.encode(settings))


def _read(path: Path) -> Settings:
    """What can be read of a file: a field that makes no sense has its default."""
    try:
        content = msgspec.json.decode(path.read_bytes(), type=dict)
    except (OSError, msgspec.DecodeError):
        return Settings()
    settings = Settings()
    for name in Settings.__struct_fields__:
        with contextlib.suppress(msgspec.ValidationError):
            changed = msgspec.convert({name: content[name]} if name in content else {}, Settings)
            settings = structs.replace(settings, **{name: getattr(changed, name)})
    return settings
