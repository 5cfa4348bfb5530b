"""One contract for every editor."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from support.contract import CHECKS
from support.stages import STAGES, write_media

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    write_media(folder)
    return folder


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_the_contract_holds(stage: Callable, check: Callable, media: Path, tmp_path: Path) -> None:
    """What is promised of every editor, by this one."""
    folder = tmp_path / "a folder, 火's"
    shutil.copytree(media, folder)
    check(stage(folder))
