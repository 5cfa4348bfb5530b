"""Where learning stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(kw_only=True)
class Progress:
    """The scale and the step within it that come next; ``planned`` are the steps of every scale, ``spent_s`` the time
    of earlier runs. Its methods take the operations of one step at each scale."""

    scale: int
    step: int
    planned: list[int]
    clock: Callable[[], float]
    spent_s: float = 0.0
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def elapsed_s(self) -> float:
        return self.spent_s + self.clock() - self.started

    def flops_planned(self, flops: Sequence[float]) -> float:
        return sum(cost * steps for cost, steps in zip(flops, self.planned, strict=True))

    def flops_done(self, flops: Sequence[float]) -> float:
        steps = [*self.planned[: self.scale], self.step]
        return sum(cost * count for cost, count in zip(flops, steps, strict=False))
