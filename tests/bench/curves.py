"""Curves as an SVG picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 560, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 34, 46
COLOURS = ("#1971c2", "#d9480f", "#2b8a3e", "#9c36b5", "#e67700", "#495057")


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Points (x, y), or (x, lowest, mean, highest) where a band is to be seen around the line."""

    name: str
    points: Sequence[tuple[float, ...]]


def picture(curves: Sequence[Curve], *, title: str, x: str, y: str, log_y: bool = True) -> str:
    """An SVG with a logarithmic x axis; ``x`` and ``y`` name the axes."""
    xs = [point[0] for curve in curves for point in curve.points]
    ys = [value for curve in curves for point in curve.points for value in point[1:]]
    across = _Axis(min(xs), max(xs), LEFT, WIDTH - RIGHT, log=True)
    up = _Axis(min(ys) if log_y else 0.0, max(ys), HEIGHT - BOTTOM, TOP, log=log_y)
    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', _text(LEFT, 18, title, size=14)]
    for value in across.ticks():
        place = across(value)
        parts.append(f'<line x1="{place:.1f}" x2="{place:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(_text(place, HEIGHT - BOTTOM + 16, f"{value:g}", anchor="middle"))
    for value in up.ticks():
        place = up(value)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{place:.1f}" y2="{place:.1f}" stroke="#ddd"/>')
        parts.append(_text(LEFT - 6, place + 4, f"{value:g}", anchor="end"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x, anchor="middle"))
    parts.append(_text(6, TOP - 4, y))
    for number, curve in enumerate(curves):
        parts += _drawn(curve, COLOURS[number % len(COLOURS)], across, up)
        last = curve.points[-1]
        level = up(last[len(last) // 2])
        parts.append(_text(across(last[0]) + 8, level + 4, curve.name, colour=COLOURS[number % len(COLOURS)]))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{"".join(parts)}</svg>'


class _Axis:
    def __init__(self, low: float, high: float, start: float, end: float, *, log: bool) -> None:
        self.low, self.high, self.start, self.end, self.log = low, max(high, low * 1.01), start, end, log

    def __call__(self, value: float) -> float:
        low, high, at = (math.log(v) if self.log else v for v in (self.low, self.high, value))
        return self.start + (self.end - self.start) * (at - low) / (high - low)

    def ticks(self) -> list[float]:
        """1, 2 and 5 times powers of ten within the axis."""
        if not self.log:
            step = 10 ** math.floor(math.log10(self.high))
            step = next(size for size in (step, step / 2, step / 5, step / 10) if self.high / size >= 3)
            return [step * number for number in range(int(self.high / step) + 1)]
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        ticks = [digit * 10.0**power for power in powers for digit in (1, 2, 5)]
        return [tick for tick in ticks if self.low * 0.999 <= tick <= self.high * 1.001]


def _drawn(curve: Curve, colour: str, across: _Axis, up: _Axis) -> list[str]:
    parts = []
    if len(curve.points[0]) == 4:
        edge = [(point[0], point[1]) for point in curve.points] + [(p[0], p[3]) for p in reversed(curve.points)]
        corners = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in edge)
        parts.append(f'<polygon points="{corners}" fill="{colour}" fill-opacity=".2"/>')
    middle = [(across(point[0]), up(point[len(point) // 2])) for point in curve.points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in middle)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in middle]
    return parts


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 12, colour: str = "#222") -> str:
    style = f'font-family="sans-serif" font-size="{size}" text-anchor="{anchor}" fill="{colour}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(words)}</text>'
