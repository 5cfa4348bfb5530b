from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.drawing import with_clip
from support.studios import program

from dtsgan.ui.learning import Try
from dtsgan.ui.learning.planning import Planning
from dtsgan.ui.pages import LearnPage
from dtsgan.ui.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

PLANNED = {"sizes_hw": [[24, 32], [48, 64]], "memory_bytes": 1000, "seconds": 40.0}

BODY = f"""
if words[0] == "plan":
    say("result", choices={{name: {PLANNED!r} for name in ("quick", "standard", "fine")}})
elif words[0] == "farm":
    folder = words[words.index("-o") + 1]
    os.makedirs(os.path.join(folder, ".dtsgan-parts"), exist_ok=True)
    say("progress", text="learning 1 clip", done=0.5, left_s=60)
    if os.path.exists(os.path.join(os.path.dirname(__file__), "wait")):
        wait_for_end()
        sys.exit(130)
    model = os.path.join(folder, "fire-1a2b3c4d.dtsgan")
    open(model, "w").write("a model of a cluster")
    say("result", folder=folder, models=[model])
else:
    output, tries = words[words.index("-o") + 1], words[words.index("--preview") + 1]
    os.makedirs(tries, exist_ok=True)
    resumed = os.path.exists(output + ".part")
    say("planned", resumed_step=7 if resumed else 0)
    for scale in range(2):
        model, video = (os.path.join(tries, f"scale-{{scale + 1}}{{end}}") for end in (".dtsgan", ".mp4"))
        open(model, "w").write("a model")
        open(output + ".part", "w").write("a state")
        say("preview", scale=scale, scales=2, size_hw=[24, 32], video=video, model=model, sheet="")
        if scale == 0 and not resumed:
            if os.path.exists(os.path.join(os.path.dirname(__file__), "wait")):
                wait_for_end()
                sys.exit(130)
    open(output, "w").write("a model")
    say("result", model=output, bytes=7)
"""


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path) -> Iterator[Studio]:
    """A studio with a clip, whose worker plans and learns at once; it waits after a scale where there is a file
    "wait"."""
    del qtbot
    made = Studio(folder=tmp_path / "home", program=program(tmp_path, BODY))
    with_clip(made, size_hw=(240, 320))
    made.view.set({"page": "learn"})
    yield made
    made.close()


def paused(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """Learning that was paused after its first scale."""
    (tmp_path / "wait").touch()
    studio.learning.start()
    qtbot.waitUntil(lambda: len(studio.learning.state.tries) == 1)
    studio.learning.pause()
    qtbot.waitUntil(lambda: bool(studio.learning.state.unfinished))
    (tmp_path / "wait").unlink()


def test_what_it_takes_is_found_out(qtbot: QtBot, studio: Studio) -> None:
    """On the page the three qualities come with pixels and time; another range is asked for anew."""
    page = LearnPage(studio)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: bool(studio.learning.state.choices))
    assert "64x48 px, about 40 s here" in page._takes[0].text()
    studio.document.change("Range", {"span": (0, 20)})
    assert not studio.learning.state.choices
    assert "Finding out" in page._takes[0].text()
    qtbot.waitUntil(lambda: bool(studio.learning.state.choices))


def test_a_finished_model_is_used_and_kept(qtbot: QtBot, studio: Studio) -> None:
    """Learning ends with the project's model chosen, as one step of undo, and leaves no notes."""
    page = LearnPage(studio)
    qtbot.addWidget(page)
    page.qualities[2].click()
    assert studio.project.learn.quality == "fine"
    page.go.click()
    qtbot.waitUntil(lambda: studio.project.model is not None)
    model = Path(studio.project.model or "")
    assert model == studio.library.folder / "fire fine.dtsgan"
    assert not [path for path in model.parent.iterdir() if path.suffix in (".todo", ".part") or "tries" in path.name]
    studio.document.undo()
    assert studio.project.model is None


def test_another_clip_by_then_gets_no_model(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """A model whose clip is no longer open goes into the library alone."""
    (tmp_path / "wait").touch()
    studio.learning.start()
    qtbot.waitUntil(lambda: bool(studio.learning.state.tries))
    studio.learning.pause()
    qtbot.waitUntil(lambda: bool(studio.learning.state.unfinished))
    with_clip(studio, "/clips/water.mp4", size_hw=(240, 320))
    with qtbot.waitSignal(studio.queue.ended):
        studio.learning.go_on(studio.learning.state.unfinished[0])
    assert studio.project.model is None
    qtbot.waitUntil(lambda: bool(studio.library.entries))


def test_a_paused_learning_goes_on_in_another_window(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """What was paused is offered again after a restart, with its clip and quality, and ends as a model."""
    paused(qtbot, studio, tmp_path)
    studio.close()
    other = Studio(folder=studio.folder, program=studio.program)
    page = LearnPage(other)
    qtbot.addWidget(page)
    (left,) = other.learning.state.unfinished
    assert Path(left.output).stem == "fire standard"
    with qtbot.waitSignal(other.queue.ended):
        page._cards[left.output].findChild(type(page.go)).click()  # type: ignore[union-attr]
    assert Path(left.output).exists()
    assert not other.learning.state.unfinished
    other.close()


def test_a_discarded_learning_leaves_nothing(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """Discarding removes the note, the state and what scales could do."""
    paused(qtbot, studio, tmp_path)
    studio.learning.discard(studio.learning.state.unfinished[0])
    assert not studio.learning.state.unfinished
    assert not studio.learning.state.tries
    assert [path.name for path in studio.library.folder.iterdir() if "fire" in path.name] == []


def test_a_finished_scale_can_be_used_at_once(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """ "Use it now" pauses, puts the model so far into the library and chooses it; learning can go on."""
    page = LearnPage(studio)
    qtbot.addWidget(page)
    (tmp_path / "wait").touch()
    page.go.click()
    qtbot.waitUntil(lambda: bool(studio.learning.state.tries))
    page.use.click()
    qtbot.waitUntil(lambda: bool(studio.learning.state.unfinished) and studio.project.model is not None)
    assert Path(studio.project.model or "").name == "fire standard, 1 of 2 scales.dtsgan"
    assert Path(studio.project.model or "").read_text() == "a model"
    (tmp_path / "wait").unlink()
    studio.learning.go_on(studio.learning.state.unfinished[0])
    qtbot.waitUntil(lambda: Path(studio.project.model or "").name == "fire standard.dtsgan")


def test_records_that_make_no_sense_are_ignored(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """A preview without its facts is none, a note that can't be read neither."""
    studio.library.folder.mkdir(parents=True, exist_ok=True)
    (studio.library.folder / "x.dtsgan.todo").write_text("{]")
    (studio.library.folder / "y.dtsgan.todo").write_text('{"version": 1}')
    paused(qtbot, studio, tmp_path)
    assert len(studio.learning.state.unfinished) == 1
    job = studio.learning.job
    assert job is not None
    before = studio.learning.state
    studio.queue.said.emit(job, {"event": "preview", "video": 3})
    assert studio.learning.state == before
    assert isinstance(before.tries[0], Try)


def test_times_are_put_right_by_what_was_measured(tmp_path: Path, qtbot: QtBot, studio: Studio) -> None:
    """Learning that took twice as long as planned doubles what is said next; one wild time changes little."""
    del qtbot
    planning = Planning(tmp_path / "times.json", studio.program)
    assert planning.factor == 1.0
    planning.note(planned_s=10, took_s=20)
    assert planning.factor == 2.0
    planning.note(planned_s=20, took_s=20)
    planning.note(planned_s=20, took_s=2000)
    assert planning.factor == 2.0
    (tmp_path / "times.json").write_text(json.dumps("no times"))
    assert planning.factor == 1.0


def test_a_cluster_can_learn(qtbot: QtBot, studio: Studio) -> None:
    """Where the page Queue says so: the model ends in the library as any other, and is used; nothing else is left."""
    page = LearnPage(studio)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: "about 40 s here" in page._takes[0].text())
    studio.view.set({"on_cluster": True, "scheduler": "tcp://boss:8786"})
    assert "here" not in page._takes[0].text()
    assert "64x48 px" in page._takes[0].text()
    assert not page._why.isHidden()
    assert "Learned by the cluster" in page._why.text()
    page.go.click()
    qtbot.waitUntil(lambda: studio.project.model is not None)
    model = Path(studio.project.model or "")
    assert model == studio.library.folder / "fire standard.dtsgan"
    assert model.read_text() == "a model of a cluster"
    assert [path.name for path in model.parent.iterdir() if "fire" in path.name] == [model.name]
    job = studio.learning.job
    assert job is not None
    assert job.task.words[0] == "farm"
    assert not (studio.library.folder / "times.json").exists()


def test_what_a_cluster_learned_for_a_while_is_not_lost(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """It is offered again, goes on in the same folder, and leaves nothing when it is discarded."""
    studio.view.set({"on_cluster": True, "scheduler": "tcp://boss:8786"})
    (tmp_path / "wait").touch()
    studio.learning.start()
    qtbot.waitUntil(lambda: studio.learning.job is not None and studio.learning.job.done == 0.5)
    studio.learning.pause()
    qtbot.waitUntil(lambda: bool(studio.learning.state.unfinished))
    (left,) = studio.learning.state.unfinished
    first = studio.learning.job
    with qtbot.waitSignal(studio.queue.ended):
        studio.learning.go_on(left)
        assert studio.learning.job is not None
        assert first is not None
        assert studio.learning.job.task.words == first.task.words
        qtbot.waitUntil(lambda: studio.learning.job is not None and studio.learning.job.done == 0.5)
        studio.learning.pause()
    studio.learning.discard(studio.learning.state.unfinished[0])
    assert [path.name for path in studio.library.folder.iterdir() if "fire" in path.name] == []


def test_a_model_that_cant_be_put_away_is_told(qtbot: QtBot, studio: Studio) -> None:
    """And stays, to be fetched again."""
    studio.view.set({"on_cluster": True, "scheduler": "tcp://boss:8786"})
    in_the_way = studio.library.free_path("fire standard")
    studio.learning.start()
    in_the_way.mkdir(parents=True)
    qtbot.waitUntil(lambda: bool(studio.notice.state.problem))
    assert "can't be moved" in studio.notice.state.problem
    assert studio.project.model is None
    (left,) = studio.learning.state.unfinished
    in_the_way.rmdir()
    studio.learning.go_on(left)
    qtbot.waitUntil(lambda: studio.project.model == str(in_the_way))


def test_a_cluster_without_an_address_is_asked_for(qtbot: QtBot, studio: Studio) -> None:
    """Before anything is begun, or noted."""
    del qtbot
    studio.view.set({"on_cluster": True})
    studio.learning.start()
    assert "address is missing" in studio.notice.state.problem
    assert not studio.queue.jobs
    assert not studio.learning.state.unfinished
