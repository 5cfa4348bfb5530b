"""The colours of both themes. Meanings differ in lightness and shape, too, so that they don't rest on hue."""

from __future__ import annotations

from typing import NamedTuple


class Colours(NamedTuple):
    """``window`` lies behind all, ``raised`` are bars and pages, ``field`` inputs, ``line`` what parts them; ``text``
    and ``faint`` are words, ``accent`` is what to press and what is chosen, with ``on_accent`` on it. ``kept`` and
    ``new`` are frames of the clip and generated ones (blue and orange after Okabe and Ito), ``mask`` is what will be
    replaced, ``warning`` and ``good`` are said in words beside."""

    window: str
    raised: str
    field: str
    line: str
    text: str
    faint: str
    accent: str
    on_accent: str
    kept: str
    new: str
    mask: str
    warning: str
    good: str


COLOURS = {
    "dark": Colours(
        window="#17191c",
        raised="#202327",
        field="#2a2e33",
        line="#363b41",
        text="#e6e8ea",
        faint="#a0a7ae",
        accent="#4ea1f3",
        on_accent="#0b1520",
        kept="#56b4e9",
        new="#e69f00",
        mask="#ff5fa2",
        warning="#ffb454",
        good="#7fd1ae",
    ),
    "light": Colours(
        window="#dfe2e5",
        raised="#f3f4f6",
        field="#ffffff",
        line="#c3c8ce",
        text="#1c2024",
        faint="#566069",
        accent="#0a60b8",
        on_accent="#ffffff",
        kept="#0072b2",
        new="#b35900",
        mask="#c2185b",
        warning="#8a4b00",
        good="#00684a",
    ),
}
