from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.numbered import numbered_film

from dtsgan.ui.media import Media, loader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Sixty frames whose level tells their number: 20 + 3 n."""
    return numbered_film(tmp_path / "film.mp4")


@pytest.fixture
def media(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Media]:
    """Looks for changed files often."""
    del qtbot
    monkeypatch.setattr(loader, "RECHECK_S", 0.02)
    made = Media()
    yield made
    made.close()
