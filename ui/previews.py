"""Small pictures of what an edit would look like, made while a person draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .document import Project
    from .media import ArrayPictures


class Preview(Struct, frozen=True, kw_only=True):
    """``pictures`` are as many frames as the project's range has, from its first on, with ``state`` "ready", and
    those of the last one before while another is "working"; ``text`` says what goes on, or the problem."""

    state: Literal["none", "working", "ready", "failed"] = "none"
    text: str = ""
    remedy: str = ""
    pictures: ArrayPictures | None = None


class Previews(QObject):
    """``changed`` is emitted whenever ``state`` is another. One is made at a time: what is asked for last counts."""

    changed = Signal()

    def __init__(self, program: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.program = tuple(program)
        self.state = Preview()

    def ask(self, project: Project) -> None:
        """Make a preview of the replacement that the project describes; at once, in a process that stays warm."""

    def clear(self) -> None:
        """Show none."""

    def close(self) -> None:
        """End the process."""
