from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.learning import tiny
from support.videos import texture, write_video

from dtsgan.engine.events import Learned
from dtsgan.engine.exemplar import with_exemplar
from dtsgan.engine.learn import learn
from dtsgan.engine.model import save_model
from dtsgan.engine.video import read_clip
from dtsgan.ui.library import entries
from dtsgan.ui.pages.model_list import ModelList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from dtsgan.ui.studio import Studio


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that carries its clip's pixels."""
    folder = tmp_path_factory.mktemp("models")
    clip = read_clip(write_video(folder / "waves.mp4", texture(20, (24, 32))))
    *_, last = learn(clip, tiny("fast"), device="cpu")
    assert isinstance(last, Learned)
    made, _ = with_exemplar(last.model, clip.source, link=False)
    save_model(made, folder / "waves.dtsgan")
    return folder / "waves.dtsgan"


@pytest.fixture
def models(qtbot: QtBot, studio: Studio, model: Path) -> ModelList:
    """The list of a library with one model."""
    studio.library.folder.mkdir(parents=True)
    shutil.copy(model, studio.library.folder / "waves.dtsgan")
    made = ModelList(studio)
    qtbot.addWidget(made)
    studio.library.refresh()
    qtbot.waitUntil(lambda: bool(made.cards))
    return made


def test_a_model_is_shown_with_its_facts_and_a_picture(studio: Studio, models: ModelList) -> None:
    """Name, clip, sizes and a frame of it are known without the model being chosen."""
    (entry,) = studio.library.entries
    assert (entry.name, entry.source, entry.source_hw, entry.pixels) == ("waves", "waves.mp4", (24, 32), True)
    assert studio.library.image(entry.path) is not None
    assert "waves.mp4" in models.cards[entry.path]._facts.text()


def test_models_are_read_once(qtbot: QtBot, studio: Studio, models: ModelList, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known of an unchanged file is kept; it is as complete as before."""
    before = studio.library.entries
    monkeypatch.setattr(entries, "load_model", lambda _: pytest.fail("it was read again"))
    with qtbot.waitSignal(studio.library.changed):
        studio.library.refresh()
    assert studio.library.entries == before
    assert studio.library.image(before[0].path) is not None
    assert models.cards


def test_a_model_is_chosen_and_undone(studio: Studio, models: ModelList) -> None:
    """Its button makes it the project's; "Use none" and undo take it back."""
    (path,) = models.cards
    models.cards[path].use.click()
    assert studio.project.model == path
    assert not models.cards[path].use.isEnabled()
    models.none.click()
    assert studio.project.model is None
    studio.document.undo()
    assert studio.project.model == path


def test_a_damaged_model_says_so_and_cant_be_used(qtbot: QtBot, studio: Studio, models: ModelList) -> None:
    """A file that is none is listed with the reason."""
    (studio.library.folder / "bad.dtsgan").write_bytes(b"no model at all")
    studio.library.refresh()
    qtbot.waitUntil(lambda: len(models.cards) == 2)
    card = models.cards[str(studio.library.folder / "bad.dtsgan")]
    assert not card.use.isEnabled()
    assert "bad.dtsgan" in card._facts.text()


def test_another_name_is_followed(qtbot: QtBot, studio: Studio, models: ModelList) -> None:
    """Renaming moves the file; the project still uses it, whatever is undone. A name that is taken is refused."""
    (path,) = models.cards
    models.choose(path)
    studio.library.rename(path, "lake")
    lake = studio.library.folder / "lake.dtsgan"
    assert studio.project.model == str(lake)
    qtbot.waitUntil(lambda: [*models.cards] == [str(lake)])
    for taken in ("lake", "../lake"):
        with qtbot.waitSignal(studio.told):
            studio.library.rename(str(lake), taken)
    assert lake.exists()
    studio.document.undo()
    assert studio.project.model is None
    studio.document.redo()
    assert studio.project.model == str(lake)


def test_models_come_in_and_go_out(qtbot: QtBot, studio: Studio, models: ModelList, tmp_path: Path) -> None:
    """A model from elsewhere is copied in and used; one is copied out; what is no model is refused and told."""
    (path,) = models.cards
    studio.library.copy_out(path, tmp_path / "out.dtsgan")
    qtbot.waitUntil((tmp_path / "out.dtsgan").exists)
    models.bring_in(tmp_path / "out.dtsgan")
    qtbot.waitUntil(lambda: len(models.cards) == 2)
    assert studio.project.model == str(studio.library.folder / "out.dtsgan")
    (tmp_path / "bad.dtsgan").write_text("no")
    with qtbot.waitSignal(studio.told) as told:
        models.bring_in(tmp_path / "bad.dtsgan")
    assert told.args is not None
    assert "bad.dtsgan" in told.args[0]
    assert not (studio.library.folder / "bad.dtsgan").exists()


def test_a_removed_model_is_used_no_more(
    qtbot: QtBot, studio: Studio, models: ModelList, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It goes to the trash, whole; where there is none it stays, and that is told."""
    (path,) = models.cards
    models.choose(path)
    moved: list[str] = []

    def to_trash(name: str) -> bool:
        moved.append(name)
        shutil.move(name, tmp_path / "trashed")
        return True

    monkeypatch.setattr("dtsgan.ui.library.library.QFile.moveToTrash", lambda _: False)
    with qtbot.waitSignal(studio.told):
        models.cards[path].trash()
    assert Path(path).exists()
    monkeypatch.setattr("dtsgan.ui.library.library.QFile.moveToTrash", to_trash)
    models.cards[path].trash()
    qtbot.waitUntil(lambda: not models.cards)
    assert moved == [path]
    assert studio.project.model is None


def test_a_model_that_is_missing_is_told(qtbot: QtBot, studio: Studio, models: ModelList) -> None:
    """A project whose model's file is gone says which, and what to do."""
    del qtbot
    studio.document.change("Choose", {"model": "/gone/lake.dtsgan"})
    assert "/gone/lake.dtsgan" in models._says.text()
