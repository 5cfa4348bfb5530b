"""A cluster whose workers die, halt and are replaced all the time, and a client that is killed and started again.

``python -m tests.bench.storm MODEL [--seed 1] [--seconds 60]`` has videos of a model and of a clip made, and another
clip learned first, by three workers of which about half see no folder of the client's. After so long they are left in
peace. All files have to be those that two processes make in peace; what happens is printed, and the same seed does the
same in the same order.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from distributed import Client

from dtsgan.export.farm.cluster import threads_of

from ..support.clusters import Processes, cluster, wait_until, with_disks, workers_of
from ..support.videos import texture, write_video

if TYPE_CHECKING:
    from collections.abc import Sequence

WORKERS = 3
PEACE_S = 300.0
"""After which a job that is left alone and doesn't end is taken to hang."""

SMALL = """
from dtsgan.engine import quality

quality.QUALITIES["quick"] = {"size": 12, "coarsest": 8, "scales": 2, "steps": 60, "window": 5}
"""
"""Learning in seconds, in every process."""


def job(model: Path, folder: Path) -> dict[str, Any]:
    """A job file's content: long and short videos of all kinds of input."""
    clip, other = (write_video(folder / f"clip{size}.mkv", texture(size, (24, 32))) for size in (24, 30))
    small = {"size_hw": [12, 16]}
    looped = [{"name": f"loop{seed}.mp4", "seed": seed, "frames": 300, "loop": True, **small} for seed in (1, 2)]
    textures = [
        {"input": str(model), "variants": [{"name": "long.mkv", "frames": 6000, **small}, *looped]},
        {"input": str(clip), "variants": [{"name": "clip.mkv", "frames": 800}]},
        {
            "input": str(other),
            "learn": {"quality": "quick"},
            "variants": [{"name": "learned.mkv", "frames": 500, **small}],
        },
    ]
    return {"dtsgan": "variants", "version": 4, "textures": textures}


class Farm:
    """The command, and the last thing that it has said."""

    def __init__(self, file: Path, out: Path, *words: str) -> None:
        command = [sys.executable, "-m", "dtsgan", "farm", str(file), "-o", str(out), "--json", *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.last: dict[str, Any] = {}
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.last = json.loads(line)

    def ended(self) -> int:
        code = self.process.wait()
        self._reader.join()
        return code


class Storm:
    def __init__(self, processes: Processes, out: Path, seed: int) -> None:
        self._processes, self._random = processes, random.Random(seed)
        blind = with_disks({out: 1 << 20})
        if blind is None:
            raise SystemExit("This machine lets nobody mount a disk of his own, so all workers would see the folder.")
        self._blind = blind
        self._nannies = [self._start() for _ in range(WORKERS)]

    def _start(self) -> subprocess.Popen[bytes]:
        return self._processes.start_worker(within=self._random.choice([self._blind, []]))

    def wait(self) -> None:
        time.sleep(self._random.uniform(0.5, 4))

    def blow(self, farm: Farm) -> str:
        """What was done."""
        nanny = self._random.choice(self._nannies)
        what = self._random.choice(["killed", "killed", "halted", "replaced", "client", "nothing", "nothing"])
        if what == "killed":
            for worker in workers_of(nanny):
                worker.kill()
        elif what == "halted":
            workers = workers_of(nanny)
            for worker in workers:
                worker.suspend()
            self.wait()
            for worker in workers:
                with suppress(psutil.Error):
                    worker.resume()
        elif what == "replaced":
            with suppress(ProcessLookupError):
                os.killpg(nanny.pid, signal.SIGKILL)
            self._nannies.remove(nanny)
            self._nannies.append(self._start())
        elif what == "client" and not self._random.randrange(3):
            farm.process.kill()
        return what


def blown(file: Path, out: Path, *, folder: Path, seed: int, seconds: float) -> None:
    """Have the job done in a storm."""
    with cluster(folder / "cluster") as processes:
        storm = Storm(processes, out, seed)
        with Client(processes.address, set_as_default=False) as client:
            wait_until(lambda: len(threads_of(client)) == WORKERS, "the workers")
        began, code = time.monotonic(), -1
        while code:
            farm = Farm(file, out, "--scheduler", processes.address)
            while farm.process.poll() is None:
                storm.wait()
                passed = time.monotonic() - began
                if passed < seconds:
                    print(f"{passed:5.1f} s  {storm.blow(farm):8}  {farm.last.get('text', '')}", flush=True)
                elif passed > seconds + PEACE_S:
                    farm.process.kill()
                    raise SystemExit("It hangs.")
            code = farm.ended()
            print(f"ended with {code}: {farm.last.get('problem', '')}", flush=True)
            if code not in (0, 2, -signal.SIGKILL):
                raise SystemExit("A fault of ours.")


def videos(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".mkv", ".mp4")}


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0)
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sitecustomize.py").write_text(SMALL)
        os.environ["PYTHONPATH"] = os.pathsep.join([name, os.environ.get("PYTHONPATH", "")])
        file = folder / "job.json"
        file.write_text(json.dumps(job(arguments.model.absolute(), folder)))
        calm, out = folder / "calm", folder / "out"
        if Farm(file, calm, "--local", "2").ended():
            raise SystemExit("It doesn't even go in peace.")
        out.mkdir()
        blown(file, out, folder=folder, seed=arguments.seed, seconds=arguments.seconds)
        mine, theirs = videos(out), videos(calm)
        for video in sorted(theirs):
            print(f"{video}: {'the same' if mine.get(video) == theirs[video] else 'NOT THE SAME'}")
        if mine != theirs:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
