"""Worker processes that share the variants among them."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from ...engine.errors import ResourceError, UserError
from .manifest import begin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .manifest import Batch, Variant

POLL_S = 0.2
GRACE_S = 10.0
"""For a worker that was asked to end to remove what it had begun."""

TRIES = 2
KNOWN_FROM = 0.05
"""Part of the work from which on the time left is told: the first frames carry what is done for a whole chunk."""


@dataclass(frozen=True, kw_only=True)
class Progressed:
    """``done`` is the part of all work, 0 to 1; ``left_s`` None until it is known."""

    done: float
    left_s: float | None


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A variant's file is complete; ``made`` of ``missing`` are."""

    variant: Variant
    made: int
    missing: int


@dataclass(frozen=True, kw_only=True)
class Told:
    """Something that the person must know."""

    text: str


@dataclass(kw_only=True, eq=False)
class _Worker:
    process: subprocess.Popen[str]
    variant: Variant | None = None

    def end(self) -> None:
        """Tell it that nothing more will come: it removes what it has begun."""
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()

    def order(self, facts: dict[str, Any]) -> None:
        """Ignored by one that died: its end is noticed where its lines are read."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(json.dumps(facts) + "\n")
            self.process.stdin.flush()


@dataclass(kw_only=True)
class _Pool:
    facts: dict[str, Any]
    pending: list[Variant]
    events: queue.Queue[tuple[_Worker, dict[str, Any]]] = field(default_factory=queue.Queue)
    workers: list[_Worker] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)

    def start(self) -> None:
        """One more worker."""
        alone: dict[str, Any] = {"start_new_session": True}  # Ctrl-C is ours to hear, not the workers'
        if os.name == "nt":
            alone = {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        process = subprocess.Popen(
            [sys.executable, "-m", "dtsgan.export.variants.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            **alone,
        )
        worker = _Worker(process=process)
        self.workers.append(worker)
        worker.order(self.facts)
        assert process.stdout is not None
        threading.Thread(target=self._listen, args=(worker, process.stdout), daemon=True).start()

    def _listen(self, worker: _Worker, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self.events.put((worker, json.loads(line)))
        self.events.put((worker, {"event": "ended"}))

    def follow(self, worker: _Worker, event: dict[str, Any]) -> None:
        """Do what a worker's word asks for. Raises its UserError, RuntimeError for a fault of ours."""
        match event["event"]:
            case "ready" | "made":
                self.give(worker)
            case "failure":
                raise UserError(event["problem"], remedy=event["remedy"])
            case "fault":
                raise RuntimeError(f"in a worker process:\n{event['details']}")
            case "ended":
                self.buried(worker)

    def give(self, worker: _Worker) -> None:
        """The next variant; where none is left, the end."""
        worker.variant = None
        if self.pending:
            worker.variant = self.pending.pop(0)
            worker.order({name: getattr(worker.variant, name) for name in worker.variant.__struct_fields__})
        else:
            worker.end()

    def buried(self, worker: _Worker) -> None:
        """Take leave of a worker that ended; what it was at is given to another, once."""
        self.workers.remove(worker)
        worker.end()
        code = worker.process.wait()
        variant = worker.variant
        if variant is None and code == 0:
            return
        name = variant.name if variant else "start"
        self.tries[name] = self.tries.get(name, 0) + 1
        if self.tries[name] >= TRIES:
            raise ResourceError(
                f"A worker process ended without a word (code {code}) {'at ' + name if variant else 'as it began'}.",
                remedy="There may be too little memory: give --workers 1, or a smaller --size. "
                "The same command goes on from here.",
            )
        if variant is not None:
            self.pending.insert(0, variant)
        self.start()

    def close(self) -> None:
        """Ask all to end, and wait until nothing half made is left."""
        for worker in self.workers:
            worker.end()
        until = time.monotonic() + GRACE_S
        for worker in self.workers:
            try:
                worker.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()


def render_variants(
    batch: Batch,
    folder: Path,
    *,
    workers: int,
    exemplar_bytes: int,
    stop: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Progressed | Finished | Told]:
    """Render what is missing of a batch's variants into ``folder``; ends early where ``stop`` came true. The batch's
    paths are absolute.

    Every file appears whole or not at all, and is the same whichever worker makes it and however often the work is
    interrupted. Raises what ``begin`` does, a worker's UserError, and ResourceError where workers die.
    """
    left = begin(folder, [batch])
    if not left:
        return
    missing = left[0].variants
    facts = {"path": batch.input, "layers": batch.layers, "fit": batch.fit, "range": batch.range, "rate": batch.rate}
    facts |= {"source": batch.source, "folder": str(folder.absolute()), "exemplar_bytes": exemplar_bytes}
    pool = _Pool(facts=facts, pending=list(missing))
    tally = _Tally(len(missing), clock)
    try:
        for _ in range(min(workers, len(missing))):
            pool.start()
        while pool.workers and not stop():
            with contextlib.suppress(queue.Empty):
                worker, event = pool.events.get(timeout=POLL_S)
                yield from tally.of(event, worker.variant)
                pool.follow(worker, event)
    finally:
        pool.close()


class _Tally:
    """What the workers' words mean for the whole."""

    def __init__(self, missing: int, clock: Callable[[], float]) -> None:
        self._missing, self._made, self._clock = missing, 0, clock
        self._started: float | None = None
        self._parts: dict[str, float] = {}
        self._told: set[str] = set()

    def of(self, event: dict[str, Any], variant: Variant | None) -> Iterator[Progressed | Finished | Told]:
        match event:
            case {"event": "ready"}:
                self._started = self._started or self._clock()
            case {"event": "notice", "text": text}:
                if text not in self._told:  # every worker says the same
                    self._told.add(text)
                    yield Told(text=text)
            case {"event": "frame", "name": name, "done": done}:
                self._parts[name] = done
                yield self._progress()
            case {"event": "made"} if variant is not None:
                self._made += 1
                yield Finished(variant=variant, made=self._made, missing=self._missing)

    def _progress(self) -> Progressed:
        done = sum(self._parts.values()) / self._missing
        spent = self._clock() - (self._started or 0.0)
        return Progressed(done=done, left_s=spent / done * (1 - done) if done > KNOWN_FROM else None)
