"""The window's way to an editor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...ui.editing import Strip
from ..host import Change, Range, Step
from .client import RemoteEditor
from .records import strip_from
from .wire import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...ui.editing import Placement


class WindowLink:
    """Raises HostError where the editor of this session isn't there."""

    def __init__(self, path: Path) -> None:
        self._opened: Callable[[Strip, str], None] | None = None
        self._gone: Callable[[], None] = lambda: None
        self._early: list[dict[str, Any]] = []
        self._editor = RemoteEditor(path, "window", told=self._heard)
        self.title = self._editor.title

    def listen(self, opened: Callable[[Strip, str], None], gone: Callable[[], None]) -> None:
        self._opened, self._gone = opened, gone
        early, self._early = self._early, []
        for message in early:
            self._heard(message)

    def place(self, strip: Strip, title: str, placements: Sequence[Placement]) -> None:
        steps = [
            Step(kind=each.kind, media=Path(each.path), source=Range(each.first, each.stop), meta=each.meta)
            for each in placements
        ]
        self._editor.apply(Change(title=f"dtsgan: {title}", strip=strip.id, steps=tuple(steps)))

    def close(self) -> None:
        self._editor.close()

    def _heard(self, message: dict[str, Any]) -> None:
        if message["event"] == "gone":
            self._gone()
        elif message["event"] == "open" and self._opened is None:
            self._early.append(message)  # it comes as soon as there is a connection
        elif message["event"] == "open" and self._opened is not None:
            try:
                strip, meta = strip_from(message.get("strip")), message.get("meta")
            except ProtocolError:
                return  # an editor of ours doesn't send that
            made = meta if isinstance(meta, dict) else {}
            self._opened(_strip(strip, made), str(message.get("page", "")))


def _strip(strip: Any, made: dict[str, Any]) -> Strip:
    """Of a result of ours, what it was made from, if that is known."""
    path, first, stop = str(strip.media.path), strip.source.start, strip.source.stop
    of = made.get("of")
    if isinstance(of, dict) and isinstance(of.get("file"), str) and isinstance(of.get("frames"), list):
        frames = of["frames"]
        if len(frames) == 2 and all(type(each) is int and each >= 0 for each in frames) and Path(of["file"]).exists():
            path, (first, stop) = of["file"], frames
        else:
            made = {}
    return Strip(id=strip.id, name=strip.name, path=path, first=first, stop=stop, made=made)
