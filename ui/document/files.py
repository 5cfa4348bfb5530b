"""Project files: JSON, read strictly, written whole or not at all."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from ...engine.errors import UserError
from ...engine.files import replacing
from ..binding import with_fields
from .project import VERSION, Footage, Project

SUFFIX = ".dtsproject"
MOST_BYTES = 256 << 20


class ProjectError(UserError):
    """A project file that can't be read, or not by this version."""


def write_project(project: Project, path: Path) -> None:
    """Raises OutputError."""
    data = msgspec.json.format(msgspec.json.encode(project, enc_hook=_encode), indent=1)
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def read_project(path: Path) -> Project:
    """The project of a file; a clip that was moved along with it is found again. Raises ProjectError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ProjectError(f"{path.name} is too large to be a project.", remedy="Choose another file.")
        data = path.read_bytes()
    except OSError as error:
        raise ProjectError(
            f"The project {path} can't be read: {error.strerror}.", remedy="Check that it is there."
        ) from error
    try:
        version = msgspec.json.decode(data, type=_Versioned).version
        if version > VERSION:
            raise ProjectError(
                f"{path.name} was written by a newer version of dtsgan.", remedy="Update dtsgan to open it."
            )
        project = msgspec.json.decode(data, type=Project, dec_hook=_decode)
        _check(project)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ProjectError(
            f"{path.name} is no project that can be read: {error}.",
            remedy="Choose another file, or an earlier copy of it.",
        ) from error
    return _found_again(project, path)


class _Versioned(msgspec.Struct):
    version: int


def _check(project: Project) -> None:
    """Raise ValueError for values that can't be."""
    clip = project.clip
    if clip is not None and (clip.frames < 1 or clip.rate <= 0 or min(clip.size_hw) < 1 or clip.sample_aspect <= 0):
        raise ValueError("its clip has no frames")
    if project.span is not None and (clip is None or not 0 <= project.span[0] < project.span[1] <= clip.frames):
        raise ValueError("its in and out points lie outside the clip")
    frames = [key.frame for key in project.replace.mask.keys]
    if frames != sorted(set(frames)):
        raise ValueError("its mask's key frames are out of order")


def _found_again(project: Project, path: Path) -> Project:
    """With its clip's path mended where that lies beside the project file now."""
    clip = project.clip
    if clip is None or Path(clip.path).exists():
        return project
    beside = path.parent / Path(clip.path.replace("\\", "/")).name
    return with_fields(project, {"clip.path": str(beside.absolute())}) if beside.exists() else project


def changed_since(clip: Footage) -> str:
    """Why a clip is no longer what the project knows, empty if it is."""
    path = Path(clip.path)
    try:
        facts = path.stat()
    except OSError:
        return "missing"
    if path.is_file() and clip.bytes and (facts.st_size, facts.st_mtime) != (clip.bytes, clip.changed_s):
        return "changed"
    return ""


def _encode(value: object) -> object:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise NotImplementedError(type(value))


def _decode(kind: type, value: Any) -> Any:
    if kind is Fraction and isinstance(value, str):
        try:
            return Fraction(value)
        except ZeroDivisionError:
            raise ValueError(f"{value!r} is no fraction") from None
    raise NotImplementedError(kind)
