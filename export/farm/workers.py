"""Who works in a cluster, and who is fit for it."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from ...engine.errors import ResourceError
from .cluster import threads_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from distributed import Client

    from .orders import About, Outcome

LOOK_S = 2.0
GPU, MEMORY = "GPU", "MEMORY"
"""What workers are started with, if they are, as in ``--resources "GPU=1 MEMORY=16e9"``."""


class Workers:
    """Those of a client's cluster; they come and go. ``need_bytes`` is the memory that any order takes; ``known`` are
    those that were there at the start."""

    def __init__(self, client: Client, *, need_bytes: int, known: Mapping[str, About]) -> None:
        self.need_bytes = need_bytes
        self._client, self._known = client, known
        self._unfit: set[str] = set()
        self._there: dict[str, dict[str, Any]] = {}
        self._looked_s = -LOOK_S

    def slots(self) -> int:
        """How many orders can be done at once."""
        self._look()
        return sum(int(self._there[each]["nthreads"]) for each in self.fit())

    def slots_by_host(self) -> dict[str, int]:
        """The same for each machine, of workers that are known."""
        found: dict[str, int] = {}
        for address in self._known.keys() & self._there.keys():
            host = self._known[address].host
            found[host] = found.get(host, 0) + int(self._there[address]["nthreads"])
        return found

    def fit(self) -> list[str]:
        """Those that haven't failed of themselves, and have the memory."""
        return [
            address
            for address, facts in self._there.items()
            if address not in self._unfit
            and (facts["memory_limit"] or self.need_bytes) >= self.need_bytes
            and _resources(facts).get(MEMORY, self.need_bytes) >= self.need_bytes
        ]

    def can_do(self, only: Collection[str] | None, resources: Mapping[str, float] | None) -> bool:
        """Whether one is there, among ``only`` these if they are given, that has such resources."""
        self._look()
        if not self._any(only, resources):
            self._look(now=True)  # one that has just come has not been seen
        return self._any(only, resources)

    def _any(self, only: Collection[str] | None, resources: Mapping[str, float] | None) -> bool:
        return any(
            (only is None or address in only)
            and all(_resources(facts).get(name, 0) >= amount for name, amount in (resources or {}).items())
            for address, facts in self._there.items()
        )

    def only(self) -> list[str] | None:
        """The fit ones; None where they all are."""
        fit = self.fit()
        return fit if len(fit) < len(self._there) else None

    def pass_over(self, outcome: Outcome) -> str | None:
        """Give the worker that says this no more to do; what the person must be told, where it is new. Raises
        ResourceError where no other one is fit."""
        new = outcome.worker not in self._unfit
        self._unfit.add(outcome.worker)
        self._look(now=True)
        if not self.fit():
            problem = f"No worker can do it. {outcome.host}: {outcome.problem}"
            raise ResourceError(problem, remedy=f"{outcome.remedy} The same command goes on from here.".strip())
        place = outcome.worker.rsplit("/", 1)[-1]
        text = f"{outcome.host} ({place}) gets no more to do: {outcome.problem} {outcome.remedy}".strip()
        return text if new else None

    def resources(self, *, learning: bool) -> dict[str, float] | None:
        """What a worker has to have free for an order, among what workers were started with."""
        each = [_resources(facts) for facts in self._there.values()]
        found: dict[str, float] = {}
        if learning and any(GPU in resources for resources in each):
            found[GPU] = 1
        if each and all(MEMORY in resources for resources in each):
            found[MEMORY] = self.need_bytes
        return found or None

    def _look(self, *, now: bool = False) -> None:
        """Ask who is there, but not all the time."""
        if not now and time.monotonic() - self._looked_s < LOOK_S:
            return
        self._looked_s = time.monotonic()
        with contextlib.suppress(OSError):  # the scheduler is gone; whoever waits for what it does hears of that
            if threads_of(self._client).keys() != self._there.keys():  # their details change with them alone
                self._there = dict(self._client.scheduler_info(n_workers=-1)["workers"])


def _resources(facts: Mapping[str, Any]) -> Mapping[str, float]:
    """What a worker was started with."""
    return facts.get("resources") or {}
