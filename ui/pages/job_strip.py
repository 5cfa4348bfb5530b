"""How far a page's job is, and what stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from .. import words
from ..parts import button, hint, set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..jobs import Job
    from ..studio import Studio

STEPS = 1000


class JobStrip(QWidget):
    """Shows the latest job for which ``mine`` is true, while it isn't done; nothing where there is none. ``stop`` and
    ``again`` are its buttons' words and tips, where they mean something else than elsewhere."""

    def __init__(
        self,
        studio: Studio,
        mine: Callable[[Job], bool],
        parent: QWidget | None = None,
        *,
        stop: tuple[str, str] | None = None,
        again: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio, self._mine = studio, mine
        self._text = hint()
        self._bar = QProgressBar()
        self._bar.setRange(0, STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        stop = stop or (self.tr("Stop"), self.tr("Stop this at once; nothing else is lost"))
        again = again or (self.tr("Try again"), self.tr("Do the same once more"))
        self._stop = button(*stop, self._stop_job)
        self._again = button(*again, self._retry_job)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._text)
        line = QHBoxLayout()
        line.addWidget(self._bar, 1)
        line.addWidget(self._stop)
        line.addWidget(self._again)
        column.addLayout(line)
        studio.queue.changed.connect(self._refresh)
        studio.queue.removed.connect(self._refresh)
        self._refresh()

    @property
    def job(self) -> Job | None:
        """The job that is shown."""
        found = [job for job in self._studio.queue.jobs if self._mine(job)]
        return found[-1] if found else None

    def _refresh(self, *_: object) -> None:
        job = self.job
        self.setVisible(job is not None and job.state != "done")
        if job is None:
            return
        self._bar.setValue(round(job.done * STEPS))
        self._bar.setVisible(not job.ended)
        self._stop.setVisible(not job.ended)
        self._stop.setEnabled(job.state != "stopping")
        self._again.setVisible(job.ended)
        failed = job.state in ("failed", "crashed")
        set_role(self._text, "warning" if failed else "hint")
        self._text.setText(self._words(job))

    def _words(self, job: Job) -> str:
        if job.problem:
            return f"{job.problem} {job.remedy}".strip()
        if job.silent:
            return self.tr("{text}: no sign of life for minutes. Wait, or stop it.").format(text=job.text)
        if job.state == "running" and job.done:
            return self.tr("{text}, {left}").format(text=job.text, left=words.left(job.left_s))
        return job.text

    def _stop_job(self) -> None:
        if self.job is not None:
            self._studio.queue.stop(self.job.id)

    def _retry_job(self) -> None:
        if self.job is not None:
            self._studio.queue.retry(self.job.id)
