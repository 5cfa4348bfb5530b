"""Small pictures of what an edit would look like, made while a person draws."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np
from msgspec import Struct, structs
from PySide6.QtCore import QObject, QTimer, Signal

from ..export.preview import Request, proxy_size, window_of
from ..export.preview.request import Patch
from . import words
from .background import Background
from .jobs import Worker
from .mask import is_empty
from .mask.files import write_mask
from .media import ArrayPictures
from .tasks.common import rate_text
from .tasks.replace import inject_of, learns_nothing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .document import Project

IDLE_MS = 5 * 60_000
"""After which the process gives its memory back."""

SILENCE_MS = 60_000

NICE = 2
"""A person waits for these: they go before the jobs."""


class Preview(Struct, frozen=True, kw_only=True):
    """``pictures`` show the clip from frame ``first`` on with the replacement made; while another is "working" they are
    those of the last one before. ``text`` says what goes on, or the problem, ``remedy`` what to do."""

    state: Literal["none", "working", "ready", "failed"] = "none"
    text: str = ""
    remedy: str = ""
    pictures: ArrayPictures | None = None
    first: int = 0


class Previews(QObject):
    """``changed`` is emitted whenever ``state`` is another. One is made at a time: what is asked for last counts."""

    changed = Signal()

    def __init__(self, program: Sequence[str], parent: QObject | None = None, *, silence_ms: int = SILENCE_MS) -> None:
        super().__init__(parent)
        self.program = tuple(program)
        self.state = Preview()
        self._silence_ms = silence_ms
        self._worker: Worker | None = None
        self._folder: Path | None = None
        self._number = 0
        self._closed = False
        self._asked: Project | None = None
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self.rest)
        self._watch = QTimer(self, singleShot=True, interval=silence_ms)
        self._watch.timeout.connect(self._hangs)

    def warm(self, project: Project | None = None, around: int = 0) -> None:
        """Start the process, and let it open what the project's previews near frame ``around`` take, so that the first
        one needn't wait for that."""
        if self._closed:
            return
        if self._worker is None:
            self._folder = Path(tempfile.mkdtemp(prefix="dtsgan-"))
            self._worker = worker = Worker(
                ["preview", "--json", "--folder", str(self._folder)], self, program=self.program, nice=NICE
            )
            worker.said.connect(self._said)
            worker.ended.connect(self._ended)
            worker.start()
        if project is not None and project.clip is not None and self._worker is not None:
            window = window_of(project.range(), around)
            self._worker.send(msgspec.to_builtins(request_of(project, self._number, window, None)))
        self._idle.start()

    def ask(self, project: Project, around: int = 0) -> None:
        """Make a preview of the replacement that the project describes, of the frames near ``around``."""
        clip = project.clip
        if self._closed:
            return  # a pause after the last stroke may end after that
        if clip is None or is_empty(project.replace.mask):
            self.clear()
            return
        self.warm()
        assert self._folder is not None
        self._number += 1
        number, folder = self._number, self._folder
        self._asked = project
        window, size_hw = window_of(project.range(), around), proxy_size(clip.size_hw)
        self._show(state="working", text=self.tr("Making a preview"), remedy="")
        self._watch.start()
        drawing = Background(lambda: write_mask(project.replace.mask, window, clip.size_hw, folder / "masks", size_hw))
        drawing.done.connect(lambda path: self._send(number, project, window, path))
        drawing.failed.connect(lambda problem, remedy: self._refused(number, problem, remedy))
        drawing.start()

    def clear(self) -> None:
        """Show none, and give up what is made."""
        self._number += 1
        self._watch.stop()
        if self._worker is not None and self.state.state == "working":
            self._worker.send(None)
        self._set(Preview())

    def rest(self) -> None:
        """End the process; the next preview starts another."""
        worker, self._worker = self._worker, None
        self._idle.stop()
        self._watch.stop()
        if worker is not None:
            worker.end()
            worker.deleteLater()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def close(self) -> None:
        """End the process, and give up the pictures; nothing is previewed from then on."""
        self._closed = True
        self._number += 1
        self.rest()
        self._set(Preview())

    def _send(self, number: int, project: Project, window: range, mask: Path) -> None:
        if number == self._number and self._worker is not None:
            self._worker.send(msgspec.to_builtins(request_of(project, number, window, mask)))

    def _said(self, record: dict[str, Any]) -> None:
        number = self._number
        if record.get("number") != number or record.get("event") not in ("preview", "refused"):
            return
        self._watch.stop()
        if record["event"] == "refused":
            self._refused(number, str(record.get("problem", "")), str(record.get("remedy", "")))
            return
        path = Path(str(record.get("frames", "")))
        if self._folder is None or self._folder not in path.parents:
            return
        first = record.get("first")
        loading = Background(lambda: _taken(path))
        loading.done.connect(lambda frames: self._ready(number, frames, int(first or 0)))
        loading.failed.connect(lambda problem, remedy: self._refused(number, problem, remedy))
        loading.start()

    def _ready(self, number: int, frames: np.ndarray, first: int) -> None:
        project = self._asked
        if number != self._number or project is None or project.clip is None:
            return
        clip = project.clip
        pictures = ArrayPictures(
            frames, rate=clip.rate, size_hw=clip.size_hw, sample_aspect=clip.sample_aspect, parent=self
        )
        text = self.tr("Preview: small, {count} frames, not saved.").format(count=len(frames))
        if learns_first(project):
            text = self.tr("Preview: small, nothing learned yet; full quality learns the clip first.")
        text = " ".join((text, *self._limits(project, range(first, first + len(frames)))))
        self._set(Preview(state="ready", text=text, pictures=pictures, first=first))

    def _limits(self, project: Project, seen: range) -> tuple[str, ...]:
        """What the full result does otherwise."""
        asked = project.replace
        said = []
        if asked.fill == "surround" and len(seen) < len(project.range()):
            said.append(self.tr("Full quality looks at all moments, not at these alone."))
        if asked.track:
            said.append(self.tr("Here the mask doesn't follow the camera."))
        patch = asked.reference
        if asked.fill == "patch" and patch is not None and patch.path is None and patch.frame not in seen:
            said.append(self.tr("Here the patch is taken from the nearest of these frames."))
        return tuple(said)

    def _refused(self, number: int, problem: str, remedy: str) -> None:
        if number == self._number:
            self._watch.stop()
            self._show(state="failed", text=words.for_window(problem), remedy=words.for_window(remedy))

    def _hangs(self) -> None:
        self.rest()
        self._show(
            state="failed",
            text=self.tr("The preview took too long and was stopped."),
            remedy=self.tr("Your drawing is safe. Draw on to try again, or make the full result."),
        )

    def _ended(self, code: int | None, last_words: str) -> None:
        del code, last_words
        self.rest()
        if self.state.state == "working":
            self._show(
                state="failed",
                text=self.tr("The preview's process ended unexpectedly."),
                remedy=self.tr("Your drawing is safe. Draw on to try again, or make the full result."),
            )

    def _show(self, **changes: Any) -> None:
        self._set(structs.replace(self.state, **changes))

    def _set(self, state: Preview) -> None:
        before, self.state = self.state, state
        if before.pictures is not None and before.pictures is not state.pictures:
            before.pictures.deleteLater()
        self.changed.emit()


def _taken(path: Path) -> np.ndarray:
    """The frames of a file, which is needed no more."""
    frames = np.load(path, allow_pickle=False)
    path.unlink(missing_ok=True)
    return frames


def request_of(project: Project, number: int, window: range, mask: Path | None) -> Request:
    """What the process is asked for; without a mask, to open what it takes."""
    clip, asked = project.clip, project.replace
    assert clip is not None
    patch = asked.reference
    return Request(
        number=number,
        clip=clip.path,
        window=(window.start, window.stop),
        mask=None if mask is None else str(mask),
        sequence_rate=None if clip.sequence_rate is None else rate_text(clip.sequence_rate),
        fill=asked.fill,
        reference=None if patch is None else Patch(**structs.asdict(patch)),
        inject=inject_of(asked.strength) if asked.fill == "patch" else None,
        feather_px=asked.feather_px,
        model=project.model,
        instant=learns_nothing(asked),
        seed=asked.seed,
    )


def learns_first(project: Project) -> bool:
    """Whether the full result takes a model that the preview does without."""
    asked = project.replace
    return asked.fill != "surround" and project.model is None and not learns_nothing(asked)
