"""How far a cluster's work is: as a whole, and what each machine does of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SPAN_S = 90.0
"""Over which speed is measured: machines come and go."""

LEAST_S = 5.0
SURE_S, SURE_PART = 60.0, 0.01
"""From so long on, or once so much of the work is done, the time left is told: workers begin by opening things."""

SHOWN = 4


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Frames that a host has made since the work began, and in a second just now."""

    host: str
    frames: int
    a_second: float


@dataclass(frozen=True, kw_only=True)
class Progressed:
    """``done`` is the part of all work, 0 to 1, ``left_s`` None until it is known; so many clips are still being
    learned, and ``frames`` are made of ``of``."""

    done: float
    left_s: float | None
    learning: int
    frames: int
    of: int
    machines: tuple[Machine, ...]

    @property
    def text(self) -> str:
        """In one line."""
        said = []
        if self.learning:
            said.append(f"learning {self.learning} clip{'s' * (self.learning > 1)}")
        if self.of:
            said.append(f"{self.frames} of {self.of} frames")
        busy = [each for each in self.machines if each.a_second]
        if len(busy) > SHOWN:
            said.append(f"{len(busy)} machines at {sum(each.a_second for each in busy):.3g} a second")
        else:
            said += [f"{each.host} {each.a_second:.3g} a second" for each in busy]
        return ", ".join(said) or "learned"


@dataclass(kw_only=True)
class _Work:
    seconds: float
    frames: int
    counted: bool
    done: int = 0
    host: str = ""


class Tally:
    """Counts frames of pieces of work, each known by its name."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._work: dict[str, _Work] = {}
        self._before = 0.0
        self._hosts: dict[str, deque[tuple[float, int]]] = {}
        self._made: dict[str, int] = {}
        self._whole: deque[tuple[float, float]] = deque()

    def expect(self, name: str, *, frames: int, seconds: float, counted: bool = True, made: bool = False) -> None:
        """A piece of so many frames that takes about so long; ``made`` before, or not ``counted`` among frames."""
        self._work[name] = _Work(seconds=seconds, frames=frames, counted=counted, done=frames if made else 0)

    def heard(self, name: str, frame: int, host: str) -> None:
        """It is so far at this host. One that begins again elsewhere is so far there; one that is done stays done."""
        work = self._work[name]
        if work.done >= work.frames:
            return
        if work.counted:
            fresh = frame - work.done if host == work.host else frame
            self._made[host] = self._made.get(host, 0) + max(0, fresh)
            self._hosts.setdefault(host, deque()).append((self._clock(), self._made[host]))
        work.done, work.host = min(frame, work.frames), host

    def progressed(self) -> Progressed:
        now = self._clock()
        whole = sum(work.seconds for work in self._work.values()) or 1.0
        done = sum(work.seconds * work.done / max(1, work.frames) for work in self._work.values())
        self._whole.append((now, done))
        while len(self._whole) > 2 and now - self._whole[1][0] > SPAN_S:
            self._whole.popleft()
        begun_s, begun = self._whole[0]
        sure = now - begun_s >= SURE_S or (now - begun_s >= LEAST_S and done - begun >= SURE_PART * whole)
        speed = (done - begun) / (now - begun_s) if sure else 0.0
        counted = [work for work in self._work.values() if work.counted]
        return Progressed(
            done=done / whole,
            left_s=max(0.0, whole - done) / speed if speed > 0 else None,
            learning=sum(not work.counted and work.done < work.frames for work in self._work.values()),
            frames=sum(work.done for work in counted),
            of=sum(work.frames for work in counted),
            machines=tuple(self._machine(host, now) for host in sorted(self._hosts)),
        )

    def _machine(self, host: str, now: float) -> Machine:
        told = self._hosts[host]
        while len(told) > 2 and now - told[1][0] > SPAN_S:
            told.popleft()
        (first_s, first), (_, last) = told[0], told[-1]
        return Machine(host=host, frames=self._made[host], a_second=(last - first) / max(now - first_s, LEAST_S))
