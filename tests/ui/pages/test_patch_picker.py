from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QDialogButtonBox
from support.drawing import with_clip
from support.numbered import level, numbered_film

from dtsgan.ui.document import Reference
from dtsgan.ui.pages.patch_picker import PatchPicker

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.studio import Studio

LEFT = Qt.MouseButton.LeftButton
OK, CANCEL = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Sixty frames of 48 x 64 whose level is 20 + 3 n."""
    return numbered_film(tmp_path / "sea.mp4")


@pytest.fixture
def picker(qtbot: QtBot, studio: Studio, film: Path) -> PatchPicker:
    """Of the film, which is open, for a project with another clip."""
    with_clip(studio, size_hw=(90, 160))
    studio.view.set({"page": "learn"})
    made = PatchPicker(studio, film)
    qtbot.addWidget(made)
    made.resize(700, 560)
    made.show()
    qtbot.waitUntil(made.slider.isEnabled)
    return made


def place(picker: PatchPicker, x: float, y: float) -> QPoint:
    """Of a point of the clip."""
    area = picker.frame.area()
    return QPoint(round(area.x() + x * area.width() / 64), round(area.y() + y * area.height() / 48))


def drag(qtbot: QtBot, picker: PatchPicker, *points: tuple[float, float]) -> None:
    qtbot.mousePress(picker.frame, LEFT, pos=place(picker, *points[0]))
    for point in points[1:]:
        qtbot.mouseMove(picker.frame, place(picker, *point))
    qtbot.mouseRelease(picker.frame, LEFT, pos=place(picker, *points[-1]))


def test_a_patch_is_dragged_and_used(qtbot: QtBot, studio: Studio, picker: PatchPicker, film: Path) -> None:
    """A rectangle that is dragged, whichever way, becomes the project's patch when it is used: one step of undo."""
    use = picker.buttons.button(OK)
    assert not use.isEnabled()
    drag(qtbot, picker, (39.8, 29.8), (20, 20), (10.2, 10.2))
    assert picker.frame.rect_px == QRect(10, 10, 30, 20)
    assert "30 x 20 px" in picker.text.text()
    assert studio.project.replace.reference is None
    with qtbot.waitSignal(picker.accepted):
        use.click()
    expected = Reference(x=10, y=10, width=30, height=20, frame=0, path=str(film.absolute()))
    assert studio.project.replace.reference == expected
    assert studio.project.replace.fill == "patch"
    studio.document.undo()
    assert studio.project.replace.reference is None


def test_beyond_the_picture_is_its_edge(qtbot: QtBot, picker: PatchPicker) -> None:
    """A rectangle ends at the picture's edge."""
    drag(qtbot, picker, (40.2, 30.2), (400, 300))
    assert picker.frame.rect_px == QRect(40, 30, 24, 18)


def test_a_click_chooses_nothing(qtbot: QtBot, picker: PatchPicker) -> None:
    """What is too small to be a texture can't be used."""
    drag(qtbot, picker, (40, 30), (41, 31))
    assert picker.frame.rect_px is None
    assert not picker.buttons.button(OK).isEnabled()


def test_giving_up_changes_nothing(qtbot: QtBot, studio: Studio, picker: PatchPicker) -> None:
    """Cancelled, the project stays as it was."""
    before = studio.project
    drag(qtbot, picker, (10, 10), (40, 30))
    with qtbot.waitSignal(picker.rejected):
        picker.buttons.button(CANCEL).click()
    assert studio.project == before


def test_with_the_keyboard(qtbot: QtBot, picker: PatchPicker) -> None:
    """Arrows make a rectangle and move it, with Shift they change its size, within the picture."""
    qtbot.keyClick(picker.frame, Qt.Key.Key_Right)
    assert picker.frame.rect_px == QRect(17, 12, 32, 24)
    qtbot.keyClick(picker.frame, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert picker.frame.rect_px == QRect(17, 12, 32, 25)
    for _ in range(100):
        qtbot.keyClick(picker.frame, Qt.Key.Key_Left)
    rect = picker.frame.rect_px
    assert rect is not None
    assert rect.left() == 0
    assert picker.buttons.button(OK).isEnabled()


def test_a_rectangle_keeps_its_size_at_the_edge(qtbot: QtBot, picker: PatchPicker) -> None:
    """Moved against the edge with the keyboard it stays as large as it was."""
    qtbot.keyClick(picker.frame, Qt.Key.Key_Right)
    for _ in range(100):
        qtbot.keyClick(picker.frame, Qt.Key.Key_Right)
    assert picker.frame.rect_px == QRect(32, 12, 32, 24)


def test_other_frames_are_looked_at(qtbot: QtBot, picker: PatchPicker) -> None:
    """The slider shows other frames; the patch is used from the first one on all the same."""
    picker.slider.setValue(50)

    def seen() -> int:
        return level(picker.frame.grab(picker.frame.area().toRect()).toImage())

    qtbot.waitUntil(lambda: abs(seen() - 170) < 5)
    drag(qtbot, picker, (10, 10), (40, 30))
    picker.accept()
    reference = picker._studio.project.replace.reference
    assert reference is not None
    assert reference.frame == 0


def test_a_file_that_is_no_clip_is_told(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """What can't be read is told in the dialog, and nothing can be chosen of it."""
    path = tmp_path / "no film.mp4"
    path.write_bytes(b"no film")
    picker = PatchPicker(studio, path)
    qtbot.addWidget(picker)
    picker.show()
    qtbot.waitUntil(lambda: picker.text.property("role") == "warning")
    assert "no film.mp4" in picker.text.text()
    qtbot.mousePress(picker.frame, LEFT, pos=QPoint(50, 50))
    qtbot.keyClick(picker.frame, Qt.Key.Key_Right)
    assert picker.frame.rect_px is None
    assert not picker.buttons.button(OK).isEnabled()


def test_a_second_try_reads_again(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """A file that couldn't be read before, and can be now, is opened; one that still can't be is told again."""
    path = tmp_path / "late.mp4"
    path.write_bytes(b"no film")
    for _ in range(2):
        picker = PatchPicker(studio, path)
        qtbot.addWidget(picker)
        qtbot.waitUntil(lambda picker=picker: picker.text.property("role") == "warning")
    numbered_film(path)
    picker = PatchPicker(studio, path)
    qtbot.addWidget(picker)
    qtbot.waitUntil(picker.slider.isEnabled)
