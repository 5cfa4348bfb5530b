"""What a person names as the reference that fills a region: a part of the clip from a frame on, or of another clip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..clip import Rect, parse_crop
from ..errors import OptionError


@dataclass(frozen=True, kw_only=True)
class Reference:
    """``rect`` in pixels of the upright picture, all of it where that is None; from ``frame`` of the clip itself or
    from the beginning of another ``clip``."""

    rect: Rect | None
    frame: int | None = None
    clip: Path | None = None


def parse_reference(text: str) -> Reference:
    """Read ``X,Y,W,H``, ``X,Y,W,H@FRAME``, ``X,Y,W,H@CLIP`` or ``CLIP``. Raises OptionError."""
    rectangle, at, where = text.partition("@")
    parts = rectangle.split(",")
    if len(parts) != 4 or not all(part.strip().isdecimal() for part in parts):
        if not text.strip() or (Path(text).suffix == "" and not Path(text).exists()):
            raise OptionError(
                f"{text!r} is no reference.",
                remedy="Write a rectangle in pixels as 100,50,64,48, with a frame as 100,50,64,48@120, or of another "
                "clip as 100,50,64,48@other.mp4.",
            )
        return Reference(rect=None, clip=Path(text))
    rect = parse_crop(rectangle)
    if not at:
        return Reference(rect=rect)
    if where.strip().isdecimal():
        return Reference(rect=rect, frame=int(where))
    if not where.strip():
        raise OptionError(f"{text!r} has no frame after its @.", remedy="Write it as X,Y,W,H@120.")
    return Reference(rect=rect, clip=Path(where))
