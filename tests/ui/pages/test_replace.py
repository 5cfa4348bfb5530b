from __future__ import annotations

from fractions import Fraction
from threading import Event
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QSlider
from support.drawing import square
from support.widgets import shown, type_into

from dtsgan.ui.background import Background
from dtsgan.ui.binding import field
from dtsgan.ui.document import Key, Mask, Moving, Reference
from dtsgan.ui.media import ArrayPictures
from dtsgan.ui.pages import ReplacePage, mask_box
from dtsgan.ui.pages import replace as replace_module
from dtsgan.ui.previews import Preview

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.document import Footage
    from dtsgan.ui.studio import Studio

KEYS = (Key(frame=0, shapes=(square(5, 5, 20),)), Key(frame=40, shapes=(square(30, 5, 20),)), Key(frame=80))
MASK = Mask(keys=KEYS)
PATCH = Reference(x=1, y=2, width=30, height=40, frame=9)


@pytest.fixture
def page(qtbot: QtBot, studio: Studio, clip: Footage) -> ReplacePage:
    del clip
    made = ReplacePage(studio)
    qtbot.addWidget(made)
    made.resize(400, 720)
    made.show()
    return made


def mask(studio: Studio, made: Mask = MASK) -> None:
    studio.document.change("", {"replace.mask": made})


USES: dict[str, tuple[Callable[[QtBot, ReplacePage], object], dict[str, Any], dict[str, Any]]] = {
    "texture": (lambda _, page: page.fills[1].click(), {"fill": "texture"}, {}),
    "patch": (lambda _, page: page.fills[2].click(), {"fill": "patch"}, {}),
    "strength": (lambda qtbot, page: qtbot.keyClick(page.strength, Qt.Key.Key_Right), {"strength": 3}, {}),
    "edge": (lambda qtbot, page: type_into(qtbot, page.feather, "25"), {"feather_px": 25.0}, {}),
    "hard edge": (lambda qtbot, page: type_into(qtbot, page.feather, "0"), {"feather_px": 0.0}, {}),
    "seed": (lambda qtbot, page: type_into(qtbot, page.seed, "12"), {"seed": 12}, {}),
    "layer": (lambda _, page: page.layer.click(), {"layer": True}, {}),
    "quick": (lambda _, page: page.instant.click(), {"instant": True}, {}),
    "drag a patch": (lambda _, page: page.choose.click(), {}, {"tool": "reference"}),
    "brush": (lambda _, page: page.mask_box.tools[0].click(), {}, {"tool": "brush"}),
    "eraser": (lambda _, page: page.mask_box.tools[1].click(), {}, {"tool": "eraser"}),
    "outline": (lambda _, page: page.mask_box.tools[2].click(), {}, {"tool": "polygon"}),
    "rectangle": (lambda _, page: page.mask_box.tools[3].click(), {}, {"tool": "rectangle"}),
    "size": (lambda qtbot, page: qtbot.keyClick(page.mask_box.brush_size, Qt.Key.Key_Right), {}, {"brush_px": 21.0}),
    "share": (lambda qtbot, page: qtbot.keyClick(page.mask_box.share, Qt.Key.Key_Right), {}, {"moving_share": 0.51}),
    "overlay": (lambda _, page: page.mask_box.overlay.click(), {}, {"overlay": False}),
    "clear": (lambda _, page: page.mask_box.clear.click(), {"mask": Mask()}, {}),
    "keying": (lambda _, page: page.mask_box.keys.keying.click(), {}, {"keying": True}),
    "neighbours": (lambda _, page: page.mask_box.keys.onion.click(), {}, {"onion": True}),
    "key before": (lambda _, page: page.mask_box.keys.before.click(), {}, {"frame": 0}),
    "key after": (lambda _, page: page.mask_box.keys.after.click(), {}, {"frame": 40}),
    "remove key": (lambda _, page: page.mask_box.keys.remove.click(), {"mask": Mask(keys=KEYS[1:])}, {}),
}  # fmt: skip


@pytest.mark.parametrize("use", USES)
def test_controls_change_the_model(qtbot: QtBot, studio: Studio, page: ReplacePage, use: str) -> None:
    """Every control changes its own field of the project or of the view alone; the page shows it, and shows what was
    once that is undone."""
    act, fields, view_fields = USES[use]
    mask(studio)
    studio.document.change("", {"replace.fill": "surround" if use == "patch" else "patch"})
    studio.view.set({"frame": 20})
    before, view_before, seen = studio.project, studio.view.state, shown(page)
    act(qtbot, page)
    for state, old, changed in (
        (studio.project.replace, before.replace, fields),
        (studio.view.state, view_before, view_fields),
    ):
        for name in old.__struct_fields__:
            assert getattr(state, name) == changed.get(name, getattr(old, name)), name
    if use != "drag a patch":  # which no button of the page shows
        assert shown(page) != seen
    if fields:
        assert studio.document.undo_text
        studio.document.undo()
    studio.view.replace(view_before)
    assert studio.project == before
    assert shown(page) == seen


def drag(slider: QSlider, *values: int) -> None:
    """With the mouse held in between."""
    slider.setSliderDown(True)
    for value in values:
        slider.setValue(value)
    slider.setSliderDown(False)


def test_a_drag_of_a_slider_is_a_step(studio: Studio, page: ReplacePage) -> None:
    """All of a drag is one step of undo, and the next drag another one."""
    studio.document.change("", {"replace.fill": "patch"})
    drag(page.strength, 1, 0)
    drag(page.strength, 1, 2, 3)
    seen = []
    while studio.document.undo_text == "Strength":
        seen.append(studio.project.replace.strength)
        studio.document.undo()
    assert [*seen, studio.project.replace.strength] == [3, 0, 2]


def test_typing_again_is_another_step(qtbot: QtBot, studio: Studio, page: ReplacePage) -> None:
    """What is typed later into the same box can be taken back alone."""
    for width in ("12", "25"):
        type_into(qtbot, page.feather, width)
    studio.document.undo()
    assert studio.project.replace.feather_px == 12.0


def test_the_preview_is_shown_and_told(qtbot: QtBot, studio: Studio, page: ReplacePage) -> None:
    """What becomes of the preview is said, a failure as a warning; once there is one, the button shows it and the clip
    in turn, at the same frame."""
    assert not page.toggle.isEnabled()

    def becomes(preview: Preview) -> None:
        studio.previews.state = preview
        studio.previews.changed.emit()

    becomes(Preview(state="failed", text="No memory.", remedy="Buy some."))
    assert ("QLabel", "No memory. Buy some.", "warning", True, True) in shown(page)
    frames = np.zeros((4, 9, 16, 3), np.uint8)
    becomes(Preview(state="ready", pictures=ArrayPictures(frames, rate=Fraction(25), size_hw=(90, 160)), first=10))
    assert studio.view.state.showing == "clip"  # on another page nothing changes what is seen
    studio.view.set({"frame": 12})
    texts = []
    for _ in range(3):
        texts.append((page.toggle.text(), studio.view.state.showing, studio.view.state.frame))
        page.toggle.click()
    assert texts == [
        ("Show the preview", "clip", 12),
        ("Show the clip", "preview", 2),
        ("Show the preview", "clip", 12),
    ]
    anew = ReplacePage(studio)
    qtbot.addWidget(anew)
    assert shown(page) == shown(anew)


def test_quick_waits_for_what_is_learned(studio: Studio, page: ReplacePage) -> None:
    """Where nothing would be learned, there is nothing to leave out."""
    assert not page.instant.isEnabled()
    studio.document.change("", {"replace.fill": "texture"})
    assert page.instant.isEnabled()


def test_a_tool_is_laid_down_again(studio: Studio, page: ReplacePage) -> None:
    """Pressed again, or with another tool chosen, a tool is not in hand any more, and its button tells."""
    for number in (0, 2):
        page.mask_box.tools[number].click()
        assert [tool.isChecked() for tool in page.mask_box.tools] == [place == number for place in range(4)]
    page.mask_box.tools[2].click()
    assert studio.view.state.tool == "none"
    assert not any(tool.isChecked() for tool in page.mask_box.tools)


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("B", {"tool": "brush"}),
        ("E", {"tool": "eraser"}),
        ("P", {"tool": "polygon"}),
        ("M", {"tool": "rectangle"}),
        ("G", {"tool": "reference"}),
        ("Q", {"overlay": False}),
        (",", {"frame": 0}),
        (".", {"frame": 40}),
    ],
)
def test_keys_do_what_their_tips_say(
    qtbot: QtBot, studio: Studio, page: ReplacePage, key: str, fields: dict[str, Any]
) -> None:
    """Each key that a tip names does the same as its button."""
    mask(studio)
    studio.view.set({"frame": 20})
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    qtbot.keyClicks(page, key)
    assert {name: field(studio.view.state, name) for name in fields} == fields


def test_key_frames_are_made(qtbot: QtBot, studio: Studio, page: ReplacePage) -> None:
    """A key frame is made of what is masked at the frame that is seen, by button or key, once."""
    mask(studio)
    studio.view.set({"frame": 20})
    page.mask_box.keys.add.click()
    made = studio.project.replace.mask.keys
    assert [key.frame for key in made] == [0, 20, 40, 80]
    assert not page.mask_box.keys.add.isEnabled()
    studio.document.undo()
    assert studio.project.replace.mask == MASK
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    qtbot.keyClick(page, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    assert studio.project.replace.mask.keys == made


def test_keys_are_removed_and_gone_to_where_there_are_some(studio: Studio, page: ReplacePage) -> None:
    """The only key frame can't be taken away, nor can one go beyond the first and the last; what can be done is."""
    keys = page.mask_box.keys
    buttons = (keys.before, keys.after, keys.add, keys.remove)
    seen = []
    for made, frame in ((Mask(), 0), (Mask(keys=KEYS[:1]), 20), (MASK, 0), (MASK, 50), (MASK, 90)):
        mask(studio, made)
        studio.view.set({"frame": frame})
        seen.append([each.isEnabled() for each in buttons])
    assert seen == [
        [False, False, False, False],
        [True, False, True, False],
        [False, True, False, True],
        [True, True, True, True],
        [True, False, True, True],
    ]


def test_inverting(studio: Studio, page: ReplacePage) -> None:
    """Invert masks what wasn't masked in the frame that is seen, in one step; without a mask there is nothing to."""
    assert not page.mask_box.invert.isEnabled()
    mask(studio, Mask(keys=KEYS[:1]))
    page.mask_box.invert.click()
    assert studio.document.undo_text == "Invert mask"
    assert studio.project.replace.mask != MASK
    studio.document.undo()
    assert studio.project.replace.mask == Mask(keys=KEYS[:1])


MOTION = np.tile(np.linspace(0, 1, 160, dtype=np.float32), (90, 1))


def test_what_moves_is_selected(
    qtbot: QtBot, studio: Studio, page: ReplacePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The button masks what moves, as one step; the slider then changes how much, merged into another one."""
    monkeypatch.setattr(mask_box, "motion_of", lambda *_: MOTION)
    box = page.mask_box
    box.magic.click()
    assert not box.magic.isEnabled()
    box.magic.click()  # does nothing while it looks
    qtbot.waitUntil(box.magic.isEnabled)
    first = studio.project.replace.mask
    assert [type(shape) for shape in first.keys[0].shapes] == [Moving]
    assert studio.document.undo_text == "Select all that moves"
    for _ in range(5):
        qtbot.keyClick(box.share, Qt.Key.Key_Right)
    assert studio.view.state.moving_share == 0.55
    assert len(studio.project.replace.mask.keys[0].shapes) == 1
    assert studio.project.replace.mask != first
    studio.document.undo()
    assert studio.project.replace.mask == first
    drag(box.share, 60, 70)
    after = studio.project.replace.mask
    drag(box.share, 80, 90)
    assert studio.project.replace.mask != after
    studio.document.undo()
    assert studio.project.replace.mask == after
    studio.document.undo()
    studio.document.undo()
    assert studio.project.replace.mask == Mask()


def test_nothing_moves(qtbot: QtBot, studio: Studio, page: ReplacePage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clip in which nothing moves is told so, and no step is made."""
    monkeypatch.setattr(mask_box, "motion_of", lambda *_: np.zeros((90, 160), np.float32))
    with qtbot.waitSignal(studio.told) as told:
        page.mask_box.magic.click()
    assert "Nothing moves" in (told.args or [""])[0]
    assert studio.project.replace.mask == Mask()
    assert page.mask_box.magic.isEnabled()


def test_a_clip_that_cannot_be_read_is_told(qtbot: QtBot, studio: Studio, page: ReplacePage) -> None:
    """Where the clip is gone, looking for what moves says so, and can be tried again."""
    with qtbot.waitSignal(studio.told):
        page.mask_box.magic.click()
    qtbot.waitUntil(page.mask_box.magic.isEnabled)
    assert page.mask_box.magic.text() == "Select all that moves"


CHANGES: list[dict[str, Any]] = [
    {"replace.mask": MASK},
    {"replace.fill": "patch"},
    {"replace.fill": "patch", "replace.reference": PATCH, "replace.strength": 0},
    {"replace.fill": "patch", "replace.reference": Reference(x=0, y=0, width=9, height=8, path="/clips/sea.mp4")},
    {"replace.fill": "texture", "replace.instant": True, "replace.layer": True, "replace.seed": 8},
    {"replace.feather_px": 7.0, "replace.mask": Mask(keys=KEYS[:1])},
    {"clip": None},
]
VIEWS: list[dict[str, Any]] = [
    {"tool": "polygon", "brush_px": 55.0, "overlay": False},
    {"moving_share": 0.9, "onion": True, "keying": True},
    {"frame": 60},
    {"showing": "gone"},
]


@pytest.mark.parametrize("changes", CHANGES, ids=range(len(CHANGES)))
def test_the_page_follows_the_project(qtbot: QtBot, studio: Studio, page: ReplacePage, changes: dict[str, Any]) -> None:
    """Changed elsewhere, and undone, the page shows the same as one that is made anew."""
    seen = shown(page)
    studio.document.change("", changes)
    assert shown(page) != seen
    anew = ReplacePage(studio)
    qtbot.addWidget(anew)
    assert shown(page) == shown(anew)
    studio.document.undo()
    assert shown(page) == shown(anew) == seen


def test_the_page_follows_the_view(qtbot: QtBot, studio: Studio, page: ReplacePage) -> None:
    """What is looked at and the tool in hand are shown by every page alike."""
    mask(studio)
    for changes in VIEWS:
        seen = shown(page)
        studio.view.set(changes)
        anew = ReplacePage(studio)
        qtbot.addWidget(anew)
        assert shown(page) == shown(anew) != seen


def test_two_pages_show_the_same(qtbot: QtBot, studio: Studio, page: ReplacePage) -> None:
    """Whatever is done in one page, another shows it, too: neither keeps anything of its own."""
    mask(studio)
    second = ReplacePage(studio)
    qtbot.addWidget(second)
    for number, (act, _, _) in enumerate(USES.values()):
        act(qtbot, (page, second)[number % 2])
        assert shown(page) == shown(second)
    while studio.document.undo_text:
        studio.document.undo()
        assert shown(page) == shown(second)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"clip": None}, "Open a clip first."),
        ({}, "Paint over what should go."),
        ({"replace.mask": MASK, "replace.fill": "patch"}, "Choose a patch first."),
        ({"replace.mask": MASK}, ""),
        ({"replace.mask": MASK, "replace.fill": "patch", "replace.reference": PATCH}, ""),
    ],
)
def test_what_is_missing_is_said(studio: Studio, page: ReplacePage, changes: dict[str, Any], why: str) -> None:
    """The button can be pressed once all is there; until then the page says what is missing."""
    studio.document.change("", changes)
    assert page.go.isEnabled() == (not why)
    if why:
        assert why in [row[1] for row in shown(page) if row[-2]]


@pytest.mark.parametrize(("layer", "name"), [(False, "replaced 1.mp4"), (True, "replaced 1.mov")])
def test_making_puts_it_into_the_queue(qtbot: QtBot, studio: Studio, page: ReplacePage, layer: bool, name: str) -> None:
    """The button writes the mask and puts the replacement into the queue."""
    mask(studio)
    studio.document.change("", {"replace.layer": layer})
    page.go.click()
    qtbot.waitUntil(lambda: bool(studio.queue.jobs))
    (job,) = studio.queue.jobs
    assert job.task.words[0] == "replace"
    assert job.task.output == str(studio.results_folder() / name)
    written = job.task.words[job.task.words.index("--mask") + 1]
    assert written.startswith(str(studio.folder / "masks"))


def test_a_patch_of_another_clip(
    qtbot: QtBot, studio: Studio, page: ReplacePage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The button asks for a file, and opens a dialog with it; giving up the question changes nothing."""
    opened: list[Path] = []
    monkeypatch.setattr(replace_module, "PatchPicker", lambda _studio, path, _page: opened.append(path) or _Dialog())
    answers = [("", ""), (str(tmp_path / "sea.mp4"), "")]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: answers.pop(0))
    studio.document.change("", {"replace.fill": "patch"})
    qtbot.mouseClick(page.other, Qt.MouseButton.LeftButton)
    assert opened == []
    qtbot.mouseClick(page.other, Qt.MouseButton.LeftButton)
    assert opened == [tmp_path / "sea.mp4"]


class _Dialog:
    def setAttribute(self, _: object) -> None:  # noqa: N802  # Qt's name
        pass

    def open(self) -> None:
        pass


def test_looking_ends_with_the_page(
    qtbot: QtBot, studio: Studio, clip: Footage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is gone when what moves is found is not reached for."""
    del clip
    seen = Event()
    monkeypatch.setattr(mask_box, "motion_of", lambda *_: seen.wait(10) and MOTION)
    begun: list[Background] = []
    start = Background.start
    monkeypatch.setattr(Background, "start", lambda self: (begun.append(self), start(self)))
    gone = ReplacePage(studio)
    gone.mask_box.magic.click()
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    with qtbot.waitSignal(begun[0].done):
        seen.set()
    assert studio.project.replace.mask == Mask()
