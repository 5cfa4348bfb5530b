"""All of it in one widget: the viewer with its timeline, beside it the pages, and what is to be told. A host can dock
it; it makes no application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from ..engine.errors import UserError
from .actions import Actions
from .banner import Banner
from .mask.toolbox import Toolbox
from .notice import Notice
from .pages import ExtendPage, LearnPage, QueuePage, ReplacePage, VariantsPage
from .status import StatusStrip
from .theme import dress
from .timeline import Timeline
from .viewer import Viewer

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from .studio import Studio

PAGES = ("learn", "extend", "replace", "variants", "queue")
SIDE_PX = 400


class Panel(QWidget):
    """Shows a studio. Whoever makes the studio closes it."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.studio = studio
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # keys mean something before anything is clicked
        self.viewer = Viewer(studio)
        Toolbox(studio, self.viewer.canvas)
        self.timeline = Timeline(studio)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setExpanding(True)
        self.extend, self.replace, self.variants = ExtendPage(studio), ReplacePage(studio), VariantsPage(studio)
        self.tabs.setUsesScrollButtons(False)  # all can be seen, however narrow
        pages = (
            (LearnPage(studio), self.tr("Learn")),
            (self.extend, self.tr("Extend")),
            (self.replace, self.tr("Replace")),
            (self.variants, self.tr("Variants")),
            (QueuePage(studio), self.tr("Queue")),
        )
        for page, name in pages:
            self.tabs.addTab(page, name)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.viewer, 1)
        column.addWidget(self.timeline)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.tabs)
        split.setCollapsible(0, False)
        split.setStretchFactor(0, 1)
        split.setSizes([10_000, SIDE_PX])
        self.banner = Banner(studio)
        self.status = StatusStrip(studio)
        self.actions_of = Actions(studio, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(split, 1)
        layout.addWidget(self.status)
        self.banner.acted.connect(self._act)
        self.viewer.open_asked.connect(self.actions_of.choose_clip)
        self.viewer.sample_asked.connect(studio.opening.open_sample)
        self.viewer.dropped.connect(lambda paths: studio.opening.open(paths[0]))
        self.tabs.currentChanged.connect(lambda place: studio.view.set({"page": PAGES[place]}))
        studio.view.changed.connect(lambda _, view: self.tabs.setCurrentIndex(PAGES.index(view.page)))
        dress(self, studio.view.state.theme)
        studio.view.changed.connect(lambda before, view: self._dress(before.theme, view.theme))

    def export(self) -> None:
        """Save a copy of the result that is seen where the person wants it; of variants, the starred ones."""
        page = self.studio.view.state.page
        if page == "variants":
            self.variants.export()
            return
        for results in (self.extend.results, self.replace.results):
            results.export_shown()  # what is seen is among those of one

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Keys that mean nothing where they are pressed are the viewer's, wherever that is."""
        if not self.viewer.press_key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        if not self.viewer.release_key(event):
            super().keyReleaseEvent(event)

    def _act(self, notice: Notice) -> None:
        """Do what the banner's button says."""
        if notice.action == "retry" and self.studio.queue.job(notice.job) is not None:
            self.studio.queue.retry(notice.job)
        elif notice.action == "locate":
            self.actions_of.locate_clip()
        elif notice.action == "recover":
            try:
                self.studio.opening.recover()
            except UserError as error:
                self.studio.tell(error.problem, error.remedy)

    def _dress(self, before: str, now: str) -> None:
        if before != now:
            dress(self, now)
