"""The task of learning a clip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from ..jobs import Task
from .common import NEED_MEMORY_BYTES, clip_of, cluster_words, command

if TYPE_CHECKING:
    from ..document import Project

NEED_BYTES = 200 << 20
"""The model, and its state while it is learned."""


class Making(Struct, frozen=True, kw_only=True):
    """What is learned: the clip's path, and how long it should take, None where that isn't known. A cluster leaves the
    model in a ``folder`` of its own."""

    clip: str
    planned_s: float | None = None
    folder: str | None = None
    made_by: str = "learn"


def learn_task(
    project: Project,
    output: Path,
    *,
    memory_bytes: int = NEED_MEMORY_BYTES,
    planned_s: float | None = None,
    scheduler: str | None = None,
) -> Task:
    """Learn the clip between its in and out points, by the cluster of a ``scheduler`` if one is given; what was begun
    goes on. Raises OptionError without a clip, or for an empty address."""
    clip, asked = clip_of(project), project.learn
    folder = None
    if scheduler is not None:
        folder = cluster_folder(output)
        words = [*command("farm", project, folder), "--learn-only", asked.quality, "--seed", str(asked.seed)]
        words += cluster_words(scheduler)
        memory_bytes, planned_s = 0, None
    else:
        words = [*command("learn", project, output), "--quality", asked.quality, "--seed", str(asked.seed)]
        words += ["--preview", str(tries_of(output))]
        words += ["--overwrite"]  # of what was stopped at the very end the model is there already
    return Task(
        title=f"Learning {Path(clip.path).name}, {asked.quality}",
        words=tuple(words),
        output=str(output),
        kind="model",
        about=Making(clip=clip.path, planned_s=planned_s, folder=None if folder is None else str(folder)),
        need_bytes=NEED_BYTES,
        need_memory_bytes=memory_bytes,
    )


def tries_of(output: Path) -> Path:
    """The folder for what finished scales of a model to be can do."""
    return output.with_name(f".{output.stem} tries")


def cluster_folder(output: Path) -> Path:
    """The folder where a cluster puts what it learns of a model to be."""
    return output.with_name(f".{output.stem} cluster")
