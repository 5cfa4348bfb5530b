"""The tools that draw a mask."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..background import Background
from ..document import Mask, Moving
from ..mask.editing import Editing
from ..mask.keys import inverted
from ..mask.moving import motion_of, select_moving
from ..parts import button, hint
from .key_box import KeyBox

if TYPE_CHECKING:
    import numpy as np

    from ..studio import Studio

TOOLS = ("brush", "eraser", "polygon", "rectangle")
SHARE_STEPS = 100


class MaskBox(QWidget):
    """Bound to ``Project.replace.mask`` and to the view's tool, brush and frame."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._editing = studio, Editing(studio)
        self._looking: Background | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._add_tools(column)
        self._add_moving(column)
        self._add_whole(column)
        self.keys = KeyBox(studio)
        column.addWidget(self.keys)
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
            (self.tr("Rectangle"), "M", self.tr("Drag a rectangle")),
        )
        self._group = QButtonGroup(self)
        self.tools: list[QToolButton] = []
        tools = QHBoxLayout()
        for number, (name, key, tip) in enumerate(names):
            tool = QToolButton()
            tool.setText(name)
            tool.setCheckable(True)
            tool.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            tool.setToolTip(f"{tip} ({key})")
            tool.setAccessibleDescription(tip)
            self._group.addButton(tool, number)
            self.tools.append(tool)
            tools.addWidget(tool, 1)
            QShortcut(QKeySequence(key), self).activated.connect(lambda number=number: self._take(number))
        QShortcut(QKeySequence("G"), self).activated.connect(lambda: self._studio.view.set({"tool": "reference"}))
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
        self.share.sliderReleased.connect(self._studio.document.end_merge)
        moving.addWidget(self.magic)
        moving.addWidget(self.share, 1)
        column.addLayout(moving)

    def _add_whole(self, column: QVBoxLayout) -> None:
        self.clear = button(self.tr("Clear"), self.tr("Mask nothing; undo brings it back"), self._clear)
        self.invert = button(
            self.tr("Invert"), self.tr("Mask what isn't masked in this frame, and nothing else"), self._invert
        )
        self.overlay = QCheckBox(self.tr("Show the mask"))
        self.overlay.setToolTip(self.tr("Show it over the picture (Q)"))
        self.overlay.toggled.connect(lambda on: self._studio.view.set({"overlay": on}))
        QShortcut(QKeySequence("Q"), self).activated.connect(self.overlay.toggle)
        whole = QHBoxLayout()
        for each in (self.clear, self.invert):
            whole.addWidget(each)
        whole.addStretch(1)
        whole.addWidget(self.overlay)
        column.addLayout(whole)

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
        self.overlay.blockSignals(True)
        self.overlay.setChecked(view.overlay)
        self.overlay.blockSignals(False)
        self._show_mask()

    def _show_mask(self, *_: object) -> None:
        has_frame, mask = self._studio.clip_frame() is not None, self._editing.mask
        self.clear.setEnabled(bool(mask.keys))
        self.invert.setEnabled(has_frame and bool(mask.keys))
        has_clip = self._studio.project.clip is not None
        for each in (*self.tools, self.brush_size, self.share):
            each.setEnabled(has_clip)
        self.magic.setEnabled(has_clip and self._looking is None)

    def _clear(self) -> None:
        self._editing.change(Mask(), self.tr("Clear mask"))

    def _invert(self) -> None:
        clip = self._studio.project.clip
        if clip is not None:
            self._editing.put(inverted(self._editing.shapes, clip.size_hw), self.tr("Invert mask"))

    def _set_share(self, value: int) -> None:
        self._studio.view.set({"moving_share": value / SHARE_STEPS})
        if self._studio.motion is not None and any(isinstance(shape, Moving) for shape in self._editing.shapes):
            self._select()

    def _found(self, motion_hw: np.ndarray) -> None:
        self._studio.motion = motion_hw
        self._looked()
        self._studio.document.end_merge()
        self._select()
        self._studio.document.end_merge()

    def _looked(self, *_: object) -> None:
        self._looking = None
        self.magic.setText(self.tr("Select all that moves"))
        self._show_mask()

    def _select(self) -> None:
        """Put what moves into the mask, in the place of what was selected so before."""
        motion = self._studio.motion
        if motion is None:
            return
        selected = select_moving(motion, self._studio.view.state.moving_share)
        if len(selected.runs) < 2:
            self._studio.told.emit(
                self.tr("Nothing moves in this clip by so much."),
                self.tr("Move the slider beside the button to the right, or paint the mask."),
            )
            return
        kept = tuple(shape for shape in self._editing.shapes if not isinstance(shape, Moving))
        self._editing.put((selected, *kept), self.tr("Select all that moves"), merge="moving")
