"""A process that renders variants of one texture, told what to do in JSON lines and telling what it did.

The first line on stdin says which texture; each one after it is a variant. Where stdin ends, because nothing is left,
the person stopped, or the parent died, the worker leaves nothing half done and ends.
"""

from __future__ import annotations

import gc
import json
import queue
import sys
import threading
import traceback
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...engine import threads
from ...engine.clip import parse_span
from ...engine.container import is_container
from ...engine.errors import UserError
from ...engine.events import Notice
from ...engine.exemplar import short_side_for
from ...engine.fit import fitted
from ...engine.instant import instant_texture
from ...engine.model import load_model
from ...engine.video import ReadStopped, probe
from ..device import choose_device
from ..stream import Rendered, render
from ..textures import open_texture

if TYPE_CHECKING:
    from ...engine.synthesis import Texture


class _Orders:
    """Lines of stdin as they come; ``ended`` once there are no more."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.ended = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> dict[str, Any] | None:
        line = self._lines.get()
        return None if line is None or self.ended.is_set() else json.loads(line)

    def _read(self) -> None:
        for line in sys.stdin:
            self._lines.put(line)
        self.ended.set()
        self._lines.put(None)


def tell(event: str, **facts: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
    sys.stdout.flush()


class _Textures:
    """The texture asked for, as large as each variant needs it; variants of one size follow each other."""

    def __init__(self, order: dict[str, Any], orders: _Orders) -> None:
        self._order, self._path, self._stop = order, Path(order["path"]), orders.ended.is_set
        self._model = load_model(self._path) if is_container(self._path) else None
        self._device = choose_device(tell=lambda text: tell("notice", text=text))
        self._opened: tuple[tuple[int, int] | None, Texture] | None = None
        self.notices: tuple[str, ...] = ()

    def of(self, size_hw: tuple[int, int] | None) -> Texture:
        if self._opened is None or self._opened[0] != size_hw:
            # Not both in memory; what refers to itself goes when it is looked for.
            self._opened = None
            gc.collect()
            self._opened = size_hw, fitted(self._open(size_hw), size_hw, fit=self._order["fit"])
        return self._opened[1]

    def _open(self, size_hw: tuple[int, int] | None) -> Texture:
        most = self._order["exemplar_bytes"]
        if self._model is None:
            span, rate = self._order["range"], self._order["rate"]
            rate = None if rate is None else Fraction(rate)
            info = probe(self._path, rate=rate)
            texture, self.notices = instant_texture(
                self._path,
                span=None if span is None else parse_span(span),
                short_side=short_side_for(info.size_hw, info.sample_aspect, size_hw),
                rate=rate,
                exemplar_bytes=most,
                stop=self._stop,
            )
            return texture
        source = self._order["source"] and Path(self._order["source"])
        return open_texture(
            self._model,
            self._device,
            layers=self._order["layers"],
            size_hw=size_hw,
            source=source,
            exemplar_bytes=most,
            stop=self._stop,
        )


def work(orders: _Orders) -> None:
    first = orders.next()
    if first is None:
        return
    # One thread a worker: the same bytes whichever worker makes a variant, and as fast as two threads are for one.
    threads.limit(1)
    textures = _Textures(first, orders)
    tell("ready")
    while (order := orders.next()) is not None:
        size_hw = order["size_hw"] and (order["size_hw"][0], order["size_hw"][1])
        texture = textures.of(size_hw)
        for text in textures.notices:
            tell("notice", text=text)
        frames = order["frames"] or texture.frames
        out = Path(first["folder"]) / order["name"]
        done = 0
        for event in render(
            texture,
            out,
            frames=range(frames),
            seed=order["seed"],
            fine_seed=order["fine_seed"],
            size_hw=size_hw,
            period=frames if order["loop"] else None,
            overwrite=True,
            stop=orders.ended.is_set,
        ):
            match event:
                case Notice(text=text):
                    tell("notice", text=text)
                case Rendered(frame=done):
                    tell("frame", name=order["name"], done=done / frames)
        if done == frames:
            tell("made", name=order["name"])


def main() -> None:
    try:
        work(_Orders())
    except ReadStopped:
        pass
    except UserError as error:
        tell("failure", problem=error.problem, remedy=error.remedy)
    except MemoryError:
        tell("failure", problem="There is not enough memory.", remedy="Give fewer --workers, or smaller --sizes.")
    except Exception as error:  # the parent shows it as its own
        tell("fault", details="".join(traceback.format_exception(error)))


if __name__ == "__main__":
    main()
