from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.learning import PRESETS, clip_of, learned, lively, tiny, waves

from dtsgan.engine.model import save_model
from dtsgan.export.device import Device, choose_device

if TYPE_CHECKING:
    from pathlib import Path

    from dtsgan.engine.model import TextureModel


@pytest.fixture(scope="session", params=PRESETS)
def model(request: pytest.FixtureRequest) -> TextureModel:
    """Learned in a few steps from 20 frames of 16x12 px, one a preset, with layers that really do something."""
    return lively(learned(clip_of(waves(20)), tiny(request.param, steps=2)))


@pytest.fixture(scope="session")
def waves_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model's file, learned in a step from 20 frames of 16x12 px."""
    path = tmp_path_factory.mktemp("model") / "waves.dtsgan"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dtsgan.engine.learn.PREVIEW_SEEDS", 1)
        save_model(learned(clip_of(waves(20)), tiny("fast", steps=1)), path)
    return path


@pytest.fixture
def processor() -> Device:
    """Which has nothing to tell."""
    return choose_device("cpu", tell=pytest.fail)
