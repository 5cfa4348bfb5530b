"""All of it in one widget: the viewer with its timeline, and beside it the pages. A host can dock it; it makes no
application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from .mask.toolbox import Toolbox
from .pages import ExtendPage, LearnPage, QueuePage, ReplacePage, VariantsPage
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
        self.viewer = Viewer(studio)
        Toolbox(studio, self.viewer.canvas)
        self.timeline = Timeline(studio)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setExpanding(True)
        pages = (
            (LearnPage(studio), self.tr("Learn")),
            (ExtendPage(studio), self.tr("Extend")),
            (ReplacePage(studio), self.tr("Replace")),
            (VariantsPage(studio), self.tr("Variants")),
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
        split.setStretchFactor(0, 1)
        split.setCollapsible(0, False)
        split.setSizes([10_000, SIDE_PX])
        self.tabs.setMinimumWidth(SIDE_PX - 40)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.tabs.currentChanged.connect(lambda place: studio.view.set({"page": PAGES[place]}))
        studio.view.changed.connect(lambda _, view: self.tabs.setCurrentIndex(PAGES.index(view.page)))
        dress(self, studio.view.state.theme)
        studio.view.changed.connect(lambda before, view: self._dress(before.theme, view.theme))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Keys that mean nothing where they are pressed are the viewer's, wherever that is."""
        if not self.viewer.press_key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        if not self.viewer.release_key(event):
            super().keyReleaseEvent(event)

    def _dress(self, before: str, now: str) -> None:
        if before != now:
            dress(self, now)
