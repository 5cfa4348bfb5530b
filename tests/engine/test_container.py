from __future__ import annotations

import gzip
import hashlib
import json
import os
import pickle
import random
import tracemalloc
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from dtsgan.engine import container
from dtsgan.engine.container import is_container, read_container, read_header, write_container
from dtsgan.engine.errors import ModelFileError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KIND = "texture model"
HEADER = {"preset": "fast", "sizes": [[25, 25], [64, 64]], "name": 'fire "one" \\ é\u2028.avi', "rate": "24000/1001"}
TENSORS = {
    "weight": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
    "scalar": np.array(7, np.int64),
    "empty": np.zeros((0, 4), np.float16),
    "mask": np.array([True, False, True]),
    "turned": np.arange(6, dtype=np.uint16).reshape(2, 3).T,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "fire.dtsgan"
    write_container(file, kind=KIND, version=1, header=HEADER, tensors=TENSORS)
    return file


def reseal(path: Path, change: Callable[[str], str]) -> None:
    """Change the header's text as a stranger would who knows the format, so that its seal is right again."""
    raw = path.read_bytes()
    head_bytes = int.from_bytes(raw[:8], "little")
    head = bytearray(change(raw[8 : 8 + head_bytes].decode()).encode())
    head[container._SEAL] = b"0" * 64
    head[container._SEAL] = hashlib.sha256(head).hexdigest().encode()
    path.write_bytes(len(head).to_bytes(8, "little") + bytes(head) + raw[8 + head_bytes :])


def test_what_is_written_is_read(path: Path) -> None:
    """Header and tensors come back equal in value, type and shape, and writable."""
    header, tensors = read_container(path, kind=KIND, version=1)
    assert header == HEADER == read_header(path, kind=KIND, version=1)
    assert tensors.keys() == TENSORS.keys()
    for name, tensor in TENSORS.items():
        assert tensors[name].dtype == tensor.dtype
        np.testing.assert_array_equal(tensors[name], tensor)
    tensors["weight"][0] = 0


def test_the_file_is_plain_safetensors(path: Path) -> None:
    """Any safetensors reader gets the tensors out of it."""
    np.testing.assert_array_equal(load_file(path)["weight"], TENSORS["weight"])


def test_equal_content_gives_equal_bytes(path: Path, tmp_path: Path) -> None:
    """The file is a function of its content: no time, no name, no order of insertion."""
    again = tmp_path / "again.dtsgan"
    write_container(again, kind=KIND, version=1, header=HEADER, tensors=dict(reversed(TENSORS.items())))
    assert again.read_bytes() == path.read_bytes()


def test_every_flipped_byte_is_noticed(path: Path) -> None:
    """A change of any single byte, be it length, header, padding or data, is a ModelFileError."""
    whole = path.read_bytes()
    draw = random.Random(1)
    for at in range(len(whole)):
        for flip in (1 << draw.randrange(8), 0x20):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])
            with pytest.raises(ModelFileError):
                read_container(path, kind=KIND, version=1)


def test_a_changed_header_is_noticed_without_the_tensors(path: Path) -> None:
    """read_header checks all of what it returns."""
    whole = path.read_bytes()
    for at in range(8 + int.from_bytes(whole[:8], "little")):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(ModelFileError):
            read_header(path, kind=KIND, version=1)


def test_every_truncation_is_noticed(path: Path) -> None:
    """A file cut at any length is a ModelFileError, and one cut inside the tensors is said to be cut short."""
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelFileError):
            read_container(path, kind=KIND, version=1)
    with pytest.raises(ModelFileError, match="cut short"):
        read_container(path, kind=KIND, version=1)


def test_bytes_at_the_end_are_noticed(path: Path) -> None:
    """Nothing can be hidden behind the tensors."""
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(ModelFileError, match="damaged"):
        read_container(path, kind=KIND, version=1)


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("unpickled",)


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.pkl", bytes(1 << 24))


FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "zip": (_zip, "zip archive"),
    "gzip": (lambda path: path.write_bytes(gzip.compress(bytes(1 << 20))), "gzip"),
    "pickle": (lambda path: path.write_bytes(pickle.dumps([Bomb()] * 9)), "pickle"),
    "pickle, protocol 0": (lambda path: path.write_bytes(pickle.dumps([Bomb()] * 9, 0)), "not a file of dtsgan"),
    "text": (lambda path: path.write_text("a letter to the editor, quite long, all in all"), "not a file of dtsgan"),
    "nothing": (lambda path: path.write_bytes(b""), "cut short"),
    "zeros": (lambda path: path.write_bytes(bytes(1000)), "not a file of dtsgan"),
    "random": (lambda path: path.write_bytes(random.Random(4).randbytes(5000)), "not a file of dtsgan"),
    "safetensors": (lambda path: save_file({"a": np.zeros(30)}, path), "safetensors file of another program"),
    "folder": (lambda path: path.mkdir(), "not a file"),
    "missing": (lambda _: None, "no file"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_other_files_are_refused_by_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Archives, pickles and whatever else are refused in words that say what they are, and never opened."""
    monkeypatch.chdir(tmp_path)
    make, words = FOREIGN[name]
    path = tmp_path / "other.dtsgan"
    make(path)
    assert not is_container(path)
    for read in (read_header, read_container):
        with pytest.raises(ModelFileError, match=words) as caught:
            read(path, kind=KIND, version=1)
        assert str(path) in caught.value.problem
        assert caught.value.remedy
    assert not (tmp_path / "unpickled").exists()


@pytest.mark.parametrize("length", [0, 1, 44, 1 << 24, (1 << 24) + 1, 1 << 40, (1 << 64) - 1])
def test_an_absurd_header_length_is_not_believed(path: Path, length: int) -> None:
    """The stated length of the header costs no memory before it is known to be possible."""
    path.write_bytes(length.to_bytes(8, "little") + path.read_bytes()[8:])
    tracemalloc.start()
    with pytest.raises(ModelFileError):
        read_container(path, kind=KIND, version=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 << 20


def test_kind_and_version_are_said(path: Path) -> None:
    """A file of another kind, or of another version, is refused in words that tell what to do."""
    with pytest.raises(ModelFileError, match="is a texture model, not a learning state"):
        read_header(path, kind="learning state", version=1)
    with pytest.raises(ModelFileError, match=r"made by a newer dtsgan\. Update dtsgan"):
        read_header(path, kind=KIND, version=0)
    with pytest.raises(ModelFileError, match="made by an older dtsgan"):
        read_header(path, kind=KIND, version=2)


def _deep(text: str) -> str:
    depth = 100_000
    return text.replace(r"\"fast\"", "[" * depth + "]" * depth)


MALICE: dict[str, Callable[[str], str]] = {
    "too deep": _deep,
    "too deep outside": lambda text: text[:-1].rstrip()[:-1] + ',"x":' + "[" * 100_000 + "]" * 100_000 + "}",
    "too big": lambda text: text + " " * container.MAX_HEAD_BYTES,
    "endless number": lambda text: text.replace(r"\"fast\"", "9" * 10_000),
    "not a number": lambda text: text.replace(r"\"fast\"", "NaN"),
    "no JSON": lambda text: text.replace(r"\"fast\"", "fast"),
    "no kind": lambda text: text.replace(r"\"kind\"", r"\"sort\""),
    "kind a list": lambda text: text.replace(r"\"texture model\"", "[1]"),
    "version a text": lambda text: text.replace(r"\"version\":1", r"\"version\":\"1\""),
    "negative size": lambda text: text.replace(r"\"bytes\":", r"\"bytes\":-"),
    "header a list": lambda text: text.replace(r"\"header\":{", r"\"header\":[],\"h\":{"),
    "tensor outside": lambda text: text.replace('"data_offsets":[0,', '"data_offsets":[9999999999999,'),
    "tensor type": lambda text: text.replace('"F32"', '"BF16"'),
    "tensor a number": lambda text: text.replace('"dtype":"F32"', '"dtype":32'),
    "tensor shape": lambda text: text.replace('"shape":[2,3,4]', '"shape":[4611686018427387904,4611686018427387904]'),
    "no tensor": lambda text: text.replace('{"dtype"', '3,"x":{"dtype"', 1),
    "second data digest": lambda text: text.replace(r",\"kind\"", r",\"data\":\"\",\"kind\"", 1),
}


@pytest.mark.parametrize("name", MALICE)
def test_a_sealed_lie_is_refused(path: Path, name: str) -> None:
    """A header forged with a right seal still gives a ModelFileError or the true tensors, never another failure."""
    whole = path.read_bytes()
    reseal(path, lambda text: text)
    assert path.read_bytes() == whole, "resealing nothing must change nothing"
    reseal(path, MALICE[name])
    assert path.read_bytes() != whole
    if name == "negative size":  # harmless: the tensors' digest still holds
        assert read_container(path, kind=KIND, version=1)[0] == HEADER
        return
    with pytest.raises(ModelFileError):
        read_container(path, kind=KIND, version=1)


def test_random_sealed_changes_never_fail_otherwise(path: Path) -> None:
    """Forged headers, changed at random but rightly sealed, are read or refused, and nothing else."""
    whole = path.read_bytes()
    draw = random.Random(2)
    refused = 0
    for _ in range(400):
        path.write_bytes(whole)
        at = draw.randrange(container._DATA.stop, 8 + int.from_bytes(whole[:8], "little") - 8)
        reseal(path, lambda text, at=at: text[:at] + chr(draw.randrange(32, 127)) + text[at + 1 :])
        try:
            read_container(path, kind=KIND, version=1)
        except ModelFileError:
            refused += 1
    assert refused > 200


def test_a_failed_write_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up during the write is an OutputError; the file of before stands, and nothing else."""
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(container, "save_file", full)
    with pytest.raises(OutputError, match="No space left"):
        write_container(path, kind=KIND, version=1, header={}, tensors=TENSORS)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    """Writing where no folder is names the file."""
    with pytest.raises(OutputError, match="fire"):
        write_container(tmp_path / "no" / "fire.dtsgan", kind=KIND, version=1, header={}, tensors=TENSORS)


def test_reading_takes_the_tensors_memory_once(tmp_path: Path) -> None:
    """The check of the digest streams: reading peaks at little more than the tensors' own size."""
    path = tmp_path / "big.dtsgan"
    size = 32 << 20
    write_container(path, kind=KIND, version=1, header={}, tensors={"a": np.zeros(size, np.uint8)})
    tracemalloc.start()
    read_container(path, kind=KIND, version=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < size + (4 << 20)


def test_a_header_that_is_no_json_is_a_fault_of_ours(tmp_path: Path) -> None:
    """NaN in a header is refused when writing, so no file holds one."""
    with pytest.raises(ValueError, match="JSON"):
        write_container(tmp_path / "a", kind=KIND, version=1, header={"loss": json.loads("NaN")}, tensors={})
