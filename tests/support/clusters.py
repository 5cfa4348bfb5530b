"""Real Dask clusters on this machine: scheduler and workers as processes, where need be in networks of their own."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

STARTED_S = 60


class Network:
    """A network namespace that reaches this machine through a cable of its own, which can be pulled."""

    def __init__(self, number: int) -> None:
        self.name = f"dtsgan{secrets.token_hex(3)}"
        self.here, self.there = f"10.213.{number}.1", f"10.213.{number}.2"
        self._cable = self.name
        _ip("netns", "add", self.name)
        _ip("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        _ip("addr", "add", f"{self.here}/24", "dev", self._cable)
        _ip("link", "set", self._cable, "up")
        for words in (
            ["addr", "add", f"{self.there}/24", "dev", "eth0"],
            ["link", "set", "eth0", "up"],
            ["link", "set", "lo", "up"],
        ):
            _ip("-n", self.name, *words)
        _ip("-n", self.name, "route", "add", "default", "via", self.here)

    def within(self) -> list[str]:
        """What comes before the words of a command that runs there."""
        return ["ip", "netns", "exec", self.name]

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Nothing comes through while the block runs."""
        _ip("link", "set", self._cable, "down")
        try:
            yield
        finally:
            _ip("link", "set", self._cable, "up")

    def close(self) -> None:
        _ip("netns", "del", self.name)


def _ip(*words: str) -> None:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    subprocess.run(["ip", *words], check=True, capture_output=True, env=os.environ | {"PATH": path})


@contextmanager
def networks(count: int) -> Iterator[list[Network] | None]:
    """So many networks; None where this machine lets nobody make them."""
    made: list[Network] = []
    try:
        while len(made) < count:
            made.append(Network(len(made)))
    except (OSError, subprocess.CalledProcessError):
        for network in made:
            network.close()
        yield None
        return
    try:
        yield made
    finally:
        for network in made:
            network.close()


def with_disks(sizes: Mapping[Path, int]) -> list[str] | None:
    """What comes before the words of a command for which these folders are disks of their own, of so many bytes; None
    where this machine lets nobody mount them."""
    apart = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*apart, "true"], check=False, capture_output=True).returncode:
        return None
    mounts = " && ".join(f"mount -t tmpfs -o size={size} none {folder}" for folder, size in sizes.items())
    return [*apart, "sh", "-c", f'{mounts} && exec "$@"', "sh"]


def workers_of(nanny: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The processes that work, below their nanny: one, or none while it starts."""
    found = []
    with contextlib.suppress(psutil.Error):
        for process in psutil.Process(nanny.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):  # it has just ended
                if any("spawn_main" in word for word in process.cmdline()):
                    found.append(process)
    return found


class Processes:
    """A scheduler and its workers; all end with the block that ``cluster`` makes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        self.address = ""
        self.scheduler: subprocess.Popen[bytes]
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_scheduler(
        self, host: str, *words: str, port: int = 0, env: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Its address is known once it answers."""
        file = self.folder / f"scheduler-{len(self._running)}.json"
        process = self._start(
            ["scheduler", "--host", host, "--port", str(port), "--scheduler-file", str(file), "--no-dashboard", *words],
            env=env,
        )
        self.scheduler = process
        wait_until(file.exists, "the scheduler's address")
        wait_until(lambda: file.stat().st_size > 0, "the scheduler's address")
        self.address = json.loads(file.read_text())["address"]
        return process

    def start_worker(
        self, *words: str, address: str | None = None, within: Sequence[str] = (), env: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """One of one thread, with a nanny that starts it anew."""
        folder = self.folder / f"worker-{len(self._running)}"
        every = ["--nthreads", "1", "--no-dashboard"]
        if "--local-directory" not in words:
            every += ["--local-directory", str(folder)]
        process = self._start(["worker", address or self.address, *every, *words], within=within, env=env)
        self.workers.append(process)
        return process

    def log(self) -> str:
        """All that they have said."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def close(self) -> None:
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start(
        self, words: Sequence[str], *, within: Sequence[str] = (), env: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{len(self._running)}-{words[0]}.log").open("wb") as log:
            process = subprocess.Popen(
                [*within, sys.executable, "-m", "dask", *words],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=os.environ | {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"} | (env or {}),
            )
        self._running.append(process)
        return process


@contextmanager
def cluster(
    folder: Path, workers: int = 0, *, host: str = "127.0.0.1", env: dict[str, str] | None = None
) -> Iterator[Processes]:
    """A scheduler at this address, with its environment, and so many workers. ``folder`` is theirs."""
    folder.mkdir(parents=True, exist_ok=True)
    processes = Processes(folder)
    try:
        processes.start_scheduler(host, env=env)
        for _ in range(workers):
            processes.start_worker()
        yield processes
    finally:
        processes.close()
        shutil.rmtree(folder / "scratch", ignore_errors=True)


def wait_until(there: Callable[[], object], what: str, *, most_s: float = STARTED_S) -> None:
    until = time.monotonic() + most_s
    while not there():
        if time.monotonic() > until:
            raise TimeoutError(f"{what} did not come")
        time.sleep(0.05)


class Relay:
    """A port of this machine behind which another one is; while it is ``cut`` nothing comes through, and no end of a
    connection either."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._open = threading.Event()
        self._open.set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @contextmanager
    def cut(self) -> Iterator[None]:
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._server.accept()
                self._open.wait()
                far = socket.create_connection(("127.0.0.1", self._target))
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError), one, other:
            while data := one.recv(1 << 16):
                self._open.wait()
                other.sendall(data)
            other.shutdown(socket.SHUT_RDWR)
