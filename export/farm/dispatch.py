"""Orders given to a cluster, each done once however often workers fail."""

from __future__ import annotations

import contextlib
import queue
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from distributed import KilledWorker
from distributed.comm.core import CommClosedError

from ...engine.errors import ResourceError, UserError
from ..variants import Told
from . import work
from .orders import LearnOrder, RenderOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from distributed import Client, Future

    from .inputs import Input
    from .orders import Desk, Order, Outcome
    from .workers import Workers

COLLECTORS = 4
"""Results that are fetched at once."""

TRIES = 3
"""How often a fault that may be a worker's own is tried elsewhere."""

MOST_TIMES = 20
"""An order is given, for whatever reason: then something is wrong that one should hear of."""


class Disconnected(Exception):  # noqa: N818  # not an error: one connects again
    """The scheduler is gone."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """An order is so far, at this host."""

    name: str
    frame: int
    host: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """An order's file is in the folder for parts."""

    order: RenderOrder | LearnOrder
    host: str


@dataclass(frozen=True, kw_only=True)
class _Back:
    order: RenderOrder | LearnOrder
    result: Outcome | BaseException


class Dispatcher:
    """Gives orders to the workers of a client's cluster. ``place`` puts what an outcome holds into its place, and is
    called by other threads."""

    def __init__(
        self, client: Client, desk: Desk, workers: Workers, *, place: Callable[[Order, Outcome], None]
    ) -> None:
        self._client, self._desk, self._workers, self._place = client, desk, workers, place
        self._events: queue.Queue[Any] = queue.Queue()
        self._collectors = ThreadPoolExecutor(COLLECTORS)
        self._futures: dict[str, Future] = {}
        self._numbers: dict[str, int] = {}
        self._faults: dict[str, int] = {}
        self._pieces: dict[str, tuple[Future, ...]] = {}
        client.subscribe_topic(desk.topic, self._heard)

    @property
    def running(self) -> int:
        """Orders that were given and not done."""
        return len(self._futures)

    def close(self) -> None:
        """Take back what was given."""
        with contextlib.suppress(Exception):  # the scheduler may be gone
            self._client.unsubscribe_topic(self._desk.topic)
            self._client.cancel(list(self._futures.values()))
        self._collectors.shutdown(wait=False, cancel_futures=True)

    def give(self, order: RenderOrder | LearnOrder) -> None:
        self._submit(order)

    def forget(self, wanted: Input) -> None:
        """An input is needed no more."""
        self._pieces.pop(wanted.sha256, None)

    def tell(self, event: Any) -> None:
        """Let this come out of ``next``, and what was raised be raised there."""
        self._events.put(event)

    def next(self, timeout_s: float) -> Iterator[Any]:
        """What has happened since, waiting for it so long: Heard, Done, Told, or what was told. Raises Disconnected,
        the UserError of an order that can't be done, and ResourceError where no worker can."""
        if self._client.status in ("closed", "closing"):
            raise Disconnected
        with contextlib.suppress(queue.Empty):
            event = self._events.get(timeout=timeout_s)
            while True:
                if isinstance(event, BaseException):
                    raise event
                if isinstance(event, _Back):
                    yield from self._back(event)
                else:
                    yield event
                event = self._events.get_nowait()

    def _heard(self, event: tuple[float, dict[str, Any]]) -> None:
        told = event[1]
        self._events.put(Heard(name=told["name"], frame=told["frame"], host=told["host"]))

    def _submit(
        self, order: RenderOrder | LearnOrder, *, worker: str | None = None, wanted: Input | None = None
    ) -> None:
        number = self._numbers[order.name] = self._numbers.get(order.name, 0) + 1
        if number > MOST_TIMES:
            raise ResourceError(
                f"{order.name} was given to workers {MOST_TIMES} times, and never came back.",
                remedy="See what the workers say themselves; the same command goes on from here.",
            )
        if self._client.status in ("closed", "closing"):
            raise Disconnected
        pieces = None if wanted is None else (wanted, self._scattered(wanted, worker))
        only = [worker] if worker else self._workers.only()
        future = self._client.submit(
            work.do,
            order,
            pieces,
            key=f"{self._desk.topic}-{order.name}-{number}",
            workers=only,
            allow_other_workers=only is not None,
            resources=self._workers.resources(learning=isinstance(order, LearnOrder)),
            priority=1 if number > 1 else 0,
            pure=False,
        )
        self._futures[order.name] = future

        def collect(done: Future) -> None:
            with contextlib.suppress(RuntimeError):  # closed meanwhile
                self._collectors.submit(self._collect, order, done)

        future.add_done_callback(collect)

    def _scattered(self, wanted: Input, worker: str | None) -> tuple[Future, ...]:
        """Its pieces in the cluster's memory, where the first worker that needs them has them, and the next from it."""
        if wanted.sha256 not in self._pieces:
            found = []
            for number, piece in enumerate(wanted.pieces()):
                key = f"{self._desk.topic}-{wanted.sha256[:16]}-{number}"
                try:
                    sent = self._client.scatter({key: piece}, workers=worker and [worker])
                except CommClosedError as error:
                    raise Disconnected from error
                found.append(cast("dict[str, Future]", sent)[key])
            self._pieces[wanted.sha256] = tuple(found)
        return self._pieces[wanted.sha256]

    def _collect(self, order: RenderOrder | LearnOrder, future: Future) -> None:
        """On a thread of its own: results may be large."""
        try:
            if future is not self._futures.get(order.name):
                return
            outcome: Outcome = future.result()
            if outcome.kind == "made":
                self._place(order, outcome)
            self._events.put(_Back(order=order, result=outcome))
        except BaseException as error:  # it is raised where events are asked for
            self._events.put(_Back(order=order, result=error))

    def _back(self, event: _Back) -> Iterator[Done | Told]:
        order, result = event.order, event.result
        self._futures.pop(order.name, None)
        if isinstance(result, BaseException):
            self._failed(order, result)
            return
        for text in result.notices:
            yield Told(text=text)
        match result.kind:
            case "made":
                yield Done(order=order, host=result.host)
            case "missing":
                source = order.source if isinstance(order, RenderOrder) else None
                wanted = order.input if order.input.sha256 == result.sha256 or source is None else source
                self._submit(order, worker=result.worker, wanted=wanted)
            case "failed":
                raise UserError(result.problem, remedy=result.remedy)
            case "unfit":
                yield from self._unfitting(result)
                self._submit(order)
            case "stopped":
                self._submit(order)

    def _unfitting(self, outcome: Outcome) -> Iterator[Told]:
        """One worker less, or none at all."""
        if self._workers.pass_over(outcome.worker):
            place = outcome.worker.rsplit("/", 1)[-1]
            text = f"{outcome.host} ({place}) gets no more to do: {outcome.problem} {outcome.remedy}"
            yield Told(text=text.strip())
        if not self._workers.fit():
            problem = f"No worker can do it. {outcome.host}: {outcome.problem}"
            raise ResourceError(problem, remedy=f"{outcome.remedy} The same command goes on from here.".strip())

    def _failed(self, order: RenderOrder | LearnOrder, error: BaseException) -> None:
        """Try it again where that may help. Raises what else it means."""
        if isinstance(error, UserError):  # of placing it: the client's own disk
            raise error
        if isinstance(error, KilledWorker):
            where = getattr(error.last_worker, "address", "?")
            raise ResourceError(
                f"{error.allowed_failures + 1} worker processes ended without a word at one piece of work, the last "
                f"at {where}.",
                remedy="They may have too little memory (start them with fewer --nthreads, or ask for a smaller size) "
                "or lack dtsgan. The same command goes on from here.",
            )
        if isinstance(error, CancelledError):  # the scheduler was restarted, or pieces were lost with a worker
            self._pieces.clear()
            self._client.subscribe_topic(self._desk.topic, self._heard)
        else:
            self._faults[order.name] = self._faults.get(order.name, 0) + 1
            if self._faults[order.name] >= TRIES:
                raise RuntimeError(f"on a worker: {error!r}") from error
        self._submit(order)
