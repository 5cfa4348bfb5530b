"""The mask's key frames: where they are, and what makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ..mask import keys
from ..mask.editing import Editing
from ..parts import button, hint

if TYPE_CHECKING:
    from ..document import Mask
    from ..studio import Studio


class KeyBox(QWidget):
    """Bound to ``Project.replace.mask`` and to the view's frame."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._editing = studio, Editing(studio)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.text = hint()
        column.addWidget(self.text)
        self._add_buttons(column)
        self._add_switches(column)
        studio.view.changed.connect(self._refresh)
        studio.document.changed.connect(self._refresh)
        self._refresh()

    def _add_buttons(self, column: QVBoxLayout) -> None:
        self.before = button(self.tr("Previous key"), self.tr("Go to the key frame before (,)"), self._go_before)
        self.after = button(self.tr("Next key"), self.tr("Go to the key frame after (.)"), self._go_after)
        self.add = button(
            self.tr("Key frame here"),
            self.tr("Let the mask change from this frame on: a key frame of what is masked here (Shift+K)"),
            self._add_key,
        )
        self.remove = button(
            self.tr("Remove key"), self.tr("Take away the key frame that counts in this frame"), self._remove_key
        )
        grid = QGridLayout()
        for place, each in enumerate((self.before, self.after, self.add, self.remove)):
            grid.addWidget(each, place // 2, place % 2)
        column.addLayout(grid)
        for key, does in ((",", self._go_before), (".", self._go_after), ("Shift+K", self._add_key)):
            QShortcut(QKeySequence(key), self).activated.connect(does)

    def _add_switches(self, column: QVBoxLayout) -> None:
        self.keying = QCheckBox(self.tr("Drawing makes key frames"))
        self.keying.setToolTip(
            self.tr("What you draw counts from the frame that you see on; else it counts in the key frame before, too")
        )
        self.onion = QCheckBox(self.tr("Neighbours"))
        self.onion.setToolTip(self.tr("Show the outlines of the key frames before (dashes) and after (dots)"))
        self.keying.toggled.connect(lambda on: self._studio.view.set({"keying": on}))
        self.onion.toggled.connect(lambda on: self._studio.view.set({"onion": on}))
        line = QHBoxLayout()
        line.addWidget(self.keying)
        line.addWidget(self.onion)
        line.addStretch(1)
        column.addLayout(line)

    def _refresh(self, *_: object) -> None:
        view, mask, frame = self._studio.view.state, self._editing.mask, self._studio.clip_frame()
        for widget, on in ((self.keying, view.keying), (self.onion, view.onion)):
            blocker = QSignalBlocker(widget)
            widget.setChecked(on)
            blocker.unblock()
        self.text.setText(self._words(mask, frame))
        before, after = (None, None) if frame is None else keys.neighbours(mask, frame)
        self.before.setEnabled(before is not None)
        self.after.setEnabled(after is not None)
        here = any(key.frame == frame for key in mask.keys)
        self.add.setEnabled(bool(mask.keys) and frame is not None and not here)
        self.remove.setEnabled(len(mask.keys) > 1 and frame is not None)

    def _words(self, mask: Mask, frame: int | None) -> str:
        if keys.is_empty(mask):
            return self.tr("Nothing is masked yet.")
        if len(mask.keys) == 1:
            return self.tr("The mask is the same in all frames.")
        key = None if frame is None else keys.key_at(mask, frame)
        if key is None:
            return self.tr("{count} key frames.").format(count=len(mask.keys))
        number = mask.keys.index(key) + 1
        text = self.tr("Key frame {number} of {count}, at frame {frame}.")
        return text.format(number=number, count=len(mask.keys), frame=key.frame)

    def _go_before(self) -> None:
        self._go(0)

    def _go_after(self) -> None:
        self._go(1)

    def _go(self, side: int) -> None:
        frame = self._studio.clip_frame()
        if frame is None:
            return
        key = keys.neighbours(self._editing.mask, frame)[side]
        if key is not None:
            self._editing.show(key.frame)

    def _add_key(self) -> None:
        frame, mask = self._studio.clip_frame(), self._editing.mask
        if frame is not None and mask.keys:
            self._editing.change(keys.with_key(mask, frame), self.tr("Key frame"))

    def _remove_key(self) -> None:
        frame, mask = self._studio.clip_frame(), self._editing.mask
        key = None if frame is None else keys.key_at(mask, frame)
        if key is not None and len(mask.keys) > 1:
            self._editing.change(keys.without_key(mask, key.frame), self.tr("Remove key frame"))
