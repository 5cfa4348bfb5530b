"""The one-file format of texture models and of interrupted learning: safetensors, sealed, no code inside.

The safetensors metadata hold a single entry of ours, a JSON object that begins with two SHA-256 digests: ``seal``
covers the whole safetensors header (with the seal's own 64 digits read as zeros), ``data`` the tensors' bytes, so
every byte of the file is covered. Nothing here is ever unpickled, unpacked or run.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from .errors import ModelFileError
from .files import replacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BufferedRandom, BufferedReader
    from pathlib import Path

MAX_HEAD_BYTES = 16 << 20
DTYPES = frozenset({"BOOL", "U8", "I8", "U16", "I16", "F16", "U32", "I32", "F32", "U64", "I64", "F64"})

_LENGTH_BYTES = 8
_DIGITS = 64
_BLANK = b"0" * _DIGITS
# What the safetensors header of our files begins with; the quotes are escaped, being JSON inside JSON.
_BEFORE_SEAL = rb'{"__metadata__":{"dtsgan":"{\"seal\":\"'
_BEFORE_DATA = rb"\",\"data\":\""
_SEAL = slice(len(_BEFORE_SEAL), len(_BEFORE_SEAL) + _DIGITS)
_DATA = slice(_SEAL.stop + len(_BEFORE_DATA), _SEAL.stop + len(_BEFORE_DATA) + _DIGITS)

_FOREIGN = {
    b"PK": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x80": "a Python pickle, which could run code and is never opened",
    b"RIFF": "a video or sound file",
    b"\x1aE\xdf\xa3": "a video file",
    b"\x89PNG": "a picture",
}


@dataclass(frozen=True, kw_only=True)
class _Head:
    content: dict[str, Any]
    data_start: int


def write_container(
    path: Path, *, kind: str, version: int, header: Mapping[str, Any], tensors: Mapping[str, np.ndarray]
) -> None:
    """Write ``header`` (JSON values, no NaN) and ``tensors`` to ``path``, whole or not at all.

    ``kind`` is what the file is, in plain words ("texture model"). Raises OutputError where it can't be written.
    """
    content = {
        "seal": _BLANK.decode(),
        "data": _BLANK.decode(),
        "kind": kind,
        "version": version,
        "bytes": sum(tensor.nbytes for tensor in tensors.values()),
        "header": header,
    }
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    whole = {name: np.require(tensor, requirements="C") for name, tensor in tensors.items()}
    with replacing(path) as temporary:
        try:
            save_file(whole, temporary, metadata={"dtsgan": text})
        except SafetensorError as error:  # the library's own name for a full disk
            raise OSError(str(error)) from error
        with temporary.open("r+b") as file:
            _seal(file)


def _seal(file: BufferedRandom) -> None:
    head = bytearray(file.read(int.from_bytes(file.read(_LENGTH_BYTES), "little")))
    if len(head) > MAX_HEAD_BYTES:
        raise ValueError(f"the header takes {len(head)} bytes, more than a reader accepts")
    head[_DATA] = hashlib.file_digest(file, "sha256").hexdigest().encode()
    head[_SEAL] = hashlib.sha256(head).hexdigest().encode()
    file.seek(_LENGTH_BYTES)
    file.write(head)


def read_header(path: Path, *, kind: str, version: int) -> dict[str, Any]:
    """The header alone, without reading the tensors; checked against the seal.

    Raises ModelFileError for everything that isn't an undamaged file of this kind and version.
    """
    with _opened(path) as file:
        return _read_head(path, file, kind, version).content["header"]


def read_container(path: Path, *, kind: str, version: int) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The header and the tensors, each its own writable array; every byte of the file checked first.

    Raises ModelFileError for everything that isn't an undamaged file of this kind and version.
    """
    with _opened(path) as file:
        head = _read_head(path, file, kind, version)
        file.seek(head.data_start)
        if hashlib.file_digest(file, "sha256").hexdigest() != head.content["data"]:
            raise _damaged(path)
    try:
        with safe_open(path, framework="numpy") as tensors:
            return head.content["header"], {name: tensors.get_tensor(name) for name in tensors.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise _damaged(path) from error


def is_container(path: Path) -> bool:
    """Whether the file begins as ours do, whatever its name; False where it can't be read."""
    try:
        if not path.is_file():  # opening a named pipe would wait for ever
            return False
        with path.open("rb") as file:
            return file.read(_LENGTH_BYTES + len(_BEFORE_SEAL))[_LENGTH_BYTES:] == _BEFORE_SEAL
    except OSError:
        return False


def _opened(path: Path) -> BufferedReader:
    try:
        if path.exists() and not path.is_file():  # opening a named pipe would wait for ever
            raise ModelFileError(f"{path} is not a file.", remedy="Give the name of a file.")
        return path.open("rb")
    except FileNotFoundError as error:
        raise ModelFileError(f"There is no file {path}.", remedy="Check the name.") from error
    except OSError as error:
        raise ModelFileError(f"{path} can't be read: {error.strerror}.", remedy="Check its permissions.") from error


def _read_head(path: Path, file: BufferedReader, kind: str, version: int) -> _Head:
    size = path.stat().st_size
    length_bytes = file.read(_LENGTH_BYTES)
    head_bytes = int.from_bytes(length_bytes, "little")
    # The stated length is believed only after the first bytes show the file is ours and that it has as many.
    start = file.read(len(_BEFORE_SEAL))
    if _BEFORE_SEAL.startswith(start) and len(start) < len(_BEFORE_SEAL):
        raise _truncated(path)
    if start != _BEFORE_SEAL:
        raise _foreign(path, length_bytes + start)
    if head_bytes > MAX_HEAD_BYTES:
        raise _damaged(path)
    if _LENGTH_BYTES + head_bytes > size:
        raise _truncated(path)
    head = start + file.read(max(0, head_bytes - len(start)))
    if len(head) != head_bytes or head[_SEAL] != _digest(head) or head[_SEAL.stop : _DATA.start] != _BEFORE_DATA:
        raise _damaged(path)
    content = _parse(path, head)
    if content["kind"] != kind:
        raise ModelFileError(f"{path} is a {content['kind']}, not a {kind}.", remedy=f"Give a {kind}.")
    if content["version"] > version:
        raise ModelFileError(f"{path} was made by a newer dtsgan.", remedy="Update dtsgan.")
    if content["version"] < version:
        raise ModelFileError(f"{path} was made by an older dtsgan.", remedy="Learn from the clip again.")
    if size < _LENGTH_BYTES + head_bytes + content["bytes"]:
        raise _truncated(path)
    return _Head(content=content, data_start=_LENGTH_BYTES + head_bytes)


def _digest(head: bytes) -> bytes:
    return hashlib.sha256(head[: _SEAL.start] + _BLANK + head[_SEAL.stop :]).hexdigest().encode()


def _parse(path: Path, head: bytes) -> dict[str, Any]:
    # A seal keeps accidents out, not malice: anyone can seal a file, so nothing inside it is taken on trust.
    try:
        outer = json.loads(head)
        content = json.loads(outer["__metadata__"]["dtsgan"], parse_constant=_refuse_constant)
        tensors = [entry for name, entry in outer.items() if name != "__metadata__"]
        sound = (
            isinstance(content["kind"], str)
            and isinstance(content["version"], int)
            and isinstance(content["bytes"], int)
            and isinstance(content["header"], dict)
            and content["data"] == head[_DATA].decode()
            and all(entry["dtype"] in DTYPES for entry in tensors)
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _damaged(path) from error
    if not sound:
        raise _damaged(path)
    return content


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _foreign(path: Path, start: bytes) -> ModelFileError:
    what = next((name for magic, name in _FOREIGN.items() if start.startswith(magic)), None)
    if start[_LENGTH_BYTES : _LENGTH_BYTES + 1] == b"{":
        what = "a safetensors file of another program"
    said = f"{path} is {what}, not a file of dtsgan." if what else f"{path} is not a file of dtsgan."
    return ModelFileError(said, remedy="Give a file that dtsgan learn has written.")


def _truncated(path: Path) -> ModelFileError:
    return ModelFileError(f"{path} is cut short.", remedy="Copy it again from where it came.")


def _damaged(path: Path) -> ModelFileError:
    return ModelFileError(
        f"{path} is damaged or was changed after it was made.", remedy="Copy it again, or learn again."
    )
