"""Videos put together while their parts arrive."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...engine.events import Notice
from .parts import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ..variants import Variant
    from .parts import Part

POLL_S = 0.2


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A variant's file is complete."""

    variant: Variant


class Joiner:
    """Joins variants one after the other, on a thread of its own. ``tell`` is given what happens, from that thread:
    Joined, Notice, or what was raised."""

    def __init__(
        self, folder: Path, parts_folder: Path, tell: Callable[[Joined | Notice | BaseException], None]
    ) -> None:
        self._folder, self._parts_folder, self._tell = folder, parts_folder, tell
        self._waiting: queue.Queue[tuple[Variant, Sequence[Part]] | None] = queue.Queue()
        self._arrived: set[str] = set()
        self._news = threading.Condition()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def add(self, variant: Variant, parts: Sequence[Part]) -> None:
        """Join these parts, in order, as they come."""
        self._waiting.put((variant, parts))

    def arrived(self, name: str) -> None:
        """A part is there."""
        with self._news:
            self._arrived.add(name)
            self._news.notify()

    def close(self) -> None:
        """Leave nothing half done, and end."""
        self._stopped.set()
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (waiting := self._waiting.get()) is not None and not self._stopped.is_set():
            try:
                self._join(*waiting)
            except _Stopped:
                return
            except BaseException as error:  # it is raised where the work is followed
                self._tell(error)

    def _join(self, variant: Variant, parts: Sequence[Part]) -> None:
        frames = parts[-1].span[1]
        out = self._folder / variant.name
        for event in join(self._in_order(parts), frames, out, stop=self._stopped.is_set):
            if isinstance(event, Notice):
                self._tell(event)
        if out.exists():
            for part in parts:
                (self._parts_folder / part.name).unlink(missing_ok=True)
            self._tell(Joined(variant=variant))

    def _in_order(self, parts: Sequence[Part]) -> Iterator[tuple[Path, int]]:
        for part in parts:
            with self._news:
                while part.name not in self._arrived:
                    if self._stopped.is_set():
                        raise _Stopped
                    self._news.wait(POLL_S)
            yield self._parts_folder / part.name, part.frames


class _Stopped(Exception):  # noqa: N818  # not an error: the caller asked for it
    """Leaves the writer as a failure would, so that it removes what it has begun."""
