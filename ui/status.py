"""The line below all else: what is being made, how far it is, and what stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from . import words
from .parts import button

if TYPE_CHECKING:
    from .studio import Studio

STEPS = 1000
BAR_PX = 220


class StatusStrip(QWidget):
    """Shows the job that runs, unless the page that is open does; nothing where none runs."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._text = QLabel()
        self._bar = QProgressBar()
        self._bar.setRange(0, STEPS)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(BAR_PX)
        self._bar.setAccessibleName(self.tr("Progress"))
        self.stop = button(self.tr("Stop"), self.tr("Stop this at once; nothing else is lost"), self._stop)
        self.queue = button(self.tr("Queue"), self.tr("See all that is made (Ctrl+5)"), self._show_queue)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.addWidget(self._text, 1)
        row.addWidget(self._bar)
        row.addWidget(self.stop)
        row.addWidget(self.queue)
        studio.queue.changed.connect(self._refresh)
        studio.queue.removed.connect(self._refresh)
        studio.view.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        job = self._studio.queue.running
        there = getattr(job.task.about, "made_by", "") if job is not None else ""
        self.setVisible(job is not None and self._studio.view.state.page not in (there, "queue"))
        if job is None:
            return
        text = f"{job.task.title}: {job.text}"
        if job.silent:
            text = self.tr("{title}: no sign of life for minutes").format(title=job.task.title)
        elif job.done:
            text = f"{text}, {words.left(job.left_s)}"
        waiting = sum(each.state == "waiting" for each in self._studio.queue.jobs)
        if waiting:
            text = self.tr("{text}; {count} waiting").format(text=text, count=waiting)
        self._text.setText(text)
        self._bar.setValue(round(job.done * STEPS))
        self.stop.setEnabled(job.state == "running")

    def _stop(self) -> None:
        if self._studio.queue.running is not None:
            self._studio.queue.stop(self._studio.queue.running.id)

    def _show_queue(self) -> None:
        self._studio.view.set({"page": "queue"})
