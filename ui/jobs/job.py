"""A piece of long work, and how far it is."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

State = Literal["waiting", "running", "stopping", "done", "failed", "crashed", "stopped"]
ENDED: tuple[State, ...] = ("done", "failed", "crashed", "stopped")


class Task(Struct, frozen=True, kw_only=True):
    """``words`` are those of a command line after the program's name; what they make appears at ``output``. ``kind``
    and ``about`` are the caller's: what to do with the result. ``need_bytes`` have to be free where it is written, and
    ``need_memory_bytes`` in memory."""

    title: str
    words: tuple[str, ...]
    output: str
    kind: str
    about: Any = None
    need_bytes: int = 0
    need_memory_bytes: int = 0


class Job(Struct, frozen=True, kw_only=True):
    """``text`` says what goes on now; ``done`` is 0 to 1, ``left_s`` None while it isn't known; ``silent`` is true
    while its process has said nothing for long. ``result`` holds the facts of a finished one; ``problem`` and
    ``remedy`` say why one has none. ``log`` holds the last lines that it said, ``link``
    a page where more of it is seen."""

    id: int
    task: Task
    state: State = "waiting"
    text: str = ""
    done: float = 0.0
    left_s: float | None = None
    silent: bool = False
    result: dict[str, Any] | None = None
    problem: str = ""
    remedy: str = ""
    log: tuple[str, ...] = ()
    link: str = ""

    @property
    def ended(self) -> bool:
        return self.state in ENDED
