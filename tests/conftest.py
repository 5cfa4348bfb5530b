from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.system import qt_libraries
from support.videos import write_long_uhd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The window's tests need no screen; the plugin that runs them imports Qt as soon as this file is read.
qt_libraries()


@pytest.fixture(scope="session")
def long_uhd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A film of ten minutes in 4K, which takes seconds to write."""
    film = write_long_uhd(tmp_path_factory.mktemp("uhd") / "long.mp4")
    yield film
    film.unlink()
