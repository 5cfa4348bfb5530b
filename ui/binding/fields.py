"""Fields of nested frozen records, named by dotted paths: "extend.seed"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import structs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msgspec import Struct

State = TypeVar("State", bound="Struct")


def field(state: Struct, path: str) -> Any:
    """The value of a field. Raises AttributeError where there is none."""
    value: Any = state
    for name in path.split("."):
        value = getattr(value, name)
    return value


def with_fields(state: State, changes: Mapping[str, Any]) -> State:
    """The record with these fields changed; all else is shared with the old one."""
    for path, value in changes.items():
        state = _with(state, path.split("."), value)
    return state


def _with(state: Any, names: list[str], value: Any) -> Any:
    first, *rest = names
    inner = _with(getattr(state, first), rest, value) if rest else value
    return structs.replace(state, **{first: inner})
