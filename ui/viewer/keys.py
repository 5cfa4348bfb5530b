"""The viewer's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from .canvas import Canvas
    from .commands import Commands

Key = Qt.Key


class Keys:
    """Both methods say whether the key meant something here."""

    def __init__(self, commands: Commands, canvas: Canvas) -> None:
        self._commands, self._canvas = commands, canvas
        self._stop_down = False
        self._plain: dict[int, Callable[[], object]] = {
            Key.Key_J: lambda: self._shuttle(-1),
            Key.Key_L: lambda: self._shuttle(1),
            Key.Key_Left: lambda: commands.step(-1),
            Key.Key_Right: lambda: commands.step(1),
            Key.Key_Home: commands.first,
            Key.Key_End: commands.last,
            Key.Key_I: commands.set_in,
            Key.Key_O: commands.set_out,
            Key.Key_X: commands.clear_marks,
            Key.Key_R: commands.next_repeat,
            Key.Key_N: commands.next_joint,
            Key.Key_C: commands.next_compare,
            Key.Key_T: commands.slice,
            Key.Key_F: canvas.fit,
            Key.Key_1: lambda: canvas.zoom_to(1.0),
            Key.Key_Plus: lambda: canvas.zoom_by(1.25),
            Key.Key_Equal: lambda: canvas.zoom_by(1.25),
            Key.Key_Minus: lambda: canvas.zoom_by(0.8),
        }
        self._with_shift: dict[int, Callable[[], object]] = {
            Key.Key_Left: lambda: commands.step_seconds(-1),
            Key.Key_Right: lambda: commands.step_seconds(1),
            Key.Key_I: commands.go_to_in,
            Key.Key_O: commands.go_to_out,
            Key.Key_Plus: lambda: canvas.zoom_by(1.25),
        }

    def press(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Key.Key_Space and modifiers == Qt.KeyboardModifier.NoModifier:
            if not event.isAutoRepeat():
                self._canvas.hand.set_moves(True)
            return True
        if event.key() == Key.Key_K and modifiers == Qt.KeyboardModifier.NoModifier:
            self._stop_down = True
            self._commands.stop()
            return True
        table = {Qt.KeyboardModifier.NoModifier: self._plain, Qt.KeyboardModifier.ShiftModifier: self._with_shift}
        does = table.get(modifiers, {}).get(event.key())
        if does is None:
            return False
        if event.isAutoRepeat() and event.key() not in (Key.Key_Left, Key.Key_Right):
            return True
        does()
        return True

    def release(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat() or event.key() not in (Key.Key_Space, Key.Key_K):
            return False
        if event.key() == Key.Key_K:
            self._stop_down = False
        elif self._canvas.hand.moves:
            # Space alone plays; space with a button moved the picture.
            self._canvas.hand.set_moves(False)
            if not self._canvas.hand.moved:
                self._commands.play_or_stop()
        return True

    def forget(self) -> None:
        """Keys that are down may be released elsewhere."""
        self._stop_down = False
        self._canvas.hand.set_moves(False)

    def _shuttle(self, direction: int) -> None:
        if self._stop_down:
            self._commands.step(direction)
        else:
            self._commands.shuttle(direction)
