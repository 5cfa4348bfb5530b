"""The line above all else that tells of a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from .notice import Notice
from .parts import button

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from .studio import Studio


class Banner(QFrame):
    """Shows the studio's notice; ``acted`` is emitted with it when its button is pressed, and then it is over."""

    acted = Signal(object)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setProperty("role", "banner")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.act = button("", self.tr("Do what helps"), self._act)
        self.close_it = button(self.tr("Close"), self.tr("Close this message"), self.end)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.addWidget(self.text, 1)
        row.addWidget(self.act)
        row.addWidget(self.close_it)
        studio.notice.changed.connect(self._refresh)
        self._refresh()

    def end(self) -> None:
        """It was read."""
        self._studio.notice.replace(Notice())

    def _act(self) -> None:
        notice = self._studio.notice.state
        self.end()
        self.acted.emit(notice)

    def _refresh(self, *_: object) -> None:
        notice = self._studio.notice.state
        names = {
            "": self.tr("Try again"),  # it is hidden
            "retry": self.tr("Try again"),
            "locate": self.tr("Locate…"),
            "recover": self.tr("Recover"),
        }
        words = f"\N{WARNING SIGN}  {notice.problem} {notice.remedy}".strip()
        self.text.setText(words)
        self.text.setAccessibleName(words)
        self.act.setText(names[notice.action])
        self.act.setVisible(bool(notice.action))
        self.setVisible(bool(notice.problem))
