from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs
from support.numbered import numbered_film

from dtsgan.ui.document import Result
from dtsgan.ui.viewer import Viewer

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.studio import Studio


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Sixty frames whose level tells their number: 20 + 3 n."""
    return numbered_film(tmp_path / "film.mp4")


@pytest.fixture
def viewer(qtbot: QtBot, studio: Studio) -> Viewer:
    """A viewer of 960 x 600, without a clip."""
    made = Viewer(studio)
    qtbot.addWidget(made)
    made.resize(960, 600)
    made.show()
    return made


@pytest.fixture
def watched(qtbot: QtBot, studio: Studio, viewer: Viewer, film: Path) -> Viewer:
    """A viewer whose clip is open, and seen."""
    studio.opening.open_clip(film)
    qtbot.waitUntil(lambda: viewer.shown.image is not None)
    return viewer


@pytest.fixture
def loop(studio: Studio, watched: Viewer, tmp_path: Path) -> Result:
    """A loop of the project: frames 0 to 39 are the clip's from 10 on, 40 to 49 are new. Its levels are 200 - n."""
    del watched
    path = numbered_film(tmp_path / "loop.mp4", frames=50, first=200, step=-1)
    made = Result(
        id="loop",
        path=str(path),
        made_by="extend",
        settings="{}",
        title="Loop",
        seed=3,
        frames=50,
        loop=True,
        kept=(0, 40),
        kept_from=10,
    )
    studio.document.record(lambda project: structs.replace(project, results=(*project.results, made)))
    return made
