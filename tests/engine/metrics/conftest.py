from __future__ import annotations

from pathlib import Path

import pytest

from dtsgan.engine.clip import Span
from dtsgan.engine.metrics.footage import Footage
from dtsgan.engine.metrics.measures import Networks
from dtsgan.engine.video import read_clip

CLIPS = Path(__file__).parents[4] / "shared" / "clips"


@pytest.fixture(scope="session")
def networks() -> Networks:
    return Networks()


@pytest.fixture(scope="session", params=["waterfall_64.avi", "fire_pot.avi"])
def real(request: pytest.FixtureRequest) -> Footage:
    """48 frames of a real clip, 64 px high."""
    path = CLIPS / request.param
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return Footage.of(read_clip(path, short_side=64, span=Span(start=0, stop=48)).frames_thwc, request.param)
