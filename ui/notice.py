"""What the person is told that can't wait: a problem, its remedy, and a button that does it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Action = Literal["", "retry", "locate", "recover"]


class Notice(Struct, frozen=True, kw_only=True):
    """``action`` is what the button does: "retry" the ``job``, "locate" the clip, "recover" what wasn't saved. Where
    nothing is to be told ``problem`` is empty."""

    problem: str = ""
    remedy: str = ""
    action: Action = ""
    job: int = 0
