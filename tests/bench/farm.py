"""A cluster's work held against one process's, and how it grows.

``python -m tests.bench.farm same MODEL`` renders 2,000 frames at 96 px in one process, by two processes of this
computer, and by a scheduler with two workers in networks of their own (for root), and compares every pixel.

``python -m tests.bench.farm scaling MODEL`` makes the same variants with one worker held to one core, and with two held
to one each; both times from the command's start to its end. Beside it stands what this machine gives at best: two
processes, each on a core, that know nothing of each other, against one.

``python -m tests.bench.farm simulate [--workers 1000]`` gives the orders of a large job to a real scheduler with so
many real workers, which sleep in place of rendering: what the scheduler and the client take for a task.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask.config
import psutil
from distributed import Client, Worker, get_worker

from dtsgan.engine.video import iter_frames
from dtsgan.export.farm import dispatch, planning
from dtsgan.export.farm.dispatch import Dispatcher, Done
from dtsgan.export.farm.orders import Desk, Outcome
from dtsgan.export.farm.workers import Workers
from dtsgan.export.variants import Batch, Variant

from ..support.clusters import Processes, cluster, networks, wait_until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtsgan.export.farm.orders import Order, RenderOrder

SIZE = "96x96"
FRAMES = 2000
VARIANTS, LENGTH = 12, 700
ROUNDS = 3
SLEPT_S = 10.0
PROCESSES = 4


def dtsgan(*words: str | Path) -> float:
    """Seconds that a command takes."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "dtsgan", *map(str, words)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.monotonic() - began


def same(model: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = folder / "one.mkv"
        print(f"one process: {dtsgan('generate', model, '-o', one, '--frames', str(FRAMES), '--size', SIZE):.1f} s")
        job = ["farm", model, "--frames", str(FRAMES), "--sizes", SIZE, "--format", "mkv"]
        print(f"--local 2: {dtsgan(*job, '--local', '2', '-o', folder / 'local'):.1f} s")
        with networks(2) as both, cluster(folder / "cluster", host="0.0.0.0") as processes:
            if both is None:
                raise SystemExit("This machine lets nobody make networks of his own.")
            port = processes.address.rsplit(":", 1)[1]
            for network in both:
                processes.start_worker(address=f"tcp://{network.here}:{port}", within=network.within())
            took = dtsgan(*job, "--scheduler", f"tcp://127.0.0.1:{port}", "-o", folder / "far")
            print(f"two workers in networks of their own: {took:.1f} s")
        for where in ("local", "far"):
            (video,) = (folder / where).glob("*.mkv")
            pairs = zip(iter_frames(one), iter_frames(video), strict=True)
            differing = [int((left != right).sum()) for left, right in pairs]
            print(f"{where}: {len(differing)} frames, {sum(differing)} values differ; ", end="")
            print(f"the files are {'equal' if video.read_bytes() == one.read_bytes() else 'not equal'}")


def scaling(model: Path) -> None:
    took: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as name:
        for workers in (1, 2):
            with cluster(Path(name) / f"cluster{workers}") as processes:
                for core in range(workers):
                    processes.start_worker(within=["taskset", "-c", str(core)])
                _all_there(processes, workers)
                job = ["--count", str(VARIANTS), "--frames", str(LENGTH), "--sizes", SIZE]
                scheduler = psutil.Process(processes.scheduler.pid)
                out, before = Path(name) / f"out{workers}", _processor_s(scheduler)
                took[workers] = dtsgan("farm", model, *job, "--scheduler", processes.address, "-o", out)
                spent = (_processor_s(scheduler) - before) / took[workers]
                print(f"{workers} worker(s): {took[workers]:.1f} s; scheduler: {spent:.1%} of a core", flush=True)
    print(f"efficiency of 2 workers over 1: {took[1] / took[2] / 2:.1%}")
    print(f"of 2 processes apart over 1: {_apart(model):.1%}")


def _apart(model: Path) -> float:
    """How much of twice the work two cores do that share no more than the machine: the median of three rounds."""

    def took(cores: Sequence[int], folder: str) -> float:
        words = [sys.executable, "-m", "dtsgan", "generate", str(model), "--frames", str(2 * LENGTH), "--size", SIZE]
        began = time.monotonic()
        every = [
            subprocess.Popen(
                ["taskset", "-c", str(core), *words, "--overwrite", "-o", f"{folder}/{core}.mp4"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for core in cores
        ]
        if any(process.wait() for process in every):
            raise SystemExit("generate failed")
        return time.monotonic() - began

    with tempfile.TemporaryDirectory() as name:
        rounds = [(took([0], name) + took([1], name)) / 2 / took([0, 1], name) for _ in range(ROUNDS)]
    return statistics.median(rounds)


def _processor_s(process: psutil.Process) -> float:
    return sum(process.cpu_times()[:2])


def _all_there(processes: Processes, workers: int) -> None:
    with Client(processes.address, set_as_default=False) as client:
        wait_until(lambda: len(client.nthreads()) == workers, "the workers", most_s=600)  # type: ignore[arg-type]


def pretend(order: RenderOrder, pieces: object = None) -> Outcome:
    """In place of rendering."""
    del pieces
    worker = get_worker()
    for second in range(int(SLEPT_S)):
        if not second % 5:
            told = {"name": order.name, "frame": second, "host": worker.address, "worker": worker.address}
            worker.log_event(order.desk.topic, told)
        time.sleep(1)
    return Outcome(kind="made", worker=worker.address, host=worker.address)


def _work(address: str, count: int) -> None:
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    # What each does for itself would keep this machine's cores from the scheduler, which has one of its own elsewhere.
    watches = {"worker.profile.enabled": False, "admin.system-monitor.interval": "60s", "admin.tick.interval": "10s"}
    dask.config.set({f"distributed.{name}": value for name, value in watches.items()})

    async def serve() -> None:
        workers = [
            Worker(address, nthreads=1, silence_logs=logging.CRITICAL, dashboard=False, memory_limit=0)
            for _ in range(count)
        ]
        for begun in range(0, count, 10):
            await asyncio.gather(*workers[begun : begun + 10])
        await asyncio.gather(*(worker.finished() for worker in workers))

    with contextlib.suppress(OSError, KeyboardInterrupt):
        asyncio.run(serve())


def simulate(workers: int) -> None:
    with tempfile.TemporaryDirectory() as name, cluster(Path(name)) as processes:
        context = multiprocessing.get_context("spawn")
        shares = [workers // PROCESSES + (number < workers % PROCESSES) for number in range(PROCESSES)]
        started = [context.Process(target=_work, args=(processes.address, share), daemon=True) for share in shares]
        for each in started:
            each.start()
        began = time.monotonic()
        _all_there(processes, workers)
        print(f"{workers} workers in {time.monotonic() - began:.0f} s", flush=True)
        _give_all(processes, workers)
        for each in started:
            each.kill()


def _give_all(processes: Processes, workers: int) -> None:
    desk = Desk(folder="/", token="-", topic="simulated", every_s=max(1.0, workers / 100), version="-")
    variants = tuple(Variant(name=f"{number}.mp4", seed=number, frames=250) for number in range(10 * workers))
    model = Path(__file__)  # of which only the digest would be looked at
    planning.facts_of_batch = lambda _batch: _Facts()  # type: ignore[assignment,return-value]
    batch = Batch(input=str(model), sha256="1" * 64, variants=variants)
    planned = planning.render_orders(batch, desk, share=1, kept=())
    orders = [order for each in planned for order in each.orders]
    dispatch.work.do = pretend  # type: ignore[assignment]
    scheduler = psutil.Process(processes.scheduler.pid)
    with Client(processes.address, set_as_default=False) as client:
        there = Workers(client, need_bytes=0, known={})
        dispatcher = Dispatcher(client, desk, there, place=_placed, state=lambda _name: None)
        before, mine = _processor_s(scheduler), _processor_s(psutil.Process())
        sent = psutil.net_io_counters(pernic=True)["lo"].bytes_sent
        began, done, pending = time.monotonic(), 0, list(reversed(orders))
        while done < len(orders):
            while pending and dispatcher.running < 2 * there.slots():
                dispatcher.give(pending.pop())
            done += sum(isinstance(event, Done) for event in dispatcher.next(0.25))
        took = time.monotonic() - began
        scheduler_s = _processor_s(scheduler) - before
        client_s = _processor_s(psutil.Process()) - mine
        moved = psutil.net_io_counters(pernic=True)["lo"].bytes_sent - sent
        dispatcher.close()
    ideal = -(-len(orders) // workers) * SLEPT_S
    print(f"{len(orders)} tasks of {SLEPT_S:.0f} s: {took:.0f} s, of {ideal:.0f} s at best ({ideal / took:.0%})")
    print(
        f"scheduler: {scheduler_s / len(orders) * 1e3:.1f} ms of processor a task, {scheduler_s / took:.0%} of a core"
    )
    print(f"client: {client_s / len(orders) * 1e3:.1f} ms a task; {moved / len(orders) / 1e3:.1f} kB moved a task")
    print(f"memory of the scheduler: {scheduler.memory_info().rss / 1e6:.0f} MB")


class _Model:
    exemplar = None


class _Facts:
    frames, size_hw, model = 250, (720, 1280), _Model()


def _placed(_order: Order, _outcome: Outcome) -> None:
    pass


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in ("same", "scaling"):
        commands.add_parser(command).add_argument("model", type=Path)
    commands.add_parser("simulate").add_argument("--workers", type=int, default=1000)
    arguments: Any = parser.parse_args(words)
    if arguments.command == "simulate":
        simulate(arguments.workers)
    else:
        {"same": same, "scaling": scaling}[arguments.command](arguments.model.absolute())


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = os.pathsep.join(["tests", os.environ.get("PYTHONPATH", "")])
    main()
