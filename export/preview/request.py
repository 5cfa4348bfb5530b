"""What is asked of the preview process, one JSON line each."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import msgspec
from msgspec import Struct

MOST_FEATHER_PX = 10_000


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
    of ``proxy_size`` or a folder of one a frame of the window; without a mask all is only opened, so that the next
    request needn't wait for that. The others are the arguments of ``dtsgan replace``; ``feather_px`` is None for its
    own default."""

    number: int
    clip: str
    window: tuple[int, int]
    mask: str | None
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
    try:
        positive = request.rate is None or request.rate > 0
    except ZeroDivisionError:
        positive = False
    if not positive:
        raise ValueError("its frame rate is none")
    patch = request.reference
    if patch is not None and (min(patch.x, patch.y, patch.frame) < 0 or min(patch.width, patch.height) < 1):
        raise ValueError("its patch lies outside the picture")
    if request.inject is not None and request.inject < 0:
        raise ValueError("its scale is none")
    if request.feather_px is not None and not 0 <= request.feather_px < MOST_FEATHER_PX:
        raise ValueError("its edge has no width")
    return request
