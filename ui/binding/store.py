"""One frozen record that many look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from .fields import with_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msgspec import Struct

State = TypeVar("State", bound="Struct")


class Store(QObject, Generic[State]):
    """Holds a record of type ``State``; ``changed`` is emitted with the record before and after each change."""

    changed = Signal(object, object)

    def __init__(self, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state

    @property
    def state(self) -> State:
        return self._state

    def set(self, changes: Mapping[str, Any]) -> None:
        """Change fields, named by dotted paths. What is changed to what it was is no change."""
        self.replace(with_fields(self._state, changes))

    def replace(self, state: State) -> None:
        """Put another record in the place of this one."""
        before, self._state = self._state, state
        if state != before:
            self.changed.emit(before, state)
