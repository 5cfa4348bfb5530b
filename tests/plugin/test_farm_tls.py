"""A cluster whose scheduler, workers and clients show each other who they are."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from support.clusters import Processes
from support.system import program
from support.videos import texture, write_video

from dtsgan.export.farm import cluster as farm_cluster
from dtsgan.plugin.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def certificates(folder: Path, *names: str) -> None:
    """An authority, ``ca``, and a key and certificate of its for each name."""
    openssl = program("openssl", package="openssl")
    new = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj"]
    subprocess.run([*new, "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem"], check=True, capture_output=True, cwd=folder)
    for name in names:
        by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", f"{name}.key", "-out", f"{name}.pem"]
        subprocess.run([*new, f"/CN={name}", *by], check=True, capture_output=True, cwd=folder)


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """A scheduler and a worker by TLS; its folder has the certificates ``me`` and, of another authority, ``other``."""
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "other").mkdir()
    certificates(folder, "boss", "me")
    certificates(folder / "other", "stranger")
    files = {name: str(folder / name) for name in ("ca.pem", "boss.pem", "boss.key")}
    tls = ["--tls-ca-file", files["ca.pem"], "--tls-cert", files["boss.pem"], "--tls-key", files["boss.key"]]
    made = Processes(folder)
    try:
        made.start_scheduler("127.0.0.1", "--protocol", "tls", *tls)
        made.start_worker(*tls)
        yield made
    finally:
        made.close()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farm_cluster, "CONNECT_S", 2)


def words(processes: Processes, tmp_path: Path, *, by: str, ca: str = "ca.pem") -> list[str]:
    clip = write_video(tmp_path / "clip.mkv", texture(20, (16, 24)))
    folder = processes.folder
    files = [
        "--tls-ca",
        str(folder / ca),
        "--tls-cert",
        str(folder / f"{by}.pem"),
        "--tls-key",
        str(folder / f"{by}.key"),
    ]
    return ["farm", str(clip), "--frames", "5", "-o", str(tmp_path / "out"), "--scheduler", processes.address, *files]


def test_who_shows_a_certificate_is_served(
    processes: Processes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The settings are passed through, and nothing is warned of."""
    assert main([*words(processes, tmp_path, by="me"), "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert records[-1]["made"] == 1
    assert not [record for record in records if "TLS" in record.get("text", "")]


@pytest.mark.parametrize(("by", "ca"), [("other/stranger", "ca.pem"), ("me", "other/ca.pem")])
def test_strangers_are_told(
    processes: Processes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    by: str,
    ca: str,
) -> None:
    """Of a certificate that the cluster doesn't know, or a cluster whose certificate isn't known here."""
    assert main(words(processes, tmp_path, by=by, ca=ca)) == 2
    told = capsys.readouterr().err
    assert f"No scheduler can be reached at {processes.address}" in told
    assert "--tls-ca" in told
    assert not (tmp_path / "out").exists()
