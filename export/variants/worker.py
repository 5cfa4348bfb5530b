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
from typing import Any

from ...engine import threads
from ...engine.errors import UserError
from ...engine.events import Notice
from ...engine.video import ReadStopped
from ..stream import Rendered, render
from .opening import Ingredients, Textures


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


def work(orders: _Orders) -> None:
    first = orders.next()
    if first is None:
        return
    # One thread a worker: the same bytes whichever worker makes a variant, and as fast as two threads are for one.
    threads.limit(1)
    folder = Path(first.pop("folder"))
    first["layers"] = first["layers"] and tuple(first["layers"])
    textures = Textures(Ingredients(**first), tell=lambda text: tell("notice", text=text), stop=orders.ended.is_set)
    tell("ready")
    while (order := orders.next()) is not None:
        size_hw = order["size_hw"] and (order["size_hw"][0], order["size_hw"][1])
        texture = textures.of(size_hw)
        frames = order["frames"] or texture.frames
        out = folder / order["name"]
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
