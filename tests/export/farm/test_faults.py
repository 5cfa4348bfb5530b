"""A real cluster of processes, and what may happen to it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psutil
import pytest
from distributed import Client
from support import clusters
from support.clusters import Network, Relay, cluster, networks, wait_until
from support.videos import texture, write_video

from dtsgan.engine.model import load_model
from dtsgan.engine.training.checkpoint import read_state
from dtsgan.export.farm import Learned, farm, keeping
from dtsgan.export.farm.cluster import Tls, connected, threads_of
from dtsgan.export.farm.parts import FOLDER
from dtsgan.export.variants import Batch, Learning
from dtsgan.plugin.cli import main
from dtsgan.plugin.cli.variants import with_digest

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES = 6000
MOST_S = 180
CUT_S = 20

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are killed and networks cut as Linux does")


@pytest.fixture(scope="module")
def alone(model: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The video by one process."""
    out = tmp_path_factory.mktemp("alone") / "one.mkv"
    assert main(["generate", str(model), "--frames", str(FRAMES), "--size", "16x12", "-o", str(out)]) == 0
    return out.read_bytes()


class Farm:
    """``dtsgan farm`` in a process of its own; ``records`` are what it has said."""

    def __init__(self, model: Path, folder: Path, *words: str) -> None:
        self.folder = folder
        self.records: list[dict[str, Any]] = []
        job = ["--frames", str(FRAMES), "--sizes", "16x12", "--format", "mkv"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dtsgan", "farm", str(model), "-o", str(folder), *job, "--json", *words],
            stdout=subprocess.PIPE,
            text=True,
        )
        self._watch = threading.Timer(MOST_S, self.process.kill)
        self._watch.start()

    def until(self, there: Callable[[dict[str, Any]], object]) -> None:
        """Read on until a record is so."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.records.append(json.loads(line))
            if there(self.records[-1]):
                return
        raise AssertionError(f"it ended: {self.records[-3:]}")

    def until_parts(self, count: int) -> None:
        """Until so many parts are there, and others being made."""
        self.until(lambda record: record["event"] == "progress" and record["frames"] and self.parts() >= count)

    def parts(self) -> int:
        return len(list((self.folder / FOLDER).glob("[!.]*.mkv")))

    def ended(self) -> int:
        """Its exit code; the rest of what it says is read."""
        assert self.process.stdout is not None
        self.records += [json.loads(line) for line in self.process.stdout]
        return self.process.wait(MOST_S)

    def said(self, event: str) -> list[str]:
        return [record["text"] for record in self.records if record["event"] == event]

    def made(self) -> bytes:
        """The video; nothing else is in the folder but what belongs there."""
        (video,) = (path for path in self.folder.iterdir() if path.suffix == ".mkv")
        assert {path.name for path in self.folder.iterdir()} == {video.name, "index.html", "sheet.png", "variants.json"}
        return video.read_bytes()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.cancel()
        self.process.kill()
        self.process.communicate()


def worker_of(nanny: subprocess.Popen[bytes]) -> psutil.Process:
    """The process that works, below its nanny."""
    wait_until(lambda: clusters.workers_of(nanny), "a worker process")
    return clusters.workers_of(nanny)[-1]


def test_a_worker_killed_twice(model: Path, alone: bytes, tmp_path: Path) -> None:
    """In the middle of its work, with SIGKILL: the video is whole, and the same to the byte."""
    with (
        cluster(tmp_path / "cluster", 2) as processes,
        Farm(model, tmp_path / "out", "--scheduler", processes.address) as farm,
    ):
        farm.until_parts(1)
        victim, other = (worker_of(each) for each in processes.workers)
        other.suspend()  # else it might do all before the victim is back
        victim.kill()
        frames: list[int] = []

        def goes_on(record: dict[str, Any]) -> bool:
            frames.extend([record["frames"]] if record["event"] == "progress" else [])
            return len(frames) > 1 and frames[-1] > frames[-2]

        wait_until(lambda: worker_of(processes.workers[0]).pid != victim.pid, "another worker process")
        farm.until(goes_on)
        worker_of(processes.workers[0]).kill()
        other.resume()
        assert farm.ended() == 0
        assert farm.made() == alone


OFTEN = """
import time

from dtsgan.engine import learn, quality

quality.QUALITIES["quick"] = {"size": 12, "coarsest": 8, "scales": 2, "steps": 100, "window": 5}
learn.PREVIEW_SEEDS, learn.SAVE_EVERY_S = 1, 0.2
step = learn.FastTrainer.step

def slowly(self, number):
    time.sleep(0.03)
    return step(self, number)

learn.FastTrainer.step = slowly
"""
"""Learning that is saved often and takes seconds on the fastest machine: it has to be there still to be killed."""


def test_a_learning_worker_killed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That sees no folder of the client's: another process goes on from what the client has got of it."""
    (tmp_path / "often").mkdir()
    (tmp_path / "often" / "sitecustomize.py").write_text(OFTEN)
    often = {"PYTHONPATH": str(tmp_path / "often")}
    monkeypatch.setattr(keeping, "KEEP_S", 0.1)
    out = tmp_path / "out"
    blind = with_disks({out: 1 << 20})
    clip = write_video(tmp_path / "clip.mkv", texture(24, (24, 32)))
    batch = with_digest(Batch(input=str(clip), learn=Learning(quality="quick")))
    places: list[tuple[int, int]] = []
    begun, victims = time.monotonic(), []

    def stop() -> bool:
        """Asked again and again: see how far it is, and kill whoever has come so far."""
        assert time.monotonic() - begun < MOST_S, "it takes for ever"
        for path in (out / FOLDER).glob("[!.]*.part"):
            place, _ = read_state(path, identity={})
            places.append((place["scale"], place["step"]))
            if len(victims) < 2 and places[-1] > (0, 20 * (len(victims) + 1)):
                victims.append(worker_of(processes.workers[0]))
                victims[-1].kill()
        return False

    with cluster(tmp_path / "cluster") as processes:
        processes.start_worker(within=blind, env=often)
        with connected(processes.address, Tls()) as client:
            wait_until(lambda: threads_of(client), "the worker")
            events = list(farm(client, [batch], out, stop=stop))
    assert len({victim.pid for victim in victims}) == 2
    assert places == sorted(places)
    (learned,) = [event for event in events if isinstance(event, Learned)]
    assert load_model(learned.model).frames == 24


def test_all_of_a_worker_gone_for_good(model: Path, alone: bytes, tmp_path: Path) -> None:
    """With its nanny, as by pulling the plug: the other one does its work."""
    with (
        cluster(tmp_path / "cluster", 2) as processes,
        Farm(model, tmp_path / "out", "--scheduler", processes.address) as farm,
    ):
        farm.until_parts(1)
        os.killpg(processes.workers[0].pid, signal.SIGKILL)
        assert farm.ended() == 0
        assert farm.made() == alone


def test_the_client_killed_and_started_again(model: Path, alone: bytes, tmp_path: Path) -> None:
    """At once, on the same cluster: what was made is not made again."""
    with cluster(tmp_path / "cluster", 2) as processes:
        words = ("--scheduler", processes.address)
        with Farm(model, tmp_path / "out", *words) as first:
            first.until_parts(2)
            first.process.kill()
            first.process.wait()
            kept = first.parts()
        with Farm(model, tmp_path / "out", *words) as again:
            again.until(lambda record: record["event"] == "progress")
            assert again.records[-1]["frames"] >= kept * 400
            assert again.ended() == 0
            assert again.made() == alone


def test_the_scheduler_gone_and_back(model: Path, alone: bytes, tmp_path: Path) -> None:
    """Killed, and started again at the same address with its workers: the same command sees it through."""
    with cluster(tmp_path / "cluster", 2) as processes:
        address = processes.address
        with Farm(model, tmp_path / "out", "--scheduler", address) as farm:
            farm.until_parts(1)
            processes.close()
            processes.start_scheduler("127.0.0.1", port=int(address.rsplit(":", 1)[1]))
            for _ in range(2):
                processes.start_worker()
            farm.until(lambda record: record["event"] == "progress" and record["machines"])
            assert farm.ended() == 0
            assert farm.made() == alone


def test_the_network_cut(model: Path, alone: bytes, tmp_path: Path) -> None:
    """Between a worker and the scheduler, for 20 s, with no word of it from either end: nothing is lost or doubled."""
    with networks(2) as both:
        if both is None:
            _cut_by_relay(model, alone, tmp_path)
        else:
            _cut_by_cable(model, alone, tmp_path, both)


def _cut_by_cable(model: Path, alone: bytes, tmp_path: Path, both: list[Network]) -> None:
    with cluster(tmp_path / "cluster", host="0.0.0.0") as processes:
        port = processes.address.rsplit(":", 1)[1]
        for network in both:
            processes.start_worker(address=f"tcp://{network.here}:{port}", within=network.within())
        with Farm(model, tmp_path / "out", "--scheduler", f"tcp://127.0.0.1:{port}") as farm:
            farm.until_parts(1)
            with both[0].cut():
                time.sleep(CUT_S)
            assert farm.ended() == 0
            assert farm.made() == alone


def _cut_by_relay(model: Path, alone: bytes, tmp_path: Path) -> None:
    with cluster(tmp_path / "cluster") as processes:
        relay = Relay(int(processes.address.rsplit(":", 1)[1]))
        processes.start_worker(address=relay.address)
        processes.start_worker()
        with Farm(model, tmp_path / "out", "--scheduler", processes.address) as farm:
            farm.until_parts(1)
            with relay.cut():
                time.sleep(CUT_S)
            assert farm.ended() == 0
            assert farm.made() == alone
            relay.close()


def with_disks(sizes: dict[Path, int]) -> list[str]:
    """As ``support.clusters`` has it, for new folders."""
    for folder in sizes:
        folder.mkdir()
    words = clusters.with_disks(sizes)
    if words is None:
        pytest.skip("this machine lets nobody mount a small disk of his own (unshare --user --mount)")
    return words


def test_a_full_disk_on_one_worker(model: Path, alone: bytes, tmp_path: Path) -> None:
    """Which also doesn't see the folder of the client: it has room for a model and no part. The other makes all."""
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    small = with_disks({out: 64 << 10, scratch: model.stat().st_size + (64 << 10)})
    with cluster(tmp_path / "cluster", 1) as processes:
        processes.start_worker("--local-directory", str(scratch), within=small)
        with Farm(model, out, "--scheduler", processes.address) as farm:
            farm.until(lambda record: record["event"] == "notice" and "gets no more to do" in record["text"])
            assert "disk is full" in farm.records[-1]["text"] or "only" in farm.records[-1]["text"]
            assert farm.ended() == 0
            assert farm.made() == alone


def test_the_same_from_everywhere(model: Path, alone: bytes, tmp_path: Path) -> None:
    """One process, two of this computer, two workers in networks of their own: equal to the byte."""
    with Farm(model, tmp_path / "local", "--local", "2") as local:
        assert local.ended() == 0
        assert local.made() == alone
    with networks(2) as both, cluster(tmp_path / "cluster", host="0.0.0.0" if both else "127.0.0.1") as processes:
        port = processes.address.rsplit(":", 1)[1]
        for network in both or [None, None]:
            at = f"tcp://{network.here}:{port}" if network else None
            processes.start_worker(address=at, within=network.within() if network else ())
        with Farm(model, tmp_path / "far", "--scheduler", f"tcp://127.0.0.1:{port}") as farm:
            assert farm.ended() == 0
            assert farm.made() == alone
            warned = [text for text in farm.said("notice") if "open to its network without TLS" in text]
            assert len(warned) == (1 if both else 0)


WITHOUT = """
import importlib.metadata, sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "dtsgan":
            raise ModuleNotFoundError("No module named 'dtsgan'", name="dtsgan")

sys.meta_path.insert(0, Nothing())
known = importlib.metadata.version

def version(name):
    if name == "dtsgan":
        raise importlib.metadata.PackageNotFoundError(name)
    return known(name)

importlib.metadata.version = version
"""


@pytest.fixture
def without(tmp_path: Path) -> dict[str, str]:
    """The environment of a worker where dtsgan is not installed."""
    folder = tmp_path / "without"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WITHOUT)
    return {"PYTHONPATH": str(folder)}


def test_a_worker_without_dtsgan_at_the_start(model: Path, tmp_path: Path, without: dict[str, str]) -> None:
    """It is named before any work, with what to install there."""
    with cluster(tmp_path / "cluster", 1) as processes:
        processes.start_worker(env=without)
        with Client(processes.address, set_as_default=False) as client:
            wait_until(lambda: len(threads_of(client)) == 2, "the workers")
        with Farm(model, tmp_path / "out", "--scheduler", processes.address) as farm:
            assert farm.ended() == 2
        assert re.search(r"can't be used by worker 127\.0\.0\.1:\d+", farm.records[-1]["problem"])
        assert 'pip install "dtsgan[farm]==' in farm.records[-1]["remedy"]


def test_the_scheduler_without_dtsgan(model: Path, tmp_path: Path, without: dict[str, str]) -> None:
    """It reads what is ordered: that is told, too."""
    with cluster(tmp_path / "cluster", env=without) as processes:
        processes.start_worker()
        with Farm(model, tmp_path / "out", "--scheduler", processes.address) as farm:
            assert farm.ended() == 2
        assert farm.records[-1]["problem"] == "dtsgan is not installed where the scheduler runs."
