"""What a person can do in the viewer: each is one change of the view, or of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ..view import CLIP
from .playing import joints_of, shuttled, way_of

if TYPE_CHECKING:
    from ..studio import Studio
    from .shown import Shown

COMPARES = ("none", "wipe", "side")
REPEATS = ("none", "all", "range")


class Commands:
    """Buttons, keys and menus call these; where one can't be done, nothing happens."""

    def __init__(self, studio: Studio, shown: Shown) -> None:
        self._studio, self._shown = studio, shown

    @property
    def count(self) -> int:
        """Frames of what is shown; 0 while unknown."""
        return self._shown.pictures.count if self._shown.pictures is not None else 0

    @property
    def joints(self) -> tuple[int, ...]:
        return joints_of(self._shown.result)

    @property
    def can_mark(self) -> bool:
        """Whether in and out points can be set: those of the clip, while it is seen."""
        clip = self._studio.project.clip
        return clip is not None and self._studio.view.state.showing == CLIP and self.count > 0

    def play_or_stop(self) -> None:
        if self._studio.view.state.speed:
            self.stop()
        else:
            self.play(1.0)

    def play(self, speed: float) -> None:
        """From where it is; from the other end where it has arrived at one and isn't repeated."""
        view, known = self._studio.view.state, self._shown.way()
        if known is None:
            return
        way, changes = known[0], {"speed": speed}
        last = way.frame(-1 if speed > 0 else 0)
        if view.repeat == "none" and view.frame == last:
            changes["frame"] = way.frame(0 if speed > 0 else -1)
        self._studio.view.set(changes)

    def stop(self) -> None:
        self._studio.view.set({"speed": 0.0})

    def shuttle(self, direction: int) -> None:
        """J (-1) and L (1): that way, faster each time."""
        self.play(shuttled(self._studio.view.state.speed, direction))

    def step(self, frames: int) -> None:
        """Stop, and go so many frames on."""
        self.go_to(self._studio.view.state.frame + frames)

    def step_seconds(self, seconds: int) -> None:
        if self._shown.pictures is not None:
            self.step(seconds * round(self._shown.pictures.rate))

    def go_to(self, frame: int) -> None:
        if self.count:
            self._studio.view.set({"frame": max(0, min(frame, self.count - 1)), "speed": 0.0})

    def first(self) -> None:
        self.go_to(0)

    def last(self) -> None:
        self.go_to(self.count - 1)

    def set_in(self) -> None:
        """Use the clip from the frame that is seen on."""
        frame, used = self._studio.view.state.frame, self._studio.project.range()
        if self.can_mark:
            stop = used.stop if used.stop > frame else self.count
            self._mark(QCoreApplication.translate("Viewer", "Set in point"), frame, stop)

    def set_out(self) -> None:
        """Use the clip up to the frame that is seen, with it."""
        frame, used = self._studio.view.state.frame, self._studio.project.range()
        if self.can_mark:
            start = used.start if used.start <= frame else 0
            self._mark(QCoreApplication.translate("Viewer", "Set out point"), start, frame + 1)

    def clear_marks(self) -> None:
        if self._studio.project.span is not None:
            self._studio.document.change(
                QCoreApplication.translate("Viewer", "Clear in and out points"), {"span": None}
            )

    def go_to_in(self) -> None:
        if self.can_mark:
            self.go_to(self._studio.project.range().start)

    def go_to_out(self) -> None:
        if self.can_mark:
            self.go_to(self._studio.project.range().stop - 1)

    def repeat(self, how: str) -> None:
        self._studio.view.set({"repeat": how})

    def next_repeat(self) -> None:
        self.repeat(_after(self._studio.view.state.repeat, REPEATS))

    def next_joint(self) -> None:
        """Play across the first joint again and again, then across the next; after the last, all of it."""
        view, count = self._studio.view.state, len(self.joints)
        if view.repeat != "joint" and count:
            self.play_joint(0)
        elif view.repeat == "joint" and view.joint + 1 < count:
            self.play_joint(view.joint + 1)
        elif view.repeat == "joint":
            self.repeat("all")

    def play_joint(self, number: int) -> None:
        """Play across one of the joints of a result again and again."""
        pictures, view, result = self._shown.pictures, self._studio.view, self._shown.result
        if pictures is None or not pictures.count or number >= len(self.joints):
            return
        view.set({"repeat": "joint", "joint": number})
        way = way_of(view.state, self._studio.project, result, pictures.count, pictures.rate)
        view.set({"frame": way.frame(0), "speed": 1.0})

    def compare(self, how: str) -> None:
        """ "wipe" or "side"; the same once more ends it."""
        now = self._studio.view.state.compare
        self._studio.view.set({"compare": "none" if how == now else how})

    def next_compare(self) -> None:
        self._studio.view.set({"compare": _after(self._studio.view.state.compare, COMPARES)})

    def slice(self) -> None:
        self._studio.view.set({"slice": not self._studio.view.state.slice})

    def _mark(self, text: str, start: int, stop: int) -> None:
        span = None if (start, stop) == (0, self.count) else (start, stop)
        self._studio.document.change(text, {"span": span})


def _after(value: str, values: tuple[str, ...]) -> str:
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]
