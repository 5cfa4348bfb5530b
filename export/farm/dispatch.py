"""Orders given to a cluster, each done once however often workers fail."""

from __future__ import annotations

import contextlib
import queue
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from distributed import KilledWorker

from ...engine.errors import ResourceError, UserError
from ..variants import Told
from . import work
from .cluster import Disconnected
from .given import Given
from .orders import Begun, LearnOrder
from .scattering import Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from distributed import Client, Future

    from .inputs import Input
    from .orders import Desk, Order, Outcome, RenderOrder
    from .workers import Workers

COLLECTORS = 4
"""Results that are fetched at once."""

TRIES = 3
"""How often a fault that may be a worker's own is tried elsewhere."""

MOST_TIMES = 20
"""An order is given, for whatever reason: then something is wrong that one should hear of."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """An order is so far, at this worker of this host."""

    name: str
    frame: int
    host: str
    worker: str


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
    called by other threads; ``state`` says what is kept of the learning of a name that was begun."""

    def __init__(
        self,
        client: Client,
        desk: Desk,
        workers: Workers,
        *,
        place: Callable[[Order, Outcome], None],
        state: Callable[[str], Input | None],
    ) -> None:
        self._client, self._desk, self._workers, self._place, self._state = client, desk, workers, place, state
        self._events: queue.Queue[Any] = queue.Queue()
        self._collectors = ThreadPoolExecutor(COLLECTORS)
        self._given: dict[str, Given] = {}
        self._numbers: dict[str, int] = {}
        self._faults: dict[str, int] = {}
        self._pieces = Pieces(client, desk.topic)
        client.subscribe_topic(desk.topic, self._heard)

    @property
    def running(self) -> int:
        """Orders that were given and not done."""
        return len(self._given)

    def close(self) -> None:
        """Take back what was given."""
        with contextlib.suppress(Exception):  # the scheduler may be gone
            self._client.unsubscribe_topic(self._desk.topic)
            self._client.cancel([given.future for given in self._given.values()])
        self._collectors.shutdown(wait=False, cancel_futures=True)

    def give(self, order: RenderOrder | LearnOrder, *, worker: str | None = None, wanted: Input | None = None) -> None:
        """To any worker, or to this one, with an input that it hasn't."""
        number = self._numbers[order.name] = self._numbers.get(order.name, 0) + 1
        if number > MOST_TIMES:
            raise ResourceError(
                f"{order.name} was given to workers {MOST_TIMES} times, and never came back.",
                remedy="See what the workers say themselves; the same command goes on from here.",
            )
        if self._client.status in ("closed", "closing"):
            raise Disconnected
        pieces = None if wanted is None else self._pieces.of(wanted, worker)
        if wanted is not None and pieces is None:
            worker = None  # it is gone: whoever gets the order says anew what is missing
        only = [worker] if worker else self._workers.only()
        resources = self._workers.resources(learning=isinstance(order, LearnOrder))
        future = self._client.submit(
            work.do,
            order,
            pieces and (wanted, pieces),
            key=f"{self._desk.topic}-{order.name}-{number}",
            workers=only,
            resources=resources,
            priority=1 if number > 1 else 0,
            pure=False,
        )
        self._given[order.name] = Given(order=order, future=future, only=only, resources=resources)

        def collect(done: Future) -> None:
            with contextlib.suppress(RuntimeError):  # closed meanwhile
                self._collectors.submit(self._collect, order, done)

        future.add_done_callback(collect)

    def forget(self, wanted: Input) -> None:
        """An input is needed no more."""
        self._pieces.forget(wanted)

    def tell(self, event: Any) -> None:
        """Let this come out of ``next``, and what was raised be raised there."""
        self._events.put(event)

    def next(self, timeout_s: float) -> Iterator[Any]:
        """What has happened since, waiting for it so long: Heard, Done, Told, or what was told. Raises Disconnected,
        the UserError of an order that can't be done, and ResourceError where no worker can."""
        if self._client.status in ("closed", "closing"):
            raise Disconnected
        self._free()
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
        self._events.put(Heard(**told))

    def _free(self) -> None:
        """Give those orders again that were meant for workers which are gone."""
        for given in tuple(self._given.values()):
            if given.is_lost(self._workers):
                del self._given[given.order.name]
                given.future.cancel()
                self.give(given.order)

    def _collect(self, order: RenderOrder | LearnOrder, future: Future) -> None:
        """On a thread of its own: results may be large."""
        if not self._awaited(order, future):
            return
        result: Outcome | BaseException
        try:
            result = outcome = future.result()
            if outcome.kind == "made":
                self._place(order, outcome)
        except BaseException as error:  # it is raised where events are asked for
            result = error
        if self._awaited(order, future):
            self._events.put(_Back(order=order, result=result))

    def _awaited(self, order: RenderOrder | LearnOrder, future: Future) -> bool:
        """Whether the order was not given again meanwhile."""
        given = self._given.get(order.name)
        return given is not None and given.future is future

    def _back(self, event: _Back) -> Iterator[Done | Told]:
        order, result = event.order, event.result
        self._given.pop(order.name, None)
        if isinstance(result, BaseException):
            self._failed(order, result)
            return
        for text in result.notices:
            yield Told(text=text)
        match result.kind:
            case "made":
                self._forget_state(order)
                yield Done(order=order, host=result.host)
            case "missing":
                wanted = next(each for each in order.inputs() if each.sha256 == result.sha256)
                self.give(order, worker=result.worker, wanted=wanted)
            case "asks":
                self._forget_state(order)
                begun = Begun(worker=result.worker, state=self._state(order.name))
                self.give(replace(order, begun=begun), worker=result.worker, wanted=begun.state)
            case "failed":
                raise UserError(result.problem, remedy=result.remedy)
            case "unfit":
                if (text := self._workers.pass_over(result)) is not None:
                    yield Told(text=text)
                self.give(order)
            case "stopped":
                self.give(order)

    def _forget_state(self, order: RenderOrder | LearnOrder) -> None:
        if isinstance(order, LearnOrder) and order.begun is not None and order.begun.state is not None:
            self.forget(order.begun.state)

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
        self.give(order)
