from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.studios import program

from dtsgan.ui import garbage
from dtsgan.ui.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def _tidied(qapp: object) -> Iterator[None]:
    """What a test leaves isn't collected in the middle of another one: see ``ui.garbage``."""
    garbage.hold(qapp)
    yield
    garbage.release(qapp)


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A studio with a folder of its own, whose worker does nothing until it is stopped."""
    del qtbot  # there has to be an application
    made = Studio(folder=tmp_path / "home", program=program(tmp_path, "wait_for_end()"))
    monkeypatch.setattr(made, "results_folder", lambda: tmp_path / "results")
    yield made
    made.close()
