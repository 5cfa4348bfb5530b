"""What moves the frame that is shown, by the clock."""

from __future__ import annotations

import math
import time
from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from .playing import Way, onward, stride_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..binding import Store
    from ..view import View

SECOND_NS = 1_000_000_000
OPENING_MS = 50


class Player(QObject):
    """While the view's speed isn't 0, its frame follows the clock at the exact rate. What can't be shown in time is
    left out, never slowed down.

    ``way`` gives the frames to play and their rate, None while they aren't known. ``clock`` gives nanoseconds.
    ``measured`` is emitted with how many pictures a second are seen, about twice a second while it plays.
    """

    measured = Signal(float)

    def __init__(
        self,
        view: Store[View],
        way: Callable[[], tuple[Way, Fraction] | None],
        parent: QObject | None = None,
        *,
        clock: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        super().__init__(parent)
        self._view, self._way, self._clock = view, way, clock
        self._due_ns = Fraction(0)  # when the frame that the view shows was due
        self._moving = False
        self._seen: deque[int] = deque()
        self._measured_ns = 0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        view.changed.connect(self._changed)

    def tick(self) -> None:
        """Show the frame that is due."""
        view, known = self._view.state, self._way()
        if not view.speed:
            return
        now = self._clock()
        if known is None:
            self._begin(now, OPENING_MS)
            return
        way, rate = known
        step_ns = SECOND_NS / (rate * abs(Fraction(view.speed)))
        steps = int((now - self._due_ns) / step_ns)
        steps -= steps % stride_of(rate, view.speed)
        if steps:
            self._due_ns += steps * step_ns
            frame, over = onward(way, view.frame, int(math.copysign(steps, view.speed)), wraps=view.repeat != "none")
            self._moving = True
            self._view.set({"frame": frame} | ({"speed": 0.0} if over else {}))
            self._moving = False
        self._measure(now)
        self._schedule(step_ns * stride_of(rate, view.speed))

    def seen(self) -> None:
        """Note that a picture was painted that wasn't before."""
        self._seen.append(self._clock())

    def _changed(self, before: View, now: View) -> None:
        if not self._moving and now.speed and (before.frame, before.speed, before.showing) != (
            now.frame, now.speed, now.showing,
        ):  # fmt: skip
            self._begin(self._clock())

    def _begin(self, now: int, wait_ms: int = 1) -> None:
        self._due_ns = Fraction(now)
        self._measured_ns = now
        self._seen.clear()
        self._timer.start(wait_ms)

    def _schedule(self, step_ns: Fraction) -> None:
        if self._view.state.speed:
            wait_ns = self._due_ns + step_ns - self._clock()
            self._timer.start(max(0, math.ceil(wait_ns / 1_000_000)))

    def _measure(self, now: int) -> None:
        while self._seen and self._seen[0] < now - SECOND_NS:
            self._seen.popleft()
        if now - self._measured_ns >= SECOND_NS // 2 and len(self._seen) > 1:
            self._measured_ns = now
            self.measured.emit((len(self._seen) - 1) * SECOND_NS / (self._seen[-1] - self._seen[0]))
