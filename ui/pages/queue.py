"""The page "Queue": all long work, what it does now, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from .. import words
from ..binding import Binder
from ..parts import button, footer, form, hint, row, scrolled, set_role

if TYPE_CHECKING:
    from ..jobs import Job
    from ..studio import Studio

STEPS = 1000
ABOVE = 1
"""Widgets above the jobs."""

SIGNS = {
    "waiting": "\N{WHITE CIRCLE}",
    "running": "\N{BLACK RIGHT-POINTING TRIANGLE}",
    "stopping": "\N{BLACK SQUARE}",
    "done": "\N{CHECK MARK}",
    "failed": "!",
    "crashed": "!",
    "stopped": "\N{BLACK SQUARE}",
}
"""Of each state: it is told by a shape and a word."""


class QueuePage(QWidget):
    """Shows the studio's queue, the newest job first."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.cards: dict[int, JobCard] = {}
        self._column = scrolled(self)
        self._add_cluster()
        self._empty = hint(self.tr("Nothing is being made. What you start on the other pages is listed here."))
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self.clear = button(
            self.tr("Clear finished"), self.tr("Take what has ended off this list; results stay"), self._clear
        )
        footer(self, self.clear)
        studio.queue.changed.connect(self._show)
        studio.queue.removed.connect(self._remove)
        for job in studio.queue.jobs:
            self._show(job)
        self._refresh()

    def _add_cluster(self) -> None:
        """Where clips are learned and variants made."""
        self.where = QComboBox()
        self.where.addItem(self.tr("this computer"), False)
        self.where.addItem(self.tr("a Dask cluster"), True)
        self.scheduler = QLineEdit()
        self.scheduler.setPlaceholderText(self.tr("tcp://host:8786"))
        self.scheduler.setAccessibleName(self.tr("Address of the cluster"))
        self.scheduler.setToolTip(self.tr("As dask scheduler tells it; what it takes is in the README"))
        rows = form()
        tip = self.tr("Which computers learn clips and make variants; all else this one does")
        row(rows, self.tr("Learn and vary by"), self.where, tip)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(rows)
        column.addWidget(self.scheduler)
        self._column.addWidget(box)
        view = self._studio.view
        binder = Binder(
            self,
            state=lambda: view.state,
            changed=view.changed,
            change=lambda path, value, _: view.set({path: value}),
        )
        binder.combo(self.where, "on_cluster", "")
        binder.line(self.scheduler, "scheduler", "")
        binder.show(lambda seen: self.scheduler.setVisible(seen.on_cluster))

    def _show(self, job: Job) -> None:
        card = self.cards.get(job.id)
        if card is None:
            card = self.cards[job.id] = JobCard(self._studio, job.id)
        card.show_job(job)
        self._refresh()

    def _remove(self, number: int) -> None:
        card = self.cards.pop(number, None)
        if card is not None:
            card.setParent(None)
            card.deleteLater()
        self._refresh()

    def _refresh(self) -> None:
        jobs = self._studio.queue.jobs
        listed = [self.cards[job.id] for job in reversed(jobs) if job.id in self.cards]
        for place, card in enumerate(listed):
            if self._column.indexOf(card) != place + ABOVE:
                self._column.insertWidget(place + ABOVE, card)
        waiting = [job.id for job in jobs if job.state == "waiting"]
        for number, card in self.cards.items():
            card.sooner.setVisible(number in waiting[1:])
        self._empty.setVisible(not self.cards)
        self.clear.setEnabled(any(job.ended for job in jobs))

    def _clear(self) -> None:
        for job in self._studio.queue.jobs:
            if job.ended:
                self._studio.queue.remove(job.id)


class JobCard(QFrame):
    """One job."""

    def __init__(self, studio: Studio, number: int) -> None:
        super().__init__()
        self._studio, self._number = studio, number
        self.setProperty("role", "card")
        self._title = QLabel()
        self._title.setWordWrap(True)
        self._text = hint()
        self._bar = QProgressBar()
        self._bar.setRange(0, STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        queue = studio.queue
        self.stop = button(
            self.tr("Stop"), self.tr("Stop it at once; nothing else is lost"), lambda: queue.stop(number)
        )
        self.retry = button(self.tr("Try again"), self.tr("Do the same once more"), lambda: queue.retry(number))
        self.remove = button(self.tr("Remove"), self.tr("Take it off this list"), lambda: queue.remove(number))
        self.sooner = button(self.tr("Sooner"), self.tr("Do it before the one before it"), lambda: queue.sooner(number))
        self.link = button(self.tr("Dashboard"), self.tr("See the cluster at work, in a browser"), self._open_link)
        self.details = button(self.tr("Log"), self.tr("What it said while it worked"), self._toggle)
        self.details.setCheckable(True)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setMaximumHeight(140)
        self.log.setVisible(False)
        self.log.setAccessibleName(self.tr("Log"))
        self.log.setToolTip(self.tr("What it said while it worked"))
        column = QVBoxLayout(self)
        for each in (self._title, self._text, self._bar):
            column.addWidget(each)
        line = QHBoxLayout()
        for each in (self.stop, self.retry, self.sooner, self.remove, self.link, self.details):
            line.addWidget(each)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self.log)

    def show_job(self, job: Job) -> None:
        self._title.setText(f"{SIGNS[job.state]}  {job.task.title}")
        self._text.setText(self._words(job))
        set_role(self._text, {"failed": "warning", "crashed": "warning", "done": "good"}.get(job.state, "hint"))
        self._bar.setValue(round(job.done * STEPS))
        self._bar.setVisible(job.state in ("running", "stopping"))
        self.stop.setVisible(not job.ended)
        self.stop.setEnabled(job.state != "stopping")
        self.retry.setVisible(job.ended and job.state != "done")
        self.remove.setVisible(job.ended)
        self.link.setVisible(job.state == "running" and job.link.startswith(("http://", "https://")))
        if self.details.isChecked():
            self.log.setPlainText("\n".join(job.log))

    def _words(self, job: Job) -> str:
        if job.problem:
            return f"{job.problem} {job.remedy}".strip()
        if job.silent:
            return self.tr("No sign of life for minutes. Wait, or stop it and try again.")
        if job.state == "running" and job.done:
            return self.tr("{text}, {left}").format(text=job.text, left=words.left(job.left_s))
        if job.state == "done":
            return self.tr("Done: {path}").format(path=job.task.output)
        return job.text

    def _open_link(self) -> None:
        job = self._studio.queue.job(self._number)
        if job is not None:
            QDesktopServices.openUrl(QUrl(job.link))

    def _toggle(self) -> None:
        job = self._studio.queue.job(self._number)
        self.log.setVisible(self.details.isChecked())
        if job is not None:
            self.log.setPlainText("\n".join(job.log) or self.tr("It said nothing."))
