"""The page "Variants": many results of one texture, and choosing among them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QGridLayout, QSpinBox, QVBoxLayout, QWidget

from .. import words
from ..background import Background
from ..document import Variants
from ..document.project import MOST_FRAMES, MOST_SEED, MOST_VARIANTS
from ..exporting import copy_file
from ..gallery import Gallery
from ..parts import GAP, MARGIN, button, form, hint, line, row
from ..tasks import part_of
from ..tasks.variants import Making, variant_result, variants_task
from .job_strip import JobStrip

if TYPE_CHECKING:
    from typing import Any

    from ..document import Project, Result
    from ..jobs import Job, Task
    from ..studio import Studio

MORE = 4
"""Videos like one."""

SIZES = ((1080, 1920), (720, 1280), (2160, 3840), (1920, 1080))


class VariantsPage(QWidget):
    """Bound to ``Project.variants`` and to the results that came of it."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._binder = studio.document.binder(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP)
        column.setSpacing(GAP)
        self._add_settings(column)
        column.addWidget(line())
        self._add_gallery(column)
        self._binder.show(self._refresh)
        studio.view.changed.connect(self._binder.refresh)
        studio.queue.said.connect(self._said)
        self._show_chosen()

    def make(self) -> None:
        """Put the variants that the page describes into the queue."""
        project, scheduler = self._studio.project, self._studio.view.state.cluster
        self._studio.make(lambda folder: variants_task(project, folder, scheduler=scheduler), "variants", "")

    def more(self) -> None:
        """Make some more like the one chosen: its slow motion, other fast motion."""
        result = self._one()
        if result is None:
            return
        known = [each.fine_seed or 0 for each in self._studio.project.results if each.seed == result.seed]
        fine = range(max(known) + 1, max(known) + 1 + MORE)
        project = self._studio.project

        def task(folder: Path) -> Task:
            settings = part_of(result.settings, Variants)
            asked = structs.replace(project, variants=settings, model=result.model)
            return variants_task(asked, folder, like=(result.seed, fine), scheduler=self._studio.view.state.cluster)

        self._studio.make(task, f"like seed {result.seed}", "")

    def export(self, folder: Path | None = None) -> None:
        """Copy the starred ones to a folder, the person's choice by default."""
        starred = [Path(each.path) for each in self._starred()]
        if not starred:
            return
        if folder is None:
            name = QFileDialog.getExistingDirectory(self, self.tr("Export the starred ones to"))
            if not name:
                return
            folder = Path(name)
        target = folder
        copying = Background(lambda: [copy_file(path, _free(target, path)) for path in starred])
        copying.done.connect(self._exported)  # no lambda: it would be called when this is gone
        copying.failed.connect(self._not_exported)
        self._told.setText(self.tr("Exporting"))
        copying.start()

    def _place(self) -> None:
        self._studio.editing.place(self._starred())

    def _starred(self) -> list[Result]:
        return [each for each in self._studio.project.results if each.mark == "starred"]

    def _show_editor(self, *_: object) -> None:
        editing = self._studio.editing
        self.place.setVisible(bool(editing.state.title))
        self.place.setText(self.tr("Put starred into {editor}").format(editor=editing.state.title))
        self.place.setEnabled(editing.can_place(self._starred()))
        if editing.state.done:
            self._told.setText(editing.state.done)

    def _exported(self, made: list[Path]) -> None:
        text = self.tr("Exported {count} to {folder}")
        self._told.setText(text.format(count=words.plural(len(made), "video"), folder=made[0].parent))

    def _not_exported(self, problem: str, remedy: str) -> None:
        self._told.setText("")
        self._studio.told.emit(problem, remedy)

    def _add_settings(self, column: QVBoxLayout) -> None:
        rows = form()
        self.count = QSpinBox()
        self.count.setRange(1, MOST_VARIANTS)
        self.first = QSpinBox()
        self.first.setRange(0, MOST_SEED)
        self.picture_size = QComboBox()
        self.picture_size.addItem(self.tr("the clip's own"), ())
        for size in SIZES:
            self.picture_size.addItem(words.picture_size(size), (size,))
        self.length = QSpinBox()
        self.length.setRange(1, MOST_FRAMES)
        self.length.setMinimum(1)
        self.length.setSpecialValueText(self.tr("the clip's own"))
        self.length.setSuffix(self.tr(" frames"))
        row(rows, self.tr("How many"), self.count, self.tr("Videos, each with the next seed"))
        row(rows, self.tr("First seed"), self.first, self.tr("Another number, other videos"))
        row(rows, self.tr("Size"), self.picture_size, self.tr("Width and height in pixels"))
        row(rows, self.tr("Length"), self.length, self.tr("In frames; 1 stands for the clip's own length"))
        column.addLayout(rows)
        self.loop = QCheckBox(self.tr("Each an exact loop"))
        self.loop.setToolTip(self.tr("The first frame follows the last as any other follows its own"))
        column.addWidget(self.loop)
        self._binder.spin(self.count, "variants.count", self.tr("How many"))
        self._binder.spin(self.first, "variants.first_seed", self.tr("First seed"))
        self._binder.check(self.loop, "variants.loop", self.tr("Loop"))
        self._binder.combo(self.picture_size, "variants.sizes_hw", self.tr("Size"))
        self.length.valueChanged.connect(self._set_length)
        self.length.editingFinished.connect(self._studio.document.end_merge)
        self._about = hint()
        column.addWidget(self._about)
        self.go = button("", self.tr("Render them all to files"), self.make, primary=True)
        column.addWidget(self.go)
        column.addWidget(JobStrip(self._studio, lambda job: job.task.kind == "variants"))

    def _add_gallery(self, column: QVBoxLayout) -> None:
        self.filter = QComboBox()
        for name, value in (
            (self.tr("Not rejected"), "kept"),
            (self.tr("Starred"), "starred"),
            (self.tr("All"), "all"),
        ):
            self.filter.addItem(name, value)
        self.filter.setAccessibleName(self.tr("Which are shown"))
        self.filter.setToolTip(self.tr("Which of them are shown"))
        self.filter.currentIndexChanged.connect(
            lambda place: self._studio.view.set({"filter": self.filter.itemData(place)})
        )
        column.addWidget(self.filter)
        self.gallery = Gallery(self._studio)
        column.addWidget(self.gallery, 1)
        grid = QGridLayout()
        self.star = button(
            self.tr("Star"), self.tr("Mark those chosen as good (S)"), lambda: self.gallery.mark("starred")
        )
        self.reject = button(
            self.tr("Reject"),
            self.tr("Hide those chosen; undo brings them back (X)"),
            lambda: self.gallery.mark("rejected"),
        )
        self.compare = button(self.tr("Compare two"), self.tr("See two under a wipe"), self._compare)
        self.like = button(
            self.tr("More like this"), self.tr("Keep its slow motion, with other fast motion"), self.more
        )
        self.settings = button(self.tr("Use settings"), self.tr("Set this page as it was for this one"), self._use)
        self.out = button(
            self.tr("Export starred…"), self.tr("Save copies of the starred ones where you want them"), self.export
        )
        for place, each in enumerate((self.star, self.reject, self.compare, self.like, self.settings, self.out)):
            grid.addWidget(each, place // 2, place % 2)
        column.addLayout(grid)
        self.place = button("", self.tr("Put the starred ones above the strip, muted"), self._place)
        self._studio.editing.store.changed.connect(self._show_editor)
        column.addWidget(self.place)
        self._told = hint()
        column.addWidget(self._told)

    def _refresh(self, project: Project) -> None:
        asked, clip = project.variants, project.clip
        self.go.setText(self.tr("Make {videos}").format(videos=words.plural(asked.count, "variant")))
        self.go.setEnabled(clip is not None)
        self.length.blockSignals(True)
        self.length.setValue(asked.frames or 1)
        self.length.blockSignals(False)
        if clip is None:
            self._about.setText(self.tr("Open a clip first."))
            return
        source = self.tr("the chosen model") if project.model else self.tr("the clip at once, nothing learned")
        size = variants_task(project, Path()).need_bytes
        text = self.tr("Made of {source}; up to {size} on the disk.")
        if self._studio.view.state.cluster is not None:
            text = self.tr("Made by the cluster that the page Queue names, of {source}; up to {size} on the disk.")
        self._about.setText(text.format(source=source, size=words.size(size)))
        self._show_chosen()

    def _show_chosen(self, *_: object) -> None:
        self._show_editor()
        view = self._studio.view.state
        self.filter.blockSignals(True)
        self.filter.setCurrentIndex(self.filter.findData(view.filter))
        self.filter.blockSignals(False)
        chosen = self._chosen()
        for each in (self.star, self.reject):
            each.setEnabled(bool(chosen))
        self.compare.setEnabled(len(chosen) == 2)
        for each in (self.like, self.settings):
            each.setEnabled(len(chosen) == 1)
        self.out.setEnabled(any(each.mark == "starred" for each in self._studio.project.results))

    def _chosen(self) -> list[Result]:
        selected = self._studio.view.state.selected
        return [each for each in self._studio.project.results if each.id in selected]

    def _one(self) -> Result | None:
        chosen = self._chosen()
        return chosen[0] if len(chosen) == 1 else None

    def _compare(self) -> None:
        chosen = self._chosen()
        if len(chosen) == 2:
            changes = {"showing": chosen[0].id, "against": chosen[1].id, "compare": "wipe", "frame": 0}
            self._studio.view.set(changes)

    def _use(self) -> None:
        result = self._one()
        if result is not None:
            self._studio.use_settings(result)

    def _set_length(self, frames: int) -> None:
        changes = {"variants.frames": None if frames == 1 else frames}
        self._studio.document.change(self.tr("Length"), changes, merge="variants.frames")

    def _said(self, job: Job, record: dict[str, Any]) -> None:
        """Note each one as it is made."""
        making = job.task.about
        if record.get("event") != "made" or not isinstance(making, Making):
            return
        result = variant_result(making, str(record.get("name", "")), secrets.token_hex(4))
        known = {each.path for each in self._studio.project.results}
        if result is not None and result.path not in known:
            self._studio.add_result(result, making.clip)


def _free(folder: Path, path: Path) -> Path:
    """A name in a folder that nothing has yet."""
    target, number = folder / path.name, 2
    while target.exists():
        target = folder / f"{path.stem} {number}{path.suffix}"
        number += 1
    return target
