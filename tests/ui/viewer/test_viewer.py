from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dtsgan.ui.media import ClipPictures
from dtsgan.ui.panel import Panel
from dtsgan.ui.viewer.bar import IconButton

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from dtsgan.ui.document import Result
    from dtsgan.ui.studio import Studio
    from dtsgan.ui.viewer import Viewer

Key = Qt.Key
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


def press(viewer: Viewer, *keys: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    for key in keys:
        QTest.keyClick(viewer.canvas, key, modifier)


def test_without_a_clip_it_invites(qtbot: QtBot, viewer: Viewer) -> None:
    """Both buttons say what is wanted; nothing can be played."""
    with qtbot.waitSignal(viewer.open_asked):
        viewer.invite.open.click()
    with qtbot.waitSignal(viewer.sample_asked):
        viewer.invite.sample.click()
    assert viewer.invite.isVisible()
    assert not any(button.isEnabled() for button in viewer.transport.findChildren(IconButton))
    press(viewer, Key.Key_Space, Key.Key_L, Key.Key_I)


def test_dropped_files_are_handed_on(qtbot: QtBot, viewer: Viewer, film: Path) -> None:
    """Files and folders are; what is no file on this machine isn't."""
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/clip.mp4"), QUrl.fromLocalFile(str(film))])
    place, action, left = QPointF(5, 5), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    with qtbot.waitSignal(viewer.dropped) as told:
        viewer.dropEvent(QDropEvent(place, action, mime, left, NONE))
    assert told.args == [[film]]


def test_a_folder_of_pictures_is_a_clip(qtbot: QtBot, studio: Studio, viewer: Viewer, tmp_path: Path) -> None:
    """With the rate that was chosen for it, which the project keeps."""
    folder = tmp_path / "frames"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (64, 48), (40 * number,) * 3).save(folder / f"f{number:03}.png")
    studio.opening.open_clip(folder, sequence_rate=Fraction(12))
    qtbot.waitUntil(lambda: viewer.shown.image is not None)
    assert studio.project.clip is not None
    assert (studio.project.clip.rate, studio.project.clip.sequence_rate) == (12, 12)
    studio.view.set({"frame": 2})
    qtbot.waitUntil(lambda: viewer.shown.number == 2)


def test_a_clip_that_couldnt_be_read_can_be_tried_again(
    qtbot: QtBot, studio: Studio, viewer: Viewer, film: Path, tmp_path: Path
) -> None:
    """The problem is told each time; once the file is good, it opens."""
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"no video at all")
    for _ in range(2):
        with qtbot.waitSignal(studio.told) as told:
            studio.opening.open_clip(path)
        assert told.args is not None
        assert "broken.mp4 is not a video" in told.args[0]
    assert viewer.invite.isVisible()
    path.write_bytes(film.read_bytes())
    studio.opening.open_clip(path)
    qtbot.waitUntil(lambda: viewer.shown.image is not None)


def test_a_clip_takes_the_invitations_place(watched: Viewer) -> None:
    """Once a clip is there, it is seen, and all buttons that can do something are enabled."""
    assert watched.canvas.isVisible()
    bar = watched.transport
    off = {button.accessibleName() for button in bar.findChildren(IconButton) if not button.isEnabled()}
    assert off == {"Play across the joint", "Clear in and out points"}
    assert (bar.time.text(), bar.frame.text(), bar.total.text()) == ("0:00:00:00", "0", "of 60")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("first", {"frame": 30}, {"frame": 0}),
        ("back", {"frame": 30}, {"frame": 29}),
        ("play", {}, {"speed": 1.0}),
        ("play", {"speed": -2.0}, {"speed": 0.0}),
        ("forward", {"frame": 30, "speed": 1.0}, {"frame": 31, "speed": 0.0}),
        ("last", {}, {"frame": 59}),
        ("wipe", {}, {"compare": "wipe"}),
        ("wipe", {"compare": "wipe"}, {"compare": "none"}),
        ("side", {"compare": "wipe"}, {"compare": "side"}),
        ("slice", {}, {"slice": True}),
    ],
)
def test_buttons(
    studio: Studio, watched: Viewer, name: str, before: dict[str, object], after: dict[str, object]
) -> None:
    """Each button does one thing to the view, and shows it."""
    studio.view.set(before)
    button = getattr(watched.transport, name)
    button.click()
    studio.view.set({"speed": 0.0} | after)
    view = studio.view.state
    assert {field: getattr(view, field) for field in after} == after
    if button.isCheckable():
        assert button.isChecked() == (name in (view.compare, "slice" if view.slice else ""))


@pytest.mark.parametrize(
    ("keys", "before", "after"),
    [
        ([Key.Key_Space], {}, {"speed": 1.0}),
        ([Key.Key_Space, Key.Key_Space], {}, {"speed": 0.0}),
        ([Key.Key_L], {}, {"speed": 1.0}),
        ([Key.Key_L, Key.Key_L, Key.Key_L, Key.Key_L], {}, {"speed": 4.0}),
        ([Key.Key_J, Key.Key_J], {"frame": 30}, {"speed": -2.0}),
        ([Key.Key_L, Key.Key_J], {"frame": 30}, {"speed": -1.0}),
        ([Key.Key_L, Key.Key_K], {"frame": 30}, {"speed": 0.0}),
        ([Key.Key_Right, Key.Key_Right], {"frame": 30}, {"frame": 32}),
        ([Key.Key_Left], {"frame": 30, "speed": 1.0}, {"frame": 29, "speed": 0.0}),
        ([Key.Key_Left], {}, {"frame": 0}),
        ([Key.Key_Home], {"frame": 30}, {"frame": 0}),
        ([Key.Key_End, Key.Key_Right], {}, {"frame": 59}),
        ([Key.Key_R], {}, {"repeat": "range"}),
        ([Key.Key_R, Key.Key_R], {}, {"repeat": "none"}),
        ([Key.Key_C], {}, {"compare": "wipe"}),
        ([Key.Key_C, Key.Key_C], {}, {"compare": "side"}),
        ([Key.Key_C, Key.Key_C, Key.Key_C], {}, {"compare": "none"}),
        ([Key.Key_T], {}, {"slice": True}),
        ([Key.Key_1], {}, {"zoom": 1.0}),
        ([Key.Key_1, Key.Key_F], {}, {"zoom": None}),
        ([Key.Key_1, Key.Key_Plus, Key.Key_Minus], {}, {"zoom": 1.0}),
        ([Key.Key_N], {}, {"repeat": "all"}),
    ],
)
def test_keys(
    studio: Studio, watched: Viewer, keys: list[Qt.Key], before: dict[str, object], after: dict[str, object]
) -> None:
    """Each key does one thing to the view."""
    studio.view.set(before)
    press(watched, *keys)
    view = studio.view.state
    studio.view.set({"speed": 0.0})
    assert {field: getattr(view, field) for field in after} == after


def test_keys_step_a_second_with_shift(studio: Studio, watched: Viewer) -> None:
    """A second of the clip's rate, as near as frames come."""
    press(watched, Key.Key_Right, modifier=SHIFT)
    assert studio.view.state.frame == 24
    press(watched, Key.Key_Left, modifier=SHIFT)
    assert studio.view.state.frame == 0


def test_k_held_makes_single_steps(studio: Studio, watched: Viewer) -> None:
    """With K down L and J go one frame on and back; let go, they play again."""
    studio.view.set({"frame": 30})
    QTest.keyPress(watched.canvas, Key.Key_K)
    press(watched, Key.Key_L, Key.Key_L, Key.Key_J)
    assert (studio.view.state.frame, studio.view.state.speed) == (31, 0.0)
    QTest.keyRelease(watched.canvas, Key.Key_K)
    press(watched, Key.Key_L)
    assert studio.view.state.speed == 1.0
    studio.view.set({"speed": 0.0})


def test_in_and_out_points_are_steps_of_undo(studio: Studio, watched: Viewer) -> None:
    """I and O, as keys and buttons, use the frames between them, the last one too; X uses all again."""
    studio.view.set({"frame": 10})
    press(watched, Key.Key_I)
    assert studio.project.span == (10, 60)
    studio.view.set({"frame": 39})
    watched.transport.mark_out.click()
    assert studio.project.span == (10, 40)
    press(watched, Key.Key_I, modifier=SHIFT)
    assert studio.view.state.frame == 10
    press(watched, Key.Key_O, modifier=SHIFT)
    assert studio.view.state.frame == 39
    press(watched, Key.Key_X)
    assert studio.project.span is None
    assert studio.document.undo_text == "Clear in and out points"
    studio.document.undo()
    assert studio.project.span == (10, 40)
    studio.document.undo()
    studio.document.undo()
    assert studio.project.span is None


def test_an_in_point_behind_the_out_point_moves_that(studio: Studio, watched: Viewer) -> None:
    """There is always a frame between them; both at the ends is no range at all."""
    studio.document.change("", {"span": (10, 20)})
    studio.view.set({"frame": 30})
    watched.transport.mark_in.click()
    assert studio.project.span == (30, 60)
    studio.view.set({"frame": 5})
    press(watched, Key.Key_O)
    assert studio.project.span == (0, 6)
    studio.view.set({"frame": 59})
    press(watched, Key.Key_O)
    assert studio.project.span is None
    studio.document.change("", {"span": (10, 20)})
    watched.transport.clear.click()
    assert studio.project.span is None


def test_the_points_belong_to_the_clip(studio: Studio, watched: Viewer, loop: Result) -> None:
    """While a result is seen, its frames aren't marked by mistake."""
    studio.view.set({"showing": loop.id, "frame": 5})
    press(watched, Key.Key_I, Key.Key_O)
    assert studio.project.span is None
    assert not watched.transport.mark_in.isEnabled()


def test_joints_play_one_after_the_other(qtbot: QtBot, studio: Studio, watched: Viewer, loop: Result) -> None:
    """The button, or N, plays across a result's first joint, then the next, then all of it again."""
    studio.view.set({"showing": loop.id})
    qtbot.waitUntil(lambda: watched.commands.count == 50)
    watched.transport.joint.click()
    view = studio.view.state
    assert (view.repeat, view.joint, view.speed) == ("joint", 0, 1.0)
    assert watched.transport.joint.text() == "1/2"
    way = watched.shown.way()
    assert way is not None
    assert (way[0].start, way[0].length) == (16, 48)
    press(watched, Key.Key_N)
    assert (studio.view.state.repeat, studio.view.state.joint) == ("joint", 1)
    assert (studio.view.state.frame - 26) % 50 < 5
    press(watched, Key.Key_N)
    assert studio.view.state.repeat == "all"
    studio.view.set({"speed": 0.0})


def test_lists_of_the_bar(studio: Studio, watched: Viewer) -> None:
    """Speed, repeat and zoom are chosen from lists that show what is chosen."""
    bar = watched.transport
    for button, value, field in (
        (bar.speed, -2.0, "speed"),
        (bar.repeat, "none", "repeat"),
        (bar.zoom, 2.0, "zoom"),
        (bar.zoom, None, "zoom"),
    ):
        button.actions_by_value[value].trigger()
        assert getattr(studio.view.state, field) == value
        assert [each for each, action in button.actions_by_value.items() if action.isChecked()] == [value]
        studio.view.set({"speed": 0.0})
    studio.view.set({"zoom": 1.5})
    assert bar.zoom.text() == "150 %"


@pytest.mark.parametrize(
    ("field", "text", "frame"),
    [("frame", "37", 37), ("frame", "+5", 25), ("time", "1:10", 34), ("frame", "999", 59), ("time", "x", 20)],
)
def test_a_typed_place_is_gone_to(studio: Studio, watched: Viewer, field: str, text: str, frame: int) -> None:
    """Frame numbers and time codes, within the clip; what can't be understood changes nothing, and is taken back."""
    studio.view.set({"frame": 20})
    edit = getattr(watched.transport, field)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Key.Key_Return)
    assert studio.view.state.frame == frame
    assert edit.text() == {"frame": str(frame), "time": f"0:00:0{frame // 24}:{frame % 24:02}"}[field]


def test_escape_takes_back_what_is_typed(studio: Studio, watched: Viewer) -> None:
    """And keys typed there don't play."""
    edit = watched.transport.frame
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "4l")
    QTest.keyClick(edit, Key.Key_Escape)
    assert edit.text() == "0"
    assert (studio.view.state.frame, studio.view.state.speed) == (0, 0.0)


def test_every_control_says_what_it_does(watched: Viewer) -> None:
    """Each has a name for screen readers, and a tip with its key in brackets; sound is spoken of."""
    for button in watched.transport.findChildren(IconButton):
        assert button.accessibleName()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert "(" in button.toolTip()
        assert button.accessibleDescription() == button.toolTip()
    assert "Sound is not played" in watched.transport.play.toolTip()


def test_it_says_how_many_pictures_a_second_are_seen(studio: Studio, watched: Viewer) -> None:
    """While it plays, of how many; standing still, nothing."""
    studio.view.set({"speed": 1.0})
    watched.player.measured.emit(11.99)
    assert watched.transport.pace.text() == "12 of 23.98 fps"
    studio.view.set({"speed": 0.0})
    assert not watched.transport.pace.text()


def test_it_plays(qtbot: QtBot, studio: Studio, watched: Viewer) -> None:
    """Pictures of a real clip are seen one after the other."""
    seen: list[int] = []
    watched.canvas.painted.connect(lambda: seen.append(studio.view.state.frame))
    press(watched, Key.Key_L)
    qtbot.waitUntil(lambda: len(seen) > 8)
    studio.view.set({"speed": 0.0})
    assert seen == sorted(seen)


def test_the_frame_stays_within_what_is_shown(qtbot: QtBot, studio: Studio, watched: Viewer, loop: Result) -> None:
    """From a clip's end to a shorter result there is still a frame to see."""
    studio.view.set({"frame": 59})
    studio.view.set({"showing": loop.id})
    qtbot.waitUntil(lambda: studio.view.state.frame == 49)
    qtbot.waitUntil(lambda: watched.shown.image is not None)


def test_keys_pressed_elsewhere_in_the_panel_play(qtbot: QtBot, studio: Studio, film: Path) -> None:
    """Where no field takes them, keys are the viewer's."""
    panel = Panel(studio)
    qtbot.addWidget(panel)
    panel.show()
    studio.opening.open_clip(film)
    qtbot.waitUntil(lambda: panel.viewer.commands.count == 60)
    QTest.keyClick(panel.tabs, Key.Key_End)
    QTest.keyClick(panel, Key.Key_End)
    assert studio.view.state.frame == 59


def test_it_fits_beside_the_pages_of_a_small_window(viewer: Viewer) -> None:
    """A window of 1280 pixels leaves 870 for the viewer; no button is cut off."""
    assert viewer.minimumSizeHint().width() <= 870


def test_the_keys_stay_with_what_is_seen(qtbot: QtBot, studio: Studio, watched: Viewer) -> None:
    """Between picture and slice, keys go on to play: no field gets them."""
    watched.activateWindow()
    watched.canvas.setFocus()
    qtbot.waitUntil(watched.canvas.hasFocus)
    press(watched, Key.Key_T)
    assert watched.slice.hasFocus()
    QTest.keyClick(watched.slice, Key.Key_End)
    assert studio.view.state.frame == 59
    QTest.keyClick(watched.slice, Key.Key_T)
    assert watched.canvas.hasFocus()


def test_a_key_that_is_let_go_elsewhere_is_forgotten(studio: Studio, watched: Viewer) -> None:
    """After the window was left with K down, L plays."""
    QTest.keyPress(watched.canvas, Key.Key_K)
    QApplication.sendEvent(watched, QEvent(QEvent.Type.WindowDeactivate))
    press(watched, Key.Key_L)
    assert studio.view.state.speed == 1.0
    studio.view.set({"speed": 0.0})


def test_a_file_that_was_closed_for_others_is_opened_again(qtbot: QtBot, studio: Studio, watched: Viewer) -> None:
    """What was seen of it stays until the next frame is there."""
    pictures = watched.shown.pictures
    assert isinstance(pictures, ClipPictures)
    studio.media.forget(pictures.path)
    studio.view.set({"frame": 40})
    assert watched.shown.pictures is not pictures
    assert watched.shown.number == 0
    qtbot.waitUntil(lambda: watched.shown.number == 40)
