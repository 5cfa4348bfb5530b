"""The page "Replace": draw what should go, choose what comes in its place."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QRadioButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ..document.project import MOST_FEATHER_PX, MOST_SEED, MOST_STRENGTH
from ..mask import is_empty
from ..parts import button, footer, form, heading, hint, line, option, row, scrolled, set_role
from ..view import PREVIEW
from .job_strip import JobStrip
from .mask_box import MaskBox
from .patch_picker import PatchPicker
from .results import Results

if TYPE_CHECKING:
    from ..document import Project
    from ..studio import Studio

FILLS = ("surround", "texture", "patch")


class ReplacePage(QWidget):
    """Bound to ``Project.replace`` and to the view's tool."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._binder = studio.document.binder(self)
        column = scrolled(self)
        column.addWidget(heading(self.tr("What should go")))
        self.mask_box = MaskBox(studio)
        column.addWidget(self.mask_box)
        column.addWidget(line())
        column.addWidget(heading(self.tr("What comes in its place")))
        self._add_fills(column)
        column.addWidget(line())
        self._add_options(column)
        self.results = Results(studio, "replace")
        column.addWidget(self.results)
        column.addStretch(1)
        self._add_making()
        self._binder.show(self._refresh)
        studio.previews.changed.connect(self._show_preview)
        studio.view.changed.connect(self._show_preview)
        self._show_preview()

    def make(self) -> None:
        """Make the result at full quality, once the mask is written."""
        self._studio.make_replaced()

    def _add_fills(self, column: QVBoxLayout) -> None:
        group = QButtonGroup(self)
        texts = (
            (self.tr("What was there at other moments"), self.tr("For what passes by: a boat, a bird, a person.")),
            (self.tr("New texture"), self.tr("For what never goes away: more of the clip's own, or of a model's.")),
            (self.tr("A patch that I choose"), self.tr("Another part of the clip, or of another clip.")),
        )
        self.fills = []
        for number, (name, text) in enumerate(texts):
            radio = QRadioButton(name)
            radio.setToolTip(text)
            radio.setAccessibleDescription(text)
            group.addButton(radio, number)
            self.fills.append(radio)
            column.addLayout(option(radio, hint(text)))
        self._binder.choice(group, "replace.fill", FILLS, self.tr("What fills the region"))
        self._patch = QWidget()
        box = QVBoxLayout(self._patch)
        box.setContentsMargins(20, 0, 0, 0)
        self._patch_text = hint()
        box.addWidget(self._patch_text)
        self.choose = button(
            self.tr("From the picture"),
            self.tr("Drag a rectangle over what is to fill the region (G)"),
            lambda: self._studio.view.set({"tool": "reference"}),
        )
        self.other = button(
            self.tr("From another clip…"), self.tr("Choose a file, and a part of its picture"), self._open_other
        )
        from_where = QHBoxLayout()
        from_where.addWidget(self.choose)
        from_where.addWidget(self.other)
        box.addLayout(from_where)
        ends = QHBoxLayout()
        ends.addWidget(hint(self.tr("recolour")))
        self.strength = QSlider(Qt.Orientation.Horizontal)
        self.strength.setRange(0, MOST_STRENGTH)
        self.strength.setAccessibleName(self.tr("Strength"))
        self.strength.setToolTip(self.tr("How much of the patch is made anew: nothing but its colours, or most of it"))
        ends.addWidget(self.strength, 1)
        ends.addWidget(hint(self.tr("new texture")))
        box.addLayout(ends)
        column.addWidget(self._patch)
        self._binder.slider(self.strength, "replace.strength", self.tr("Strength"))

    def _open_other(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a clip with the texture"))
        if chosen:
            self.pick_from(Path(chosen))

    def pick_from(self, path: Path) -> PatchPicker:
        """Let a patch of another clip be chosen; the dialog, which doesn't hold anything up."""
        picker = PatchPicker(self._studio, path, self)
        picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picker.open()
        return picker

    def _add_options(self, column: QVBoxLayout) -> None:
        rows = form()
        self.feather = QSpinBox()
        self.feather.setRange(-1, MOST_FEATHER_PX)
        self.feather.setSpecialValueText(self.tr("as it fits"))
        self.feather.setSuffix(self.tr(" px"))
        row(rows, self.tr("Soft edge"), self.feather, self.tr("Width of the region's soft edge, in pixels of the clip"))
        self.seed = QSpinBox()
        self.seed.setRange(0, MOST_SEED)
        row(rows, self.tr("Seed"), self.seed, self.tr("Another number, other new pictures"))
        column.addLayout(rows)
        self.track = QCheckBox(self.tr("The mask follows the camera"))
        self.track.setToolTip(self.tr("Draw for the first frame; the mask moves as the still things in the picture do"))
        if importlib.util.find_spec("cv2") is None:
            self.track.setEnabled(False)
            self.track.setToolTip(self.tr('Takes the extra "track": pip install "dtsgan[track]"'))
        self.layer = QCheckBox(self.tr("The region alone, transparent around it"))
        self.layer.setToolTip(self.tr("A layer to lie above the clip in your editor (.mov)"))
        self.instant = QCheckBox(self.tr("Quick: learn nothing for it"))
        self.instant.setToolTip(self.tr("Ready in seconds; what is new is less varied"))
        for each in (self.track, self.layer, self.instant):
            column.addWidget(each)
        self._binder.spin(self.seed, "replace.seed", self.tr("Seed"))
        self._binder.check(self.track, "replace.track", self.tr("Follow the camera"))
        self._binder.check(self.layer, "replace.layer", self.tr("Region alone"))
        self._binder.check(self.instant, "replace.instant", self.tr("Quick"))
        self._binder.show(self._show_feather)
        self.feather.valueChanged.connect(self._set_feather)
        self.feather.editingFinished.connect(self._studio.document.end_merge)

    def _add_making(self) -> None:
        self._state = hint()
        self.toggle = button(self.tr("Show the clip"), self.tr("Change between clip and preview (V)"), self._toggle)
        QShortcut(QKeySequence("V"), self).activated.connect(self._toggle)
        state = QWidget()
        line_ = QHBoxLayout(state)
        line_.setContentsMargins(0, 0, 0, 0)
        line_.addWidget(self._state, 1)
        line_.addWidget(self.toggle)
        self.go = button(
            self.tr("Make it at full quality"), self.tr("Render the whole range to a file"), self.make, primary=True
        )
        self._why = hint()
        strip = JobStrip(self._studio, lambda job: getattr(job.task.about, "made_by", "") == "replace")
        footer(self, state, self._why, strip, self.go)

    def _refresh(self, project: Project) -> None:
        asked = project.replace
        self._patch.setVisible(asked.fill == "patch")
        self._patch_text.setText(self._words_of_patch(project))
        lack = self._lack(project)
        self.go.setEnabled(not lack)
        self._why.setText(lack)
        self._why.setVisible(bool(lack))
        self.instant.setEnabled(asked.fill != "surround")

    def _lack(self, project: Project) -> str:
        """Why nothing can be made yet."""
        if project.clip is None:
            return self.tr("Open a clip first.")
        if is_empty(project.replace.mask):
            return self.tr("Paint over what should go.")
        if project.replace.fill == "patch" and project.replace.reference is None:
            return self.tr("Choose a patch first.")
        return ""

    def _words_of_patch(self, project: Project) -> str:
        patch = project.replace.reference
        if patch is None:
            return self.tr("No patch yet.")
        if patch.path is not None:
            text = self.tr("{width} x {height} px of {name}")
            return text.format(width=patch.width, height=patch.height, name=Path(patch.path).name)
        text = self.tr("{width} x {height} px, from frame {frame} on")
        return text.format(width=patch.width, height=patch.height, frame=patch.frame)

    def _show_feather(self, project: Project) -> None:
        width = project.replace.feather_px
        self.feather.blockSignals(True)
        self.feather.setValue(-1 if width is None else round(width))
        self.feather.blockSignals(False)

    def _set_feather(self, value: int) -> None:
        width = None if value < 0 else float(value)
        self._studio.document.change(self.tr("Soft edge"), {"replace.feather_px": width}, merge="replace.feather_px")

    def _show_preview(self, *_: object) -> None:
        state, showing = self._studio.previews.state, self._studio.view.state.showing
        self._state.setText(" ".join(part for part in (state.text, state.remedy) if part))
        set_role(self._state, "warning" if state.state == "failed" else "hint")
        self.toggle.setEnabled(state.pictures is not None)
        shown = showing == PREVIEW
        self.toggle.setText(self.tr("Show the clip") if shown else self.tr("Show the preview"))

    def _toggle(self) -> None:
        self._studio.previewing.show(preview=self._studio.view.state.showing != PREVIEW)
