"""Learnings that were paused, or whose program ended: noted beside the model that they will become."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from ...engine.errors import UserError
from ..document import Project
from ..document.files import read_project, write_project
from ..tasks.learn import cluster_folder, learn_task, tries_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIX = ".todo"


class Unfinished(Struct, frozen=True, kw_only=True):
    """The model's path to be, and the part of a project that says what to learn."""

    output: str
    project: Project


def note(project: Project, output: Path) -> None:
    """Keep what is to be learned, so that it can go on whatever happens. Raises OutputError."""
    write_project(Project(clip=project.clip, span=project.span, learn=project.learn), _todo(output))


def forget(output: Path) -> None:
    """Remove the note, and what was learned so far."""
    for path in (_todo(output), Path(f"{output}.part")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
    for folder in (tries_of(output), cluster_folder(output)):
        shutil.rmtree(folder, ignore_errors=True)


def find(folder: Path) -> Iterator[Unfinished]:
    """All that are noted in a folder; notes that can't be read are none."""
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        with contextlib.suppress(UserError):
            project = read_project(path)
            learn_task(project, path)  # it has to be one that can be done
            yield Unfinished(output=str(path).removesuffix(SUFFIX), project=project)


def _todo(output: Path) -> Path:
    return Path(f"{output}{SUFFIX}")
