"""The window at work for an editor."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from support.numbered import numbered_film

from dtsgan.engine.errors import UserError
from dtsgan.ui.document import Footage, Result
from dtsgan.ui.editing import Placement, Strip, placement_of
from dtsgan.ui.pages import ExtendPage, VariantsPage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.studio import Studio

STRIP = Strip(id="Movie", name="Movie", path="/clips/fire.mp4", first=10, stop=50)
CLIP = Footage(path="/clips/fire.mp4", frames=100, rate=Fraction(25), size_hw=(90, 160))


class FakeLink:
    """Keeps what is placed; fails if told to."""

    title = "Editor 1.0"

    def __init__(self) -> None:
        self.placed: list[tuple[Strip, str, list[Placement]]] = []
        self.problem = ""
        self.closed = False
        self.send: Callable[[Strip, str], None] = lambda *_: None
        self.go: Callable[[], None] = lambda: None

    def listen(self, opened: Callable[[Strip, str], None], gone: Callable[[], None]) -> None:
        self.send, self.go = opened, gone

    def place(self, strip: Strip, title: str, placements: Sequence[Placement]) -> None:
        if self.problem:
            raise UserError(self.problem, remedy="Do it by hand.")
        self.placed.append((strip, title, list(placements)))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def link(studio: Studio) -> FakeLink:
    made = FakeLink()
    studio.editing.connect_to(made)
    return made


def made(**changes: Any) -> Result:
    """A clip of 40 frames from the strip's range on, made longer by 12."""
    values: dict[str, Any] = {"id": "a", "path": "/made/a.mp4", "made_by": "extend", "settings": '{"added":12}'}
    values |= {"title": "Extended clip", "frames": 52, "kept": (0, 40), "kept_from": 10, "seed": 3}
    return Result(**(values | changes))


def test_a_strip_is_shown(qtbot: QtBot, studio: Studio, link: FakeLink, tmp_path: Path) -> None:
    """Its file becomes the project's clip, its frames the part that is used, and its page is shown; another strip of
    the same file only moves that part."""
    path = str(numbered_film(tmp_path / "film.mp4"))
    link.send(Strip(id="s", name="s", path=path, first=5, stop=45), "replace")
    qtbot.waitUntil(lambda: studio.project.span == (5, 45))
    clip = studio.project.clip
    assert clip is not None
    assert clip.path == path
    assert (studio.view.state.page, studio.view.state.frame) == ("replace", 5)
    link.send(Strip(id="t", name="t", path=path, first=0, stop=20), "extend")
    qtbot.waitUntil(lambda: studio.project.span == (0, 20))
    assert studio.project.clip == clip
    assert studio.view.state.page == "extend"
    link.send(Strip(id="t", name="t", path=path, first=0, stop=21), "no such page")
    qtbot.waitUntil(lambda: studio.project.span == (0, 21))
    assert studio.view.state.page == "extend"


def test_a_result_is_opened_again_with_another_seed(qtbot: QtBot, studio: Studio, link: FakeLink) -> None:
    """As it was made, ready to be made otherwise."""
    studio.document.change("", {"clip": CLIP})
    known = {"edit": "extend", "options": {"seed": 7}}
    link.send(Strip(id="s", name="s", path=CLIP.path, first=5, stop=45, made=known), "extend")
    qtbot.waitUntil(lambda: studio.project.span == (5, 45))
    assert studio.project.extend.seed == 8
    for wrong in (
        {"options": 5},
        {"options": {"seed": "x"}},
        {"options": {"seed": 1 << 70}},
        {"options": {"seed": -1}},
    ):
        link.send(Strip(id="s", name="s", path=CLIP.path, first=6, stop=45, made=wrong), "extend")
        qtbot.waitUntil(lambda: studio.project.span == (6, 45))
        assert studio.project.extend.seed == 8
        studio.document.change("", {"span": (5, 45)})


def test_a_result_is_put_onto_the_timeline(qtbot: QtBot, studio: Studio, link: FakeLink) -> None:
    """By the button of its page, which is there only where there is an editor; that it is there is said."""
    page = ExtendPage(studio)
    qtbot.addWidget(page)
    button = page.results.place
    studio.document.change("", {"clip": CLIP, "results": (made(),)})
    studio.view.set({"showing": "a"})
    assert not button.isEnabled()  # no strip was sent yet
    link.send(STRIP, "extend")
    qtbot.waitUntil(lambda: studio.editing.state.strip is not None)
    studio.view.set({"showing": "a"})
    assert button.text() == "Put into Editor 1.0"
    assert button.isEnabled()
    button.click()
    assert not button.isEnabled()  # once is enough
    qtbot.waitUntil(lambda: bool(studio.editing.state.done))
    ((strip, title, (placement,)),) = link.placed
    assert (strip, title) == (STRIP, "Extended clip")
    assert (placement.kind, placement.path, placement.first, placement.stop) == ("insert_after", "/made/a.mp4", 40, 52)
    assert placement.meta["of"] == {"file": "/clips/fire.mp4", "frames": [10, 50]}
    assert placement.meta["options"] == {"added": 12, "seed": 3, "model": None}
    assert "Editor 1.0" in studio.editing.state.done
    assert button.isEnabled()


def test_without_an_editor_nothing_of_it_is_seen(qtbot: QtBot, studio: Studio) -> None:
    page = ExtendPage(studio)
    qtbot.addWidget(page)
    assert page.results.place.isHidden()
    studio.editing.place([made()])  # and nothing happens


def test_a_result_of_another_clip_is_not_put_there(studio: Studio, link: FakeLink) -> None:
    other = Footage(path="/clips/water.mp4", frames=100, rate=Fraction(25), size_hw=(90, 160))
    studio.document.change("", {"clip": other})
    studio.editing.store.set({"strip": STRIP})
    assert not studio.editing.can_place([made()])
    studio.editing.place([made()])
    assert link.placed == []


def test_what_the_editor_refuses_is_told(qtbot: QtBot, studio: Studio, link: FakeLink) -> None:
    """And the result can be put there again."""
    studio.document.change("", {"clip": CLIP})
    studio.editing.store.set({"strip": STRIP})
    link.problem = "The strip is gone."
    studio.editing.place([made()])
    qtbot.waitUntil(lambda: studio.notice.state.problem == "The strip is gone.")
    assert studio.notice.state.remedy == "Do it by hand."
    assert studio.editing.can_place([made()])


def test_an_editor_that_goes_is_told(qtbot: QtBot, studio: Studio, link: FakeLink) -> None:
    link.go()
    qtbot.waitUntil(lambda: "Editor 1.0 doesn't answer" in studio.notice.state.problem)


def test_the_link_ends_with_the_window(studio: Studio, link: FakeLink) -> None:
    studio.close()
    assert link.closed


def test_starred_variants_are_put_there(qtbot: QtBot, studio: Studio, link: FakeLink) -> None:
    """Those alone, muted above the strip."""
    page = VariantsPage(studio)
    qtbot.addWidget(page)
    results = [
        made(id=name, path=f"/made/{name}.mp4", made_by="variants", kept=None, mark=mark, settings="{}")
        for name, mark in (("a", "starred"), ("b", ""), ("c", "starred"))
    ]
    studio.document.change("", {"clip": CLIP, "results": tuple(results)})
    studio.editing.store.set({"strip": STRIP})
    assert page.place.text() == "Put starred into Editor 1.0"
    page.place.click()
    qtbot.waitUntil(lambda: bool(link.placed))
    assert [(each.kind, each.path, each.stop) for each in link.placed[0][2]] == [
        ("variant", "/made/a.mp4", 52), ("variant", "/made/c.mp4", 52)
    ]  # fmt: skip
    qtbot.waitUntil(lambda: not studio.editing.state.placing)


@pytest.mark.parametrize(
    ("changes", "strip", "kind", "frames"),
    [
        ({}, {}, "insert_after", (40, 52)),
        ({"loop": True}, {}, "insert_after", (40, 52)),
        ({"kept": (12, 52)}, {}, "replace", (0, 52)),  # new frames lead in
        ({"kept": (6, 46)}, {}, "replace", (0, 52)),  # at both ends
        ({"kept_from": 0}, {}, "replace", (0, 52)),  # another part of the clip
        ({"kept": (0, 30)}, {}, "replace", (0, 52)),  # less of it
        ({}, {"made": {"edit": "extend"}}, "replace", (40, 52)),  # a result takes the place of another
        ({"made_by": "replace", "kept": (0, 52)}, {}, "replace", (0, 52)),
        ({"made_by": "replace", "settings": '{"layer":true}'}, {}, "overlay", (0, 52)),
        ({"made_by": "variants", "kept": None}, {}, "variant", (0, 52)),
    ],
    ids=range(10),
)
def test_where_a_result_goes(changes: dict, strip: dict, kind: str, frames: tuple[int, int]) -> None:
    """What is new of it behind the strip where that goes on from it, all of it where it doesn't."""
    placement = placement_of(
        made(**changes), Strip(**{"id": "s", "name": "s", "path": "/c", "first": 10, "stop": 50} | strip)
    )
    assert (placement.kind, (placement.first, placement.stop)) == (kind, frames)
