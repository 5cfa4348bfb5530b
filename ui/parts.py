"""Small pieces that every page is put together of, so that all look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFormLayout,
    QFrame,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

MARGIN, GAP = 16, 10
SPIN_MARGIN = 7
INDENT = 26
"""From the left of a round button to that of its name."""


def heading(text: str) -> QLabel:
    return _label(text, "heading")


def hint(text: str = "") -> QLabel:
    """A sentence in a fainter colour, wrapped."""
    label = _label(text, "hint")
    label.setWordWrap(True)
    return label


def option(radio: QRadioButton, text: QLabel) -> QVBoxLayout:
    """One of several choices, with the sentence that says what it means below its name."""
    layout = QVBoxLayout()
    layout.setSpacing(1)
    layout.addWidget(radio)
    text.setContentsMargins(INDENT, 0, 0, 0)
    layout.addWidget(text)
    return layout


def line() -> QFrame:
    frame = QFrame()
    frame.setProperty("role", "line")
    return frame


def button(text: str, tip: str, press: Callable[[], object], *, primary: bool = False) -> QPushButton:
    """``tip`` says what it does, with units and its key if it has one; screen readers say it, too."""
    made = QPushButton(text)
    made.setToolTip(tip)
    made.setAccessibleDescription(tip)
    if primary:
        made.setProperty("role", "primary")
    made.clicked.connect(lambda _checked=False: press())
    return made


def form() -> QFormLayout:
    """Rows of a name and what sets it."""
    layout = QFormLayout()
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setHorizontalSpacing(GAP)
    layout.setVerticalSpacing(8)
    return layout


def row(layout: QFormLayout, name: str, widget: QWidget, tip: str) -> None:
    """Add a named widget, with its tip."""
    widget.setToolTip(tip)
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(tip)
    for each in (widget, *widget.findChildren(QSpinBox)):
        if isinstance(each, QAbstractSpinBox):
            each.lineEdit().setTextMargins(SPIN_MARGIN, 0, 0, 0)  # style sheets don't reach it
    layout.addRow(name, widget)


class _Area(QScrollArea):
    """Scrolls upwards and downwards alone: it is as wide as its pieces need."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        inner = self.widget()
        width = 0 if inner is None else inner.minimumSizeHint().width()
        return QSize(width + self.verticalScrollBar().sizeHint().width(), super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def scrolled(page: QWidget) -> QVBoxLayout:
    """The layout for a page's pieces, which scrolls where the window is low."""
    area = _Area(page)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inner = QWidget()
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    layout.setSpacing(GAP)
    area.setWidget(inner)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(area)
    return layout


def footer(page: QWidget, *widgets: QWidget) -> None:
    """What stays in sight below a page that scrolls."""
    outer = page.layout()
    assert isinstance(outer, QVBoxLayout)
    outer.addWidget(line())
    box = QVBoxLayout()
    box.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
    box.setSpacing(GAP)
    for each in widgets:
        box.addWidget(each)
    outer.addLayout(box)


def set_role(label: QLabel, role: str) -> None:
    """Give a label another look: "hint", "warning" or "good"."""
    if label.property("role") != role:
        label.setProperty("role", role)
        label.style().unpolish(label)
        label.style().polish(label)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    return label
