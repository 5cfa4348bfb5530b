"""The tools that draw a mask, and its key frames."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..background import Background
from ..document import Mask, Moving
from ..mask import key_of, shapes_at, with_key, with_shape, without_key
from ..mask.moving import motion_of, select_moving
from ..parts import button, hint

if TYPE_CHECKING:
    import numpy as np

    from ..studio import Studio

TOOLS = ("brush", "eraser", "polygon", "rectangle")
SHARE_STEPS = 100


class MaskBox(QWidget):
    """Bound to ``Project.replace.mask`` and to the view's tool, brush and frame."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._looking: Background | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._add_tools(column)
        self._add_moving(column)
        self._add_keys(column)
        studio.view.changed.connect(self._show_view)
        studio.document.changed.connect(self._show_mask)
        self._show_view()

    def select_moving(self) -> None:
        """Add all that moves to the mask, once it is known what does."""
        clip = self._studio.project.clip
        if clip is None or self._looking is not None:
            return
        frames, path = self._studio.project.range(), Path(clip.path)
        self.magic.setEnabled(False)
        self.magic.setText(self.tr("Looking…"))
        self._looking = Background(lambda: motion_of(path, frames, clip.sequence_rate))
        self._looking.done.connect(self._found)
        self._looking.failed.connect(self._studio.told)
        self._looking.failed.connect(self._looked)
        self._looking.start()

    def _add_tools(self, column: QVBoxLayout) -> None:
        names = (
            (self.tr("Brush"), "B", self.tr("Paint over what should go; a pen's pressure sets the width")),
            (self.tr("Eraser"), "E", self.tr("Take parts of the mask away")),
            (self.tr("Outline"), "P", self.tr("Click around it; the first point, Enter or a double click closes")),
            (self.tr("Rectangle"), "R", self.tr("Drag a rectangle")),
        )
        self._group = QButtonGroup(self)
        self.tools: list[QToolButton] = []
        tools = QHBoxLayout()
        for number, (name, key, tip) in enumerate(names):
            tool = QToolButton()
            tool.setText(name)
            tool.setCheckable(True)
            tool.setToolTip(f"{tip} ({key})")
            tool.setAccessibleDescription(tip)
            self._group.addButton(tool, number)
            self.tools.append(tool)
            tools.addWidget(tool, 1)
            QShortcut(QKeySequence(key), self).activated.connect(lambda number=number: self._take(number))
        QShortcut(QKeySequence("T"), self).activated.connect(lambda: self._studio.view.set({"tool": "reference"}))
        self._group.setExclusive(False)
        self._group.idClicked.connect(self._take)
        column.addLayout(tools)
        size = QHBoxLayout()
        size.addWidget(hint(self.tr("Size")))
        self.brush_size = QSlider(Qt.Orientation.Horizontal)
        self.brush_size.setRange(1, 200)
        self.brush_size.setAccessibleName(self.tr("Brush size"))
        self.brush_size.setToolTip(self.tr("Radius of the brush in pixels of the clip ([ and ])"))
        self.brush_size.valueChanged.connect(lambda value: self._studio.view.set({"brush_px": float(value)}))
        self._size_text = hint()
        size.addWidget(self.brush_size, 1)
        size.addWidget(self._size_text)
        column.addLayout(size)

    def _add_moving(self, column: QVBoxLayout) -> None:
        moving = QHBoxLayout()
        self.magic = button(
            self.tr("Select all that moves"), self.tr("Find what moves in the clip, and mask it"), self.select_moving
        )
        self.share = QSlider(Qt.Orientation.Horizontal)
        self.share.setRange(0, SHARE_STEPS)
        self.share.setAccessibleName(self.tr("How much of it"))
        self.share.setToolTip(self.tr("Only what moves most, or all that moves at all"))
        self.share.valueChanged.connect(self._set_share)
        moving.addWidget(self.magic)
        moving.addWidget(self.share, 1)
        column.addLayout(moving)

    def _add_keys(self, column: QVBoxLayout) -> None:
        self._keys = hint()
        column.addWidget(self._keys)
        grid = QGridLayout()
        self.key = button(
            self.tr("Key frame here"), self.tr("Let the mask change from this frame on (K with Shift)"), self._add_key
        )
        self.unkey = button(self.tr("Remove key"), self.tr("Take the key frame of here away"), self._remove_key)
        self.clear = button(self.tr("Clear mask"), self.tr("Begin anew; undo brings it back"), self._clear)
        self.onion = QCheckBox(self.tr("Neighbours"))
        self.onion.setToolTip(self.tr("Show the outlines of the key frames before and after (onion skin)"))
        self.onion.toggled.connect(lambda on: self._studio.view.set({"onion": on}))
        QShortcut(QKeySequence("Shift+K"), self).activated.connect(self._add_key)
        for place, each in enumerate((self.key, self.unkey, self.clear, self.onion)):
            grid.addWidget(each, place // 2, place % 2)
        column.addLayout(grid)

    def _take(self, number: int) -> None:
        """Take a tool in hand, or lay it down."""
        name = TOOLS[number]
        self._studio.view.set({"tool": "none" if self._studio.view.state.tool == name else name})
        self._show_view()

    def _show_view(self, *_: object) -> None:
        view = self._studio.view.state
        for name, tool in zip(TOOLS, self.tools, strict=True):
            tool.setChecked(view.tool == name)
        for widget, value in (
            (self.brush_size, round(view.brush_px)),
            (self.share, round(view.moving_share * SHARE_STEPS)),
        ):
            widget.blockSignals(True)
            widget.setValue(value)
            widget.blockSignals(False)
        self._size_text.setText(self.tr("{size} px").format(size=round(view.brush_px)))
        self.onion.blockSignals(True)
        self.onion.setChecked(view.onion)
        self.onion.blockSignals(False)
        self._show_mask()

    def _show_mask(self, *_: object) -> None:
        mask, frame = self._studio.project.replace.mask, self._studio.clip_frame()
        place = None if frame is None else key_of(mask, frame)
        if not mask.keys:
            text = self.tr("Nothing is masked yet.")
        elif len(mask.keys) == 1:
            text = self.tr("The mask is the same in all frames.")
        else:
            number = 0 if place is None else place + 1
            text = self.tr("Key frame {number} of {count}, at frame {frame}.")
            text = text.format(number=number, count=len(mask.keys), frame=mask.keys[place or 0].frame)
        self._keys.setText(text)
        here = any(key.frame == frame for key in mask.keys)
        self.key.setEnabled(bool(mask.keys) and frame is not None and not here)
        self.unkey.setEnabled(len(mask.keys) > 1 and place is not None)
        self.clear.setEnabled(bool(mask.keys))
        has_clip = self._studio.project.clip is not None
        for each in (*self.tools, self.brush_size, self.share):
            each.setEnabled(has_clip)
        self.magic.setEnabled(has_clip and self._looking is None)

    def _add_key(self) -> None:
        frame, mask = self._studio.clip_frame(), self._studio.project.replace.mask
        if frame is not None and mask.keys:
            self._studio.document.change(self.tr("Key frame"), {"replace.mask": with_key(mask, frame)})

    def _remove_key(self) -> None:
        frame, mask = self._studio.clip_frame(), self._studio.project.replace.mask
        if frame is not None and len(mask.keys) > 1:
            self._studio.document.change(self.tr("Remove key frame"), {"replace.mask": without_key(mask, frame)})

    def _clear(self) -> None:
        self._studio.document.change(self.tr("Clear mask"), {"replace.mask": Mask()})

    def _set_share(self, value: int) -> None:
        self._studio.view.set({"moving_share": value / SHARE_STEPS})
        if self._studio.motion is not None:
            self._select()

    def _found(self, motion_hw: np.ndarray) -> None:
        self._studio.motion = motion_hw
        self._looked()
        self._select()

    def _looked(self, *_: object) -> None:
        self._looking = None
        self.magic.setText(self.tr("Select all that moves"))
        self._show_mask()

    def _select(self) -> None:
        """Put what moves into the mask, in the place of what was selected so before."""
        frame = self._studio.clip_frame()
        motion = self._studio.motion
        if frame is None or motion is None:
            return
        mask = self._studio.project.replace.mask
        kept = tuple(shape for shape in shapes_at(mask, frame) if not isinstance(shape, Moving))
        place = key_of(mask, frame)
        selected = select_moving(motion, self._studio.view.state.moving_share)
        if place is None:
            mask = with_shape(mask, frame, selected)
        else:
            keys = list(mask.keys)
            keys[place] = type(keys[place])(frame=keys[place].frame, shapes=(selected, *kept))
            mask = Mask(keys=tuple(keys))
        self._studio.document.change(self.tr("Select all that moves"), {"replace.mask": mask}, merge="moving")
