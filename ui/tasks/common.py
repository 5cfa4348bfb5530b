"""What the tasks that edit a clip share."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import Struct

from ...engine.errors import OptionError
from ..document import Result

if TYPE_CHECKING:
    from fractions import Fraction

    from ..document import Project
    from ..jobs import Job

Part = TypeVar("Part")

NEED_MEMORY_BYTES = 1 << 30
"""What rendering takes at least; more is bounded by what is free."""

BITS_A_PIXEL = 1.0
"""Of a finished video, at the most: what nearly lossless coding of a texture takes."""


class Making(Struct, frozen=True, kw_only=True):
    """What a job's result is to be remembered by; ``clip`` is the path of that which it is made of."""

    made_by: str
    clip: str
    settings: str
    model: str | None
    title: str
    seed: int
    loop: bool
    kept_from: int = 0


def result_of(job: Job, number: str) -> Result:
    """What a finished job has made."""
    making, facts = job.task.about, job.result or {}
    assert isinstance(making, Making)
    kept = facts.get("kept")
    return Result(
        id=number,
        path=job.task.output,
        made_by=making.made_by,  # type: ignore[arg-type]  # checked when it was made
        settings=making.settings,
        model=making.model,
        title=making.title,
        seed=making.seed,
        frames=int(facts.get("frames", 0)),
        loop=making.loop,
        kept=(int(kept[0]), int(kept[1])) if kept else None,
        kept_from=making.kept_from,
        joints=tuple((int(frame), float(ratio)) for frame, ratio in facts.get("joints") or ()),
    )


def settings_of(part: Any) -> str:
    """A page's part of the project, as JSON."""
    return msgspec.json.encode(part).decode()


def part_of(settings: str, kind: type[Part]) -> Part:
    """What ``settings_of`` wrote down. Raises OptionError."""
    try:
        return msgspec.json.decode(settings, type=kind)
    except msgspec.DecodeError as error:
        raise OptionError(
            f"The settings of this result can't be read: {error}.", remedy="Set the page by hand, and make it again."
        ) from error


def size_of(size_hw: tuple[int, int], frames: int) -> int:
    """Bytes that a finished video may take."""
    return math.ceil(size_hw[0] * size_hw[1] * frames * BITS_A_PIXEL / 8)


def command(name: str, project: Project, output: Path) -> list[str]:
    clip = clip_of(project)
    told = [name, clip.path, "-o", str(output)]
    if project.span is not None:
        told += ["--range", f"{project.span[0]}:{project.span[1]}"]
    if clip.sequence_rate is not None:
        told += ["--rate", rate_text(clip.sequence_rate)]
    return told


def rate_text(rate: Fraction) -> str:
    return str(rate.numerator) if rate.denominator == 1 else f"{rate.numerator}/{rate.denominator}"


def cluster_words(scheduler: str) -> list[str]:
    """Those that let the cluster of a scheduler do it. Raises OptionError for an empty address."""
    if not scheduler.strip():
        raise OptionError(
            "A cluster is to do this, and its address is missing.",
            remedy="Give it on the page Queue, or choose this computer there.",
        )
    return ["--scheduler", scheduler.strip()]


def texture(project: Project, *, instant: bool) -> list[str]:
    if instant:
        return ["--instant"]
    return ["-m", project.model] if project.model else []


def clip_of(project: Project) -> Any:
    if project.clip is None:
        raise OptionError("There is no clip yet.", remedy="Open one first.")
    return project.clip
