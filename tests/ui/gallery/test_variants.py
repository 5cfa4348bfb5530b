from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from support.studios import program
from support.widgets import choose, shown, type_into

from dtsgan.ui.document import Footage, Variants
from dtsgan.ui.pages import VariantsPage
from dtsgan.ui.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def page(qtbot: QtBot, studio: Studio, clip: Footage) -> VariantsPage:
    del clip
    made = VariantsPage(studio)
    qtbot.addWidget(made)
    made.resize(400, 720)
    made.show()
    return made


def ids(page: VariantsPage) -> list[str]:
    """Of those that the gallery lists."""
    model = page.gallery.results
    found = [model.result(model.index(row, 0)) for row in range(model.rowCount())]
    return [each.id for each in found if each is not None]


def selected(page: VariantsPage) -> list[str]:
    found = [page.gallery.results.result(each) for each in page.gallery.selectedIndexes()]
    return sorted(each.id for each in found if each is not None)


def click(
    qtbot: QtBot, page: VariantsPage, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    page.grab()
    place = page.gallery.visualRect(page.gallery.results.index(row, 0)).center()
    qtbot.mouseClick(page.gallery.viewport(), Qt.MouseButton.LeftButton, keys, place)


USES: dict[str, tuple[Callable[[QtBot, VariantsPage], object], dict[str, Any]]] = {
    "how many": (lambda qtbot, page: type_into(qtbot, page.count, "24"), {"count": 24}),
    "first": (lambda qtbot, page: type_into(qtbot, page.first, "2147483647"), {"first_seed": 2147483647}),
    "size": (lambda qtbot, page: choose(qtbot, page.picture_size, ((1080, 1920),)), {"sizes_hw": ((1080, 1920),)}),
    "length": (lambda qtbot, page: type_into(qtbot, page.length, "75"), {"frames": 75}),
    "loop": (lambda _, page: page.loop.click(), {"loop": True}),
}


@pytest.mark.parametrize("use", USES)
def test_controls_change_the_project(qtbot: QtBot, studio: Studio, page: VariantsPage, use: str) -> None:
    """Every control changes its own field alone, as one step, and the page shows what was once it is undone."""
    act, fields = USES[use]
    before, seen = studio.project, shown(page)
    act(qtbot, page)
    assert studio.project.variants == structs.replace(Variants(), **fields)
    assert shown(page) != seen
    if use != "size":  # which is chosen in several steps
        studio.document.undo()
        assert studio.project == before
    while studio.document.undo_text:
        studio.document.undo()
    assert shown(page) == seen


def test_the_clips_own_length_is_chosen_again(qtbot: QtBot, studio: Studio, page: VariantsPage) -> None:
    """The least number stands for the clip's own length, and says so."""
    type_into(qtbot, page.length, "75")
    qtbot.keyClick(page.length, Qt.Key.Key_Home)
    type_into(qtbot, page.length, "1")
    assert studio.project.variants.frames is None
    assert page.length.text() == "the clip's own"


CHANGES: list[dict[str, Any]] = [
    {"variants.count": 1},
    {"variants.first_seed": 33, "variants.loop": True},
    {"variants.sizes_hw": ((720, 1280),), "variants.frames": 12},
    {"model": "/models/fire.dtsgan"},
    {"clip": None},
]


@pytest.mark.parametrize("changes", CHANGES, ids=range(len(CHANGES)))
def test_the_page_follows_the_project(
    qtbot: QtBot, studio: Studio, page: VariantsPage, changes: dict[str, Any]
) -> None:
    """Changed elsewhere, and undone, the page shows the same as one that is made anew."""
    seen = shown(page)
    studio.document.change("", changes)
    anew = VariantsPage(studio)
    qtbot.addWidget(anew)
    assert shown(page) == shown(anew) != seen
    studio.document.undo()
    assert shown(page) == shown(anew) == seen


def test_results_are_listed_by_the_filter(
    qtbot: QtBot, studio: Studio, page: VariantsPage, variants: Callable[..., None]
) -> None:
    """Rejected ones are hidden, or all but the starred, as the view's filter says, which the box shows and sets."""
    variants(1)
    variants(2, mark="starred")
    variants(3, mark="rejected")
    variants(4, made_by="extend")
    assert ids(page) == ["v1", "v2"]
    choose(qtbot, page.filter, "starred")
    assert (studio.view.state.filter, ids(page)) == ("starred", ["v2"])
    studio.view.set({"filter": "all"})
    assert (page.filter.currentData(), ids(page)) == ("all", ["v1", "v2", "v3"])


def test_each_is_named(studio: Studio, page: VariantsPage, variants: Callable[..., None]) -> None:
    """A screen reader hears what each is, and how it is marked."""
    variants(1)
    variants(2, mark="starred", title="Variant, fine seed 3")
    studio.view.set({"filter": "all"})
    names = [page.gallery.results.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert names == ["Variant, seed 1", "Variant, fine seed 3, seed 2, starred"]


def test_choosing(qtbot: QtBot, studio: Studio, page: VariantsPage, variants: Callable[..., None]) -> None:
    """A click chooses and shows one, another with Control a second; the buttons know how many they need."""
    variants(1, 2, 3)
    buttons = (page.star, page.reject, page.compare, page.like, page.settings, page.out)
    assert not any(each.isEnabled() for each in buttons)
    click(qtbot, page, 1)
    assert (studio.view.state.selected, studio.view.state.showing) == (("v2",), "v2")
    assert [each.isEnabled() for each in buttons] == [True, True, False, True, True, False]
    click(qtbot, page, 2, Qt.KeyboardModifier.ControlModifier)
    assert sorted(studio.view.state.selected) == ["v2", "v3"]
    assert [each.isEnabled() for each in buttons] == [True, True, True, False, False, False]


def test_galleries_choose_the_same(
    qtbot: QtBot, studio: Studio, page: VariantsPage, variants: Callable[..., None]
) -> None:
    """What is chosen in one gallery is chosen in another, and in one that is made later."""
    variants(1, 2, 3)
    second = VariantsPage(studio)
    qtbot.addWidget(second)
    click(qtbot, page, 0)
    click(qtbot, page, 2, Qt.KeyboardModifier.ControlModifier)
    assert selected(page) == selected(second) == ["v1", "v3"]
    studio.view.set({"selected": ("v2",)})
    anew = VariantsPage(studio)
    qtbot.addWidget(anew)
    assert selected(page) == selected(second) == selected(anew) == ["v2"]
    assert shown(page) == shown(second) == shown(anew)


@pytest.mark.parametrize("by", ["button", "key"])
def test_starring(qtbot: QtBot, studio: Studio, page: VariantsPage, variants: Callable[..., None], by: str) -> None:
    """Those chosen are starred as one step; starred again they aren't any more; they stay chosen."""
    variants(1, 2, 3)
    studio.view.set({"selected": ("v1", "v2")})

    def star() -> None:
        page.star.click() if by == "button" else qtbot.keyClick(page.gallery, Qt.Key.Key_S)

    star()
    assert [each.mark for each in studio.project.results] == ["starred", "starred", ""]
    assert (studio.document.undo_text, selected(page)) == ("Star", ["v1", "v2"])
    assert page.out.isEnabled()
    star()
    assert [each.mark for each in studio.project.results] == ["", "", ""]
    studio.document.undo()
    studio.document.undo()
    assert [each.mark for each in studio.project.results] == ["", "", ""]
    assert studio.document.redo_text == "Star"


@pytest.mark.parametrize("by", ["button", "key"])
def test_rejecting(qtbot: QtBot, studio: Studio, page: VariantsPage, variants: Callable[..., None], by: str) -> None:
    """Those rejected go out of sight, and what isn't seen isn't chosen: the next press doesn't touch them. Undo brings
    them back."""
    variants(1, 2, 3)
    studio.view.set({"selected": ("v2",)})

    def reject() -> None:
        page.reject.click() if by == "button" else qtbot.keyClick(page.gallery, Qt.Key.Key_X)

    reject()
    assert ids(page) == ["v1", "v3"]
    assert [each.mark for each in studio.project.results] == ["", "rejected", ""]
    assert "v2" not in studio.view.state.selected
    assert studio.document.undo_text == "Reject"
    studio.document.undo()
    assert ids(page) == ["v1", "v2", "v3"]


def test_what_is_hidden_is_not_chosen(studio: Studio, page: VariantsPage, variants: Callable[..., None]) -> None:
    """A filter that hides what is chosen takes it from the choice."""
    variants(1)
    variants(2, mark="starred")
    studio.view.set({"selected": ("v1", "v2")})
    studio.view.set({"filter": "starred"})
    assert (studio.view.state.selected, selected(page)) == (("v2",), ["v2"])


def test_what_is_made_meanwhile_leaves_the_choice(
    qtbot: QtBot, studio: Studio, page: VariantsPage, variants: Callable[..., None]
) -> None:
    """A variant that is ready changes nothing of what is chosen."""
    variants(1, 2)
    click(qtbot, page, 0)
    variants(3)
    assert (selected(page), ids(page)) == (["v1"], ["v1", "v2", "v3"])
    assert studio.view.state.selected == ("v1",)


def test_keys_move_and_show(qtbot: QtBot, studio: Studio, page: VariantsPage, variants: Callable[..., None]) -> None:
    """With arrows one goes to the next, Enter shows it; Control and A choose all."""
    variants(1, 2, 3)
    page.grab()
    page.gallery.setCurrentIndex(page.gallery.results.index(0, 0))
    qtbot.keyClick(page.gallery, Qt.Key.Key_Right)
    assert studio.view.state.selected == ("v2",)
    studio.view.set({"frame": 9})
    qtbot.keyClick(page.gallery, Qt.Key.Key_Return)
    assert (studio.view.state.showing, studio.view.state.frame) == ("v2", 0)
    qtbot.keyClick(page.gallery, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert sorted(studio.view.state.selected) == ["v1", "v2", "v3"]


def test_comparing_two(studio: Studio, page: VariantsPage, variants: Callable[..., None]) -> None:
    """Two are seen under a wipe; when that ends, the clip is what is compared with again."""
    variants(1, 2, 3)
    studio.view.set({"selected": ("v1", "v3")})
    page.compare.click()
    view = studio.view.state
    assert ({view.showing, view.against}, view.compare) == ({"v1", "v3"}, "wipe")
    studio.view.set({"compare": "none"})
    assert studio.view.state.against == "clip"


def test_settings_are_taken_from_one(studio: Studio, page: VariantsPage, variants: Callable[..., None]) -> None:
    """The page is set as it was for one, with its model, as one step of undo."""
    variants(1)
    studio.view.set({"selected": ("v1",)})
    before = studio.project
    page.settings.click()
    assert (studio.project.variants.count, studio.project.variants.frames) == (3, 40)
    assert studio.project.model == "/models/fire.dtsgan"
    assert (page.count.value(), page.length.value()) == (3, 40)
    studio.document.undo()
    assert studio.project == before


def test_more_like_one(studio: Studio, page: VariantsPage, variants: Callable[..., None]) -> None:
    """More like one are made as it was, with its seed and fine seeds that there aren't yet."""
    variants(5)
    for fine in (1, 2):
        variants(5, id=f"fine{fine}", fine_seed=fine)
    studio.document.change("", {"variants.frames": 99})
    studio.view.set({"selected": ("v5",)})
    page.like.click()
    (job,) = studio.queue.jobs
    words = job.task.words
    assert words[1] == "/models/fire.dtsgan"
    assert words[words.index("--seeds") :] == ("--seeds", "5", "--fine-seeds", "3,4,5,6", "--lengths", "40")
    assert job.task.output == str(studio.results_folder() / "like seed 5 1")


def test_exporting_the_starred(
    qtbot: QtBot, studio: Studio, page: VariantsPage, variants: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Copies of the starred ones go where the person says, beside what is there; giving up changes nothing."""
    folder = studio.folder / "out"
    folder.mkdir(parents=True)
    for seed in (1, 2):
        path = studio.folder / f"v{seed}.mp4"
        path.write_bytes(b"film %d" % seed)
        variants(seed, path=str(path), mark="starred")
    variants(3)
    (folder / "v1.mp4").write_bytes(b"older")
    answers = ["", str(folder)]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answers.pop(0))
    page.out.click()
    page.out.click()
    said = f"Exported 2 videos to {folder}"
    qtbot.waitUntil(lambda: said in [row[1] for row in shown(page)])
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == {
        "v1.mp4": b"older",
        "v1 2.mp4": b"film 1",
        "v2.mp4": b"film 2",
    }


def test_exporting_what_is_gone_is_told(
    qtbot: QtBot, studio: Studio, page: VariantsPage, variants: Callable[..., None], tmp_path: Path
) -> None:
    """Where a file is gone that is told, and the page doesn't go on saying that it exports."""
    variants(1, mark="starred")
    with qtbot.waitSignal(studio.told) as told:
        page.export(tmp_path)
    assert "is gone" in (told.args or [""])[0]
    assert not [row for row in shown(page) if str(row[1]).startswith("Export") and row[0] == "QLabel"]


def test_each_appears_as_it_is_made(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The button makes what the page says; each video is in the gallery as soon as the worker tells of it, once, and
    stays when the job is stopped."""
    body = """
        name = words[1].rsplit("/", 1)[-1].removesuffix(".mp4") + "-seed0005.mp4"
        for each in (name, name, "no such.mp4"):
            say("made", "1 of 3", name=each, made=1, missing=3)
        wait_for_end()
    """
    studio = Studio(folder=tmp_path / "home", program=program(tmp_path, body))
    request.addfinalizer(studio.close)
    monkeypatch.setattr(studio, "results_folder", lambda: tmp_path / "results")
    clip = Footage(path="/clips/fire.mp4", frames=100, rate=Fraction(25), size_hw=(90, 160))
    studio.document.change("", {"clip": clip, "variants.first_seed": 5})
    page = VariantsPage(studio)
    qtbot.addWidget(page)
    page.go.click()
    (job,) = studio.queue.jobs
    (name, *_) = job.task.about.variants
    qtbot.waitUntil(lambda: bool(studio.project.results), timeout=10_000)
    made = studio.project.results[0]
    assert made.path == str(tmp_path / "results" / "variants 1" / name)
    assert made.seed == 5
    studio.queue.stop(job.id)
    qtbot.waitUntil(lambda: not studio.queue.busy, timeout=10_000)
    assert ids(page) == [made.id]


def test_who_makes_them_is_said(studio: Studio, page: VariantsPage) -> None:
    """Where a cluster does, the page says so before one presses."""
    before = shown(page)
    studio.view.set({"on_cluster": True, "scheduler": "tcp://boss:8786"})
    assert [row[1] for row in shown(page) if "Made by the cluster" in str(row[1])]
    studio.view.set({"on_cluster": False})
    assert shown(page) == before
