"""One style sheet from the colours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QStyleFactory

from .colours import COLOURS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from .colours import Colours

SHAPES = Path(__file__).parent.as_posix()
"""Folder of the signs that style sheets can't draw."""

SHEET = """
QWidget {{ color: {text}; background: {raised}; font-size: 13px; }}
QToolTip {{ color: {text}; background: {field}; border: 1px solid {line}; padding: 4px; }}
QLabel, QCheckBox, QRadioButton {{ background: transparent; }}
QLabel[role="heading"] {{ font-size: 15px; font-weight: 600; }}
QLabel[role="hint"] {{ color: {faint}; }}
QLabel[role="warning"] {{ color: {warning}; font-weight: 600; }}
QLabel[role="good"] {{ color: {good}; font-weight: 600; }}
QLabel:disabled, QCheckBox:disabled, QRadioButton:disabled {{ color: {faint}; }}
QPushButton, QToolButton, QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {{
    background: {field}; border: 1px solid {line}; border-radius: 4px; min-height: 26px; padding: 0 10px; }}
QToolButton {{ padding: 0 6px; }}
QToolButton[role="icon"] {{ padding: 0 3px; }}
QSpinBox, QDoubleSpinBox, QLineEdit {{ padding: 0 6px; selection-background-color: {accent};
    selection-color: {on_accent}; }}
QPushButton:hover, QToolButton:hover, QComboBox:hover {{ border-color: {accent}; }}
QPushButton:focus, QToolButton:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus
    {{ border: 2px solid {accent}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked
    {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled, QSpinBox:disabled, QLineEdit:disabled
    {{ color: {faint}; background: {raised}; }}
QPushButton[role="primary"] {{ background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: 600;
    min-height: 34px; }}
QPushButton[role="primary"]:hover {{ border-color: {text}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {text}; }}
QPushButton[role="primary"]:disabled {{ background: {field}; color: {faint}; border-color: {line}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {line}; }}
QTabBar {{ background: {raised}; border: 0; }}
QTabWidget {{ border: 0; }}
QTabBar::tab {{ background: transparent; color: {faint}; padding: 9px 11px; border: 0;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; font-weight: 600; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:focus {{ border: 1px solid {accent}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ border: 0; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {line}; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSlider::groove:horizontal {{ height: 4px; background: {line}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {text}; width: 14px; margin: -5px 0; border-radius: 7px; }}
QSlider::handle:horizontal:focus {{ border: 2px solid {accent}; width: 12px; }}
QProgressBar {{ background: {line}; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QSplitter::handle {{ background: {window}; }}
QSplitter::handle:horizontal {{ width: 4px; }}
QSplitter::handle:vertical {{ height: 4px; }}
QMenuBar, QMenu, QStatusBar {{ background: {raised}; color: {text}; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {accent}; color: {on_accent}; }}
QMenu {{ border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QListView, QTreeView, QPlainTextEdit, QTableView {{ background: {field}; border: 1px solid {line}; border-radius: 4px;
    selection-background-color: {accent}; selection-color: {on_accent}; }}
QListWidget::item {{ padding: 3px 6px; }}
QListView:focus, QTreeView:focus, QPlainTextEdit:focus, QTableView:focus {{ border: 2px solid {accent}; }}
QFrame[role="card"] {{ background: {field}; border: 1px solid {line}; border-radius: 6px; }}
QFrame[role="card"][chosen="true"] {{ border: 2px solid {accent}; }}
QFrame[role="card"] QLabel {{ background: transparent; }}
QCheckBox, QRadioButton {{ spacing: 8px; padding: 2px; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {faint};
    background: {field}; }}
QCheckBox::indicator {{ border-radius: 3px; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent}; image: url({shapes}/tick-{theme}.svg); }}
QRadioButton::indicator:checked {{ background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
    stop: 0 {text}, stop: 0.42 {text}, stop: 0.5 {accent}, stop: 1 {accent}); border-color: {accent}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {line}; }}
QCheckBox:focus, QRadioButton:focus {{ border: 1px solid {accent}; border-radius: 4px; padding: 1px; }}
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button
    {{ subcontrol-origin: border; width: 20px; border: 0; background: transparent; }}
QSpinBox::up-button, QDoubleSpinBox::up-button {{ subcontrol-position: top right; }}
QSpinBox::down-button, QDoubleSpinBox::down-button {{ subcontrol-position: bottom right; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url({shapes}/up-{theme}.svg); width: 10px; height: 6px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QComboBox::down-arrow
    {{ image: url({shapes}/down-{theme}.svg); width: 10px; height: 6px; }}
QComboBox::drop-down {{ border: 0; width: 22px; }}
QComboBox QAbstractItemView {{ background: {field}; border: 1px solid {line}; padding: 2px; }}
QFrame[role="banner"] {{ background: {field}; border: 0; border-bottom: 1px solid {warning};
    border-left: 4px solid {warning}; }}
QFrame[role="line"] {{ background: {line}; max-height: 1px; min-height: 1px; border: 0; }}
"""


def dress(widget: QWidget, theme: str) -> None:
    """Give a panel or window the look of a theme; what is inside follows."""
    colours = COLOURS[theme]
    style = QStyleFactory.create("Fusion")  # a host's style knows no sheet of ours
    style.setParent(widget)
    widget.setStyle(style)
    widget.setPalette(_palette(colours))
    widget.setStyleSheet(SHEET.format(theme=theme, shapes=SHAPES, **colours._asdict()))


def _palette(colours: Colours) -> QPalette:
    palette, role = QPalette(), QPalette.ColorRole
    for each, colour in (
        (role.Window, colours.raised),
        (role.Base, colours.field),
        (role.AlternateBase, colours.raised),
        (role.Button, colours.field),
        (role.WindowText, colours.text),
        (role.Text, colours.text),
        (role.ButtonText, colours.text),
        (role.PlaceholderText, colours.faint),
        (role.ToolTipBase, colours.field),
        (role.ToolTipText, colours.text),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent),
    ):
        palette.setColor(each, QColor(colour))
    return palette
