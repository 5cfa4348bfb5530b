from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs
from support.drawing import square
from support.numbered import RATE, numbered_film
from support.studios import program

from dtsgan.engine.errors import OptionError
from dtsgan.ui.document import Footage, Key, Mask, Result
from dtsgan.ui.notice import Notice
from dtsgan.ui.studio import Studio
from dtsgan.ui.tasks import extend_task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.jobs import Task

CLIP = Footage(path="/clips/fire.mp4", frames=100, rate=Fraction(25), size_hw=(90, 160))

MAKING = """
    if os.path.exists("FLAG"):
        say("result", frames=150, kept=[0, 100], joints=[[100, 0.5]])
        sys.exit(0)
    say("failure", problem="No flag.", remedy="Raise it.")
    sys.exit(2)
"""


@pytest.fixture
def working(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A studio with a clip, whose worker finishes at once where there is a file "flag", and fails else."""
    del qtbot
    body = MAKING.replace("FLAG", str(tmp_path / "flag"))
    made = Studio(folder=tmp_path / "home", program=program(tmp_path, body))
    monkeypatch.setattr(made, "results_folder", lambda: tmp_path / "results")
    made.document.change("", {"clip": CLIP})
    yield made
    made.close()


def task(studio: Studio) -> Any:
    return lambda output: extend_task(studio.project, output)


def test_a_clip_is_opened(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """A clip becomes the project's once it is known, as one step; what belonged to the last one is left behind, and
    comes back with undo."""
    old = Result(id="a", path="/made/a.mp4", made_by="extend", settings="{}")
    studio.document.change("", {"clip": CLIP, "span": (1, 9), "results": (old,)})
    before = studio.project
    path = numbered_film(tmp_path / "film.mp4")
    studio.view.set({"showing": "a", "frame": 5})
    studio.opening.open_clip(path)
    assert studio.project == before  # nobody waits for the disk
    qtbot.waitUntil(lambda: studio.project != before)
    clip = studio.project.clip
    assert clip is not None
    assert (clip.path, clip.frames, clip.rate, clip.size_hw) == (str(path), 60, RATE, (48, 64))
    assert (clip.bytes, clip.changed_s) == (path.stat().st_size, path.stat().st_mtime)
    assert (studio.project.span, studio.project.results) == (None, ())
    assert (studio.view.state.showing, studio.view.state.frame) == ("clip", 0)
    studio.document.undo()
    assert studio.project == before


def test_a_clip_that_is_none_is_told(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """What can't be read is told, what was open stays; and once it can be, it is opened."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"no film")
    with qtbot.waitSignal(studio.told) as told:
        studio.opening.open_clip(path)
    assert "film.mp4" in (told.args or [""])[0]
    assert studio.project.clip is None
    numbered_film(path)
    studio.opening.open_clip(path)
    qtbot.waitUntil(lambda: studio.project.clip is not None)


def test_a_result_is_shown_on_its_page(qtbot: QtBot, working: Studio, tmp_path: Path) -> None:
    """What is made is noted, told, and shown from its beginning, where the person is on its page; undo doesn't lose
    it."""
    (tmp_path / "flag").touch()
    working.view.set({"page": "extend", "frame": 9, "speed": 1.0})
    working.document.change("Seed", {"extend.seed": 4})
    with qtbot.waitSignal(working.result_made, timeout=10_000) as told:
        working.make(task(working), "extended")
    (result,) = working.project.results
    assert told.args == [result]
    assert (result.path, result.seed, result.joints) == (str(tmp_path / "results/extended 1.mp4"), 4, ((100, 0.5),))
    view = working.view.state
    assert (view.showing, view.frame, view.speed, view.repeat) == (result.id, 0, 0.0, "all")
    working.document.undo()
    assert working.project.results == (result,)


def test_a_result_does_not_disturb(qtbot: QtBot, working: Studio, tmp_path: Path) -> None:
    """On another page what is seen stays."""
    (tmp_path / "flag").touch()
    working.view.set({"page": "replace", "frame": 9})
    before = working.view.state
    with qtbot.waitSignal(working.result_made, timeout=10_000):
        working.make(task(working), "extended")
    assert working.view.state == before


def test_a_result_belongs_to_its_clip(qtbot: QtBot, working: Studio, tmp_path: Path) -> None:
    """What is ready after another clip was opened isn't listed with that one, but with its own, where undo leads
    back to."""
    (tmp_path / "flag").touch()
    working.view.set({"page": "extend"})
    number = working.make(task(working), "extended")
    working.document.change("Open clip", {"clip": structs.replace(CLIP, path="/clips/sea.mp4")})
    assert number is not None
    qtbot.waitUntil(lambda: not working.queue.busy, timeout=10_000)
    job = working.queue.job(number)
    assert job is not None
    assert job.state == "done"
    assert (working.project.results, working.view.state.showing) == ((), "clip")
    working.document.undo()
    assert [each.path for each in working.project.results] == [job.task.output]


def test_a_failure_is_told(qtbot: QtBot, working: Studio) -> None:
    """Why something couldn't be made reaches the person, and nothing is listed."""
    number = working.make(task(working), "extended")
    qtbot.waitUntil(lambda: bool(working.notice.state.problem), timeout=10_000)
    wanted = Notice(problem="Extended clip: No flag.", remedy="Raise it.", action="retry", job=number or 0)
    assert working.notice.state == wanted
    assert working.project.results == ()


def test_names_are_free(working: Studio, tmp_path: Path) -> None:
    """A new file has a name that no file has, no job will use, and no result that is on another disk has."""
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "extended 1.mp4").touch()
    lost = Result(id="a", path=str(folder / "extended 2.mp4"), made_by="extend", settings="{}")
    working.document.change("", {"results": (lost,)})
    names = []
    for _ in range(2):
        number = working.make(task(working), "extended")
        job = working.queue.job(number or 0)
        assert job is not None
        names.append(Path(job.task.output).name)
    assert names == ["extended 3.mp4", "extended 4.mp4"]


def test_what_cannot_be_made_is_told(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    """Without what it takes, or a folder to write to, nothing is put into the queue, and the person is told."""
    with qtbot.waitSignal(studio.told) as told:
        assert studio.make(task(studio), "extended") is None
    assert told.args == ["There is no clip yet.", "Open one first."]
    (tmp_path / "results").rmdir()
    (tmp_path / "results").write_text("no folder")
    studio.document.change("", {"clip": CLIP})
    with qtbot.waitSignal(studio.told) as told:
        assert studio.make(task(studio), "extended") is None
    assert "can't be made" in (told.args or [""])[0]
    assert studio.queue.jobs == ()


def test_a_mask_that_cannot_be_written_is_told(qtbot: QtBot, studio: Studio) -> None:
    """A replacement whose mask can't be written is not begun."""
    mask = Mask(keys=(Key(frame=0, shapes=(square(5, 5, 20),)),))
    studio.document.change("", {"clip": CLIP, "replace.mask": mask})
    (studio.folder / "masks").parent.mkdir(parents=True, exist_ok=True)
    (studio.folder / "masks").write_text("no folder")
    with qtbot.waitSignal(studio.told) as told:
        studio.make_replaced()
    assert "masks" in (told.args or [""])[0]
    assert studio.queue.jobs == ()


def test_a_refused_task_is_told(qtbot: QtBot, studio: Studio) -> None:
    """A task that can't be described is told in its own words."""

    def refuse(output: Path) -> Task:
        raise OptionError(f"{output.name} is too much.", remedy="Take less.")

    with qtbot.waitSignal(studio.told) as told:
        studio.make(refuse, "x", ".mov")
    assert told.args == ["x 1.mov is too much.", "Take less."]


def test_marking(studio: Studio) -> None:
    """Results are marked in one step of undo that bears its name."""
    results = tuple(Result(id=name, path=name, made_by="variants", settings="{}") for name in "abc")
    studio.document.change("", {"results": results})
    studio.mark({"a", "c"}, "starred", "Star")
    assert [each.mark for each in studio.project.results] == ["starred", "", "starred"]
    assert studio.document.undo_text == "Star"
    studio.document.undo()
    assert studio.project.results == results


def test_what_is_gone_is_not_shown(studio: Studio) -> None:
    """When undo takes a result away that is seen, the clip is seen again."""
    result = Result(id="a", path="a", made_by="extend", settings="{}")
    studio.document.change("", {"clip": CLIP, "results": (result,)})
    studio.view.set({"showing": "a", "frame": 7})
    studio.document.change("Remove result", {"results": ()})
    assert (studio.view.state.showing, studio.view.state.frame) == ("clip", 0)


def test_closing_keeps_all(qtbot: QtBot, working: Studio, tmp_path: Path) -> None:
    """Closed in the middle of work, no process is left, and what wasn't saved can be recovered."""
    working.document.change("Seed", {"extend.seed": 4})
    working.make(task(working), "extended")
    working.close()
    next_one = Studio(folder=tmp_path / "home", program=working.program)
    next_one.opening.recover()
    assert next_one.project.extend.seed == 4
    next_one.close()
    del qtbot
