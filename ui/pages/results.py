"""What a page has made: the results, in words, and what can be done with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QGridLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from .. import words
from ..exporting import copying
from ..parts import button, heading, hint, set_role
from ..viewer.playing import joints_of

if TYPE_CHECKING:
    from ..document import Project, Result
    from ..studio import Studio

UNSEEN, DOUBTFUL = 1.1, 1.5
"""Ratios of a joint up to which it isn't seen, or may be."""


def verdict(result: Result, project: Project) -> tuple[str, str]:
    """How the joints of a result are, in words, and the label's role."""
    if not result.joints or project.clip is None:
        return "", "hint"
    frame, ratio = max(result.joints, key=lambda joint: joint[1])
    when = words.clock(float((frame or result.frames) / project.clip.rate))
    tr = QCoreApplication.translate
    if ratio <= UNSEEN:
        return tr("Results", "The joint can't be seen."), "good"
    if ratio <= DOUBTFUL:
        return tr("Results", "The joint at {when} may be seen. Another seed may join better.").format(when=when), "hint"
    text = tr("Results", "The joint at {when} is visible. Try another seed, or a longer bridge.")
    return text.format(when=when), "warning"


class Results(QWidget):
    """The results of one page, the newest first; the one that is chosen is the one that is shown."""

    def __init__(self, studio: Studio, made_by: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._made_by = studio, made_by
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Results"))
        self._list.setToolTip(self.tr("Choose one to see it"))
        self._list.setMaximumHeight(84)
        self._verdict = hint()
        self._where = hint()
        self._where.setToolTip(self.tr("The video's file"))
        self._where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading(self.tr("Results")))
        column.addWidget(self._list)
        column.addWidget(self._verdict)
        column.addWidget(self._where)
        grid = QGridLayout()
        self.joint = button(self.tr("Look at the joint"), self.tr("Play across it again and again"), self._look)
        self.export = button(
            self.tr("Export…"), self.tr("Save a copy of the video where you want it (Ctrl+E)"), self.export_shown
        )
        self.place = button("", self.tr("Put it onto the timeline, beside or in place of the strip"), self._place)
        self.settings = button(
            self.tr("Use these settings"), self.tr("Set this page as it was for this result"), self._use_settings
        )
        self.folder = button(self.tr("Show in folder"), self.tr("Open the folder that the video is in"), self._open)
        self.remove = button(self.tr("Remove from list"), self.tr("Take it off the list; the file stays"), self._remove)
        buttons = [self.export, self.folder, self.settings, self.remove]
        if made_by == "extend":
            buttons.insert(0, self.joint)
        for place, each in enumerate(buttons):
            grid.addWidget(each, place // 2, place % 2)
        column.addWidget(self.place)
        column.addLayout(grid)
        studio.editing.store.changed.connect(self._refresh)
        self._list.currentItemChanged.connect(self._choose)
        studio.document.changed.connect(self._refresh)
        studio.view.changed.connect(self._refresh)
        self._refresh()

    @property
    def results(self) -> tuple[Result, ...]:
        return tuple(each for each in reversed(self._studio.project.results) if each.made_by == self._made_by)

    @property
    def shown(self) -> Result | None:
        """The one that is seen, if it is one of this page's."""
        return next((each for each in self.results if each.id == self._studio.view.state.showing), None)

    def export_shown(self, target: Path | None = None) -> None:
        """Copy what is seen to ``target``, or to where the person says."""
        result = self.shown
        if result is None:
            return
        if target is None:
            suffix = Path(result.path).suffix
            name, _ = QFileDialog.getSaveFileName(
                self, self.tr("Export the video"), str(Path.home() / Path(result.path).name), f"*{suffix}"
            )
            if not name:
                return
            target = Path(name).with_suffix(suffix)
        background = copying(Path(result.path), target)
        background.done.connect(self._exported)  # no lambda: it would be called when this is gone
        background.failed.connect(self._not_exported)
        self._say(self.tr("Exporting"), "hint")
        background.start()

    def _exported(self, path: Path) -> None:
        self._say(self.tr("Exported to {path}").format(path=path), "good")

    def _not_exported(self, problem: str, remedy: str) -> None:
        self._refresh()
        self._studio.told.emit(problem, remedy)

    def _refresh(self, *_: object) -> None:
        results, shown = self.results, self.shown
        self.setVisible(bool(results))
        self._list.blockSignals(True)
        if [self._list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self._list.count())] != [
            each.id for each in results
        ]:
            self._list.clear()
            for result in results:
                item = QListWidgetItem(self._name(result))
                item.setData(Qt.ItemDataRole.UserRole, result.id)
                self._list.addItem(item)
        self._list.setCurrentRow(results.index(shown) if shown else -1)
        self._list.blockSignals(False)
        for each in (self.joint, self.export, self.settings, self.folder, self.remove):
            each.setEnabled(shown is not None)
        self.joint.setEnabled(shown is not None and bool(shown.kept))
        editing = self._studio.editing
        self.place.setVisible(bool(editing.state.title))
        self.place.setText(self.tr("Put into {editor}").format(editor=editing.state.title))
        self.place.setEnabled(shown is not None and editing.can_place([shown]))
        text, role = verdict(shown, self._studio.project) if shown else ("", "hint")
        self._verdict.setText(text)
        self._verdict.setVisible(bool(text))
        set_role(self._verdict, role)
        self._say(editing.state.done or (shown.path if shown else ""), "good" if editing.state.done else "hint")

    def _name(self, result: Result) -> str:
        clip = self._studio.project.clip
        seconds = words.duration(float(result.frames / clip.rate)) if clip else ""
        text = self.tr("{title}, seed {seed}, {length}")
        return text.format(title=result.title, seed=result.seed, length=seconds)

    def _say(self, text: str, role: str) -> None:
        self._where.setText(text)
        self._where.setVisible(bool(text))
        set_role(self._where, role)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._studio.view.set({"showing": item.data(Qt.ItemDataRole.UserRole), "frame": 0})

    def _place(self) -> None:
        if self.shown is not None:
            self._studio.editing.place([self.shown])

    def _look(self) -> None:
        result = self.shown
        if result is None:
            return
        joints = joints_of(result)
        view = self._studio.view.state
        following = (view.joint + 1) % max(1, len(joints)) if view.repeat == "joint" else self._worst(result)
        self._studio.view.set({"repeat": "joint", "joint": following, "speed": 1.0, "slice": False})

    def _worst(self, result: Result) -> int:
        """The place among its joints of the one that is seen most."""
        joints = joints_of(result)
        known = [joint for joint in result.joints if joint[0] in joints]
        return joints.index(max(known, key=lambda joint: joint[1])[0]) if known else 0

    def _use_settings(self) -> None:
        result = self.shown
        if result is not None:
            self._studio.use_settings(result)

    def _open(self) -> None:
        if self.shown is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self.shown.path).parent)))

    def _remove(self) -> None:
        result = self.shown
        if result is not None:
            left = tuple(each for each in self._studio.project.results if each.id != result.id)
            self._studio.document.change(self.tr("Remove result"), {"results": left})
