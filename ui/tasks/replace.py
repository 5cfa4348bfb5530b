"""The task of replacing a region of a clip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ...engine.errors import OptionError
from ...engine.model import load_model
from ..document.project import MOST_STRENGTH
from ..jobs import Task
from ..mask import is_empty
from .common import NEED_MEMORY_BYTES, Making, clip_of, command, settings_of, size_of

if TYPE_CHECKING:
    from ..document import Project, Reference, Replace

LEARNED = range(3)
"""The scales, from the coarsest, of what is learned where no model is chosen."""

LAYER_BITS = 8
"""As many times may a layer take what a film takes: it is coded without loss."""


def inject_of(strength: int, scales: range = LEARNED) -> int | None:
    """The scale, of those at which a picture can enter, from which on what is put in is made anew, for a strength of 0
    to 3: 1, the gentlest that makes anything anew, begins at the finest scale, 3 at the coarsest. At 0 nothing is: its
    colours are fitted alone."""
    if strength <= 0 or not scales:
        return None
    way = (min(strength, MOST_STRENGTH) - 1) / (MOST_STRENGTH - 1)
    return round(scales[-1] + way * (scales[0] - scales[-1]))


def entries_of(project: Project) -> range:
    """The scales of the project's model at which a picture can enter, for ``replace_task``; reads the file where that
    matters, which takes a moment. Raises ModelFileError."""
    asked = project.replace
    if project.model is None or asked.fill != "patch" or learns_nothing(asked):
        return LEARNED
    model = load_model(Path(project.model))
    return range(0 if model.options.preset == "fast" else 1, len(model.sizes_hw))


def learns_nothing(asked: Replace) -> bool:
    """Whether what is put in is made of its pixels alone."""
    return asked.instant or (asked.fill == "patch" and asked.strength == 0)


def replace_task(project: Project, mask: Path, output: Path, *, entries: range = LEARNED) -> Task:
    """Replace what the mask's file covers, as the project says. ``entries`` are the model's, of ``entries_of``. Raises
    OptionError where something is missing."""
    clip, asked = clip_of(project), project.replace
    if is_empty(asked.mask):
        raise OptionError("There is no region yet.", remedy="Paint over what should go.")
    told = [*command("replace", project, output), "--mask", str(mask), "--fill", asked.fill, "--seed", str(asked.seed)]
    model = None
    if asked.fill == "patch":
        if asked.reference is None:
            raise OptionError("No patch is chosen yet.", remedy="Drag a rectangle over what is to fill the region.")
        told += ["--reference", reference_text(asked.reference)]
    if asked.fill != "surround":
        instant = learns_nothing(asked)
        model = None if instant else project.model
        told += ["--instant"] if instant else ["-m", model] if model else []
        inject = inject_of(asked.strength, entries)
        if asked.fill == "patch" and not instant and inject is not None:
            told += ["--inject", str(inject)]
    if asked.feather_px is not None:
        told += ["--feather", f"{asked.feather_px:g}"]
    told += ["--track"] * asked.track + ["--layer"] * asked.layer
    tr = QCoreApplication.translate
    title = tr("Tasks", "Layer") if asked.layer else tr("Tasks", "Replacement")
    first = project.range().start
    making = Making(
        made_by="replace",
        clip=clip.path,
        settings=settings_of(asked),
        model=model,
        title=title,
        seed=asked.seed,
        loop=False,
        kept_from=first,
    )
    return Task(
        title=title,
        words=tuple(told),
        output=str(output),
        kind="result",
        about=making,
        need_bytes=size_of(clip.size_hw, len(project.range())) * (LAYER_BITS if asked.layer else 1),
        need_memory_bytes=NEED_MEMORY_BYTES,
    )


def reference_text(patch: Reference) -> str:
    """As ``dtsgan replace --reference`` reads it."""
    where = patch.path if patch.path is not None else str(patch.frame)
    return f"{patch.x},{patch.y},{patch.width},{patch.height}@{where}"
