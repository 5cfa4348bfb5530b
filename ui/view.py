"""What is looked at, and how: no part of the project, and nothing that undo takes back."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Page = Literal["learn", "extend", "replace", "variants", "queue"]
Tool = Literal["none", "brush", "eraser", "polygon", "rectangle", "reference"]

CLIP, PREVIEW = "clip", "preview"


class View(Struct, frozen=True, kw_only=True):
    """``showing`` is "clip", "preview" or a result's id; ``frame`` the one of it that is seen. ``speed`` is 0 while it
    stands still, 1 at the clip's own rate, negative backwards. ``repeat`` "range" plays between the in and out points
    again and again, "joint" across the joint ``joint`` of a result. ``zoom`` is device pixels a pixel of the clip, None
    to fit the picture in; of what is zoomed, ``centre`` (x, y; 0 to 1) is in the middle. ``slice`` shows one row or
    column of pixels, ``slice_at`` of the picture's height or width, through all frames. ``compare`` puts the clip
    beside what is shown, or under a wipe at ``wipe`` of the width.
    ``brush_px`` is the brush's radius in pixels of the clip; ``moving_share`` (0 to 1) says how much of what moves is
    selected; ``onion`` shows the mask's neighbouring keys faintly; with ``keying``, drawing makes a key frame where
    there is none.
    ``selected`` holds the results that are chosen in the gallery, which shows those that ``filter`` lets through.
    What is shown is compared with ``against``: the clip, or a result. ``on_cluster`` lets the Dask cluster at the
    address ``scheduler`` learn and make variants, not this computer."""

    page: Page = "learn"
    showing: str = CLIP
    frame: int = 0
    speed: float = 0.0
    repeat: Literal["none", "all", "range", "joint"] = "all"
    joint: int = 0
    compare: Literal["none", "wipe", "side"] = "none"
    wipe: float = 0.5
    zoom: float | None = None
    centre: tuple[float, float] = (0.5, 0.5)
    slice: bool = False
    slice_along: Literal["row", "column"] = "row"
    slice_at: float = 0.5
    tool: Tool = "none"
    brush_px: float = 20.0
    moving_share: float = 0.5
    onion: bool = False
    keying: bool = False
    overlay: bool = True
    selected: tuple[str, ...] = ()
    filter: Literal["kept", "starred", "all"] = "kept"
    against: str = CLIP
    theme: Literal["dark", "light"] = "dark"
    on_cluster: bool = False
    scheduler: str = ""

    @property
    def cluster(self) -> str | None:
        """The address of the cluster that learns and makes variants; None where this computer does."""
        return self.scheduler if self.on_cluster else None
