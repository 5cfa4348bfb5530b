"""A process that renders variants of one texture, told what to do in JSON lines and telling what it did.

The first line on stdin says which texture; each one after it is a variant. Where stdin ends, because nothing is left,
the person stopped, or the parent died, the worker leaves nothing half done and ends.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...engine import threads
from ...engine.container import is_container
from ...engine.errors import UserError
from ...engine.events import Notice
from ...engine.fit import fitted
from ...engine.instant import instant_texture
from ...engine.model import load_model
from ...engine.video import ReadStopped
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


def texture_for(order: dict[str, Any], orders: _Orders) -> tuple[Texture, tuple[str, ...]]:
    path = Path(order["path"])
    if not is_container(path):
        return instant_texture(path, exemplar_bytes=order["exemplar_bytes"], stop=orders.ended.is_set)
    source = order["source"] and Path(order["source"])
    model = load_model(path)
    texture = open_texture(
        model,
        choose_device(tell=lambda text: tell("notice", text=text)),
        layers=order["layers"],
        source=source,
        exemplar_bytes=order["exemplar_bytes"],
        stop=orders.ended.is_set,
    )
    return texture, ()


def work(orders: _Orders) -> None:
    first = orders.next()
    if first is None:
        return
    # One thread a worker: the same bytes whichever worker makes a variant, and as fast as two threads are for one.
    threads.limit(1)
    texture, notices = texture_for(first, orders)
    tell("ready", notices=notices)
    while (order := orders.next()) is not None:
        frames = order["frames"] or texture.frames
        size_hw = order["size_hw"] and (order["size_hw"][0], order["size_hw"][1])
        out = Path(first["folder"]) / order["name"]
        done = 0
        for event in render(
            fitted(texture, size_hw, fit=first["fit"]),
            out,
            frames=range(frames),
            seed=order["seed"],
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
