from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.videos import texture, write_video

from dtsgan.ui.settings import Remembered
from dtsgan.ui.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dtsgan.ui.studio import Studio


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_video(tmp_path / "waves.mp4", texture(20, (48, 64)))


@pytest.fixture
def window(qtbot: QtBot, studio: Studio) -> Iterator[Window]:
    """A window that is seen, of a studio whose worker waits until it is stopped."""
    del qtbot
    made = Window(studio, Remembered(studio.folder / "settings.json", studio))
    made.show()
    yield made
    made.leaving.may_close = lambda: True
    made.close()
    made.deleteLater()
