"""The list of results as pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate

from ..theme import COLOURS
from .listing import CELL, Listing
from .thumbnails import Thumbnails

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from ..document import Result
    from ..studio import Studio
    from .listing import Index

PICTURE_PX = (154, 92)
STEP_MS = 80


class Gallery(QListView):
    """The variants of a studio's project that its view's filter lets through.

    Arrows choose, Enter shows, S stars, X rejects. ``View.selected`` are those chosen.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._showing = False  # what is chosen elsewhere
        self.thumbnails = Thumbnails(self)
        self.results = Listing(self)
        self.setModel(self.results)
        self.setItemDelegate(_Cell(studio, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSpacing(2)
        self.setAccessibleName(self.tr("Variants"))
        self.setToolTip(self.tr("Enter shows one, S stars it, X rejects it"))
        self.step = 0
        self.hovered: str | None = None
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._move)
        self.thumbnails.changed.connect(lambda _: self.viewport().update())
        self.activated.connect(self._show_one)
        self.clicked.connect(self._show_one)
        self.selectionModel().selectionChanged.connect(self._select)
        studio.document.changed.connect(self.refresh)
        studio.view.changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show the project's variants."""
        row, results = self.currentIndex().row(), self._studio.variants()
        self.results.set(results)
        if row >= 0 and not self.currentIndex().isValid() and results:
            # The keys go on from where they were.
            near = self.results.index(min(row, len(results) - 1), 0)
            self.selectionModel().setCurrentIndex(near, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._show_chosen()
        self.viewport().update()

    def mark(self, mark: str) -> None:
        """Give those chosen a mark, or take it from them if all have it."""
        chosen = set(self._studio.view.state.selected)
        results = self._studio.project.results
        if not any(each.id in chosen for each in results):
            return
        has_it = all(each.mark == mark for each in results if each.id in chosen)
        text = {"starred": self.tr("Star"), "rejected": self.tr("Reject")}[mark]
        self._studio.mark(chosen, "" if has_it else mark, text)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        marks = {Qt.Key.Key_S: "starred", Qt.Key.Key_X: "rejected"}
        mark = marks.get(Qt.Key(event.key()))
        if mark is not None and not event.modifiers():
            self.mark(mark)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._show_one(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        super().mouseMoveEvent(event)
        result = self.results.result(self.indexAt(event.position().toPoint()))
        self._hover(result.path if result else None)

    def leaveEvent(self, event: Any) -> None:  # noqa: N802  # Qt's name
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, path: str | None) -> None:
        if path != self.hovered:
            self.hovered, self.step = path, 0
            if path is None:
                self._timer.stop()
            else:
                self._timer.start()
            self.viewport().update()

    def _move(self) -> None:
        self.step += 1
        self.viewport().update()

    def _show_one(self, index: QModelIndex) -> None:
        result = self.results.result(index)
        if result is not None:
            self._studio.view.set({"showing": result.id, "frame": 0})

    def _select(self, *_: object) -> None:
        if not self._showing:
            self._studio.view.set({"selected": self._chosen()})

    def _chosen(self) -> tuple[str, ...]:
        chosen = [self.results.result(index) for index in self.selectedIndexes()]
        return tuple(each.id for each in chosen if each is not None)

    def _show_chosen(self) -> None:
        chosen = set(self._studio.view.state.selected)
        if set(self._chosen()) == chosen:
            return
        selection = QItemSelection()
        for row, result in enumerate(self._studio.variants()):
            if result.id in chosen:
                selection.select(self.results.index(row, 0), self.results.index(row, 0))
        self._showing = True
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._showing = False


class _Cell(QStyledItemDelegate):
    """Paints one result."""

    def __init__(self, studio: Studio, gallery: Gallery) -> None:
        super().__init__(gallery)
        self._studio, self._gallery = studio, gallery

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802  # Qt's name
        del option, index
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        result = self._gallery.results.result(index)
        if result is None:
            return
        colours = COLOURS[self._studio.view.state.theme]
        rect, state = QRectF(getattr(option, "rect")), getattr(option, "state")  # noqa: B009  # missing in its stubs
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        shown = result.id == self._studio.view.state.showing
        painter.setPen(QPen(QColor(colours.accent if chosen or shown else colours.line), 2 if chosen or shown else 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(rect.adjusted(3, 3, -3, -3), 5, 5)
        place = QRectF(rect.x() + 6, rect.y() + 6, PICTURE_PX[0], PICTURE_PX[1])
        self._paint_picture(painter, result, place)
        if result.mark == "rejected":
            painter.fillRect(place, QColor(0, 0, 0, 150))
            painter.setPen(QPen(QColor("#ffffff"), 3))
            middle = place.center()
            for side in (-1, 1):
                painter.drawLine(middle + QPointF(-14, -14 * side), middle + QPointF(14, 14 * side))
        painter.setPen(QColor(colours.text))
        label = QRectF(place.x() + 2, place.bottom() + 4, place.width() - 22, 20)
        text = self.tr("seed {seed}").format(seed=result.seed)
        if result.fine_seed is not None:
            text = self.tr("seed {seed}, fine seed {fine}").format(seed=result.seed, fine=result.fine_seed)
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, text)
        if result.mark == "starred":
            _paint_star(painter, QPointF(place.right() - 8, label.center().y()), QColor(colours.new))
        painter.restore()

    def _paint_picture(self, painter: QPainter, result: Result, place: QRectF) -> None:
        thumbnails = self._gallery.thumbnails
        image = thumbnails.still(result.path)
        if result.path == self._gallery.hovered:
            moving = thumbnails.moving(result.path)
            image = moving[self._gallery.step % len(moving)] if moving else image
        if image is None:
            return
        size = image.size().scaled(place.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        inner = QRectF(0, 0, size.width(), size.height())
        inner.moveCenter(place.center())
        painter.drawImage(inner, image)


def _paint_star(painter: QPainter, middle: QPointF, colour: QColor) -> None:
    shape = ((0, -8), (2, -3), (8, -2.5), (3.5, 1.5), (5, 7.5), (0, 4), (-5, 7.5), (-3.5, 1.5), (-8, -2.5), (-2, -3))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in shape]))
