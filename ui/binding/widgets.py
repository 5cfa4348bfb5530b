"""Widgets bound to fields of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSignalBlocker, Qt

from .fields import field

if TYPE_CHECKING:
    from collections.abc import Callable

    from msgspec import Struct
    from PySide6.QtCore import Signal, SignalInstance
    from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QComboBox, QLineEdit, QSlider, QSpinBox, QWidget

    assert Signal


class Binder(QObject):
    """Binds widgets to fields of the record that ``state`` gives, anew whenever ``changed`` is emitted.

    ``change`` is called with a path, the new value and the words that undo names the change by; ``ended`` when what a
    person does with a widget is over: a slider was let go, a number typed. A Binder is a child of the widget that it
    works for, and ends with it.
    """

    def __init__(
        self,
        parent: QWidget,
        *,
        state: Callable[[], Struct],
        changed: SignalInstance,
        change: Callable[[str, Any, str], None],
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self._ended = ended
        self._state = state
        self._change = change
        self._shows: list[Callable[[Struct], None]] = []
        changed.connect(self.refresh)

    def refresh(self, *_: object) -> None:
        """Show the record as it is now."""
        state = self._state()
        for show in self._shows:
            show(state)

    def show(self, show: Callable[[Any], None]) -> None:
        """Call ``show`` with the record, now and after each change."""
        self._shows.append(show)
        show(self._state())

    def spin(self, widget: QSpinBox, path: str, text: str) -> None:
        self._bind(widget, path, widget.setValue, widget.valueChanged, text)
        widget.editingFinished.connect(self._ended)

    def line(self, widget: QLineEdit, path: str, text: str) -> None:
        """What is typed is the field's at once; the same text is left alone, with the cursor in it."""

        def show(value: str) -> None:
            if widget.text() != value:
                widget.setText(value)

        self._bind(widget, path, show, widget.textChanged, text)

    def slider(self, widget: QSlider, path: str, text: str) -> None:
        self._bind(widget, path, widget.setValue, widget.valueChanged, text)
        widget.sliderReleased.connect(self._ended)

    def check(self, widget: QAbstractButton, path: str, text: str) -> None:
        self._bind(widget, path, widget.setChecked, widget.toggled, text)

    def combo(self, widget: QComboBox, path: str, text: str) -> None:
        """The data of its items are the field's values."""
        self._show_in(widget, path, lambda value: widget.setCurrentIndex(widget.findData(value)))
        widget.currentIndexChanged.connect(lambda index: self._changed(path, widget.itemData(index), text))

    def choice(self, group: QButtonGroup, path: str, values: tuple[Any, ...], text: str) -> None:
        """Exclusive buttons, whose ids are places in ``values``."""

        def show(value: Any) -> None:
            button = group.button(values.index(value)) if value in values else None
            if button is None:
                return
            button.setChecked(True)
            for each in group.buttons():  # Tab goes to the one that is chosen, arrows from there
                each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is button else Qt.FocusPolicy.ClickFocus)

        self._show_in(group, path, show)
        group.idToggled.connect(lambda number, on: self._changed(path, values[number], text) if on else None)

    def _bind(self, widget: QObject, path: str, show: Callable[[Any], None], moved: Any, text: str) -> None:
        self._show_in(widget, path, show)
        moved.connect(lambda value: self._changed(path, value, text))

    def _show_in(self, widget: QObject, path: str, show: Callable[[Any], None]) -> None:
        def quietly(state: Struct) -> None:
            blocker = QSignalBlocker(widget)
            show(field(state, path))
            blocker.unblock()

        self.show(quietly)

    def _changed(self, path: str, value: Any, text: str) -> None:
        if field(self._state(), path) != value:
            self._change(path, value, text)
