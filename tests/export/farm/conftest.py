"""Models and clusters for the tests of the farm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from distributed import Client, LocalCluster

from dtsgan.engine import threads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def model(waves_file: Path) -> Path:
    return waves_file


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
