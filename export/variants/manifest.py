"""The list of what is to be made of which textures: a job file, and the manifest beside what it made."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta, Struct, structs

from ...engine.errors import OptionError, OutputError
from ...engine.files import check_folder, remove_left_over, replacing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...engine.errors import UserError

MANIFEST = "variants.json"
VERSION = 4
MOST_VARIANTS = 100_000
MOST_BYTES = 64 << 20

NAME = r"^[^.\s/\\\x00-\x1f][^/\\\x00-\x1f]*\.(mp4|mov|mkv|webm|gif)$"
"""Of a video, no path and not hidden."""

DIGEST = r"^[0-9a-f]{64}$"
RATE = r"^[1-9]\d{0,8}(/[1-9]\d{0,8})?$"
MEANT = {NAME: "the name of a video such as fire-1.mp4", DIGEST: "64 digits of SHA-256", RATE: "a rate such as 25"}

Seed = Annotated[int, Meta(ge=0, lt=10**18)]
Side = Annotated[int, Meta(ge=1, le=99_999)]
Count = Annotated[int, Meta(ge=1, le=999_999_999)]
Digest = Annotated[str, Meta(pattern=DIGEST, description="SHA-256 of the input, checked where it is given")]


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Part of a job file."""


class Variant(Record, frozen=True, kw_only=True):
    """One result. Those with another fine seed are like the one without, in all but their fast motion."""

    name: Annotated[str, Meta(pattern=NAME, max_length=200, description="Of its file", examples=["fire-1.mp4"])]
    seed: Seed = 0
    fine_seed: Seed | None = None
    frames: Annotated[Count, Meta(description="Without it, as many as the source has")] | None = None
    size_hw: (
        Annotated[tuple[Side, Side], Meta(description="Height and width in pixels; without it, the texture's own")]
        | None
    ) = None
    loop: bool = False


class Learning(Record, frozen=True, kw_only=True):
    """Learn the clip, then make the variants of the texture model. Without it they are made of the clip as it is."""

    quality: Literal["quick", "standard", "fine"] = "standard"
    seed: Seed | None = None


class Batch(Record, frozen=True, kw_only=True):
    """A texture, and what is to be made of it."""

    input: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=4096,
            description="A texture model or a clip: its path, absolute or from the folder of this file",
            examples=["fire.dtsgan", "../clips/sea.mp4"],
        ),
    ]
    sha256: Digest | None = None
    layers: (
        Annotated[
            tuple[Literal["prior", "pyramid", "detail"], ...],
            Meta(description="Of a model, those to use; without it, all of use"),
        ]
        | None
    ) = None
    fit: Annotated[
        Literal["auto", "more", "scale"], Meta(description="How other sizes than the texture's own are filled")
    ] = "auto"
    range: (
        Annotated[str, Meta(max_length=100, description="Of a clip: the part to use", examples=["0:120", "5s:10s"])]
        | None
    ) = None
    rate: (
        Annotated[str, Meta(pattern=RATE, description="Of a folder of pictures, in frames a second", examples=["25"])]
        | None
    ) = None
    source: (
        Annotated[str, Meta(max_length=4096, description="The clip that a model was learned from, if it moved")] | None
    ) = None
    learn: Learning | None = None
    variants: Annotated[
        tuple[Variant, ...],
        Meta(min_length=1, max_length=MOST_VARIANTS, description="Without any, the clip is learned, and no more"),
    ] = ()

    @property
    def facts(self) -> Batch:
        """What has to be the same for variants to be of one batch: where its files lie doesn't matter."""
        return structs.replace(self, input=Path(self.input).name, source=None, variants=())


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A job file of ``dtsgan farm``, and ``variants.json`` in a folder of variants."""

    dtsgan: Literal["variants"]
    version: Annotated[Literal[4], Meta(description="Of this format")]
    textures: Annotated[tuple[Batch, ...], Meta(min_length=1, max_length=10_000)]


def schema() -> str:
    """The JSON schema of a job file, which its readers are held to."""
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Job file of dtsgan"}
    return json.dumps(found | msgspec.json.schema(Manifest), indent=2) + "\n"


def read_job(path: Path) -> tuple[Batch, ...]:
    """What a job file asks for, its paths absolute. Raises OptionError, which names the field that is wrong."""
    remedy = "Mend the file; dtsgan farm --schema says what it may hold."
    batches = _read(path, OptionError, remedy=remedy).textures
    for number, batch in enumerate(batches):
        if not batch.variants and batch.learn is None:
            raise OptionError(
                f"{path} asks for nothing of a texture: variants or learn are needed - at `$.textures[{number}]`.",
                remedy=remedy,
            )
    folder = path.absolute().parent
    return tuple(
        structs.replace(
            batch,
            input=str(folder / batch.input),
            source=None if batch.source is None else str(folder / batch.source),
        )
        for batch in batches
    )


def begin(folder: Path, batches: Sequence[Batch]) -> list[Batch]:
    """Write the manifest of what was made here before and what is to be made; gives what is missing, the batches
    without those variants that are there. Paths are absolute in both.

    Raises OutputError where variants of these names were made of something else, or a file that is none of them has
    the name of one; OptionError where two would have the same name.
    """
    check_unlike([variant for batch in batches for variant in batch.variants])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {folder} can't be made: {error.strerror}.", remedy="Choose another.") from error
    check_folder(folder, name=MANIFEST)
    remedy = "Choose another folder."
    path = folder / MANIFEST
    before = _read(path, OutputError, remedy=remedy).textures if path.exists() else ()
    makers = {variant.name: batch for batch in before for variant in batch.variants}
    for batch in batches:
        for variant in batch.variants:
            maker = makers.get(variant.name)
            if maker is None and (folder / variant.name).exists():
                raise OutputError(f"{folder / variant.name} exists already, and was not made here.", remedy=remedy)
            if maker is not None and maker.facts != batch.facts:
                problem = f"{folder} holds a {variant.name} of {Path(maker.input).name}"
                raise OutputError(f"{problem}, made with other settings or of another file.", remedy=remedy)
    _write(path, _merged(before, [_placed(batch, folder) for batch in batches]))
    missing = []
    for batch in batches:
        variants = tuple(variant for variant in batch.variants if not (folder / variant.name).exists())
        for variant in variants:
            remove_left_over(folder / variant.name)
        missing += [structs.replace(batch, variants=variants)] if variants else []
    return missing


def check_unlike(variants: Sequence[Variant]) -> None:
    """Raise OptionError where two variants would be the same file; Windows and macOS know no case."""
    seen: set[str] = set()
    for variant in variants:
        if variant.name.lower() in seen:
            raise OptionError(f"{variant.name} would be made twice.", remedy="Give every seed, size and length once.")
        seen.add(variant.name.lower())


def _merged(before: Sequence[Batch], batches: Sequence[Batch]) -> tuple[Batch, ...]:
    """All batches: those of the same facts are one, which lies where the later says."""
    found = {batch.facts: batch for batch in before}
    for batch in batches:
        known = found.get(batch.facts)
        variants = {variant.name: variant for variant in known.variants if known} if known else {}
        variants |= {variant.name: variant for variant in batch.variants}
        found[batch.facts] = structs.replace(batch, variants=tuple(variants.values()))
    return tuple(found.values())


def _placed(batch: Batch, folder: Path) -> Batch:
    """With paths from this folder where there are such, so that it can be moved with what it needs."""
    source = None if batch.source is None else _from(folder, batch.source)
    return structs.replace(batch, input=_from(folder, batch.input), source=source)


def _from(folder: Path, path: str) -> str:
    try:
        return Path(os.path.relpath(path, folder.absolute())).as_posix()
    except ValueError:  # on another drive of Windows
        return path


def _write(path: Path, batches: tuple[Batch, ...]) -> None:
    manifest = Manifest(dtsgan="variants", version=VERSION, textures=batches)
    with replacing(path) as temporary:
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")


def _read(path: Path, kind: type[UserError], *, remedy: str) -> Manifest:
    try:
        if path.exists() and not path.is_file():
            raise kind(f"{path} is not a file.", remedy=remedy)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise kind(f"{path} can't be read: {error.strerror}.", remedy="Check the name.") from error
    if len(content) > MOST_BYTES:
        raise kind(f"{path} is too large for a list of variants.", remedy=remedy)
    try:
        return msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        reason = str(error)
        for pattern, meant in MEANT.items():
            reason = reason.replace(f"`str` matching regex {pattern!r}", meant)
        raise kind(f"{path} is no list of variants of this version: {reason}.", remedy=remedy) from error
