"""The models there are: which one is used, and what can be done with each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .. import words
from ..library.entries import SUFFIX
from ..parts import GAP, button, heading, hint, set_role
from ..theme import COLOURS
from ..theme.icons import icon

if TYPE_CHECKING:
    from ..library import Entry
    from ..studio import Studio

PICTURE = QSize(96, 60)


class ModelList(QWidget):
    """The library's models, the newest first; the project's one is marked."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.cards: dict[str, ModelCard] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        top = QHBoxLayout()
        top.addWidget(heading(self.tr("Models")), 1)
        self.bring = button(self.tr("Import…"), self.tr("Copy a model from elsewhere into this list"), self.bring_in)
        top.addWidget(self.bring)
        column.addLayout(top)
        self._says = hint()
        self.none = button(
            self.tr("Use none"), self.tr("Learn quickly when a model is first needed"), lambda: self.choose(None)
        )
        column.addWidget(self._says)
        column.addWidget(self.none)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(GAP)
        column.addLayout(self._cards)
        studio.library.changed.connect(self._rebuild)
        studio.document.changed.connect(lambda old, new: self._refresh() if old.model != new.model else None)
        self._rebuild()

    def choose(self, path: str | None) -> None:
        """Use a model, or none, for all that is made from now on."""
        self._studio.document.change(self.tr("Choose model"), {"model": path})

    def bring_in(self, source: Path | None = None) -> None:
        """Copy a model into the library, the person's choice by default, and use it."""
        if source is None:
            name, _ = QFileDialog.getOpenFileName(self, self.tr("Import a model"), str(Path.home()), f"*{SUFFIX}")
            if not name:
                return
            source = Path(name)
        self._studio.library.bring_in(source, self.choose)

    def _rebuild(self) -> None:
        entries = self._studio.library.entries
        if [*self.cards] != [each.path for each in entries]:
            for card in self.cards.values():
                card.setParent(None)
                card.deleteLater()
            self.cards = {each.path: ModelCard(self._studio, self, each) for each in entries}
            for card in self.cards.values():
                self._cards.addWidget(card)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        chosen = self._studio.project.model
        self.none.setVisible(chosen is not None)
        known = self._studio.library.entry(chosen)
        lost = chosen is not None and known is None and not Path(chosen).exists()
        if lost:
            text = self.tr("The model of this project is missing: {path}. Learn the clip again, or choose another.")
            self._says.setText(text.format(path=chosen))
        elif chosen is not None:
            self._says.setText(self.tr("In use: {name}").format(name=Path(chosen).stem))
        elif self.cards:
            self._says.setText(self.tr("None is in use: the clip is learned when that is first needed."))
        else:
            self._says.setText(self.tr("None yet. What is learned stays here, for this clip and for others."))
        set_role(self._says, "warning" if lost else "hint")
        for path, card in self.cards.items():
            card.show_entry(self._studio.library.entry(path), chosen=path == chosen)


class ModelCard(QFrame):
    """One model."""

    def __init__(self, studio: Studio, models: ModelList, entry: Entry) -> None:
        super().__init__()
        self._studio, self._models, self._path = studio, models, entry.path
        self.setProperty("role", "card")
        self._picture = QLabel()
        self._picture.setFixedSize(PICTURE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = QLabel()
        self._name.setWordWrap(True)
        self._facts = hint()
        self.use = button(
            self.tr("Use"), self.tr("Make all that follows with this model"), lambda: models.choose(entry.path)
        )
        self.more = QToolButton()
        self.more.setText(self.tr("More"))
        self.more.setToolTip(self.tr("Rename, export, remove"))
        self.more.setAccessibleName(self.tr("More about {name}").format(name=entry.name))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._menu())
        line = QHBoxLayout(self)
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._name)
        column.addWidget(self._facts)
        buttons = QHBoxLayout()
        buttons.addWidget(self.use)
        buttons.addWidget(self.more)
        buttons.addStretch(1)
        column.addLayout(buttons)
        line.addLayout(column, 1)

    def show_entry(self, entry: Entry | None, *, chosen: bool) -> None:
        if entry is None:
            return
        if self.property("chosen") != str(chosen).lower():
            self.setProperty("chosen", str(chosen).lower())
            self.style().unpolish(self)
            self.style().polish(self)
        self._name.setText(entry.name)
        self._facts.setText(entry.problem or self._words(entry))
        set_role(self._facts, "warning" if entry.problem else "hint")
        self.use.setText(self.tr("In use") if chosen else self.tr("Use"))
        self.use.setEnabled(not chosen and not entry.problem)
        self._picture.setPixmap(self._pixmap())

    def _ask_name(self) -> None:
        name, kept = QInputDialog.getText(self, self.tr("Rename model"), self.tr("Name"), text=Path(self._path).stem)
        if kept:
            self._studio.library.rename(self._path, name)

    def _ask_target(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export the model"), str(Path.home() / Path(self._path).name), f"*{SUFFIX}"
        )
        if name:
            self._studio.library.copy_out(self._path, Path(name).with_suffix(SUFFIX))

    def trash(self) -> None:
        """Move it to the trash; a project that uses it uses none."""
        if self._studio.project.model == self._path:
            self._models.choose(None)
        self._studio.library.trash(self._path)

    def _words(self, entry: Entry) -> str:
        text = self.tr("From {clip}. Learned at {size} px, {bytes}.")
        if entry.pixels:
            text = self.tr("From {clip}. Learned at {size} px, makes {full} px, {bytes}.")
        return text.format(
            clip=entry.source,
            size=words.picture_size(entry.size_hw),
            full=words.picture_size(entry.source_hw),
            bytes=words.size(entry.bytes),
        )

    def _pixmap(self) -> QPixmap:
        image = self._studio.library.image(self._path)
        if image is None:
            return icon("clip", COLOURS[self._studio.view.state.theme]).pixmap(QSize(24, 24))
        ratio = self.devicePixelRatioF()
        size = QRectF(0, 0, PICTURE.width() * ratio, PICTURE.height() * ratio).size().toSize()
        pixmap = QPixmap.fromImage(
            image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("Rename…"), self._ask_name)
        menu.addAction(self.tr("Export…"), self._ask_target)
        menu.addAction(self.tr("Move to trash"), self.trash)
        return menu
