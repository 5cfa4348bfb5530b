"""What is asked of the preview process, one JSON line each."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import msgspec
from msgspec import Struct


class Patch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rectangle of the clip from ``frame`` on, or of another clip (``path``)."""

    x: int
    y: int
    width: int
    height: int
    frame: int = 0
    path: str | None = None


class Request(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Frames are numbered, and pixels counted, as in the clip. ``window`` is the range to preview, ``mask`` a picture
    of ``proxy_size`` or a folder of one a frame of the window. The others are the arguments of ``dtsgan replace``;
    ``feather_px`` is None for its own default."""

    number: int
    clip: str
    window: tuple[int, int]
    mask: str
    sequence_rate: str | None = None
    fill: Literal["surround", "texture", "patch"] = "surround"
    reference: Patch | None = None
    inject: int | None = None
    feather_px: float | None = None
    model: str | None = None
    instant: bool = False
    seed: int = 0

    @property
    def rate(self) -> Fraction | None:
        return None if self.sequence_rate is None else Fraction(self.sequence_rate)


def decoded(line: bytes) -> Request:
    """Raises ValueError for anything that is no request."""
    request: Any = msgspec.json.decode(line, type=Request)
    first, end = request.window
    if not 0 <= first < end:
        raise ValueError("its window is empty")
    return request
