"""What a worker of a cluster does. The scheduler calls these functions with what the client ordered."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from distributed import get_worker

from ...engine import threads
from ...engine.errors import OutputError, ResourceError, UserError
from ...engine.events import Notice
from ...engine.files import file_digest
from ...engine.memory import keep_freed
from ...engine.video import ReadStopped
from ..stream import Rendered, render
from ..variants.opening import Textures
from .inputs import at_hand, keep
from .learning import learned
from .orders import About, LearnOrder, Outcome, RenderOrder, state_of
from .parts import render_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from distributed import Worker

    from ..variants.opening import Ingredients
    from .inputs import Input
    from .orders import Kind, Order

PICTURES = ("dtsgan", "numpy", "onnxruntime-gpu", "onnxruntime", "av")
"""Packages whose version may show in the last digits of pictures."""

_opened = threading.local()


def about(folder: str, token: str) -> About:
    """What the client has to know before it orders anything."""
    versions = {}
    for name in PICTURES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return About(host=socket.gethostname(), versions=versions, sees_folder=_sees(folder, token))


def do(order: RenderOrder | LearnOrder, pieces: tuple[Input, tuple[bytes, ...]] | None = None) -> Outcome:
    """Make what is ordered; ``pieces`` is an input that was missing here before. Expected failures are outcomes."""
    keep_freed()
    worker = get_worker()
    desk = _Desk(worker, order)
    try:
        if order.desk.version != version("dtsgan"):
            raise OutputError(f"It has dtsgan {version('dtsgan')}.", remedy=f"Install dtsgan {order.desk.version}.")
        if pieces is not None and at_hand(pieces[0], desk.store) is None:  # two orders may have asked for it
            keep(pieces[0], pieces[1], desk.store)
        with suppress(ReadStopped):
            return desk.outcome(order)
        return desk.told("stopped")
    except _Needs as needs:
        return desk.told(needs.kind, sha256=needs.sha256)
    except (OutputError, ResourceError) as error:
        return desk.told("unfit", problem=error.problem, remedy=error.remedy)
    except UserError as error:
        return desk.told("failed", problem=error.problem, remedy=error.remedy)
    except (MemoryError, OSError) as error:
        problem = "There is not enough memory." if isinstance(error, MemoryError) else f"{error}."
        return desk.told("unfit", problem=problem, remedy="Check that machine, or give it less to do at once.")


def state(name: str, dask_worker: Worker) -> bytes | None:
    """What this worker has learned for the order of this name, where it keeps that for itself."""
    path = _store(dask_worker) / state_of(name)
    return path.read_bytes() if path.exists() else None


def _store(worker: Worker) -> Path:
    return Path(worker.local_directory) / "dtsgan"


class _Needs(Exception):  # noqa: N818  # not an error: it comes with the order's next try
    def __init__(self, kind: Kind, sha256: str = "") -> None:
        super().__init__(kind, sha256)
        self.kind: Kind = kind
        self.sha256 = sha256


class _Desk:
    """One order at one worker."""

    def __init__(self, worker: Worker, order: Order) -> None:
        self._worker, self._key = worker, worker.get_current_task()
        self._desk, self._name = order.desk, order.name
        self.store = _store(worker)
        self.host = socket.gethostname()
        self.notices: list[str] = []
        self._next_s = 0.0

    def told(self, kind: Kind, *, sha256: str = "", problem: str = "", remedy: str = "") -> Outcome:
        return Outcome(
            kind=kind,
            worker=self._worker.address,
            host=self.host,
            sha256=sha256,
            problem=problem,
            remedy=remedy,
            notices=tuple(self.notices),
        )

    def outcome(self, order: RenderOrder | LearnOrder) -> Outcome:
        shared = Path(order.desk.folder)
        if _sees(order.desk.folder, order.desk.token):
            self._make(order, shared / order.name, kept=shared)
            return self.told("made", sha256=file_digest(shared / order.name))
        self.store.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.store) as folder:
            out = Path(folder) / order.name
            self._make(order, out, kept=self.store)
            return replace(self.told("made", sha256=file_digest(out)), content=out.read_bytes())

    def _make(self, order: RenderOrder | LearnOrder, out: Path, *, kept: Path) -> None:
        """``kept`` is a folder for what interrupted learning goes on from."""
        self.progress(0)
        found = self._find(order.input)
        if isinstance(order, RenderOrder):
            source = None if order.source is None else str(self._find(order.source))
            ingredients = replace(order.ingredients, path=str(found), source=source)
            self._follow(_rendered(order, _textures(ingredients, self.notices.append, self.unwanted), out, self))
        else:
            state = kept / state_of(order.name)
            if kept == self.store and not state.exists():
                self._go_on(order, state)
            share = max(1, threads.processors() // max(1, order.slots.get(self.host, 1)))
            self._follow(learned(order, found, out, state=state, threads=share, stop=self.unwanted))
        if not out.exists():
            raise ReadStopped

    def _go_on(self, order: LearnOrder, state: Path) -> None:
        """From where another worker was. An order that a dead one had comes here as that one got it: what it says of
        earlier ones is old, so it is asked again."""
        begun = order.begun
        if begun is None or begun.worker != self._worker.address:
            raise _Needs("asks")
        if begun.state is not None:
            shutil.copyfile(self._find(begun.state), state)

    def _find(self, wanted: Input) -> Path:
        found = at_hand(wanted, self.store)
        if found is None:
            raise _Needs("missing", wanted.sha256)
        return found

    def _follow(self, events: Iterable[Notice | Rendered]) -> None:
        for event in events:
            if isinstance(event, Notice):
                self.notices.append(event.text)
            elif time.monotonic() >= self._next_s:
                self._next_s = time.monotonic() + self._desk.every_s
                self.progress(event.frame)

    def progress(self, frame: int) -> None:
        told = {"name": self._name, "frame": frame, "host": self.host, "worker": self._worker.address}
        self._worker.log_event(self._desk.topic, told)

    def unwanted(self) -> bool:
        """Whether nobody waits for this any more: the client has gone, or another worker was faster."""
        task = self._worker.state.tasks.get(self._key)
        return task is None or task.state == "cancelled"


def _rendered(order: RenderOrder, textures: Textures, out: Path, desk: _Desk) -> Iterator[Rendered | Notice]:
    variant = order.variant
    texture = textures.of(variant.size_hw)
    frames = order.frames or texture.frames
    asked = {"seed": variant.seed, "fine_seed": variant.fine_seed, "size_hw": variant.size_hw}
    period = frames if variant.loop else None
    if order.whole:
        yield from render(
            texture, out, frames=range(frames), **asked, period=period, overwrite=True, stop=desk.unwanted
        )
    else:
        yield from render_part(texture, out, span=range(*order.span), **asked, period=period, stop=desk.unwanted)


def _textures(of: Ingredients, tell: Callable[[str], None], stop: Callable[[], bool]) -> Textures:
    """Those opened last by this thread, or others in their place: a worker's orders are mostly of one texture."""
    # One thread a task: as fast as two are for one, and a worker with more does more tasks at once.
    threads.limit(1)
    if getattr(_opened, "of", None) != of:
        _opened.of = _opened.textures = None  # not both in memory
        _opened.textures = Textures(of, tell=tell, stop=stop)
        _opened.of = of
    _opened.textures.attend(tell=tell, stop=stop)
    return _opened.textures


def _sees(folder: str, token: str) -> bool:
    try:
        return (Path(folder) / token).is_file()
    except OSError:
        return False
