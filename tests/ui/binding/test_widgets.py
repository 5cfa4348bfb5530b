from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QRadioButton, QSlider, QSpinBox, QVBoxLayout, QWidget

from dtsgan.ui.binding import Binder, Store

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SIZES = ((), ((720, 1280),), ((1080, 1920), (90, 160)))


class Part(Struct, frozen=True, kw_only=True):
    number: int = 3
    level: int = 5
    on: bool = False
    where: str | None = "end"
    sizes: tuple[tuple[int, int], ...] = ()
    mode: str = "b"


class Whole(Struct, frozen=True, kw_only=True):
    part: Part = Part()
    else_where: int = 0


class Form(QWidget):
    """One widget of each kind, bound to ``Whole.part``; ``asked`` lists the changes that were asked for."""

    def __init__(self, store: Store[Whole]) -> None:
        super().__init__()
        self.asked: list[tuple[str, Any, str]] = []
        self._store = store
        self.number, self.level, self.on = QSpinBox(), QSlider(Qt.Orientation.Horizontal), QCheckBox("on")
        self.where, self.sizes = QComboBox(), QComboBox()
        for value in ("end", "start", None):
            self.where.addItem(str(value), value)
        for number, value in enumerate(SIZES):
            self.sizes.addItem(str(number), value)
        self.modes = [QRadioButton(name) for name in "abc"]
        self.group = QButtonGroup(self)
        for number, radio in enumerate(self.modes):
            self.group.addButton(radio, number)
        column = QVBoxLayout(self)
        for each in (self.number, self.level, self.on, self.where, self.sizes, *self.modes):
            column.addWidget(each)
        binder = Binder(self, state=lambda: store.state, changed=store.changed, change=self._change)
        binder.spin(self.number, "part.number", "Number")
        binder.slider(self.level, "part.level", "Level")
        binder.check(self.on, "part.on", "On")
        binder.combo(self.where, "part.where", "Where")
        binder.combo(self.sizes, "part.sizes", "Sizes")
        binder.choice(self.group, "part.mode", ("a", "b", "c"), "Mode")

    def _change(self, path: str, value: Any, text: str) -> None:
        self.asked.append((path, value, text))
        self._store.set({path: value})

    def shown(self) -> Part:
        return Part(
            number=self.number.value(),
            level=self.level.value(),
            on=self.on.isChecked(),
            where=self.where.currentData(),
            sizes=SIZES[self.sizes.currentIndex()],
            mode=next(radio.text() for radio in self.modes if radio.isChecked()),
        )


@pytest.fixture
def store(qtbot: QtBot) -> Store[Whole]:
    del qtbot
    return Store(Whole())


@pytest.fixture
def form(qtbot: QtBot, store: Store[Whole]) -> Form:
    made = Form(store)
    qtbot.addWidget(made)
    made.show()
    return made


def test_widgets_show_the_record(form: Form) -> None:
    """Bound, each widget shows its field at once, and asks for no change."""
    assert form.shown() == Part()
    assert form.asked == []


CHANGED = Part(number=9, level=70, on=True, where="start", sizes=SIZES[2], mode="c")


def test_widgets_follow_the_record(form: Form, store: Store[Whole]) -> None:
    """Changed elsewhere, every widget shows the new value and says nothing of its own."""
    store.set({"part": CHANGED})
    assert form.shown() == CHANGED
    store.set({"part.where": None})
    assert form.shown().where is None
    store.set({"part": Part()})
    assert form.shown() == Part()
    assert form.asked == []


def test_what_a_person_does_changes_the_record(form: Form, store: Store[Whole], qtbot: QtBot) -> None:
    """Each widget asks for one change of its own field, with the words for undo."""
    qtbot.keyClick(form.number, Qt.Key.Key_Up)
    qtbot.keyClick(form.level, Qt.Key.Key_Right)
    qtbot.keyClick(form.on, Qt.Key.Key_Space)
    qtbot.keyClick(form.where, Qt.Key.Key_Down)
    qtbot.keyClick(form.modes[2], Qt.Key.Key_Space)
    assert form.asked == [
        ("part.number", 4, "Number"),
        ("part.level", 6, "Level"),
        ("part.on", True, "On"),
        ("part.where", "start", "Where"),
        ("part.mode", "c", "Mode"),
    ]
    assert store.state.part == Part(number=4, level=6, on=True, where="start", mode="c")


def test_tuples_come_out_as_they_went_in(form: Form, store: Store[Whole], qtbot: QtBot) -> None:
    """A combo box's values keep their type, so that a record compares with one that was read from a file."""
    for _ in range(2):
        qtbot.keyClick(form.sizes, Qt.Key.Key_Down)
    assert store.state.part.sizes == SIZES[2]
    assert form.asked == [("part.sizes", SIZES[1], "Sizes"), ("part.sizes", SIZES[2], "Sizes")]
    qtbot.keyClick(form.sizes, Qt.Key.Key_Home)
    assert store.state.part.sizes == ()


def test_two_forms_show_the_same(form: Form, store: Store[Whole], qtbot: QtBot) -> None:
    """What is changed in one form is seen in another; neither asks for more than what a person did."""
    second = Form(store)
    qtbot.addWidget(second)
    qtbot.keyClick(second.number, Qt.Key.Key_Up)
    qtbot.keyClick(form.on, Qt.Key.Key_Space)
    assert form.shown() == second.shown() == store.state.part
    assert (len(form.asked), len(second.asked)) == (1, 1)


def test_a_form_that_is_gone_is_not_refreshed(store: Store[Whole], qtbot: QtBot) -> None:
    """A Binder ends with its widget: later changes don't reach for what was deleted."""
    gone = Form(store)
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    store.set({"part.number": 8})


def test_a_refused_change_is_not_shown(store: Store[Whole], qtbot: QtBot) -> None:
    """Where a change comes to nothing, refreshing shows again what is."""
    box = QSpinBox()
    qtbot.addWidget(box)
    binder = Binder(box, state=lambda: store.state, changed=store.changed, change=lambda *_: None)
    binder.spin(box, "part.number", "Number")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    binder.refresh()
    assert box.value() == 3
