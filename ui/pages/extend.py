"""The page "Extend": a clip made longer, or closed into a loop."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from .. import words
from ..document.project import MOST_FRAMES, MOST_SEED
from ..parts import GAP, button, footer, form, heading, hint, line, option, row, scrolled
from ..tasks import extend_task
from .job_strip import JobStrip
from .results import Results

if TYPE_CHECKING:
    from ..document import Project
    from ..studio import Studio

MODES = ("extend", "loop")


class ExtendPage(QWidget):
    """Bound to ``Project.extend``."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._binder = studio.document.binder(self)
        column = scrolled(self)
        column.addWidget(heading(self.tr("What to make")))
        self._add_modes(column)
        column.addWidget(line())
        self._add_lengths(column)
        column.addWidget(line())
        self._add_options(column)
        self.results = Results(studio, "extend")
        column.addWidget(self.results)
        column.addStretch(1)
        self.go = button("", self.tr("Render it to a file"), self.make, primary=True)
        self._why = hint()
        strip = JobStrip(studio, lambda job: getattr(job.task.about, "made_by", "") == "extend")
        footer(self, self._why, strip, self.go)
        self._binder.show(self._refresh)

    def make(self) -> None:
        """Put what the page says into the queue."""
        for typed in (self.seconds, self.total):
            typed.interpretText()  # the button needn't have taken the focus from it
        asked = self._studio.project.extend
        name = "loop" if asked.mode == "loop" else "extended"
        self._studio.make(lambda output: extend_task(self._studio.project, output), name, f".{asked.format}")

    def _add_modes(self, column: QVBoxLayout) -> None:
        group = QButtonGroup(self)
        texts = (
            (self.tr("Make it longer"), self.tr("New frames go on from the clip's last, or lead into its first.")),
            (self.tr("Close it into a loop"), self.tr("New frames lead from the clip's end back to its start.")),
        )
        self.modes = []
        for number, (name, text) in enumerate(texts):
            radio = QRadioButton(name)
            radio.setToolTip(text)
            radio.setAccessibleDescription(text)
            group.addButton(radio, number)
            self.modes.append(radio)
            column.addLayout(option(radio, hint(text)))
        self._binder.choice(group, "extend.mode", MODES, self.tr("Longer or loop"))

    def _add_lengths(self, column: QVBoxLayout) -> None:
        self._longer, self._loop = QWidget(), QWidget()
        rows = form()
        rows.setContentsMargins(0, 0, 0, 0)
        self._longer.setLayout(rows)
        self.added = QSpinBox()
        self.added.setRange(1, MOST_FRAMES)
        self.added.setSuffix(self.tr(" frames"))
        self.seconds = QDoubleSpinBox()
        self.seconds.setRange(0.01, 100_000)
        self.seconds.setDecimals(2)
        self.seconds.setSuffix(self.tr(" s"))
        self.total = QDoubleSpinBox()
        self.total.setRange(0.01, 100_000)
        self.total.setDecimals(2)
        self.total.setSuffix(self.tr(" s"))
        for typed in (self.seconds, self.total):
            typed.setKeyboardTracking(False)  # else "1" of "1.5" would be a length already, written out as "1.00"
        self.at = QComboBox()
        for name, value in (
            (self.tr("at the end"), "end"),
            (self.tr("at the start"), "start"),
            (self.tr("at both ends"), "both"),
        ):
            self.at.addItem(name, value)
        row(rows, self.tr("New"), self.added, self.tr("How many new frames"))
        row(rows, "", self.seconds, self.tr("The same in seconds"))
        self.seconds.setAccessibleName(self.tr("New, in seconds"))
        row(rows, self.tr("In all"), self.total, self.tr("How long the whole is to be, in seconds"))
        row(rows, self.tr("Where"), self.at, self.tr("Where new frames go; or drag the ends on the timeline"))
        self._binder.spin(self.added, "extend.added", self.tr("Length"))
        self._binder.combo(self.at, "extend.at", self.tr("Where new frames go"))
        self.seconds.valueChanged.connect(lambda seconds: self._set_added(Fraction(seconds)))
        self.total.valueChanged.connect(lambda seconds: self._set_added(Fraction(seconds) - self._kept_s()))
        bridge = form()
        bridge.setContentsMargins(0, 0, 0, 0)
        self._loop.setLayout(bridge)
        self.bridge = QSpinBox()
        self.bridge.setRange(0, MOST_FRAMES)
        self.bridge.setSpecialValueText(self.tr("as long as joins best"))
        self.bridge.setSuffix(self.tr(" frames"))
        row(bridge, self.tr("Bridge"), self.bridge, self.tr("New frames between the clip's end and its start"))
        self.bridge.valueChanged.connect(self._set_bridge)
        for typed in (self.seconds, self.total, self.bridge):
            typed.editingFinished.connect(self._studio.document.end_merge)
        self._length = hint()
        for each in (self._longer, self._loop, self._length):
            column.addWidget(each)

    def _add_options(self, column: QVBoxLayout) -> None:
        rows = form()
        self.seed = QSpinBox()
        self.seed.setRange(0, MOST_SEED)
        seeds = QWidget()
        line_ = QHBoxLayout(seeds)
        line_.setContentsMargins(0, 0, 0, 0)
        line_.setSpacing(GAP)
        line_.addWidget(self.seed, 1)
        self.another = button(self.tr("Another"), self.tr("The next number: other new frames"), self._next_seed)
        line_.addWidget(self.another)
        tip = self.tr("Another number, other new frames; the same number, the same frames")
        row(rows, self.tr("Seed"), seeds, tip)
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.setToolTip(tip)
        self.format = QComboBox()
        for name, value in (
            (self.tr("MP4 (H.264): plays everywhere"), "mp4"),
            (self.tr("MOV (ProRes): for editing"), "mov"),
            (self.tr("MKV (FFV1): without loss"), "mkv"),
            (self.tr("WebM (VP9): for the web"), "webm"),
        ):
            self.format.addItem(name, value)
        row(rows, self.tr("Format"), self.format, self.tr("In MKV the clip's own frames stay as they are, to the bit"))
        column.addLayout(rows)
        self.sound = QCheckBox(self.tr("Keep the sound"))
        self.sound.setToolTip(self.tr("It stays with its frames, and is repeated where frames are new"))
        self.instant = QCheckBox(self.tr("Quick: learn nothing for it"))
        self.instant.setToolTip(self.tr("Ready in seconds; learned once, a clip goes on with more variety"))
        self._model = hint()
        for each in (self.sound, self.instant, self._model):
            column.addWidget(each)
        self._binder.spin(self.seed, "extend.seed", self.tr("Seed"))
        self._binder.combo(self.format, "extend.format", self.tr("Format"))
        self._binder.check(self.sound, "extend.sound", self.tr("Sound"))
        self._binder.check(self.instant, "extend.instant", self.tr("Quick"))

    def _refresh(self, project: Project) -> None:
        asked, clip = project.extend, project.clip
        loop = asked.mode == "loop"
        self._longer.setVisible(not loop)
        self._loop.setVisible(loop)
        rate = clip.rate if clip is not None else Fraction(25)
        for widget, seconds in (
            (self.seconds, asked.added / rate),
            (self.total, asked.added / rate + self._kept_s()),
        ):
            widget.blockSignals(True)
            widget.setValue(float(seconds))
            widget.blockSignals(False)
        self.bridge.blockSignals(True)
        self.bridge.setValue(asked.bridge or 0)
        self.bridge.blockSignals(False)
        self._length.setText(self._words_of_length(project))
        self._model.setText(self._words_of_model(project))
        self.go.setText(self.tr("Make the loop") if loop else self.tr("Make it longer"))
        self.go.setEnabled(clip is not None)
        self._why.setText(self.tr("Open a clip first."))
        self._why.setVisible(clip is None)

    def _words_of_length(self, project: Project) -> str:
        asked, clip = project.extend, project.clip
        if clip is None:
            return ""
        if asked.mode == "loop" and asked.bridge is None:
            return self.tr("Bridges of 16 to 48 frames are tried, and the best is taken.")
        new = (asked.bridge or 0) if asked.mode == "loop" else asked.added
        frames = len(project.range()) + new
        text = self.tr("In all {frames} frames, {length}.")
        return text.format(frames=frames, length=words.duration(float(frames / clip.rate)))

    def _words_of_model(self, project: Project) -> str:
        if project.extend.instant:
            return self.tr("Nothing is learned for it.")
        if project.model is not None:
            return self.tr("With the model chosen on the page Learn.")
        return self.tr("The clip is learned once, when this is made for the first time.")

    def _kept_s(self) -> Fraction:
        project = self._studio.project
        return len(project.range()) / project.clip.rate if project.clip is not None else Fraction(0)

    def _set_added(self, seconds: Fraction) -> None:
        clip = self._studio.project.clip
        if clip is not None:
            frames = max(1, round(seconds * clip.rate))
            self._studio.document.change(self.tr("Length"), {"extend.added": frames}, merge="extend.added")
        self._binder.refresh()  # the nearest whole frame may be what it was

    def _set_bridge(self, frames: int) -> None:
        self._studio.document.change(self.tr("Bridge"), {"extend.bridge": frames or None}, merge="extend.bridge")

    def _next_seed(self) -> None:
        seed = (self._studio.project.extend.seed + 1) % (MOST_SEED + 1)
        self._studio.document.change(self.tr("Seed"), {"extend.seed": seed})
