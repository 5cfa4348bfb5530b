"""What widgets show, and hands that use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollBar,
    QWidget,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SHOWING = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
)


def shown(page: QWidget) -> list[tuple[object, ...]]:
    """What a person could read of all that a page holds, whether it is visible and can be used: two pages that show
    the same are equal."""
    found = [each for each in page.findChildren(QWidget) if isinstance(each, SHOWING) and _ours(each)]
    return [(*_shown(each), each.isVisibleTo(page), each.isEnabledTo(page)) for each in found]


def type_into(qtbot: QtBot, box: QAbstractSpinBox | QLineEdit, text: str) -> None:
    """As a person does: all of it is chosen, then replaced key by key, and Enter."""
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def choose(qtbot: QtBot, box: QComboBox, data: object) -> None:
    """Go to an item with the arrow keys."""
    for _ in range(box.count()):
        qtbot.keyClick(box, Qt.Key.Key_Up)
    for _ in range(box.count()):
        if box.currentData() == data:
            return
        qtbot.keyClick(box, Qt.Key.Key_Down)
    raise AssertionError(data)


def _ours(widget: QWidget) -> bool:
    """Not a piece that Qt has put into another widget."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractItemView | QAbstractSpinBox):
            return False
        parent = parent.parentWidget()
    return not isinstance(widget, QScrollBar)


def _shown(widget: QWidget) -> tuple[object, ...]:
    said: tuple[object, ...] = ()
    if isinstance(widget, QAbstractButton):
        said = (widget.text(), widget.isChecked())
    elif isinstance(widget, QAbstractSpinBox | QLineEdit):
        said = (widget.text(),)
    elif isinstance(widget, QComboBox):
        said = (widget.currentText(),)
    elif isinstance(widget, QProgressBar | QAbstractSlider):
        said = (widget.value(),)
    elif isinstance(widget, QLabel):
        said = (widget.text(), widget.property("role"))
    elif isinstance(widget, QAbstractItemView):
        model = widget.model()
        texts = [model.index(row, 0).data() for row in range(model.rowCount())]
        said = (*texts, *sorted(each.row() for each in widget.selectionModel().selectedIndexes()))
    return (type(widget).__name__, *said)
