from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import Struct

from dtsgan.ui.binding import Store, field, with_fields

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Inner(Struct, frozen=True, kw_only=True):
    depth: int = 0
    name: str = ""


class Outer(Struct, frozen=True, kw_only=True):
    inner: Inner = Inner()
    other: Inner = Inner()
    count: int = 0


def test_fields_are_named_by_paths() -> None:
    """A path of names with dots reads a field of a record in a record; a wrong one says so."""
    state = Outer(inner=Inner(depth=4), count=3)
    assert (field(state, "count"), field(state, "inner.depth"), field(state, "inner")) == (3, 4, Inner(depth=4))
    with pytest.raises(AttributeError):
        field(state, "inner.width")


def test_a_change_shares_all_else() -> None:
    """Changed fields make a new record, in which what isn't changed is the very same; the old one stays as it was."""
    state = Outer()
    changed = with_fields(state, {"inner.depth": 1, "inner.name": "a", "count": 2})
    assert changed == Outer(inner=Inner(depth=1, name="a"), count=2)
    assert changed.other is state.other
    assert state == Outer()
    with pytest.raises(TypeError, match="width"):
        with_fields(state, {"inner.width": 1})


def test_a_store_tells_of_changes(qtbot: QtBot) -> None:
    """Everyone gets the record before and after; several fields are one change."""
    store = Store(Outer())
    with qtbot.waitSignal(store.changed) as told:
        store.set({"inner.depth": 1, "count": 2})
    after = Outer(inner=Inner(depth=1), count=2)
    assert told.args == [Outer(), after]
    assert store.state == after


def test_no_change_is_not_told(qtbot: QtBot) -> None:
    """What is set to what it was, or replaced by its like, is no change."""
    store = Store(Outer(count=1))
    with qtbot.assertNotEmitted(store.changed):
        store.set({"count": 1})
        store.replace(Outer(count=1))


def test_a_listener_may_change_it_again() -> None:
    """A change made while another is told is told after it, and the last one holds."""
    store, told = Store(Outer()), []

    def answer(before: Outer, after: Outer) -> None:
        told.append((before.count, after.count))
        if after.count == 1:
            store.set({"count": 2})

    store.changed.connect(answer)
    store.set({"count": 1})
    assert told == [(0, 1), (1, 2)]
    assert store.state.count == 2
