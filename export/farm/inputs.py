"""Models and clips on their way to workers: known by what they hold, in pieces, each fetched once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import OutputError
from ...engine.files import file_digest, replacing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PIECE_BYTES = 16 << 20
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Input:
    """What is at ``folder / name``, a file, a pattern of pictures, or with an empty name the folder: the names and
    sizes of its files, and the digest of their bytes one after the other. The folder is where the client has them."""

    sha256: str
    folder: str
    name: str
    files: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, path: Path, sha256: str, files: Sequence[Path]) -> Input:
        path = path.absolute()
        folder, name = (path, "") if path.is_dir() else (path.parent, path.name)
        sizes = tuple((file.name, file.stat().st_size) for file in files)
        return cls(sha256=sha256, folder=str(folder), name=name, files=sizes)

    @classmethod
    def of_file(cls, path: Path) -> Input:
        """Of a file as it is now. Raises OSError."""
        return cls.of(path, file_digest(path), [path])

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(size for _, size in self.files)

    def pieces(self) -> Iterator[bytes]:
        """All bytes of the files, as one row. Raises OSError."""
        for name, _ in self.files:
            with Path(self.folder, name).open("rb") as file:
                while piece := file.read(PIECE_BYTES):
                    yield piece


def at_hand(wanted: Input, store: Path) -> Path | None:
    """Where a worker has it: on a disk that it shares with the client, or fetched before; None where it hasn't."""
    for folder in (Path(wanted.folder), _kept(wanted, store)):
        try:
            if _holds(folder, wanted):
                return folder / _bare(wanted.name)
        except OSError:  # no such disk here
            continue
    return None


def keep(wanted: Input, pieces: Iterable[bytes], store: Path) -> Path:
    """Put together what was fetched; where it is then. Raises OutputError where it can't be kept, or isn't it."""
    folder = _kept(wanted, store)
    remedy = "Check the worker's disk."
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} can't be made: {error.strerror}.", remedy=remedy) from error
    rest, piece = iter(pieces), memoryview(b"")
    for name, size in wanted.files:
        with replacing(folder / _bare(name)) as temporary, temporary.open("wb") as file:
            while size > file.tell():
                piece = piece or memoryview(next(rest, b""))
                if not piece:
                    break
                piece = piece[file.write(piece[: size - file.tell()]) :]
    if not _holds(folder, wanted):
        raise OutputError(f"What {folder} holds is not what was sent.", remedy=remedy)
    return folder / _bare(wanted.name)


def _kept(wanted: Input, store: Path) -> Path:
    """A folder is kept under its name: results tell what they are made of."""
    return store / wanted.sha256 / ("" if wanted.name else _bare(wanted.folder))


def _bare(name: str) -> str:
    """No way out of a folder; the client may be of another system."""
    return name.replace("\\", "/").rsplit("/", 1)[-1].lstrip(".")


def _holds(folder: Path, wanted: Input) -> bool:
    places = [(folder / _bare(name), size) for name, size in wanted.files]
    stats = [place.stat() for place, _ in places]
    if any(stat.st_size != size for stat, (_, size) in zip(stats, places, strict=True)):
        return False
    files = tuple((place, size, stat.st_mtime_ns) for (place, size), stat in zip(places, stats, strict=True))
    return _digest(files) == wanted.sha256


@lru_cache(maxsize=256)
def _digest(files: tuple[tuple[Path, int, int], ...]) -> str:
    """Of files as they are now; their sizes and times are there so that one that changes is read again."""
    digest = hashlib.sha256()
    for path, _, _ in files:
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
    return digest.hexdigest()
