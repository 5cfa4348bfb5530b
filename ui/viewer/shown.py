"""The pictures that are seen now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMetaObject, QObject, Signal

from ..media import ClipPictures
from ..view import CLIP
from .playing import Way, stride_of, upcoming, way_of

if TYPE_CHECKING:
    from fractions import Fraction

    from PySide6.QtGui import QImage

    from ..document import Result
    from ..media import Pictures
    from ..studio import Studio


MOST_PASSED = 64


class Shown(QObject):
    """Follows what a studio shows; ``changed`` is emitted when there is something else to paint.

    ``pictures`` are those of what is shown; ``image`` is its frame, or while that one isn't there the last one that
    was, and ``number`` that frame's; ``beside`` is the clip's corresponding frame, if the two are compared. Each is
    None where there is none.
    """

    changed = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.pictures: Pictures | None = None
        self.image: QImage | None = None
        self.number: int | None = None
        self.beside: QImage | None = None
        self._beside_number: int | None = None
        self._clip: Pictures | None = None
        self._passed: list[int] = []  # frames that were to be seen since the one that is
        self._links: list[QMetaObject.Connection] = []
        self._clip_links: list[QMetaObject.Connection] = []
        studio.view.changed.connect(self.refresh)
        studio.document.changed.connect(self.refresh)
        studio.previews.changed.connect(self.refresh)
        self.refresh()

    @property
    def result(self) -> Result | None:
        return self._studio.result(self._studio.view.state.showing)

    @property
    def problem(self) -> tuple[str, str] | None:
        return None if self.pictures is None else self.pictures.problem

    def way(self) -> tuple[Way, Fraction] | None:
        """What is played, and its rate; None while nothing is known."""
        if self.pictures is None or not self.pictures.count:
            return None
        view, count, rate = self._studio.view.state, self.pictures.count, self.pictures.rate
        return way_of(view, self._studio.project, self.result, count, rate), rate

    def clip_frame(self) -> int | None:
        """The clip's frame to compare with; None where the one shown is new."""
        return self._studio.clip_frame(self.number)

    def sharp_image(self) -> QImage | None:
        """The frame in the clip's own size, for who looks closely while nothing moves; else ``image``."""
        if self.pictures is None or self.number is None or self._studio.view.state.speed:
            return self.image
        return self.pictures.whole_picture(self.number) or self.image

    def refresh(self, *_: object) -> None:
        """Fetch what the studio says is shown."""
        pictures = self._studio.pictures()
        if pictures is not self.pictures:
            self._follow(pictures)
        view = self._studio.view.state
        if pictures is not None and pictures.count and not 0 <= view.frame < pictures.count:
            self._studio.view.set({"frame": max(0, min(view.frame, pictures.count - 1))})
            return
        if pictures is not None and pictures.count:
            pictures.want_all(self._wanted(pictures))
            if self._passed[-1:] != [view.frame]:
                self._passed = [*self._passed[-MOST_PASSED:], view.frame]
            self._take(view.frame)
        self._compare()
        self.changed.emit()

    def _follow(self, pictures: Pictures | None) -> None:
        _unlink(self._links)
        if not _same_file(pictures, self.pictures):
            self.image = self.number = None
        self.pictures = pictures
        self._passed.clear()
        if pictures is not None:
            self._links = [
                pictures.arrived.connect(self._arrived),
                pictures.opened.connect(self.refresh),
                pictures.failed.connect(self.changed),
                pictures.mended.connect(self.changed),
                pictures.sharpened.connect(self.changed),
            ]

    def _wanted(self, pictures: Pictures) -> list[int]:
        view, known = self._studio.view.state, self.way()
        assert known is not None
        if not view.speed:
            # Those after it are decoded without seeking, and are the likeliest to be asked for next.
            return list(range(view.frame, min(pictures.count, view.frame + 4)))
        step = stride_of(known[1], view.speed) * (1 if view.speed > 0 else -1)
        return upcoming(known[0], view.frame, step, pictures.ahead, wraps=view.repeat != "none")

    def _take(self, number: int) -> bool:
        """Show a frame, if it is there."""
        image = self.pictures.picture(number) if self.pictures is not None else None
        if image is None:
            return False
        self.image, self.number = image, number
        self._passed = self._passed[self._passed.index(number) + 1 :]
        return True

    def _arrived(self, number: int) -> None:
        # One that comes late is better than none: it is newer than what is seen.
        if number in self._passed and self._take(number):
            self._compare()
            self.changed.emit()

    def _compare(self) -> None:
        """Fetch what to compare with."""
        view, clip = self._studio.view.state, self._studio.project.clip
        other = self._studio.result(view.against)
        self.beside = None
        if view.compare != "none" and other is not None:
            self._compare_with(self._studio.media.open(Path(other.path)), view.frame)
            return
        number = self.clip_frame()
        if view.compare == "none" or clip is None or number is None:
            return
        if view.showing == CLIP:
            self.beside = self.image
            return
        self._compare_with(self._studio.media.open(Path(clip.path), sequence_rate=clip.sequence_rate), number)

    def _compare_with(self, pictures: ClipPictures, number: int) -> None:
        view = self._studio.view.state
        if pictures is not self._clip:
            _unlink(self._clip_links)
            self._clip = pictures
            self._clip_links = [
                pictures.arrived.connect(self._beside_arrived),
                pictures.opened.connect(self.refresh),
            ]
        self._beside_number = number
        pictures.want(number, step=1 if view.speed > 0 else -1 if view.speed < 0 else 0)
        self.beside = pictures.picture(number)

    def _beside_arrived(self, number: int) -> None:
        if self.beside is None and number == self._beside_number and self._clip is not None:
            self.beside = self._clip.picture(number)
            self.changed.emit()


def _same_file(pictures: Pictures | None, other: Pictures | None) -> bool:
    """Whether a file was closed for others, and opened again: what was seen of it still holds."""
    return isinstance(pictures, ClipPictures) and isinstance(other, ClipPictures) and pictures.path == other.path


def _unlink(links: list[QMetaObject.Connection]) -> None:
    """Part from pictures, which may have been closed meanwhile."""
    for link in links:
        QObject.disconnect(link)
    links.clear()
