"""An editor that the window works for: it sends strips here, and takes results onto its timeline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from .background import Background
from .binding import Store
from .view import CLIP, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .document import Footage, Result
    from .studio import Studio


class Strip(Struct, frozen=True, kw_only=True):
    """A strip of the editor's timeline: frames ``first`` to before ``stop`` of the file ``path``. Of a result of ours
    ``made`` says how it was made; ``path`` and the frames are then of what it was made from."""

    id: str
    name: str
    path: str
    first: int
    stop: int
    made: dict[str, Any] = {}


class Placement(Struct, frozen=True, kw_only=True):
    """Frames of a file, to be put beside, in place of or above a strip."""

    kind: Literal["insert_after", "replace", "overlay", "variant"]
    path: str
    first: int
    stop: int
    meta: dict[str, Any]


class Link(Protocol):
    """The way to the editor; the plugin's part makes it. All but ``title`` may take a while."""

    title: str

    def listen(self, opened: Callable[[Strip, str], None], gone: Callable[[], None]) -> None:
        """Call ``opened`` with each strip that is sent, and the page to show it on; ``gone`` once the editor is. Both
        are called on another thread."""
        ...

    def place(self, strip: Strip, title: str, placements: Sequence[Placement]) -> None:
        """Raises UserError."""
        ...

    def close(self) -> None: ...


class Connected(Struct, frozen=True, kw_only=True):
    """``title`` is the editor's, empty without one; ``strip`` the one it sent last; ``placing`` while a result is being
    put there."""

    title: str = ""
    strip: Strip | None = None
    placing: bool = False
    done: str = ""


class Editing(QObject):
    """Of a studio. Its ``state`` is what pages show of the editor."""

    _opened = Signal(object, str)
    _gone = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._link: Link | None = None
        self.store = Store(Connected(), self)
        self._opened.connect(self._open)
        self._gone.connect(self._lost)

    @property
    def state(self) -> Connected:
        return self.store.state

    def connect_to(self, link: Link) -> None:
        self._link = link
        self.store.set({"title": link.title})
        link.listen(self._opened.emit, self._gone.emit)

    def can_place(self, results: Sequence[Result]) -> bool:
        """Whether these can be put into the editor now: they were made of what it sent."""
        strip, clip = self.state.strip, self._studio.project.clip
        if not results or strip is None or clip is None or self.state.placing or not self.state.title:
            return False
        return Path(clip.path) == Path(strip.path)

    def place(self, results: Sequence[Result]) -> None:
        """Put results onto its timeline, as one step of its undo; how that went is told."""
        link, strip = self._link, self.state.strip
        if link is None or strip is None or not self.can_place(results):
            return
        placements = [placement_of(result, strip) for result in results]
        title = results[0].title
        placing = Background(lambda: link.place(strip, title, placements))
        placing.done.connect(self._placed)
        placing.failed.connect(self._not_placed)
        self.store.set({"placing": True, "done": ""})
        placing.start()

    def close(self) -> None:
        if self._link is not None:
            self._link.close()

    def _open(self, strip: Strip, page: str) -> None:
        self.store.set({"strip": strip, "done": ""})

        def known(clip: Footage | None = None) -> None:
            """Its part and its page are shown, and, of a result of ours, with the seed after its own."""
            del clip
            changes: dict[str, Any] = {"span": (strip.first, strip.stop)}
            seed = strip.made.get("options", {}).get("seed") if isinstance(strip.made.get("options"), dict) else None
            if page in ("extend", "replace") and type(seed) is int and 0 <= seed < 1 << 30:
                changes[f"{page}.seed"] = seed + 1
            self._studio.document.change(self.tr("Open strip"), changes)
            shown = page if page in get_args(Page) else "extend"
            self._studio.view.set({"page": shown, "showing": CLIP, "frame": strip.first, "speed": 0.0})

        clip = self._studio.project.clip
        if clip is not None and Path(clip.path) == Path(strip.path):
            known()
        else:
            self._studio.opening.open_clip(Path(strip.path), then=known)

    def _placed(self, _: object) -> None:
        done = self.tr("Put into {editor}.").format(editor=self.state.title)
        self.store.set({"placing": False, "done": done})

    def _not_placed(self, problem: str, remedy: str) -> None:
        self.store.set({"placing": False})
        self._studio.tell(problem, remedy)

    def _lost(self) -> None:
        text = self.tr("{editor} doesn't answer any more.").format(editor=self.state.title)
        remedy = self.tr("Your project stays. Once it is open again, results can be put there as before.")
        self._studio.tell(text, remedy)


def placement_of(result: Result, strip: Strip) -> Placement:
    """Where a result goes: new frames that follow the strip behind it; what shows the strip anew in its place, or above
    it as a layer; variants above, muted. What replaces a result of ours takes its place."""
    kept, whole = result.kept, (0, result.frames)
    follows = result.made_by == "extend" and kept is not None and kept[0] == 0 and kept[1] < result.frames
    fits = kept is not None and (result.kept_from, result.kept_from + kept[1] - kept[0]) == (strip.first, strip.stop)
    if result.made_by == "variants":
        kind, frames = "variant", whole
    elif follows and fits and kept is not None:
        kind, frames = ("replace" if strip.made else "insert_after"), (kept[1], result.frames)
    elif result.made_by == "replace" and '"layer":true' in result.settings:
        kind, frames = "overlay", whole
    else:
        kind, frames = "replace", whole
    meta = {
        "version": 1,
        "edit": "loop" if result.loop else result.made_by,
        "options": {**msgspec.json.decode(result.settings or "{}"), "seed": result.seed, "model": result.model},
        "of": {"file": strip.path, "frames": [strip.first, strip.stop]},
        "made": result.path,
    }
    return Placement(kind=kind, path=result.path, first=frames[0], stop=frames[1], meta=meta)
