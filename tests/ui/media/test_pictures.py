from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from support.numbered import RATE, level
from support.videos import texture, write_video

from dtsgan.ui.media import ArrayPictures, Media
from dtsgan.ui.media.images import screen_image
from dtsgan.ui.media.pictures import BUDGET_BYTES

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from dtsgan.ui.media import ClipPictures


def opened(qtbot: QtBot, media: Media, path: Path, **options: Fraction) -> ClipPictures:
    pictures = media.open(path, **options)
    qtbot.waitUntil(lambda: pictures.count > 0 or pictures.problem is not None)
    return pictures


def picture(qtbot: QtBot, pictures: ClipPictures, number: int) -> QImage:
    qtbot.waitUntil(lambda: pictures.picture(number) is not None)
    image = pictures.picture(number)
    assert image is not None
    return image


def test_a_film_is_known_before_its_frames(qtbot: QtBot, media: Media, film: Path) -> None:
    """Count, exact rate and size come first; no frame is decoded that nobody wants."""
    pictures = media.open(film)
    assert pictures.count == 0
    with qtbot.waitSignal(pictures.opened):
        pass
    assert (pictures.count, pictures.rate, pictures.size_hw) == (60, RATE, (48, 64))
    assert pictures.kept.bytes == 0


@pytest.mark.parametrize("number", [0, 1, 9, 10, 37, 59])
def test_each_frame_is_its_own(qtbot: QtBot, media: Media, film: Path, number: int) -> None:
    """Whichever frame is asked for, from a key frame or between two, comes as itself."""
    assert level(picture(qtbot, opened(qtbot, media, film), number)) == pytest.approx(20 + 3 * number, abs=2)


def test_frames_ahead_come_without_being_asked_for(qtbot: QtBot, media: Media, film: Path) -> None:
    """Playing forwards, backwards and across the end, the next ones are there before their time."""
    pictures = opened(qtbot, media, film)
    for number, step, expected in ((20, 1, range(20, 32)), (50, -1, range(39, 51)), (56, 2, (56, 58, 0, 2, 4))):
        pictures.want(number, step=step)
        qtbot.waitUntil(lambda expected=expected: all(each in pictures.kept for each in expected))
        for each in expected:
            assert level(picture(qtbot, pictures, each)) == pytest.approx(20 + 3 * each, abs=2)


def test_no_request_gets_lost(qtbot: QtBot, media: Media, film: Path) -> None:
    """While somebody plays and seeks, all frames that others ask for arrive, too."""
    pictures = opened(qtbot, media, film)
    for number in (3, 45, 21, 8):
        pictures.picture(number)
        pictures.want(number + 1, step=1)
    qtbot.waitUntil(lambda: all(number in pictures.kept for number in (3, 45, 21, 8, 9, 20)))


def test_seeking_to_and_fro_ends_at_the_last_place(qtbot: QtBot, media: Media, film: Path) -> None:
    """Of many seeks in a row, the last is always done."""
    pictures = opened(qtbot, media, film)
    for round_ in range(30):
        for number in (50, 2, 33, 17, 59 - round_):
            pictures.want(number, step=-1 if round_ % 2 else 1)
        picture(qtbot, pictures, 59 - round_)


def test_frames_beyond_the_end_are_never_fetched(qtbot: QtBot, media: Media, film: Path) -> None:
    """Numbers that there are not are nobody's frames, and break nothing."""
    pictures = opened(qtbot, media, film)
    assert pictures.picture(60) is None
    assert pictures.picture(-1) is None
    pictures.want_all([60, 61, -3])
    assert level(picture(qtbot, pictures, 59)) == pytest.approx(20 + 3 * 59, abs=2)
    assert pictures.problem is None


def test_ten_minutes_of_4k_open_in_bounded_memory(qtbot: QtBot, media: Media, long_uhd: Path) -> None:
    """However long and large the clip is and wherever it is looked at, its pictures stay within the budget."""
    pictures = opened(qtbot, media, long_uhd)
    assert (pictures.count, pictures.size_hw) == (15000, (2160, 3840))
    for number in (0, 14990, 7000):
        pictures.want(number, step=1)
        qtbot.waitUntil(lambda number=number: number + 5 in pictures.kept, timeout=20_000)
        assert pictures.kept.bytes <= BUDGET_BYTES
    assert max(picture(qtbot, pictures, 7000).width(), picture(qtbot, pictures, 7000).height()) == 1920


def test_what_rests_gives_its_memory_up(media: Media, tmp_path: Path) -> None:
    """All open files together stay within a bound: only what is looked at has much."""
    frames = texture(2, (16, 16))
    paths = [write_video(tmp_path / f"{number}.mp4", frames) for number in range(12)]
    held = [media.open(path) for path in paths]
    assert [each.kept.budget_bytes for each in held[-2:]] == [BUDGET_BYTES] * 2
    assert sum(each.kept.budget_bytes for each in held[4:]) < 3 * BUDGET_BYTES
    assert media.open(paths[-1]) is held[-1]
    assert media.open(paths[0]) is not held[0]


def test_closing_waits_for_nobody(qtbot: QtBot, media: Media, long_uhd: Path) -> None:
    """A thread that decodes ends by itself, and nothing more comes from it."""
    pictures = opened(qtbot, media, long_uhd)
    pictures.want(5000, step=1)
    before = threading.active_count()
    came: list[int] = []
    pictures.arrived.connect(came.append)
    media.forget(long_uhd)
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
    came.clear()
    qtbot.waitUntil(lambda: threading.active_count() < before)
    assert not came


def test_a_file_that_vanishes_is_told_once_and_its_picture_stays(qtbot: QtBot, media: Media, film: Path) -> None:
    """The problem says what to do; what was seen is still seen; once it is back all goes on."""
    pictures = opened(qtbot, media, film)
    picture(qtbot, pictures, 7)
    told: list[str] = []
    pictures.failed.connect(lambda problem, remedy: told.append(f"{problem} {remedy}"))
    aside = film.rename(film.with_name("aside.mp4"))
    qtbot.waitUntil(lambda: bool(told))
    pictures.want(30)
    assert told == [f"film.mp4 is no longer where it was. Put it back into {film.parent}, or open it where it is now."]
    assert pictures.problem is not None
    assert level(picture(qtbot, pictures, 7)) == pytest.approx(41, abs=2)
    with qtbot.waitSignal(pictures.mended):
        aside.rename(film)
    assert pictures.problem is None
    assert level(picture(qtbot, pictures, 30)) == pytest.approx(110, abs=2)
    assert len(told) == 1


def test_a_file_that_is_made_again_is_read_again(qtbot: QtBot, media: Media, film: Path, tmp_path: Path) -> None:
    """A result that replaces an older one of the same name is shown, with its own length and pictures."""
    pictures = opened(qtbot, media, film)
    picture(qtbot, pictures, 59)
    other = write_video(tmp_path / "other.mp4", texture(20, (48, 64)) * 0 + 200)
    with qtbot.waitSignal(pictures.opened):
        other.replace(film)
    assert pictures.count == 20
    assert pictures.picture(59) is None
    assert level(picture(qtbot, pictures, 3)) == pytest.approx(200, abs=2)


def test_a_file_that_cant_be_read_says_so_and_is_tried_when_it_changes(
    qtbot: QtBot, media: Media, film: Path, tmp_path: Path
) -> None:
    """What isn't a video is told once; a video that takes its place is opened."""
    path = tmp_path / "result.mp4"
    path.write_bytes(b"not a video, and no index either")
    pictures = opened(qtbot, media, path)
    assert pictures.problem is not None
    assert "result.mp4 is not a video" in pictures.problem[0]
    with qtbot.waitSignal(pictures.opened):
        film.replace(path)
    assert pictures.problem is None
    assert level(picture(qtbot, pictures, 0)) == pytest.approx(20, abs=2)


def test_a_damaged_frame_doesnt_end_the_others(qtbot: QtBot, media: Media, tmp_path: Path) -> None:
    """Where one picture of a folder is broken, it is told once, and those around it are shown."""
    for number in range(8):
        Image.new("RGB", (32, 16), (20 * number,) * 3).save(tmp_path / f"f{number}.png")
    broken = tmp_path / "f3.png"
    broken.write_bytes(broken.read_bytes()[:40])
    pictures = opened(qtbot, media, tmp_path)
    told: list[str] = []
    pictures.failed.connect(lambda problem, _remedy: told.append(problem))
    pictures.want(2, step=1)
    qtbot.waitUntil(lambda: all(number in pictures.kept for number in (2, 4, 7, 0)))
    assert told == ["f3.png can't be read as a picture."]
    assert pictures.picture(3) is None
    assert level(picture(qtbot, pictures, 4)) == 80


def test_a_folder_of_pictures_has_the_rate_that_was_chosen(qtbot: QtBot, media: Media, tmp_path: Path) -> None:
    """Pictures have no rate of their own; frames come from their files, in the order of their numbers."""
    for number in range(3):
        Image.new("RGB", (32, 16), (40 * number,) * 3).save(tmp_path / f"f{number}.png")
    pictures = opened(qtbot, media, tmp_path, sequence_rate=RATE)
    assert (pictures.count, pictures.rate) == (3, RATE)
    assert [level(picture(qtbot, pictures, number)) for number in range(3)] == [0, 40, 80]


def test_alpha_arrives(qtbot: QtBot, media: Media, tmp_path: Path) -> None:
    """A clip with transparency keeps it, at 8 and more bits; one without has none."""
    frames = np.full((2, 16, 32, 4), 200, np.uint8)
    frames[:, :, :16, 3], frames[:, :, 16:, 3] = 255, 0
    clear = write_video(tmp_path / "clear.mov", frames, codec="qtrle", pixel_format="argb")
    deep = write_video(tmp_path / "deep.mov", frames, codec="prores_ks", pixel_format="yuva444p10le")
    for path in (clear, deep):
        image = picture(qtbot, opened(qtbot, media, path), 1)
        assert image.hasAlphaChannel()
        assert image.pixelColor(4, 8).alpha() == 255
        assert image.pixelColor(28, 8).alpha() == 0
    solid = write_video(tmp_path / "solid.mp4", frames[..., :3])
    assert not picture(qtbot, opened(qtbot, media, solid), 0).hasAlphaChannel()


def test_screen_images_have_their_own_levels() -> None:
    """Blue, green, red and alpha land where Qt has them, and the array may go."""
    levels = np.array([[[10, 20, 30, 255], [50, 60, 70, 0]]], np.uint8)
    solid, clear = screen_image(levels, alpha=False), screen_image(levels, alpha=True)
    levels[:] = 0
    for image in (solid, clear):
        assert image.pixelColor(0, 0) == QColor(30, 20, 10)
    assert clear.pixelColor(1, 0).alpha() == 0


def test_pictures_in_memory_are_there_at_once() -> None:
    """A preview's frames need no fetching, and there are none beyond its end."""
    frames = texture(3, (8, 12))
    pictures = ArrayPictures(frames, rate=RATE, size_hw=(80, 120))
    image = pictures.picture(2)
    assert image is not None
    assert image.pixelColor(3, 4) == QColor(*frames[2, 4, 3].tolist())
    assert pictures.picture(3) is None


def test_a_whole_picture_comes_when_somebody_looks_closely(qtbot: QtBot, media: Media, long_uhd: Path) -> None:
    """Of a clip larger than the pictures that are kept, one frame at a time comes in its own size; seeing another one,
    it is given up."""
    pictures = opened(qtbot, media, long_uhd)
    pictures.want(6000)
    assert picture(qtbot, pictures, 6000).width() == 1920
    assert pictures.whole_picture(6000) is None
    with qtbot.waitSignal(pictures.sharpened):
        pass
    whole = pictures.whole_picture(6000)
    assert whole is not None
    assert (whole.width(), whole.height()) == (3840, 2160)
    small = whole.scaled(1920, 1080, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    for x, y in ((100, 100), (960, 540), (1800, 900)):
        assert abs(small.pixelColor(x, y).green() - picture(qtbot, pictures, 6000).pixelColor(x, y).green()) < 12
    pictures.want(6001)
    assert pictures.whole_picture(6000) is None


def test_a_small_clip_is_whole_anyway(qtbot: QtBot, media: Media, film: Path) -> None:
    """Nothing is decoded twice: its usual pictures have all there is."""
    pictures = opened(qtbot, media, film)
    picture(qtbot, pictures, 3)
    assert pictures.whole_picture(3) is None
    assert ArrayPictures(texture(1, (8, 12)), rate=RATE, size_hw=(80, 120)).whole_picture(0) is None
