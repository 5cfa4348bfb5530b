from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from support.numbered import level, numbered_film

from dtsgan.ui.background import Background
from dtsgan.ui.gallery import Gallery
from dtsgan.ui.gallery import thumbnails as thumbnails_module
from dtsgan.ui.gallery.thumbnails import EVERY, MOST_FRAMES, MOST_MOVING, Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.studio import Studio


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Sixty frames whose level is 20 + 3 n."""
    return numbered_film(tmp_path / "film.mp4")


def test_stills_come_later(qtbot: QtBot, film: Path) -> None:
    """A picture is there some time after it was asked for, and is told of; it is that of the first frame."""
    thumbnails = Thumbnails()
    with qtbot.waitSignal(thumbnails.changed) as told:
        assert thumbnails.still(str(film)) is None
    assert told.args == [str(film)]
    image = thumbnails.still(str(film))
    assert image is not None
    assert level(image) == pytest.approx(20, abs=3)
    assert thumbnails.moving(str(film)) == []


def test_moving_pictures_follow_each_other(qtbot: QtBot, film: Path) -> None:
    """Every second frame of the first three seconds, at the most as many as are kept."""
    thumbnails = Thumbnails()
    with qtbot.waitSignal(thumbnails.changed):
        thumbnails.moving(str(film))
    levels = [level(each) for each in thumbnails.moving(str(film))]
    assert levels == pytest.approx([20 + 3 * EVERY * place for place in range(30)], abs=4)
    assert len(levels) <= MOST_FRAMES


def test_what_is_under_the_mouse_comes_first(qtbot: QtBot, film: Path, tmp_path: Path) -> None:
    """Moving pictures are read before the stills that wait; a file that can't be read holds nothing up, and isn't read
    again."""
    thumbnails, order = Thumbnails(), []
    thumbnails.changed.connect(order.append)
    others = [str(numbered_film(tmp_path / f"{number}.mp4", frames=3)) for number in range(2)]
    lost = str(tmp_path / "gone.mp4")
    for path in (lost, *others):
        thumbnails.still(path)
    thumbnails.moving(str(film))
    qtbot.waitUntil(lambda: len(order) == 4)
    assert order == [lost, str(film), *others]
    assert thumbnails.still(lost) is None
    with qtbot.waitSignal(thumbnails.changed) as told:
        thumbnails.moving(lost)
        thumbnails.moving(others[0])
    assert told.args == [others[0]]


def test_what_was_asked_for_last_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    """Memory is bounded: of many that moved, the latest are kept, and the stills of all."""
    thumbnails = Thumbnails()
    paths = [str(numbered_film(tmp_path / f"{number}.mp4", frames=2)) for number in range(MOST_MOVING + 2)]
    for path in paths:
        with qtbot.waitSignal(thumbnails.changed):
            thumbnails.moving(path)
    kept = [path for path in paths if path in thumbnails._moving]
    assert kept == paths[2:]
    assert all(thumbnails.still(path) is not None for path in paths)


def test_a_variant_moves_under_the_mouse(
    qtbot: QtBot, studio: Studio, variants: Callable[..., None], film: Path
) -> None:
    """What the mouse is over plays from its beginning; once the mouse is gone nothing does."""
    variants(1, path=str(film))
    gallery = Gallery(studio)
    qtbot.addWidget(gallery)
    gallery.resize(360, 300)
    gallery.show()
    middle = gallery.visualRect(gallery.results.index(0, 0)).center()
    qtbot.mouseMove(gallery.viewport(), middle)
    assert gallery.hovered == str(film)
    qtbot.waitUntil(lambda: bool(gallery.thumbnails.moving(str(film))) and gallery.step >= 2)
    qtbot.mouseMove(gallery.viewport(), QPoint(350, 290))
    assert (gallery.hovered, gallery.step) == (None, 0)


def test_the_gallery_is_painted(qtbot: QtBot, studio: Studio, variants: Callable[..., None], film: Path) -> None:
    """A variant's picture is seen in its cell; rejected ones are darker, with a cross."""
    variants(1, path=str(film))
    gallery = Gallery(studio)
    qtbot.addWidget(gallery)
    gallery.resize(360, 300)
    gallery.show()

    def seen() -> int:
        cell = gallery.visualRect(gallery.results.index(0, 0))
        image = gallery.viewport().grab().toImage()
        return image.pixelColor(cell.x() + 60, cell.y() + 30).green()

    with qtbot.waitSignal(gallery.thumbnails.changed):
        gallery.grab()
    light = seen()
    assert light == pytest.approx(20, abs=4)
    studio.view.set({"filter": "all"})
    studio.mark({"v1"}, "rejected", "Reject")
    assert seen() < light


def test_reading_ends_with_the_gallery(
    qtbot: QtBot, studio: Studio, variants: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gallery that is gone when a picture comes is not reached for."""
    seen, begun = Event(), []
    monkeypatch.setattr(
        thumbnails_module, "_read", lambda *_: [QImage(4, 4, QImage.Format.Format_RGB32)] * seen.wait(9)
    )
    start = Background.start
    monkeypatch.setattr(Background, "start", lambda self: (begun.append(self), start(self)))
    variants(1)
    gone = Gallery(studio)
    gone.resize(360, 300)
    gone.grab()
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    with qtbot.waitSignal(begun[0].done):
        seen.set()
