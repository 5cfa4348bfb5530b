"""What is known of a model's file without opening it each time."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from PySide6.QtGui import QImage

from ...engine.errors import UserError
from ...engine.files import replacing
from ...engine.model import EXEMPLAR, load_model
from ...engine.video.viewing import Viewing
from ..media.images import image_of

if TYPE_CHECKING:
    from ...engine.model import TextureModel

SUFFIX = ".dtsgan"
PICTURE_SIDE = 240


class Entry(Struct, frozen=True, kw_only=True):
    """A model's file. ``size_hw`` is what was learned, ``source_hw`` the clip's own size, of which results can be made
    where ``pixels`` travel along. ``problem`` says why it can't be used, empty where it can."""

    path: str
    source: str = ""
    size_hw: tuple[int, int] = (0, 0)
    source_hw: tuple[int, int] = (0, 0)
    scales: int = 0
    pixels: bool = False
    bytes: int = 0
    problem: str = ""

    @property
    def name(self) -> str:
        return Path(self.path).stem


class Known(Struct, frozen=True, kw_only=True):
    """An entry with its picture, None where the model has none."""

    entry: Entry
    image: QImage | None


def look_at(path: Path, cache: Path) -> Known:
    """The entry of a file; read once, then kept in the folder ``cache`` until the file changes. Raises OSError where
    the file is gone."""
    facts = path.stat()
    key = hashlib.sha256(f"{path.name}\n{facts.st_size}\n{facts.st_mtime_ns}".encode()).hexdigest()[:32]
    kept, picture = cache / f"{key}.json", cache / f"{key}.png"
    try:
        entry = msgspec.json.decode(kept.read_bytes(), type=Entry)
    except (OSError, msgspec.DecodeError):
        entry, image = _read(path, facts.st_size)
        _keep(entry, image, kept, picture)
        return Known(entry=entry, image=image)
    image = QImage(str(picture)) if picture.exists() else None
    return Known(entry=msgspec.structs.replace(entry, path=str(path)), image=image)


def tidy(cache: Path, most: int) -> None:
    """Forget what was looked at longest ago, beyond so many."""
    kept = sorted(cache.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in kept[most:]:
        old.unlink(missing_ok=True)
        old.with_suffix(".png").unlink(missing_ok=True)


def _read(path: Path, size: int) -> tuple[Entry, QImage | None]:
    try:
        model = load_model(path)
    except UserError as error:
        return Entry(path=str(path), bytes=size, problem=error.problem), None
    entry = Entry(
        path=str(path),
        source=model.facts.name,
        size_hw=model.size_hw,
        source_hw=model.facts.size_hw,
        scales=len(model.sizes_hw),
        pixels=model.exemplar is not None,
        bytes=size,
    )
    return entry, _image(model)


def _image(model: TextureModel) -> QImage | None:
    """A frame of the pixels that travel along, or of the clip where they are read from."""
    if model.exemplar is None:
        return None
    try:
        if model.exemplar.path is not None:
            return _first(Path(model.exemplar.path))
        with tempfile.TemporaryDirectory(prefix="dtsgan-") as folder:
            video = Path(folder) / "exemplar.mp4"
            video.write_bytes(model.arrays[EXEMPLAR].tobytes())
            return _first(video)
    except (UserError, OSError):
        return None  # a picture is a comfort, no need


def _first(video: Path) -> QImage:
    _, picture = next(iter(Viewing(video, most_side=PICTURE_SIDE).frames(0)))
    return image_of(picture).copy()


def _keep(entry: Entry, image: QImage | None, kept: Path, picture: Path) -> None:
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        if image is not None:
            image.save(str(picture), "PNG")  # type: ignore[call-overload]  # its stubs know bytes alone
        with replacing(kept) as temporary:
            temporary.write_bytes(msgspec.json.encode(entry))
    except (UserError, OSError):
        return  # it is read again next time
