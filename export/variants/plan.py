"""What is to be made: every variant with all of its settings, kept as a manifest beside the videos."""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ...engine.errors import OptionError, OutputError
from ...engine.files import check_folder, remove_left_over, replacing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction
    from pathlib import Path

MANIFEST = "variants.json"
VERSION = 3


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One result: ``frames`` and ``size_hw`` None for the texture's own; ``name`` its file's. Those with another
    ``fine_seed`` are like the one without, in all but their fast motion."""

    name: str
    seed: int
    fine_seed: int | None = None
    frames: int | None
    size_hw: tuple[int, int] | None
    loop: bool


@dataclass(frozen=True, kw_only=True)
class Job:
    """What variants are made of: the texture model or clip ``path`` with this digest, and these layers; ``fit`` says
    how other sizes than its own are filled. Of a clip, ``range`` is the part to use, as ``parse_span`` reads it, and
    ``rate`` that of a folder of pictures."""

    path: Path
    sha256: str
    layers: tuple[str, ...] | None
    fit: str = "auto"
    range: str | None = None
    rate: Fraction | None = None

    def facts(self) -> dict[str, Any]:
        """What has to be the same for variants to lie in one folder."""
        layers = self.layers and list(self.layers)
        facts: dict[str, Any] = {"input": self.path.name, "sha256": self.sha256, "layers": layers, "fit": self.fit}
        facts |= {"range": self.range} if self.range is not None else {}
        return facts | ({"rate": str(self.rate)} if self.rate is not None else {})


def plan(
    stem: str,
    *,
    seeds: Sequence[int],
    fine_seeds: Sequence[int | None] = (None,),
    sizes: Sequence[tuple[int, int] | None],
    lengths: Sequence[int | None],
    loop: bool,
    suffix: str,
) -> list[Variant]:
    """Every seed in every size and length, named by what sets it apart."""
    found = []
    for size_hw in sizes:
        for frames in lengths:
            for seed, fine_seed in itertools.product(seeds, fine_seeds):
                parts = [stem, f"seed{seed:04d}"]
                parts += [f"fine{fine_seed:04d}"] if fine_seed is not None else []
                parts += [f"{size_hw[1]}x{size_hw[0]}"] if size_hw else []
                parts += [f"{frames}f"] if frames else []
                parts += ["loop"] if loop else []
                name = "-".join(parts) + suffix
                found.append(
                    Variant(name=name, seed=seed, fine_seed=fine_seed, frames=frames, size_hw=size_hw, loop=loop)
                )
    return found


def begin(folder: Path, job: Job, variants: Sequence[Variant]) -> list[Variant]:
    """Write the manifest of what was made here before and what is to be made; gives what is missing.

    Raises OutputError where the folder holds variants of something else, or a file that is none of them has the name
    of one.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {folder} can't be made: {error.strerror}.", remedy="Choose another.") from error
    check_folder(folder, name=MANIFEST)
    before = _read(folder / MANIFEST)
    if before and before["of"] != job.facts():
        raise OutputError(
            f"{folder} holds variants of {before['of'].get('input')}, made with other settings or of another file.",
            remedy="Choose another folder.",
        )
    known = {each["name"]: each for each in before.get("variants", [])}
    for variant in variants:
        if (folder / variant.name).exists() and variant.name not in known:
            raise OutputError(
                f"{folder / variant.name} exists already, and was not made here.", remedy="Choose another folder."
            )
    known |= {variant.name: json.loads(json.dumps(asdict(variant))) for variant in variants}
    manifest = {"dtsgan": "variants", "version": VERSION, "of": job.facts(), "variants": list(known.values())}
    with replacing(folder / MANIFEST) as temporary:
        temporary.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    missing = [variant for variant in variants if not (folder / variant.name).exists()]
    for variant in missing:
        remove_left_over(folder / variant.name)
    return missing


def _read(path: Path) -> dict[str, Any]:
    """An earlier manifest, empty where there is none."""
    if not path.exists():
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["dtsgan"] != "variants" or manifest["version"] != VERSION or not isinstance(manifest["of"], dict):
            raise ValueError(manifest["version"])
        if not all(isinstance(each["name"], str) for each in manifest["variants"]):
            raise TypeError("name")
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"{path} is no list of variants of this version."
        raise OutputError(problem, remedy="Choose another folder.") from error
    return manifest


def check_unlike(variants: Sequence[Variant]) -> None:
    """Raise OptionError where two variants would be the same."""
    names = [variant.name for variant in variants]
    for name in names:
        if names.count(name) > 1:
            raise OptionError(f"{name} would be made twice.", remedy="Give every seed, size and length once.")
