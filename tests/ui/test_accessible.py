from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)
from support.drawing import square
from support.longer import OPEN, Longer
from support.numbered import numbered_film

from dtsgan.ui.document import Footage, Key, Mask, Result
from dtsgan.ui.jobs import Job, Task
from dtsgan.ui.pages.patch_picker import PatchPicker
from dtsgan.ui.panel import PAGES, Panel
from dtsgan.ui.theme import COLOURS
from dtsgan.ui.viewer.canvas import Canvas
from dtsgan.ui.viewer.slice import SliceView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.studio import Studio

SIZE = QSize(1280, 720)
NAMES = ("fire", "kept", "nothing")
"""Words of the clip and of workers, which nobody translates."""


@pytest.fixture
def longer(qapp: QApplication) -> Iterator[None]:
    """All texts are translated into longer ones."""
    translator = Longer()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def filled(studio: Studio) -> None:
    """A project in which every page has something to show, and jobs of every state."""
    clip = Footage(path="/clips/fire.mp4", frames=100, rate=Fraction(25), size_hw=(90, 160))
    keys = (Key(frame=0, shapes=(square(5, 5, 20),)), Key(frame=40, shapes=(square(30, 5, 20),)))
    facts = {"settings": "{}", "title": "fire", "frames": 150, "kept": (0, 100), "joints": ((100, 1.7),)}
    results = tuple(
        Result(id=f"{made_by}{seed}", path=f"/made/fire{seed}.mp4", made_by=made_by, seed=seed, **facts)
        for made_by in ("extend", "replace", "variants")
        for seed in range(2)
    )
    changes = {"clip": clip, "replace.mask": Mask(keys=keys), "replace.fill": "patch", "results": results}
    studio.document.change("", changes)
    task = Task(title="fire", words=(), output="/made/fire.mp4", kind="")
    for number, state in enumerate(("waiting", "running", "stopping", "done", "failed", "crashed", "stopped")):
        problem = "fire" if state in ("failed", "crashed") else ""
        job = Job(id=1000 + number, task=task, state=state, text="fire", done=0.5, problem=problem)
        studio.queue._jobs[job.id] = job
        studio.queue.changed.emit(job)


def opened(qtbot: QtBot, studio: Studio) -> Panel:
    """At the least size that is promised."""
    made = Panel(studio)
    qtbot.addWidget(made)
    made.resize(SIZE)
    made.show()
    return made


@pytest.fixture
def panel(qtbot: QtBot, studio: Studio) -> Panel:
    """All of it, with a project that has something for every page."""
    filled(studio)
    return opened(qtbot, studio)


@pytest.fixture(params=["filled", "empty"])
def either(qtbot: QtBot, studio: Studio, request: pytest.FixtureRequest) -> Panel:
    """With such a project, and as it is when the program is started."""
    if request.param == "filled":
        filled(studio)
    return opened(qtbot, studio)


def turn(qtbot: QtBot, panel: Panel, page: str) -> QWidget:
    """Show a page with a result of it, if it has any."""
    results = [each for each in panel.studio.project.results if each.made_by == page]
    panel.studio.view.set({"page": page, "showing": results[0].id if results else "clip"})
    qtbot.waitUntil(lambda: panel.tabs.currentIndex() == PAGES.index(page))
    panel.grab()  # lays all out
    qtbot.waitUntil(lambda: panel.tabs.width() >= panel.tabs.minimumSizeHint().width())
    return panel.tabs.currentWidget()


def ours(root: QWidget) -> list[QWidget]:
    """All widgets in it but the pieces that Qt puts into its own."""
    whole = (QComboBox, QAbstractItemView, QAbstractSpinBox, QTabBar)
    return [
        each
        for each in root.findChildren(QWidget)
        if not isinstance(each, QScrollBar) and not any(isinstance(above, whole) for above in _above(each))
    ]


def _above(widget: QWidget) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()


def said(widget: QWidget) -> str:
    """How the widget is called where a test fails."""
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text or widget.objectName()!r}"


def focusable(root: QWidget) -> list[QWidget]:
    return [each for each in ours(root) if each.focusPolicy() != Qt.FocusPolicy.NoFocus and not each.focusProxy()]


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_name_and_a_tip(qtbot: QtBot, either: Panel, page: str) -> None:
    """A screen reader has a name for every control, and the mouse a tip that says what it does."""
    panel = either
    turn(qtbot, panel, page)
    controls = [each for each in focusable(panel) if not isinstance(each, QTabBar | QScrollArea)]
    shows = (Canvas, SliceView, QLabel)  # what they show says all; a tip would lie over it
    assert len(controls) > 20
    nameless = []
    for each in controls:
        if isinstance(each, QLabel | QAbstractButton) and each.isHidden() and not each.text():
            continue  # it is given words before it is shown
        heard = QAccessible.queryAccessibleInterface(each)
        if not heard.text(QAccessible.Text.Name).strip():
            nameless.append(said(each))
    assert nameless == []
    assert [said(each) for each in controls if not each.toolTip().strip() and not isinstance(each, shows)] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_key_is_promised_twice(qtbot: QtBot, panel: Panel, page: str) -> None:
    """A key that the tip of a control names belongs to that one alone, of all that are seen together."""
    panel.studio.view.set({"slice": True})
    turn(qtbot, panel, page)
    promised: dict[str, list[str]] = {}
    for each in ours(panel):
        if each.isVisible() and (found := re.search(r"\(([A-Z,.]|Shift\+[A-Z])[);]", each.toolTip())):
            promised.setdefault(found[1], []).append(said(each))
    assert len(promised) > 5
    if page == "variants":  # which X is meant is told by where the keyboard is
        promised["X"] = [each for each in promised["X"] if "Reject" not in each]
    assert {key: names for key, names in promised.items() if len(names) > 1} == {}


@pytest.mark.parametrize("page", PAGES)
def test_tab_reaches_every_control(qtbot: QtBot, panel: Panel, page: str) -> None:
    """With the Tab key one comes to every control that can be used, and none holds one fast."""
    turn(qtbot, panel, page)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    wanted = {
        each
        for each in focusable(panel)
        if each.isVisible()
        and each.isEnabled()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not _by_arrows(each)
    }
    panel.viewer.canvas.setFocus()
    reached = set()
    for _ in range(3 * len(wanted)):
        widget = QApplication.focusWidget()
        if widget is not None:
            reached.add(widget)
            qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert [said(each) for each in wanted - reached] == []


def _by_arrows(widget: QWidget) -> bool:
    """Whether one comes to it with the arrow keys from another button of its group."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and widget is not (group.checkedButton() or group.buttons()[0])


@pytest.mark.parametrize("theme", COLOURS)
@pytest.mark.parametrize("page", PAGES)
def test_focus_is_seen(qtbot: QtBot, panel: Panel, page: str, theme: str) -> None:
    """Whatever has the keyboard looks different."""
    turn(qtbot, panel, page)
    panel.studio.view.set({"theme": theme})
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    unseen = []
    for each in focusable(panel):
        if not (each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus):
            continue
        if isinstance(each, QLineEdit):
            continue
        panel.setFocus()
        each.clearFocus()
        before = each.grab().toImage()
        each.setFocus(Qt.FocusReason.TabFocusReason)
        if each.hasFocus() and each.grab().toImage() == before:
            unseen.append(said(each))
    assert unseen == []


@pytest.mark.usefixtures("longer")
@pytest.mark.parametrize("page", PAGES)
def test_longer_texts_fit(qtbot: QtBot, either: Panel, page: str) -> None:
    """In the least window nothing is cut off where every text is 30 % longer."""
    panel = either
    shown = turn(qtbot, panel, page)
    assert panel.size() == SIZE
    assert panel.minimumSizeHint().width() <= SIZE.width()
    assert panel.minimumSizeHint().height() <= SIZE.height()
    cut = []
    for each in ours(panel):
        if each.isVisible() and (lack := _lack(each)):
            cut.append(f"{said(each)}: {lack}")
        if each.isVisible() and shown.isAncestorOf(each) and not isinstance(each, QAbstractScrollArea):
            left = each.mapTo(shown, QPoint()).x()
            if left < 0 or left + each.width() > shown.width():
                cut.append(f"{said(each)}: beyond the page, {left} to {left + each.width()} of {shown.width()}")
    assert cut == []


def _lack(widget: QWidget) -> str:
    """What is missing of a text, empty if all is seen."""
    width, height = widget.width(), widget.height()
    if isinstance(widget, QLabel) and widget.wordWrap():
        needs = widget.heightForWidth(width)
        longest = max((widget.fontMetrics().horizontalAdvance(word) for word in widget.text().split()), default=0)
        return f"{needs} high" if needs > height else f"{longest} wide" if longest > width else ""
    if isinstance(widget, QLabel | QAbstractButton):
        hint = widget.sizeHint()
        return f"{hint.width()} wide of {width}" if hint.width() > width else ""
    if isinstance(widget, QComboBox):
        room = width - 22 - 2 * 10  # its arrow, and what lies around the text
        needs = widget.fontMetrics().horizontalAdvance(widget.currentText())
        return f"{needs} wide of {room}" if needs > room else ""
    if isinstance(widget, QAbstractSpinBox):
        hint = widget.fontMetrics().horizontalAdvance(widget.text()) + 2 * 6 + 20
        return f"{hint} wide of {width}" if hint > width else ""
    if isinstance(widget, QTabBar):
        last = widget.tabRect(widget.count() - 1).right()
        return f"{last} wide of {width}" if last > width else ""
    return ""


def texts(widget: QWidget) -> list[str]:
    """All that a person may read or hear of a widget."""
    found = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.statusTip()]
    if isinstance(widget, QLabel | QAbstractButton):
        found.append(widget.text())
    elif isinstance(widget, QComboBox):
        found += [widget.itemText(place) for place in range(widget.count())]
    elif isinstance(widget, QAbstractSpinBox):
        found.append(widget.text())
        found += [getattr(widget, name)() for name in ("suffix", "prefix", "specialValueText") if hasattr(widget, name)]
    elif isinstance(widget, QTabBar):
        found += [widget.tabText(place) for place in range(widget.count())]
        found += [widget.tabToolTip(place) for place in range(widget.count())]
    elif isinstance(widget, QAbstractItemView):
        model = widget.model()
        found += [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    elif isinstance(widget, QLineEdit):
        found.append(widget.placeholderText())
    return found


def names_taken_out(text: str) -> str:
    """What is left of a text without paths, sizes and names."""
    return re.sub(r"/\S*|\d+x\d+|\b(" + "|".join(NAMES) + r")\b", "", text)


@pytest.mark.usefixtures("longer")
@pytest.mark.parametrize("page", PAGES)
def test_every_text_is_translated(qtbot: QtBot, either: Panel, page: str) -> None:
    """No word that the program itself says stays English where another language is spoken."""
    panel = either
    turn(qtbot, panel, page)
    found = {(said(each), text) for each in [panel, *ours(panel)] for text in texts(each)}
    assert sum(OPEN in text for _, text in found) > 20
    untranslated = [
        (where, text) for where, text in found if OPEN not in text and re.search(r"[A-Za-z]{2}", names_taken_out(text))
    ]
    assert sorted(untranslated) == []


def test_undo_is_translated(qtbot: QtBot, studio: Studio, longer: None) -> None:
    """So are the names of what undo takes back."""
    del longer
    filled(studio)
    panel = Panel(studio)
    qtbot.addWidget(panel)
    for each in ours(panel):
        if isinstance(each, QAbstractButton) and each.isCheckable() and each.isEnabled():
            before = studio.document.undo_text
            each.toggle()
            assert OPEN in studio.document.undo_text or studio.document.undo_text == before


@pytest.mark.usefixtures("longer")
def test_the_patch_dialog(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """So is the dialog that picks a patch: its controls have names and tips, its texts are translated and fit."""
    picker = PatchPicker(studio, numbered_film(tmp_path / "fire.mp4", frames=3))
    qtbot.addWidget(picker)
    picker.show()
    qtbot.waitUntil(picker.slider.isEnabled)
    controls = focusable(picker)
    assert len(controls) == 4
    assert [said(each) for each in controls if not each.toolTip() and not isinstance(each, QPushButton)] == []
    qtbot.waitUntil(lambda: not [each for each in ours(picker) if each.isVisible() and _lack(each)])
    found = [picker.windowTitle(), *(text for each in ours(picker) for text in texts(each))]
    assert [text for text in found if OPEN not in text and text] == []


def _luminance(colour: str) -> float:
    """Relative, as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_right() -> None:
    """Black on white is the most there is; a known grey is just enough."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


WORDS = ("text", "faint", "accent", "warning", "good")
BEHIND = ("window", "raised", "field")


@pytest.mark.parametrize("theme", COLOURS)
def test_words_can_be_read(theme: str) -> None:
    """All words have the contrast that people with weak eyes need (WCAG AA, 4.5), whatever lies behind them."""
    colours = COLOURS[theme]._asdict()
    pairs = [(word, behind) for word in WORDS for behind in BEHIND] + [("on_accent", "accent")]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: value for pair, value in weak.items() if value < 4.5} == {}


@pytest.mark.parametrize("theme", COLOURS)
def test_marks_can_be_seen(theme: str) -> None:
    """What is told by a coloured shape stands out from what lies behind it (WCAG AA, 3)."""
    colours = COLOURS[theme]._asdict()
    pairs = [(mark, behind) for mark in ("kept", "new", "mask", "accent") for behind in ("window", "raised", "field")]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: value for pair, value in weak.items() if value < 3} == {}
