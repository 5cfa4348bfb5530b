from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import structs
from support.drawing import stroke, with_clip
from support.studios import program

from dtsgan.ui import words
from dtsgan.ui.document import Key, Mask, Reference
from dtsgan.ui.studio import Studio
from dtsgan.ui.view import CLIP, PREVIEW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

BODY = """
import numpy
folder = words[words.index("--folder") + 1]
say("ready")
for line in sys.stdin:
    if not line.strip():
        open(os.path.join(folder, "..", "given up"), "w").close()
        continue
    request = json.loads(line)
    if request["mask"] is None:
        say("opened", number=request["number"])
        continue
    todo = {todo!r}
    if todo == "crash":
        os._exit(9)
    if todo == "hang":
        time.sleep(60)
    if todo == "refuse":
        say("refused", number=request["number"], problem="No room.", remedy="Use a --range A:B, or paint less.")
        continue
    first, end = request["window"]
    if todo == "stale":
        say("preview", number=request["number"] - 1, frames="/gone.npy", first=0)
    path = os.path.join(folder, f"{{request['number']}}.npy")
    numpy.save(path, numpy.full((end - first, 8, 8, 3), request["seed"], numpy.uint8))
    say("preview", number=request["number"], frames=path, first=first)
"""


def making(folder: Path, todo: str = "") -> tuple[str, ...]:
    """A program that answers requests, or does what it shouldn't."""
    return program(folder, BODY.replace("{todo!r}", repr(todo)).replace("{{", "{").replace("}}", "}"))


@pytest.fixture
def drawn(qtbot: QtBot, tmp_path: Path) -> Iterator[Studio]:
    """A studio with a mask, whose previews come at once."""
    del qtbot
    made = Studio(folder=tmp_path / "home", program=making(tmp_path))
    with_clip(made, frames=100, size_hw=(80, 80))
    mask = Mask(keys=(Key(frame=0, shapes=(stroke((20, 20), (40, 40)),)),))
    made.document.record(lambda project: structs.replace(project, replace=structs.replace(project.replace, mask=mask)))
    yield made
    made.close()


def ready(qtbot: QtBot, studio: Studio) -> None:
    qtbot.waitUntil(lambda: studio.previews.state.state == "ready", timeout=10_000)


def test_what_is_drawn_is_previewed_at_the_same_frame(qtbot: QtBot, drawn: Studio) -> None:
    """A change asks for a preview of the frames around what is seen; it is shown at that frame, and says what it is."""
    drawn.view.set({"frame": 60})
    drawn.document.change("Seed", {"replace.seed": 7})
    ready(qtbot, drawn)
    state = drawn.previews.state
    assert state.first == 60 - 24
    assert drawn.view.state.showing == PREVIEW
    assert drawn.view.state.frame == 24
    assert drawn.clip_frame() == 60
    assert "not saved" in state.text
    drawn.previewing.show(preview=False)
    assert (drawn.view.state.showing, drawn.view.state.frame) == (CLIP, 60)


def test_a_preview_leaves_no_file(qtbot: QtBot, drawn: Studio) -> None:
    """What was read is removed at once, the folder with the process."""
    drawn.document.change("Seed", {"replace.seed": 7})
    ready(qtbot, drawn)
    folder = drawn.previews._folder
    assert folder is not None
    assert not list(folder.rglob("*.npy"))
    drawn.previews.rest()
    assert not folder.exists()


def test_nothing_is_previewed_elsewhere(qtbot: QtBot, drawn: Studio) -> None:
    """On other pages nothing is asked for, and a preview that was shown gives way to the clip."""
    drawn.document.change("Seed", {"replace.seed": 7})
    ready(qtbot, drawn)
    drawn.view.set({"page": "extend"})
    assert drawn.view.state.showing == CLIP
    number = drawn.previews._number
    drawn.document.change("Seed", {"replace.seed": 8})
    qtbot.wait(150)
    assert drawn.previews._number == number


def test_an_older_answer_is_ignored(qtbot: QtBot, tmp_path: Path, drawn: Studio) -> None:
    """Only what was asked for last is shown."""
    drawn.previews.program = making(tmp_path, "stale")
    drawn.document.change("Seed", {"replace.seed": 9})
    ready(qtbot, drawn)
    assert drawn.previews.state.pictures is not None


@pytest.mark.parametrize("todo", ["crash", "hang", "refuse"])
def test_a_failure_is_told_and_the_next_stroke_tries_again(
    qtbot: QtBot, tmp_path: Path, drawn: Studio, todo: str
) -> None:
    """A process that crashes, hangs or refuses: a message without the command line's words; drawing on works."""
    drawn.previews.program = making(tmp_path, todo)
    drawn.previews._watch.setInterval(1500)
    drawn.document.change("Seed", {"replace.seed": 9})
    qtbot.waitUntil(lambda: drawn.previews.state.state == "failed", timeout=10_000)
    state = drawn.previews.state
    assert state.text
    assert state.remedy
    assert "--" not in state.remedy
    drawn.previews.rest()
    drawn.previews.program = making(tmp_path)
    drawn.document.change("Seed", {"replace.seed": 10})
    ready(qtbot, drawn)


def test_without_a_mask_there_is_none(qtbot: QtBot, drawn: Studio) -> None:
    """Clearing the mask takes the preview away, and tells the process to give up."""
    drawn.document.change("Seed", {"replace.seed": 7})
    ready(qtbot, drawn)
    drawn.document.change("Clear", {"replace.mask": Mask()})
    qtbot.waitUntil(lambda: drawn.previews.state.state == "none")
    assert drawn.view.state.showing == CLIP


def test_what_a_preview_cant_show_is_said(qtbot: QtBot, drawn: Studio) -> None:
    """That it looks at two seconds alone, that the mask doesn't follow the camera, that a patch is another frame's."""
    drawn.document.change("Track", {"replace.track": True})
    ready(qtbot, drawn)
    assert "all moments" in drawn.previews.state.text
    assert "camera" in drawn.previews.state.text
    patch = Reference(x=1, y=1, width=20, height=20, frame=90)
    drawn.document.change("Patch", {"replace.fill": "patch", "replace.reference": patch, "replace.instant": True})
    qtbot.waitUntil(lambda: "nearest" in drawn.previews.state.text, timeout=10_000)


def test_a_closed_one_never_starts_again(qtbot: QtBot, drawn: Studio) -> None:
    """Changes after the window has closed start no process."""
    drawn.previews.close()
    drawn.document.change("Seed", {"replace.seed": 7})
    qtbot.wait(150)
    assert drawn.previews._worker is None


def test_words_of_the_command_line_become_plain() -> None:
    """Options become what they are called."""
    assert words.for_window("Use a --range A:B, or --time-budget TIME less.") == "Use a range, or time budget less."
    assert words.for_window("Learn a part, as --range 0:120.") == "Learn a part, as range 0:120."
    assert words.for_window("Paint less.") == "Paint less."
