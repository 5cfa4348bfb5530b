"""When a preview is asked for, and when it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from .view import CLIP, PREVIEW

if TYPE_CHECKING:
    from .document import Project
    from .studio import Studio
    from .view import View

PAUSE_MS = 80
"""Sliders move many times a second."""


class Previewing(QObject):
    """On the page "replace", every change of the replacement is previewed; the preview is shown when it is there."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.ask)
        studio.document.changed.connect(self._changed)
        studio.view.changed.connect(self._turned)
        studio.previews.changed.connect(self._made)

    def ask(self) -> None:
        """Make one of what is seen now."""
        frame = self._studio.clip_frame()
        frames = self._studio.project.range()
        self._studio.previews.ask(self._studio.project, frames.start if frame is None else frame)

    def show(self, *, preview: bool) -> None:
        """Show the preview, or the clip, at the same frame."""
        frame = self._studio.clip_frame() or 0
        state = self._studio.previews.state
        if not preview:
            self._studio.view.set({"showing": CLIP, "frame": frame})
        elif state.pictures is not None:
            frame = min(max(frame - state.first, 0), state.pictures.count - 1)
            self._studio.view.set({"showing": PREVIEW, "frame": frame})

    def _changed(self, before: Project, after: Project) -> None:
        names = ("clip", "span", "model", "replace")
        if self._studio.view.state.page == "replace" and any(
            getattr(before, name) != getattr(after, name) for name in names
        ):
            self._timer.start()

    def _turned(self, before: View, view: View) -> None:
        if view.page == before.page:
            return
        if view.page == "replace" and self._studio.project.clip is not None:
            self._studio.previews.warm(self._studio.project, self._studio.clip_frame() or 0)
            self._timer.start()
        elif before.page == "replace" and view.showing == PREVIEW:
            self.show(preview=False)

    def _made(self) -> None:
        view, state = self._studio.view.state, self._studio.previews.state
        if state.pictures is None and view.showing == PREVIEW:
            self._studio.view.set({"showing": CLIP})
        elif state.state == "ready" and view.page == "replace" and view.showing in (CLIP, PREVIEW):
            self.show(preview=True)
