"""Small pieces of the bar below the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton

from ..theme import COLOURS, icon
from ..theme.icons import SIZE_PX

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent


class IconButton(QToolButton):
    """A button with an icon of the theme. ``tip`` names its key."""

    def __init__(
        self, name: str, title: str, tip: str, press: Callable[[], object], *, checkable: bool = False
    ) -> None:
        super().__init__()
        self._name = self._theme = ""
        self.setProperty("role", "icon")
        self.setIconSize(QSize(SIZE_PX, SIZE_PX))
        self.setAccessibleName(title)
        self.tell(tip)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the picture
        self.clicked.connect(lambda _checked=False: press())
        self.show_icon(name, "dark")

    def tell(self, tip: str) -> None:
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)

    def show_icon(self, name: str, theme: str) -> None:
        if (name, theme) != (self._name, self._theme):
            self._name, self._theme = name, theme
            self.setIcon(icon(name, COLOURS[theme]))

    def dress(self, theme: str) -> None:
        self.show_icon(self._name, theme)


class ChoiceButton(IconButton):
    """A button that opens a list; ``choices`` are values with their words, of which ``chosen`` gets one."""

    def __init__(
        self, name: str, title: str, tip: str, choices: Sequence[tuple[object, str]], chosen: Callable[[object], object]
    ) -> None:
        super().__init__(name, title, tip, lambda: None)
        self.actions_by_value: dict[object, QAction] = {}
        menu, group = QMenu(self), QActionGroup(self)
        for value, words in choices:
            action = menu.addAction(words)
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _checked=False, value=value: chosen(value))
            self.actions_by_value[value] = action
        group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def choose(self, value: object) -> None:
        """Show what is chosen; None of the choices where it isn't one."""
        for each, action in self.actions_by_value.items():
            action.setChecked(each == value)


class PlaceEdit(QLineEdit):
    """Shows a place in time, and goes to one that is typed; ``typed`` is emitted with the text."""

    typed = Signal(str)

    def __init__(self, title: str, tip: str) -> None:
        super().__init__()
        self._shown = ""
        self.setAccessibleName(title)
        self.setAccessibleDescription(tip)
        self.setToolTip(tip)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.returnPressed.connect(self._entered)

    def show_place(self, text: str) -> None:
        """What is being typed stays."""
        self._shown = text
        if not self.isModified() or not self.hasFocus():
            self.setText(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        super().focusOutEvent(event)
        self.setText(self._shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._shown)
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def _entered(self) -> None:
        text = self.text()
        self.setModified(False)
        self.clearFocus()
        self.typed.emit(text)
