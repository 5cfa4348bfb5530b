"""The process that makes previews: it keeps what it has opened, and only what was asked for last counts."""

from __future__ import annotations

import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.errors import UserError
from ...engine.model import TextureModel, load_model
from ...engine.video.index import ReadStopped
from ...engine.video.reader import sha256_of
from ..device import Device, choose_device
from .filling import previewed
from .proxy import Proxy, write_proxy
from .request import Request, decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_PROXIES = 4
PROXY_SUFFIX = ".mkv"


def serve(lines: Iterable[bytes], folder: Path, say: Callable[..., None], *, stop: Callable[[], bool]) -> None:
    """Answer the requests of ``lines`` until they end, or ``stop()``; a newer one ends the work on the one before.

    ``say(event, **facts)`` gets "ready" once, then for each answered request "preview" with its ``number``, the file of
    its frames (``.npy``, (T, H, W, 3) uint8, gone with the next answer) and the clip's number of the ``first``, or
    "opened" where nothing was to be made, or "failure" with ``problem`` and ``remedy``. An empty line gives up the work
    on the one before. ``folder`` is for its files.
    """
    inbox = _Inbox(lines)
    kept = _Kept(folder)
    say("ready")
    while (line := inbox.next()) is not None and not stop():

        def newer() -> bool:
            return inbox.waiting or stop()

        if not line.strip():
            continue
        try:
            request = decoded(line)
        except ValueError as error:
            say("failure", number=None, problem=f"That is no request: {error}.", remedy="")
            continue
        try:
            _answer(request, kept, folder, say, newer)
        except ReadStopped:
            continue
        except UserError as error:
            say("failure", number=request.number, problem=error.problem, remedy=error.remedy)
        except OSError as error:
            problem = f"The preview can't be kept: {error.strerror or error}."
            say("failure", number=request.number, problem=problem, remedy="Free some space, then draw on.")
        except MemoryError:
            problem = "There is not enough memory for the preview."
            say("failure", number=request.number, problem=problem, remedy="Close other programs, then draw on.")
        except Exception as error:  # the next one may do well
            traceback.print_exc()
            problem = f"This is a fault of dtsgan: {type(error).__name__}: {error}"
            say("failure", number=request.number, problem=problem, remedy="Draw on, or make the full result.")


def _answer(request: Request, kept: _Kept, folder: Path, say: Callable[..., None], newer: Callable[[], bool]) -> None:
    """Raises ReadStopped, UserError, OSError."""
    for old in folder.glob("*.npy"):
        old.unlink(missing_ok=True)
    try:
        made = _made(request, kept, newer)
    except UserError as error:
        proxy = f"{Path(request.clip).stem}{PROXY_SUFFIX}"  # it is the clip that a person knows
        raise type(error)(error.problem.replace(proxy, Path(request.clip).name), remedy=error.remedy) from error
    if newer():
        return
    if made is None:
        say("opened", number=request.number)
        return
    frames, first = made
    path = folder / f"{request.number}.npy"
    np.save(path, frames, allow_pickle=False)
    say("preview", number=request.number, frames=str(path), first=first)


def _made(request: Request, kept: _Kept, newer: Callable[[], bool]) -> tuple[np.ndarray, int] | None:
    window = range(*request.window)
    proxy = kept.proxy(Path(request.clip), window, request, newer)
    model, own = None, False
    if request.model is not None and request.fill != "surround" and not request.instant:
        model = kept.model(Path(request.model))
        own = model.facts.crop is None and model.facts.sha256 == kept.digest(Path(request.clip))
    other, patch = None, request.reference
    if request.fill == "patch" and patch is not None and patch.path is not None:
        other = kept.proxy(Path(patch.path), range(patch.frame, patch.frame + len(window)), None, newer)
    if request.mask is None:
        return None
    frames = previewed(request, proxy, model=model, own=own, other=other, device=kept.device, stop=newer)
    return frames, proxy.frames.start


class _Inbox:
    """The latest line; those before it that nobody has begun with are forgotten."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._changed = threading.Condition()
        self._latest: bytes | None = None
        self._ended = False
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    @property
    def waiting(self) -> bool:
        return self._latest is not None or self._ended

    def next(self) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: self.waiting)
            line, self._latest = self._latest, None
            return None if self._ended else line

    def _read(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            with self._changed:
                self._latest = line
                self._changed.notify()
        with self._changed:
            self._ended = True
            self._changed.notify()


class _Kept:
    """What was opened, by the file and its time of change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._proxies: dict[Any, Proxy] = {}
        self._models: dict[Any, TextureModel] = {}
        self._digests: dict[Any, str] = {}
        self._device: Device | None = None
        self._count = 0

    @property
    def device(self) -> Device:
        if self._device is None:
            self._device = choose_device(tell=lambda _: None)
        return self._device

    def proxy(self, clip: Path, frames: range, request: Request | None, stop: Callable[[], bool]) -> Proxy:
        key = (_stamp(clip), frames, request and request.sequence_rate)
        if key not in self._proxies:
            self._count += 1
            folder = self._folder / str(self._count)
            folder.mkdir()
            path = folder / f"{clip.stem}{PROXY_SUFFIX}"  # messages name it
            made = write_proxy(clip, frames, path, rate=request.rate if request else None, stop=stop)
            while len(self._proxies) >= MOST_PROXIES:
                self._proxies.pop(next(iter(self._proxies))).path.unlink(missing_ok=True)
            self._proxies[key] = made
        return self._proxies[key]

    def model(self, path: Path) -> TextureModel:
        key = _stamp(path)
        if key not in self._models:
            self._models.clear()
            self._models[key] = load_model(path)
        return self._models[key]

    def digest(self, clip: Path) -> str:
        key = _stamp(clip)
        if key not in self._digests:
            self._digests = {key: sha256_of(clip)}
        return self._digests[key]


def _stamp(path: Path) -> tuple[str, float, int]:
    """What tells a file from its later self; one that isn't there is found out where it is opened."""
    try:
        facts = path.stat()
    except OSError:
        return str(path), 0.0, 0
    return str(path), facts.st_mtime, facts.st_size
