"""Small plots as SVG, to stand in a web page."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 380, 200
DOT_HEIGHT = 84
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 24, 20
COLOURS = ("var(--ink)", "#d9480f", "#1971c2", "#9c36b5", "#2b8a3e", "#e67700", "#c2255c")
MARKS = {"result": "var(--mark)", "real": "var(--real)", "cheat": "var(--cheat)"}


def line_plot(series: Sequence[tuple[str, Sequence[float]]], *, title: str, log: bool = False) -> str:
    """Lines over their index, each with a name; ``log`` for a logarithmic upright axis."""
    scaled = [(name, [_log(value) if log else value for value in values]) for name, values in series]
    low = min(min(values) for _, values in scaled)
    high = max(max(values) for _, values in scaled)
    span = (high - low) or 1.0
    parts = [_title(title)]
    for share in (0.0, 0.5, 1.0):
        value = low + share * span
        y = HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--line)"/>')
        words = _short(10**value if log else value)
        parts.append(f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{words}</text>')
    for number, (name, values) in enumerate(scaled):
        step = (WIDTH - LEFT - RIGHT) / max(1, len(values) - 1)
        points = " ".join(
            f"{LEFT + index * step:.1f},{HEIGHT - BOTTOM - (value - low) / span * (HEIGHT - TOP - BOTTOM):.1f}"
            for index, value in enumerate(values)
        )
        colour = COLOURS[number % len(COLOURS)]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.4">')
        parts.append(f"<title>{escape(name)}</title></polyline>")
        x = LEFT + number * (WIDTH - LEFT - RIGHT) / len(scaled)
        parts.append(f'<text x="{x:.0f}" y="{HEIGHT - 4}" style="fill: {colour}">{escape(name[-14:])}</text>')
    return _svg(parts, HEIGHT, title)


def dot_plot(dots: Sequence[tuple[str, str, float]], *, title: str, log: bool = False) -> str:
    """(name, kind, value) as marks on one axis; results above it, real footage and cheats on and below it."""
    if not dots:
        return ""
    places = [_log(value) if log else value for *_, value in dots]
    low, high = min(places), max(places)
    span = (high - low) or 1.0
    axis = 56
    rises = {"result": -12, "real": 0, "cheat": 12}
    parts = [_title(title), f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{axis}" y2="{axis}" stroke="var(--line)"/>']
    for (name, kind, value), place in zip(dots, places, strict=True):
        x = LEFT + (place - low) / span * (WIDTH - LEFT - RIGHT)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{axis + rises[kind]}" r="5" fill="{MARKS[kind]}" fill-opacity=".75">'
            f"<title>{escape(name)}: {value:.3g}</title></circle>"
        )
    for value, anchor, x in ((low, "start", LEFT), (high, "end", WIDTH - RIGHT)):
        words = _short(10**value if log else value)
        parts.append(f'<text x="{x}" y="{DOT_HEIGHT - 2}" text-anchor="{anchor}">{words}</text>')
    return _svg(parts, DOT_HEIGHT, title)


def _svg(parts: Sequence[str], height: int, title: str) -> str:
    box = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    return f'<svg {box} role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'


def _title(words: str) -> str:
    return f'<text x="{LEFT}" y="14" style="fill: var(--ink); font-size: 12px">{escape(words)}</text>'


def _log(value: float) -> float:
    """Ratios of nothing are drawn at a thousandth."""
    return math.log10(max(value, 1e-3))


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
