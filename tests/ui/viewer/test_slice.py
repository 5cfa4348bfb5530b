from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from support.numbered import numbered_film

from dtsgan.ui.media import ArrayPictures
from dtsgan.ui.previews import Preview
from dtsgan.ui.viewer.slicing import Field
from dtsgan.ui.viewer.volume import BUDGET_BYTES, MOST_FRAMES, Volume

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from dtsgan.ui.document import Result
    from dtsgan.ui.studio import Studio
    from dtsgan.ui.viewer import Viewer

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
RATE = Fraction(25)


def greens(image: QImage | None) -> np.ndarray:
    assert image is not None
    return np.array([[image.pixelColor(x, y).green() for x in range(image.width())] for y in range(image.height())])


def sliced(qtbot: QtBot, studio: Studio, viewer: Viewer) -> Volume:
    """The volume of what is shown, once it is whole."""
    studio.view.set({"slice": True})
    qtbot.waitUntil(lambda: viewer.slice.volume is not None and viewer.slice.volume.whole)
    assert viewer.slice.volume is not None
    return viewer.slice.volume


def test_a_row_through_time_is_that_row_of_each_frame(qtbot: QtBot, studio: Studio) -> None:
    """Of known frames, time runs down for a row, to the right for a column, at the height or width that is asked."""
    del qtbot
    frames = np.random.default_rng(0).integers(0, 255, (7, 10, 12, 3), np.uint8)
    volume = Volume(7, (10, 12))
    volume.take(ArrayPictures(frames, rate=RATE, size_hw=(10, 12), parent=studio))
    assert volume.whole
    assert (greens(volume.slice("row", 0.35)) == frames[:, 3, :, 1]).all()
    assert (greens(volume.slice("row", 1.0)) == frames[:, 9, :, 1]).all()
    assert (greens(volume.slice("column", 0.5)) == frames[:, :, 6, 1].T).all()


def test_a_film_is_read_on_a_thread(qtbot: QtBot, studio: Studio, watched: Viewer) -> None:
    """Each row of the slice has the level of its frame, and nothing is read before it is looked at."""
    assert watched.slice.volume is None
    volume = sliced(qtbot, studio, watched)
    found = greens(volume.slice("row", 0.5))[:, 30]
    assert found == pytest.approx(20 + 3 * np.arange(60), abs=2)


def test_a_joint_is_seen_as_a_break(qtbot: QtBot, tmp_path: Path) -> None:
    """Where a frame doesn't follow the one before, neighbouring rows differ, and only there."""
    path = numbered_film(tmp_path / "cut.mp4", frames=20, first=20, step=2)
    volume = Volume(20, (48, 64))
    volume.read_file(path, None)
    qtbot.waitUntil(lambda: volume.whole)
    rows = greens(volume.slice("row", 0.5))[:, 10]
    joined = np.concatenate([rows[:10], rows[15:]])
    assert np.argmax(np.abs(np.diff(joined))) == 9


def test_memory_is_bounded_whatever_the_length(qtbot: QtBot, long_uhd: Path) -> None:
    """Of ten minutes in 4K each so-manieth frame is taken, small; it can be given up at any moment."""
    volume = Volume(15000, (2160, 3840))
    assert 15000 / volume.stride <= MOST_FRAMES
    volume.read_file(long_uhd, None)
    with qtbot.waitSignal(volume.grown, timeout=20_000):
        pass
    assert not volume.whole
    assert 0 < volume.bytes <= BUDGET_BYTES
    assert volume.slice("column", 0.5) is not None
    volume.close()


def test_a_file_that_cant_be_read_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    """The slice ends with words, not with silence."""
    volume = Volume(10, (48, 64))
    with qtbot.waitSignal(volume.grown):
        volume.read_file(tmp_path / "gone.mp4", None)
    assert "gone.mp4 does not exist" in volume.problem
    assert volume.whole


def test_the_line_is_dragged_in_the_small_picture(qtbot: QtBot, studio: Studio, watched: Viewer) -> None:
    """Along a row up and down, along a column sideways; keys move and turn it, too."""
    sliced(qtbot, studio, watched)
    view, rect = watched.slice, watched.slice.small().rect
    QTest.mousePress(view, LEFT, NONE, rect.center().toPoint())
    QTest.mouseMove(view, QPointF(rect.center().x(), rect.top() + 0.25 * rect.height()).toPoint())
    QTest.mouseRelease(view, LEFT, NONE, rect.center().toPoint())
    assert studio.view.state.slice_at == pytest.approx(0.25, abs=0.02)
    QTest.keyClick(view, Qt.Key.Key_U)
    assert studio.view.state.slice_along == "column"
    QTest.mousePress(view, LEFT, NONE, QPointF(rect.left() + 0.75 * rect.width(), rect.center().y()).toPoint())
    QTest.mouseRelease(view, LEFT, NONE, rect.center().toPoint())
    assert studio.view.state.slice_at == pytest.approx(0.75, abs=0.02)
    view.turn.click()
    assert studio.view.state.slice_along == "row"
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert studio.view.state.slice_at == pytest.approx(0.74, abs=0.02)


@pytest.mark.parametrize("along", ["row", "column"])
def test_a_click_in_the_slice_goes_to_its_frame(qtbot: QtBot, studio: Studio, watched: Viewer, along: str) -> None:
    """Time is where it is painted."""
    studio.view.set({"slice_along": along})
    sliced(qtbot, studio, watched)
    place = watched.slice.field().line(42.5).center().toPoint()
    QTest.mouseClick(watched.slice, LEFT, NONE, place)
    assert studio.view.state.frame == 42
    assert watched.slice.field().frame_at(QPointF(-99, -99)) == 0
    assert watched.slice.field().frame_at(QPointF(9999, 9999)) == 59


def test_a_result_shows_what_is_kept_and_what_is_new(
    qtbot: QtBot, studio: Studio, watched: Viewer, loop: Result
) -> None:
    """Beside kept frames the strip is filled, beside new ones hatched."""
    studio.view.set({"showing": loop.id})
    sliced(qtbot, studio, watched)
    image, strip = watched.slice.grab().toImage(), watched.slice.field().strip

    def filled(first: float, end: float) -> float:
        part: QRectF = watched.slice.field().part(strip, first, end)
        colours = [
            image.pixelColor(QPoint(x, y)).name()
            for x in range(int(part.left()) + 2, int(part.right()) - 2)
            for y in range(int(part.top()) + 3, int(part.bottom()) - 3)
        ]
        return max(colours.count(each) for each in set(colours)) / len(colours)

    assert filled(30, 39) == 1
    assert 0.3 < filled(41, 49) < 0.95


def test_what_is_shown_next_is_sliced_next(qtbot: QtBot, studio: Studio, watched: Viewer, loop: Result) -> None:
    """From the clip to a result to a preview; hidden, the memory is given up."""
    first = sliced(qtbot, studio, watched)
    studio.view.set({"showing": loop.id})
    qtbot.waitUntil(lambda: watched.slice.volume is not None and watched.slice.volume.count == 50)
    frames = np.full((5, 8, 8, 3), 90, np.uint8)
    pictures = ArrayPictures(frames, rate=RATE, size_hw=(48, 64), parent=studio)
    studio.previews.state = Preview(state="ready", pictures=pictures)
    studio.view.set({"showing": "preview"})
    assert watched.slice.volume is not None
    assert watched.slice.volume.count == 5
    assert watched.slice.volume is not first
    studio.view.set({"slice": False})
    assert watched.slice.volume is None


def test_field_and_frames_agree() -> None:
    """The line where a frame begins, and the frame at that line, are the same, for rows and columns."""
    for along in ("row", "column"):
        field = Field.within(QRectF(10, 20, 300, 200), along, 50)  # type: ignore[arg-type]
        for frame in (0, 7, 49):
            assert field.frame_at(field.line(frame + 0.5).center()) == frame
