"""The task of making a clip longer, or a loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ..jobs import Task
from .common import NEED_MEMORY_BYTES, Making, clip_of, command, settings_of, size_of, texture

if TYPE_CHECKING:
    from pathlib import Path

    from ..document import Project


def extend_task(project: Project, output: Path) -> Task:
    """Make the clip longer, or a loop, as the project says. Raises OptionError without a clip."""
    clip = clip_of(project)
    asked, tr = project.extend, QCoreApplication.translate
    told = command("loop" if asked.mode == "loop" else "extend", project, output)
    if asked.mode == "loop":
        told += ["--bridge", "auto" if asked.bridge is None else str(asked.bridge)]
        added, title = asked.bridge or 48, tr("Tasks", "Loop")
    else:
        told += ["--add", str(asked.added), "--at", asked.at]
        added, title = asked.added, tr("Tasks", "Extended clip")
    told += ["--seed", str(asked.seed), *texture(project, instant=asked.instant)]
    told += [] if asked.sound else ["--no-audio"]
    making = Making(
        made_by="extend",
        clip=clip.path,
        settings=settings_of(asked),
        model=project.model,
        title=title,
        seed=asked.seed,
        loop=asked.mode == "loop",
        kept_from=project.range().start,
    )
    frames = len(project.range()) + added
    return Task(
        title=title,
        words=tuple(told),
        output=str(output),
        kind="result",
        about=making,
        need_bytes=size_of(clip.size_hw, frames),
        need_memory_bytes=NEED_MEMORY_BYTES,
    )
