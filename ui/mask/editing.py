"""The mask of the project at the frame that is seen, and what changes it: each a step of undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..view import CLIP, PREVIEW
from . import keys

if TYPE_CHECKING:
    from ..document import Mask, Shape
    from ..studio import Studio
    from .keys import Shapes

FIELD = "replace.mask"


class Editing:
    """Shapes are those at the frame that is seen; without one, nothing is changed."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    @property
    def mask(self) -> Mask:
        return self.studio.project.replace.mask

    @property
    def shapes(self) -> Shapes:
        frame = self.studio.clip_frame()
        return () if frame is None else keys.shapes_at(self.mask, frame)

    def show(self, frame: int) -> None:
        """Show a frame of the clip: in the preview, if that is seen and has it."""
        view, state = self.studio.view, self.studio.previews.state
        count = state.pictures.count if state.pictures is not None else 0
        if view.state.showing == PREVIEW and 0 <= frame - state.first < count:
            view.set({"frame": frame - state.first})
        else:
            view.set({"showing": CLIP, "frame": frame})

    def add(self, shape: Shape, text: str) -> None:
        """Put one more shape on top."""
        frame = self.studio.clip_frame()
        if frame is not None:
            keying = self.studio.view.state.keying
            self.change(keys.with_shape(self.mask, frame, shape, keying=keying), text)

    def put(self, shapes: Shapes, text: str, *, merge: str = "") -> None:
        """Have others instead."""
        frame = self.studio.clip_frame()
        if frame is not None:
            keying = self.studio.view.state.keying
            self.change(keys.with_shapes(self.mask, frame, shapes, keying=keying), text, merge=merge)

    def exchange(self, place: int, shape: Shape, text: str, *, merge: str = "") -> None:
        """Put a shape in the place of another one."""
        shapes = self.shapes
        if place < len(shapes):
            self.put((*shapes[:place], shape, *shapes[place + 1 :]), text, merge=merge)

    def change(self, mask: Mask, text: str, *, merge: str = "") -> None:
        self.studio.document.change(text, {FIELD: mask}, merge=merge)
