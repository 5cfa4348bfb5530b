"""The page "Learn": a clip learned in one of three qualities, and the models there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from .. import words
from ..gallery.moving import MovingPicture
from ..parts import GAP, button, footer, heading, hint, line, option, scrolled
from .job_strip import JobStrip
from .model_list import ModelList

if TYPE_CHECKING:
    from ..document import Project
    from ..learning import Unfinished
    from ..studio import Studio
    from ..view import View

QUALITIES = ("quick", "standard", "fine")


class LearnPage(QWidget):
    """Bound to ``Project.learn`` and ``Project.model``."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._learning = studio.learning
        self._binder = studio.document.binder(self)
        column = scrolled(self)
        column.addWidget(heading(self.tr("Learn this clip")))
        column.addWidget(
            hint(self.tr("Its texture and motion are learned once. With the model all else goes on with more variety."))
        )
        self._add_qualities(column)
        self._add_tries(column)
        self._left = QWidget()
        self._cards: dict[str, QFrame] = {}
        self._left_column = QVBoxLayout(self._left)
        self._left_column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._left)
        column.addWidget(line())
        self.models = ModelList(studio)
        column.addWidget(self.models)
        column.addStretch(1)
        self.go = button(self.tr("Learn"), self.tr("Learn the clip between its in and out points"), self.start)
        self.go.setProperty("role", "primary")
        self._why = hint()
        self._strip = JobStrip(
            studio,
            lambda job: job.task.kind == "model" and job.state != "stopped",
            stop=(self.tr("Pause"), self.tr("Stop learning for now; it goes on later from where it was")),
            again=(self.tr("Continue"), self.tr("Go on from where it was")),
        )
        footer(self, self._why, self._strip, self.go)
        self._learning.changed.connect(self._refresh)
        studio.queue.changed.connect(self._refresh)
        studio.view.changed.connect(self._view_changed)
        self._binder.show(self._refresh)

    def start(self) -> None:
        """Learn as the page says."""
        self._learning.start()

    def _add_qualities(self, column: QVBoxLayout) -> None:
        group = QButtonGroup(self)
        texts = (
            (self.tr("Quick"), self.tr("For a first look, and for backgrounds far away.")),
            (self.tr("Standard"), self.tr("What most clips need.")),
            (self.tr("Fine"), self.tr("Small things keep their motion.")),
        )
        self.qualities: list[QRadioButton] = []
        self._takes: list[QLabel] = []
        for number, (name, text) in enumerate(texts):
            radio = QRadioButton(name)
            radio.setToolTip(text)
            radio.setAccessibleDescription(text)
            group.addButton(radio, number)
            takes = hint()
            self.qualities.append(radio)
            self._takes.append(takes)
            column.addLayout(option(radio, takes))
        self._texts = [text for _, text in texts]
        self._binder.choice(group, "learn.quality", QUALITIES, self.tr("Quality"))

    def _add_tries(self, column: QVBoxLayout) -> None:
        self._tries = QFrame()
        self._tries.setProperty("role", "card")
        inner = QVBoxLayout(self._tries)
        inner.setSpacing(GAP)
        self._try_text = hint()
        self._picture = MovingPicture(self._studio)
        self._picture.setAccessibleName(self.tr("What is learned so far"))
        self.use = button(
            self.tr("Use it now"),
            self.tr("Pause learning, and work with what is learned so far; learning can go on later"),
            self._use,
        )
        for each in (self._picture, self._try_text, self.use):
            inner.addWidget(each)
        column.addWidget(self._tries)

    def _refresh(self, *_: object) -> None:
        project = self._studio.project
        for quality, text, takes in zip(QUALITIES, self._texts, self._takes, strict=True):
            takes.setText(f"{self._words_of(quality, project)}{text}")
        tries = self._learning.state.tries
        self._tries.setVisible(bool(tries))
        self._picture.show_file(tries[-1].video if tries else None)
        if tries:
            last = tries[-1]
            text = self.tr("Learned so far: scale {scale} of {scales}, {size} px")
            size = words.picture_size(last.size_hw)
            self._try_text.setText(text.format(scale=last.scale + 1, scales=last.scales, size=size))
        job = self._learning.job
        at_work = job is not None and not job.ended
        self.go.setEnabled(project.clip is not None and not at_work)
        cluster = self._studio.view.state.cluster is not None
        if project.clip is None:
            self._why.setText(self.tr("Open a clip first."))
        else:
            self._why.setText(self.tr("Learned by the cluster that the page Queue names, without pictures meanwhile."))
        self._why.setVisible(project.clip is None or (cluster and not at_work))
        self._show_unfinished()

    def _view_changed(self, before: View, view: View) -> None:
        if before.cluster != view.cluster:
            self._refresh()

    def _words_of(self, quality: str, project: Project) -> str:
        choice = self._learning.state.choices.get(quality)
        if project.clip is None:
            return ""
        if choice is None:
            return self.tr("Finding out how long it takes here. ")
        size = words.picture_size(choice.sizes_hw[-1])
        if choice.seconds is None or self._studio.view.state.cluster is not None:
            return self.tr("{size} px. ").format(size=size)
        return self.tr("{size} px, about {time} here. ").format(size=size, time=words.about(choice.seconds))

    def _show_unfinished(self) -> None:
        left = self._learning.state.unfinished
        job = self._learning.job
        if job is not None and job.state in ("failed", "crashed"):
            left = tuple(each for each in left if each.output != job.task.output)  # the footer says more of it
        if [*self._cards] == [each.output for each in left]:
            return
        for card in self._cards.values():
            card.setParent(None)
            card.deleteLater()
        self._cards = {each.output: self._card(each) for each in left}
        for card in self._cards.values():
            self._left_column.addWidget(card)
        self._left.setVisible(bool(left))

    def _card(self, left: Unfinished) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        inner = QVBoxLayout(card)
        text = hint(self.tr("Not finished: {name}").format(name=Path(left.output).stem))
        buttons = QHBoxLayout()
        buttons.addWidget(
            button(self.tr("Continue"), self.tr("Go on from where it was"), lambda: self._learning.go_on(left))
        )
        buttons.addWidget(
            button(self.tr("Discard"), self.tr("Forget what was learned so far"), lambda: self._learning.discard(left))
        )
        buttons.addStretch(1)
        inner.addWidget(text)
        inner.addLayout(buttons)
        return card

    def _use(self) -> None:
        tries = self._learning.state.tries
        if tries:
            self._learning.use(tries[-1])
