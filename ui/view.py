"""What is looked at, and how: no part of the project, and nothing that undo takes back."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Page = Literal["learn", "extend", "replace", "variants", "queue"]
Tool = Literal["none", "brush", "eraser", "polygon", "rectangle", "reference"]

CLIP, PREVIEW = "clip", "preview"


class View(Struct, frozen=True, kw_only=True):
    """``showing`` is "clip", "preview" or a result's id; ``frame`` the one of it that is seen. ``speed`` is 0 while it
    stands still, 1 at the clip's own rate, negative backwards. ``repeat`` "joint" plays across the joint ``joint`` of a
    result again and again. ``compare`` puts the clip beside what is shown, or under a wipe at ``wipe`` of the width.
    ``brush_px`` is the brush's radius in pixels of the clip; ``onion`` shows the mask's neighbouring keys faintly.
    ``selected`` holds the results that are chosen in the gallery."""

    page: Page = "learn"
    showing: str = CLIP
    frame: int = 0
    speed: float = 0.0
    repeat: Literal["none", "all", "joint"] = "all"
    joint: int = 0
    compare: Literal["none", "wipe", "side"] = "none"
    wipe: float = 0.5
    slice: bool = False
    tool: Tool = "none"
    brush_px: float = 20.0
    onion: bool = False
    overlay: bool = True
    selected: tuple[str, ...] = ()
    theme: Literal["dark", "light"] = "dark"
