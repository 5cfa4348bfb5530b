"""An order that the scheduler has, and whether there is still a worker for it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distributed import Future

    from .orders import LearnOrder, RenderOrder
    from .workers import Workers

WITHOUT_S = 60.0
"""How long a worker with a card is waited for: one that is gone may be starting again."""


@dataclass(kw_only=True)
class Given:
    """``only`` these workers are to do the order, None for all, and such that have the ``resources``.

    These are strict. Where a scheduler may choose others it gives them what they have no resources for, and it gives
    nothing to those that come later: both would wait for ever.
    """

    order: RenderOrder | LearnOrder
    future: Future
    only: list[str] | None
    resources: dict[str, float] | None
    _lost_s: float | None = field(default=None, init=False)

    def is_lost(self, workers: Workers) -> bool:
        """Whether it has to be given again: there is nobody to do it, and somebody to give it to."""
        if self.only is None and self.resources is None:
            return False
        if self.future.done() or workers.can_do(self.only, self.resources):
            self._lost_s = None
            return False
        now = time.monotonic()
        if self._lost_s is None:
            self._lost_s = now
        if now - self._lost_s < WITHOUT_S:
            return workers.can_do(None, self.resources)
        return workers.can_do(None, None)
