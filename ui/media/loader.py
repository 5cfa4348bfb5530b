"""A thread that decodes what is wanted next, and nothing else."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import TYPE_CHECKING

from av.error import FFmpegError
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QImage

from ...engine.errors import UserError
from ...engine.video.index import ReadStopped
from ...engine.video.sequence import is_sequence
from ...engine.video.viewing import Viewing
from .images import screen_image
from .worker import ThreadWorker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction
    from pathlib import Path

    from .kept import Kept

MOST_SIDE = 1920
"""Of the pictures that are shown; the largest screens stretch them."""

NEAR = 24
"""Frames that are sooner decoded through than sought."""

MOST_ASKED = 64
"""Single frames waited for, the latest: whoever scrolled on doesn't need the others any more."""

RECHECK_S = 1.0
"""How often an idle loader looks whether its file is still there and still the same."""

READ_ERRORS = (UserError, OSError, FFmpegError)

Stamp = tuple[int, int] | None


class Loader(ThreadWorker):
    """Fills ``kept`` with pictures of a file.

    ``opened`` brings what is known of the file (ClipInfo): again, if it is replaced by another. ``loaded`` brings the
    number of a frame whose picture is there, ``loaded_whole`` one in the clip's own size. ``failed`` is emitted once
    where frames can't be had, and again only after the file was whole in between; ``mended`` when a file that had
    vanished is back.
    """

    opened = Signal(object)
    loaded = Signal(int)
    loaded_whole = Signal(int, QImage)
    failed = Signal(str, str)
    mended = Signal()

    def __init__(self, path: Path, sequence_rate: Fraction | None, kept: Kept) -> None:
        super().__init__(f"frames of {path.name}")
        self._path, self._rate, self._kept = path, sequence_rate, kept
        self._changed = threading.Condition()
        self._wanted: tuple[int, ...] = ()
        self._backwards = False
        self._asked: list[int] = []
        self._whole: int | None = None
        self._lost: set[int] = set()
        self._count = 0
        self._failing = False

    def want(self, numbers: Sequence[int]) -> None:
        """Load these, the first at once, the others ahead of their time in this order; no longer any wanted before."""
        with self._changed:
            self._wanted = tuple(numbers)
            falls = sum(after < before for before, after in pairwise(numbers))
            self._backwards = 2 * falls > len(numbers)
            self._changed.notify()

    def ask(self, number: int) -> None:
        """Load one frame when those wanted are there."""
        with self._changed:
            if number not in self._asked and number not in self._wanted:
                self._asked = [*self._asked[1 - MOST_ASKED :], number]
                self._changed.notify()

    def ask_whole(self, number: int) -> None:
        """Load one frame in the clip's own size when nothing else is to do; no longer any asked for before."""
        with self._changed:
            self._whole = number
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            super().close()
            self._changed.notify()

    def work(self) -> None:
        try:
            while not self.closed:
                self._serve()
        except ReadStopped:
            return

    def _serve(self) -> None:
        """Open the file and load from it until it is closed, or becomes another."""
        stamp = self._stamp()
        try:
            viewing = Viewing(self._path, rate=self._rate, most_side=MOST_SIDE, screen=True, stop=lambda: self.closed)
        except READ_ERRORS as error:
            self._fail(*self._words(error))
            self._until_other(stamp)
            return
        self._lost.clear()
        self._count = viewing.info.frames
        self._kept.clear()
        self._failing = False
        self.opened.emit(viewing.info)
        while not self.closed:
            now = self._stamp()
            if now is None:
                self._wait_for_file()
            elif now != stamp:
                return
            elif (number := self._next(None)) is not None:
                self._load(viewing, number)
            elif self._whole is not None:
                self._load_whole(viewing)

    def _load(self, viewing: Viewing, goal: int) -> None:
        """Decode on from a frame for as long as the next one wanted is near ahead."""
        at = goal - 1
        try:
            for at, frame in viewing.decoded(goal):
                # A goal is kept even if it comes late: else, where decoding is slow, none would ever be in time.
                if at == goal or self._needs(at):
                    self._keep(at, screen_image(viewing.picture(frame), alpha=viewing.info.alpha))
                if at < goal and self._needs(goal):
                    continue
                following = self._next(at)
                if following is None or not at < following <= at + NEAR:
                    return
                goal = max(goal, following) if at < goal else following
        except READ_ERRORS as error:
            if self._stamp() is not None:
                self._lost.update(range(at + 1, goal + 1))
                self._fail(*self._words(error, goal))

    def _load_whole(self, viewing: Viewing) -> None:
        with self._changed:
            number, self._whole = self._whole, None
        if number is None or not self._there(number):
            return
        try:
            _, frame = next(iter(viewing.decoded(number)))
            image = screen_image(viewing.whole_picture(frame), alpha=viewing.info.alpha)
        except READ_ERRORS:
            return  # it is shown smaller
        if not self.closed:
            self.loaded_whole.emit(number, image)

    def _keep(self, number: int, image: QImage) -> None:
        with self._changed:
            self._asked = [each for each in self._asked if each != number]
            if self.closed:
                return
            self._kept.put(number, image, needed=self._wanted)
        self.loaded.emit(number)

    def _next(self, at: int | None) -> int | None:
        """The number of the frame to load next, while decoding is at a frame or nowhere; None if for a while there was
        none: then files are closed, since some systems let nobody replace an open one."""
        with self._changed:
            number = self._pick(at)
            idle = number is None and self._whole is None and not self.closed
            if idle and self._changed.wait(RECHECK_S):
                number = self._pick(at)
            return None if self.closed else number

    def _pick(self, at: int | None) -> int | None:
        missing = [each for each in self._wanted if each not in self._kept and self._there(each)]
        asked = next((each for each in reversed(self._asked) if self._there(each)), None)
        if not missing:
            return asked
        now = missing[0] == self._wanted[0]
        near = [] if at is None else [each for each in missing if at < each <= at + NEAR]
        if near and (self._backwards or not now):
            return min(near)
        if not self._backwards:
            return missing[0]
        # Backwards, many are decoded forwards in one go: each go begins at a key frame, which may be far back.
        return min(missing) if now or 2 * len(missing) >= len(self._wanted) else asked

    def _needs(self, number: int) -> bool:
        return number not in self._kept and (number in self._wanted or number in self._asked)

    def _there(self, number: int) -> bool:
        return number < self._count and number not in self._lost

    def _stamp(self) -> Stamp:
        """What tells this file, or folder, from another in its place; None where there is none."""
        path = self._path if self._path.exists() or not is_sequence(self._path) else self._path.parent
        try:
            facts = path.stat()
        except OSError:
            return None
        return facts.st_mtime_ns, facts.st_size

    def _wait_for_file(self) -> None:
        """Say that it is gone, and wait until it is back."""
        problem = QCoreApplication.translate("Loader", "{name} is no longer where it was.")
        remedy = QCoreApplication.translate("Loader", "Put it back into {folder}, or open it where it is now.")
        self._fail(problem.format(name=self._path.name), remedy.format(folder=self._path.parent))
        self._until_other(None)
        if not self.closed:
            self._failing = False
            self.mended.emit()

    def _until_other(self, stamp: Stamp) -> None:
        with self._changed:
            while not self.closed and self._stamp() == stamp:
                self._changed.wait(RECHECK_S)

    def _fail(self, problem: str, remedy: str) -> None:
        if not self._failing and not self.closed:
            self._failing = True
            self.failed.emit(problem, remedy)

    def _words(self, error: Exception, number: int | None = None) -> tuple[str, str]:
        if isinstance(error, UserError) and number is None:
            return error.problem, error.remedy
        if isinstance(error, UserError):
            remedy = QCoreApplication.translate("Loader", "Leave it out with in and out points, or export it again.")
            return error.problem, remedy
        problem = QCoreApplication.translate("Loader", "{name} can't be read: {reason}.")
        remedy = QCoreApplication.translate("Loader", "Check that it is still there and may be read.")
        reason = getattr(error, "strerror", None) or str(error)
        return problem.format(name=self._path.name, reason=reason), remedy
