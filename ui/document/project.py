"""The project as one frozen record, as it is kept in a project file.

Frames are numbered from the clip's first, ranges are half-open, sizes are (height, width), points (x, y) in pixels of
the clip's upright picture from its top left corner.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

VERSION = 1

MOST_SEED = 2**31 - 1
MOST_FRAMES = 1_000_000
MOST_VARIANTS = 200
MOST_STRENGTH = 3
MOST_FEATHER_PX = 400
"""What the window's numbers can be; a project file that has others is refused."""

Point = tuple[float, float]
Where = Literal["end", "start", "both"]
Fill = Literal["surround", "texture", "patch"]
Quality = Literal["quick", "standard", "fine"]
Mark = Literal["", "starred", "rejected"]
Seed = Annotated[int, Meta(ge=0, le=MOST_SEED)]
Frames = Annotated[int, Meta(ge=1, le=MOST_FRAMES)]


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Kept as JSON; a field that it doesn't have is an error, not lost."""


class Footage(Record, frozen=True):
    """A clip: ``sample_aspect`` is the shape of its upright picture's pixels; ``sequence_rate`` was chosen for a folder
    of pictures, which has no rate of its own. ``bytes`` and ``changed_s`` tell whether it is still the same file."""

    path: str
    frames: int
    rate: Fraction
    size_hw: tuple[int, int]
    sample_aspect: Fraction = Fraction(1)
    sequence_rate: Fraction | None = None
    bytes: int = 0
    changed_s: float = 0.0


class Learn(Record, frozen=True):
    quality: Quality = "standard"
    seed: Seed = 0


class Extend(Record, frozen=True):
    """``added`` counts new frames; of a loop, ``bridge`` is None for as many as join best. ``instant``: nothing is
    learned for it. ``format`` is the result's extension, ``sound`` keeps the clip's."""

    mode: Literal["extend", "loop"] = "extend"
    added: Frames = 50
    at: Where = "end"
    bridge: Frames | None = None
    seed: Seed = 0
    instant: bool = False
    format: Literal["mp4", "mov", "mkv", "webm"] = "mp4"
    sound: bool = True


class Stroke(Record, frozen=True, tag="stroke"):
    """A line of a round brush; ``radii`` in pixels, one a point, follow the pen's pressure."""

    points: tuple[Point, ...]
    radii: tuple[float, ...]
    erase: bool = False


class Polygon(Record, frozen=True, tag="polygon"):
    points: tuple[Point, ...]
    erase: bool = False


class Rectangle(Record, frozen=True, tag="rectangle"):
    """From (``x``, ``y``), so wide and so high."""

    x: float
    y: float
    width: float
    height: float
    erase: bool = False


class Moving(Record, frozen=True, tag="moving"):
    """What moves in the clip: ``runs`` are the lengths of runs of still and moving pixels in turn, row by row, of a
    picture of ``size_hw`` that covers the clip's, still ones first."""

    size_hw: tuple[int, int]
    runs: tuple[int, ...]
    erase: bool = False


Shape = Stroke | Polygon | Rectangle | Moving


class Key(Record, frozen=True):
    """The mask from a frame on, up to the next key's, and of the first one before it, too: later shapes lie over
    earlier ones. Polygons and rectangles move evenly into those at the same place of the next key."""

    frame: int
    shapes: tuple[Shape, ...] = ()


class Mask(Record, frozen=True):
    """Keys in the order of their frames."""

    keys: tuple[Key, ...] = ()


class Reference(Record, frozen=True):
    """A rectangle of the clip, or of another (``path``), from ``frame`` on."""

    x: int
    y: int
    width: int
    height: int
    frame: int = 0
    path: str | None = None


class Replace(Record, frozen=True):
    """``strength`` of 0 to 3 says how much of a reference is made anew: 0 its colours fitted alone, 3 most of it.
    ``feather_px`` is None for what fits the filling."""

    mask: Mask = Mask()
    fill: Fill = "surround"
    reference: Reference | None = None
    strength: Annotated[int, Meta(ge=0, le=MOST_STRENGTH)] = 2
    feather_px: Annotated[float, Meta(ge=0, le=MOST_FEATHER_PX)] | None = None
    track: bool = False
    layer: bool = False
    seed: Seed = 0
    instant: bool = False


class Variants(Record, frozen=True):
    """``size_hw`` and ``frames`` are None for the clip's own."""

    count: Annotated[int, Meta(ge=1, le=MOST_VARIANTS)] = 8
    first_seed: Seed = 0
    sizes_hw: tuple[tuple[int, int], ...] = ()
    frames: Frames | None = None
    loop: bool = False


class Result(Record, frozen=True):
    """A finished file. ``made_by`` is the page, whose ``settings`` it was made with (that page's part of the project,
    as JSON), ``model`` the texture model if any was chosen; ``fine_seed`` tells variants apart that share their slow
    motion. ``kept`` is the range of its frames that are the clip's own, from the clip's frame ``kept_from`` on;
    ``joints`` are the places where kept and new frames meet: the number of the frame after each (0 where a loop begins
    again), and its ratio."""

    id: str
    path: str
    made_by: Literal["extend", "replace", "variants"]
    settings: str
    model: str | None = None
    title: str = ""
    seed: int = 0
    fine_seed: int | None = None
    frames: int = 0
    loop: bool = False
    kept: tuple[int, int] | None = None
    kept_from: int = 0
    joints: tuple[tuple[int, float], ...] = ()
    mark: Mark = ""


class Project(Record, frozen=True):
    """``span`` holds the in and out points, None for the whole clip; ``model`` is the texture model chosen, None for
    the one that is learned when it is first needed."""

    version: int = VERSION
    clip: Footage | None = None
    span: tuple[int, int] | None = None
    model: str | None = None
    learn: Learn = Learn()
    extend: Extend = Extend()
    replace: Replace = Replace()
    variants: Variants = Variants()
    results: tuple[Result, ...] = ()

    def range(self) -> range:
        """The numbers of the frames to use; none without a clip."""
        if self.span is not None:
            return range(*self.span)
        return range(self.clip.frames if self.clip else 0)
