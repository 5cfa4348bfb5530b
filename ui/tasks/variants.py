"""The task of making many videos of one texture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QCoreApplication

from ...export.variants import plan
from ..document import Result
from ..jobs import Task
from .common import NEED_MEMORY_BYTES, clip_of, cluster_words, rate_text, settings_of, size_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...export.variants import Variant
    from ..document import Project


class Making(Struct, frozen=True, kw_only=True):
    """What variants of a ``clip`` are to be remembered by: their names, each with its seed, fine seed and frames."""

    clip: str
    settings: str
    model: str | None
    folder: str
    variants: dict[str, tuple[int, int | None, int]]
    loop: bool
    made_by: str = "variants"


def variants_task(
    project: Project,
    folder: Path,
    *,
    like: tuple[int, Sequence[int]] | None = None,
    scheduler: str | None = None,
) -> Task:
    """Make the variants that the project describes, or with ``like`` (seed, fine seeds) more of one; by the cluster of
    a ``scheduler`` if one is given. Raises OptionError without a clip, or for an empty address."""
    clip, asked = clip_of(project), project.variants
    source = project.model or clip.path
    words = ["variants" if scheduler is None else "farm", source, "-o", str(folder), "--format", "mp4"]
    words += cluster_words(scheduler) if scheduler is not None else []
    last = asked.first_seed + asked.count - 1
    if like is None:
        seeds, fine = range(asked.first_seed, last + 1), None
        words += ["--seeds", f"{asked.first_seed}-{last}"]
    else:
        seeds, fine = range(like[0], like[0] + 1), list(like[1])
        words += ["--seeds", str(like[0]), "--fine-seeds", ",".join(map(str, fine))]
    if asked.sizes_hw:
        words += ["--sizes", ",".join(f"{width}x{height}" for height, width in asked.sizes_hw)]
    if asked.frames is not None:
        words += ["--lengths", str(asked.frames)]
    words += ["--loop"] * asked.loop
    if project.model is None:
        words += ["--range", f"{project.span[0]}:{project.span[1]}"] if project.span is not None else []
        words += ["--rate", rate_text(clip.sequence_rate)] if clip.sequence_rate is not None else []
    made = _plan(project, Path(source).stem, seeds, fine)
    frames = asked.frames or len(project.range())
    sizes = [variant.size_hw or clip.size_hw for variant in made]
    return Task(
        title=QCoreApplication.translate("Tasks", "{count} variants").format(count=len(made)),
        words=tuple(words),
        output=str(folder),
        kind="variants",
        about=Making(
            clip=clip.path,
            settings=settings_of(asked),
            model=project.model,
            folder=str(folder),
            variants={each.name: (each.seed, each.fine_seed, frames) for each in made},
            loop=asked.loop,
        ),
        need_bytes=sum(size_of(size, frames) for size in sizes),
        need_memory_bytes=NEED_MEMORY_BYTES if scheduler is None else 0,
    )


def variant_result(making: Making, name: str, number: str) -> Result | None:
    """One that was made; None for a name that isn't among them."""
    if name not in making.variants:
        return None
    seed, fine_seed, frames = making.variants[name]
    return Result(
        id=number,
        path=str(Path(making.folder) / name),
        made_by="variants",
        settings=making.settings,
        model=making.model,
        title=_title(fine_seed),
        seed=seed,
        fine_seed=fine_seed,
        frames=frames,
        loop=making.loop,
    )


def _title(fine_seed: int | None) -> str:
    if fine_seed is None:
        return QCoreApplication.translate("Tasks", "Variant")
    return QCoreApplication.translate("Tasks", "Variant, fine seed {seed}").format(seed=fine_seed)


def _plan(project: Project, stem: str, seeds: Sequence[int], fine: Sequence[int] | None) -> list[Variant]:
    asked = project.variants
    return plan(
        stem,
        seeds=seeds,
        fine_seeds=fine or [None],
        sizes=asked.sizes_hw or [None],
        lengths=[asked.frames],
        loop=asked.loop,
        suffix=".mp4",
    )
