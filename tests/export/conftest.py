from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.learning import PRESETS, clip_of, learned, lively, tiny, waves

from dtsgan.export.device import Device, choose_device

if TYPE_CHECKING:
    from dtsgan.engine.model import TextureModel


@pytest.fixture(scope="session", params=PRESETS)
def model(request: pytest.FixtureRequest) -> TextureModel:
    """Learned in a few steps from 20 frames of 16x12 px, one a preset, with layers that really do something."""
    return lively(learned(clip_of(waves(20)), tiny(request.param, steps=2)))


@pytest.fixture
def processor() -> Device:
    """Which has nothing to tell."""
    return choose_device("cpu", tell=pytest.fail)
