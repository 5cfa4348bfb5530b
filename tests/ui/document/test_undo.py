from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from dtsgan.ui.document import Document, Project, Result
from dtsgan.ui.document.document import MOST_STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def document(qtbot: QtBot, tmp_path: Path) -> Iterator[Document]:
    """A new project."""
    del qtbot
    made = Document(tmp_path / "home" / "recovery.dtsproject")
    yield made
    made.close()


def seed(document: Document) -> int:
    return document.state.extend.seed


def made(name: str) -> Result:
    return Result(id=name, path=f"/made/{name}.mp4", made_by="extend", settings="{}")


def with_result(project: Project, name: str) -> Project:
    return structs.replace(project, results=(*project.results, made(name)))


def test_a_change_can_be_taken_back_and_done_again(document: Document) -> None:
    """Undo and redo go through all changes, named by their texts, and say so when there is nothing more."""
    document.change("Seed", {"extend.seed": 1})
    document.change("Length", {"extend.added": 9})
    assert (document.undo_text, document.redo_text) == ("Length", "")
    document.undo()
    document.undo()
    assert document.state == Project()
    assert (document.undo_text, document.redo_text) == ("", "Seed")
    document.undo()
    assert document.state == Project()
    document.redo()
    assert (document.undo_text, document.redo_text) == ("Seed", "Length")
    document.redo()
    document.redo()
    assert (document.state.extend.seed, document.state.extend.added) == (1, 9)


def test_several_fields_are_one_step(document: Document) -> None:
    """What one action changes is taken back at once."""
    document.change("Both", {"extend.seed": 1, "replace.seed": 2})
    document.undo()
    assert document.state == Project()


def test_no_change_is_no_step(document: Document, qtbot: QtBot) -> None:
    """What is set to what it was emits nothing, and what was undone can still be done again."""
    document.change("Seed", {"extend.seed": 1})
    document.undo()
    with qtbot.assertNotEmitted(document.changed):
        document.change("Seed", {"extend.seed": 0})
    assert (document.undo_text, document.redo_text) == ("", "Seed")


def test_a_new_change_ends_what_was_undone(document: Document) -> None:
    """After another change there is nothing to do again."""
    document.change("Seed", {"extend.seed": 1})
    document.undo()
    document.change("Length", {"extend.added": 9})
    assert document.redo_text == ""
    document.redo()
    assert seed(document) == 0


def test_everyone_is_told_what_was_before(document: Document) -> None:
    """Each change, undo and redo is told with the project before and after it."""
    told: list[tuple[int, int]] = []
    document.changed.connect(lambda before, after: told.append((before.extend.seed, after.extend.seed)))
    document.change("Seed", {"extend.seed": 1})
    document.undo()
    document.redo()
    assert told == [(0, 1), (1, 0), (0, 1)]


def test_a_slider_is_one_step(document: Document) -> None:
    """Changes with the same name in a row merge into one step; another one between begins a new step."""
    for value in (1, 2, 3):
        document.change("Seed", {"extend.seed": value}, merge="seed")
    document.change("Length", {"extend.added": 9}, merge="length")
    document.change("Seed", {"extend.seed": 4}, merge="seed")
    seen = []
    while document.undo_text:
        document.undo()
        seen.append((seed(document), document.state.extend.added))
    assert seen == [(3, 9), (3, 50), (0, 50)]


def test_a_released_button_ends_merging(document: Document) -> None:
    """A second drag is a step of its own."""
    document.end_merge()
    document.change("Seed", {"extend.seed": 1}, merge="seed")
    document.end_merge()
    document.change("Seed", {"extend.seed": 2}, merge="seed")
    document.undo()
    assert seed(document) == 1


def test_nothing_merges_across_undo(document: Document) -> None:
    """After undo or redo a slider's next change is a step of its own."""
    document.change("Seed", {"extend.seed": 1}, merge="seed")
    document.end_merge()
    document.change("Seed", {"extend.seed": 2}, merge="seed")
    document.undo()
    document.change("Seed", {"extend.seed": 3}, merge="seed")
    document.undo()
    assert seed(document) == 1
    document.redo()
    document.change("Seed", {"extend.seed": 4}, merge="seed")
    document.undo()
    assert seed(document) == 3


def test_a_slider_does_not_go_on_where_undo_led_to(document: Document) -> None:
    """Back at a step of the same slider, its next change is a step of its own all the same."""
    document.change("Seed", {"extend.seed": 1}, merge="seed")
    document.change("Length", {"extend.added": 9})
    document.undo()
    document.change("Seed", {"extend.seed": 2}, merge="seed")
    document.undo()
    assert (seed(document), document.undo_text) == (1, "Seed")


def test_what_happened_stays(document: Document) -> None:
    """A result that is recorded is no step, and neither undo nor redo makes it go."""
    document.change("Seed", {"extend.seed": 1})
    document.change("Seed", {"extend.seed": 2})
    document.undo()
    document.record(lambda project: with_result(project, "a"))
    assert (document.undo_text, document.redo_text, seed(document)) == ("Seed", "Seed", 1)
    for go, number in ((document.undo, 0), (document.redo, 1), (document.redo, 2)):
        go()
        assert (seed(document), document.state.results) == (number, (made("a"),))
    assert document.unsaved


def test_removing_a_result_can_be_undone(document: Document) -> None:
    """A person's removal is a step; a result that came since stays when that is undone."""
    document.record(lambda project: with_result(project, "a"))
    document.change("Remove result", {"results": ()})
    document.record(lambda project: with_result(project, "b"))
    assert document.state.results == (made("b"),)
    document.undo()
    assert document.state.results == (made("a"), made("b"))


def test_steps_are_bounded(document: Document) -> None:
    """The oldest steps are forgotten, so that memory is bounded."""
    for value in range(1, MOST_STEPS + 11):
        document.change("Seed", {"extend.seed": value})
    for _ in range(MOST_STEPS):
        document.undo()
    assert (seed(document), document.undo_text) == (10, "")


def test_an_unknown_field_changes_nothing(document: Document) -> None:
    """A field that there isn't is refused, and all stays as it was."""
    for path in ("extend.speed", "speed"):
        with pytest.raises(TypeError, match="speed"):
            document.change("Seed", {path: 1})
    assert (document.state, document.undo_text) == (Project(), "")
