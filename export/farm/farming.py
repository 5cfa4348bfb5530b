"""A job done by a cluster: learned, rendered in parts, put together."""

from __future__ import annotations

import math
import shutil
import time
from collections import Counter, deque
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine import threads
from ...engine.errors import ResourceError
from ...engine.events import Notice
from ...engine.files import check_folder
from ..variants import Finished, Told, begin
from .cluster import threads_of
from .desk import opened, place
from .dispatch import Dispatcher, Done, Heard
from .joining import Joined, Joiner
from .keeping import Keeper
from .orders import Desk, LearnOrder
from .parts import FOLDER, share_of
from .planning import LEARNING_S, learn_order, learned, model_of, need_of, render_orders
from .survey import doubts, survey
from .tally import Progressed, Tally
from .workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from distributed import Client

    from ..variants import Batch, Variant
    from .orders import About, RenderOrder
    from .planning import Need, Planned

POLL_S = 0.25
TELL_S = 1.0
AHEAD = 2
"""Orders given for each that is done: the next one is there when a worker has done its last."""

GONE_S = 10.0
"""After which it is told that all workers are gone: a nanny starts another one sooner."""

PATIENCE_S = 600.0
"""How long one waits for workers when all are gone."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """The clip of this name is: the texture ``model``."""

    name: str
    model: Path


Event = Progressed | Finished | Learned | Told


def farm(client: Client, batches: Sequence[Batch], folder: Path, *, stop: Callable[[], bool]) -> Iterator[Event]:
    """Make what is missing of all models and variants in ``folder``; ends early where ``stop`` came true. The batches'
    paths are absolute, and their digests taken.

    Every file appears whole or not at all, and is the same whichever worker makes which part of it, and however often
    the work is interrupted. Raises what ``begin`` does; UserError where the input, the cluster or a disk is at fault;
    Disconnected where the scheduler is gone, and then the same call with another client goes on.
    """
    missing = begin(folder, batches)
    missing += [batch for batch in batches if not batch.variants and not model_of(batch, folder).exists()]
    if missing:
        need = need_of(missing)
        check_folder(folder, name=f"The work in {folder.name}", need_bytes=need.disk_bytes)
        with opened(folder, len(threads_of(client))) as desk:
            known = survey(client, desk)
            for text in (*doubts(known), *_far(known, folder)):
                yield Told(text=text)
            farming = _Farming(client, missing, folder, desk=desk, need=need, known=known)
            try:
                yield from farming.run(stop)
            finally:
                farming.close()
        if not stop():
            shutil.rmtree(folder / FOLDER, ignore_errors=True)


def _far(known: dict[str, About], folder: Path) -> list[str]:
    hosts = sorted({about.host for about in known.values() if not about.sees_folder})
    if not hosts:
        return []
    return [f"{', '.join(hosts)}: {folder} is not seen there, so results come over the network."]


class _Farming:
    def __init__(
        self,
        client: Client,
        batches: Sequence[Batch],
        folder: Path,
        *,
        desk: Desk,
        need: Need,
        known: dict[str, About],
    ) -> None:
        self._batches, self._folder, self._desk = batches, folder, desk
        self._parts = folder / FOLDER
        self._workers = Workers(client, need_bytes=need.memory_bytes, known=known)
        self._keeper = Keeper(client, self._parts)
        self._dispatcher = Dispatcher(
            client, desk, self._workers, place=partial(place, self._parts), state=self._keeper.state
        )
        self._joiner = Joiner(folder, self._parts, self._dispatcher.tell)
        self._tally = Tally(time.monotonic)
        self._lengths, self._share = need.lengths, 1
        self._pending: deque[LearnOrder | RenderOrder] = deque()
        self._learning: dict[str, list[Batch]] = {}
        self._inputs: Counter[str] = Counter()
        self._missing = sum(len(batch.variants) for batch in batches)
        self._made = 0

    def close(self) -> None:
        self._keeper.close()
        self._dispatcher.close()
        self._joiner.close()

    def run(self, stop: Callable[[], bool]) -> Iterator[Event]:
        slots = self._workers.slots()
        self._check_memory(slots)
        self._share = share_of(self._lengths, slots=max(1, slots), cores=threads.count())
        for batch in sorted(self._batches, key=lambda batch: batch.learn is None):  # learning takes the longest
            self._plan(batch)
        seen_s = gone_s = told_s = time.monotonic()
        while (self._made < self._missing or self._learning) and not stop():
            slots, now = self._workers.slots(), time.monotonic()
            if slots:
                seen_s = gone_s = now
            elif now - seen_s > PATIENCE_S:
                raise ResourceError("All workers are gone.", remedy="Start some; the same command goes on from here.")
            elif now - gone_s > GONE_S:
                gone_s = math.inf  # once is enough
                yield Told(text="All workers are gone; waiting for others.")
            while self._pending and self._dispatcher.running < AHEAD * max(1, slots):
                self._dispatcher.give(self._pending.popleft())
            for event in self._dispatcher.next(POLL_S):
                yield from self._follow(event)
            if now - told_s >= TELL_S:
                told_s = now
                (self._parts / self._desk.token).touch()
                yield self._tally.progressed()
        yield self._tally.progressed()

    def _check_memory(self, slots: int) -> None:
        if not slots and self._workers.can_do(None, None):
            need = self._workers.need_bytes / 2**30
            raise ResourceError(
                f"This takes about {need:.1f} GiB of memory, and no worker may use so much.",
                remedy="Start workers with a larger --memory-limit, or ask for smaller sizes.",
            )

    def _plan(self, batch: Batch) -> None:
        """Learn first what is to be learned, or cut the variants into parts."""
        if batch.learn is not None:
            model = model_of(batch, self._folder)
            if model.name in self._learning:  # once for all that is made of it
                self._learning[model.name].append(batch)
                return
            if not model.exists():
                order = learn_order(batch, self._desk, self._workers.slots_by_host())
                self._learning[order.name] = [batch]
                self._tally.expect(order.name, frames=100, seconds=LEARNING_S[order.how.quality], counted=False)
                self._expect(order)
                return
            batch = learned(batch, model)
        kept = [path.name for path in self._parts.iterdir()]
        for planned in render_orders(batch, self._desk, share=self._share, kept=kept):
            self._plan_variant(planned, set(kept))

    def _plan_variant(self, planned: Planned, kept: set[str]) -> None:
        split = not planned.parts[0].whole
        if split:
            self._joiner.add(planned.variant, planned.parts)
        for part, order in zip(planned.parts, planned.orders, strict=True):
            made = split and part.name in kept
            self._tally.expect(
                part.name, frames=part.frames, seconds=part.frames * planned.a_frame_s, counted=True, made=made
            )
            if made:
                self._joiner.arrived(part.name)
            else:
                self._expect(order)

    def _expect(self, order: LearnOrder | RenderOrder) -> None:
        self._inputs[order.input.sha256] += 1
        self._pending.append(order)

    def _follow(self, event: object) -> Iterator[Finished | Learned | Told]:
        match event:
            case Heard(name=name, frame=frame, host=host, worker=worker):
                self._tally.heard(name, frame, host)
                if name in self._learning:
                    self._keeper.follow(name, worker)
            case Told():
                yield event
            case Notice(text=text):
                yield Told(text=text)
            case Joined(variant=variant):
                yield self._finished(variant)
            case Done(order=order, host=host):
                yield from self._done(order, host)

    def _done(self, order: LearnOrder | RenderOrder, host: str) -> Iterator[Finished | Learned]:
        self._inputs[order.input.sha256] -= 1
        if not self._inputs[order.input.sha256]:
            self._dispatcher.forget(order.input)
        if isinstance(order, LearnOrder):
            self._tally.heard(order.name, 100, host)
            model = self._folder / order.name
            (self._parts / order.name).replace(model)
            batches = self._learning.pop(order.name)
            self._keeper.forget(order.name)
            yield Learned(name=Path(batches[0].input).name, model=model)
            for batch in batches:
                self._plan(batch)
            return
        self._tally.heard(order.name, order.span[1] - order.span[0], host)
        if order.whole:
            (self._parts / order.name).replace(self._folder / order.variant.name)
            yield self._finished(order.variant)
        else:
            self._joiner.arrived(order.name)

    def _finished(self, variant: Variant) -> Finished:
        self._made += 1
        return Finished(variant=variant, made=self._made, missing=self._missing)
