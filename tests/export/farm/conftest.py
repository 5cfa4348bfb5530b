"""Models and clusters for the tests of the farm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from distributed import Client, LocalCluster
from support.learning import clip_of, learned, tiny, waves

from dtsgan.engine import threads
from dtsgan.engine.model import save_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Learned from 20 frames of 16x12 px."""
    path = tmp_path_factory.mktemp("model") / "waves.dtsgan"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dtsgan.engine.learn.PREVIEW_SEEDS", 1)
        save_model(learned(clip_of(waves(20)), tiny("fast", steps=1)), path)
    return path


@pytest.fixture
def client() -> Iterator[Client]:
    """Of two workers inside this process."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0", protocol="inproc"
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(autouse=True)
def _threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers inside this process hold it to one thread."""
    monkeypatch.setattr(threads, "_limit", None)
