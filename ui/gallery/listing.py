"""What the gallery lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from ..document import Result

CELL = QSize(166, 132)
Index = QModelIndex | QPersistentModelIndex


class Listing(QAbstractListModel):
    """Results, one a row."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._results: list[Result] = []

    def set(self, results: list[Result]) -> None:
        before = [each.id for each in self._results]
        now = [each.id for each in results]
        if now[: len(before)] == before:
            # What is made one by one comes at the end; what is chosen stays so.
            if len(now) > len(before):
                self.beginInsertRows(QModelIndex(), len(before), len(now) - 1)
                self._results = results
                self.endInsertRows()
            else:
                self._results = results
            return
        self.beginResetModel()
        self._results = results
        self.endResetModel()

    def result(self, index: Index) -> Result | None:
        return self._results[index.row()] if index.isValid() and index.row() < len(self._results) else None

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802  # Qt's name
        return 0 if parent is not None and parent.isValid() else len(self._results)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        result = self.result(index)
        if result is None:
            return None
        if role == Qt.ItemDataRole.SizeHintRole:
            return CELL
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            marks = {"starred": self.tr(", starred"), "rejected": self.tr(", rejected"), "": ""}
            return f"{result.title}, {self.tr('seed {seed}').format(seed=result.seed)}{marks[result.mark]}"
        return None
