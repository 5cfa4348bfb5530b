"""Pictures larger than their source: where on them which part of the source is at home.

Along each axis, tiles as long as the source at most lie side by side, each fading into the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

OVERLAP = 0.25
"""Of the source's length, over which one tile fades into the next."""


@dataclass(frozen=True)
class Tile:
    """``length`` places from ``start`` on show the source from ``first`` on; it fades in and out over so many."""

    start: int
    first: int
    length: int
    fade_in: int
    fade_out: int

    def weights(self) -> np.ndarray:
        """The tile's share of each of its places: roots, whose squares and those of its neighbours' add up to 1."""
        made = np.ones(self.length, np.float32)
        for fade, side in ((self.fade_in, slice(None)), (self.fade_out, slice(None, None, -1))):
            made[side][:fade] = np.sin(np.pi / 2 * (np.arange(fade) + 0.5) / max(fade, 1))
        return made


@dataclass(frozen=True)
class Axis:
    """``length`` places made of a source of ``source`` places; with ``around`` the last is followed by the first."""

    source: int
    length: int
    around: bool = False

    @property
    def larger(self) -> bool:
        """Whether more is to be seen than the source has, so that a place's own part of the source isn't enough."""
        return self.around or self.length > self.source

    def tiles(self) -> list[Tile]:
        if not self.larger:
            return [Tile(0, (self.source - self.length) // 2, self.length, 0, 0)]
        fade = max(1, round(OVERLAP * self.source))
        hop = self.source - fade
        if self.around:
            count = -(-self.length // hop)
            starts = [number * self.length // count for number in range(count + 1)]
            fade = min(fade, self.length // count)
            lengths = [after - start + fade for start, after in pairwise(starts)]
            return [
                Tile(start, (self.source - length) // 2, length, fade, fade)
                for start, length in zip(starts[:-1], lengths, strict=True)
            ]
        count = -(-(self.length - fade) // hop)
        ends = [(number + 1) * (self.length - fade) // count + fade for number in range(count)]
        starts = [number * (self.length - fade) // count for number in range(count)]
        return [
            Tile(
                start,
                (self.source - (end - start)) // 2,
                end - start,
                fade if number else 0,
                fade if number + 1 < count else 0,
            )
            for number, (start, end) in enumerate(zip(starts, ends, strict=True))
        ]

    def home(self) -> np.ndarray:
        """Of every place, that of the source whose tile is seen most there; (length,)."""
        home, most = np.zeros(self.length, np.int64), np.zeros(self.length, np.float32)
        for tile in self.tiles():
            weights, first = tile.weights(), tile.first
            for start in range(-tile.start, tile.length, self.length):  # once, or where it goes on behind the end
                places = np.arange(max(start, 0), min(start + self.length, tile.length))
                better = places[weights[places] > most[places - start]]
                home[better - start], most[better - start] = first + better, weights[better]
        return home

    def folded(self, longer: np.ndarray, axis: int) -> np.ndarray:
        """An array whose axis goes on behind the end, that part added where the axis begins."""
        longer = np.moveaxis(longer, axis, 0)
        made = longer[: self.length].copy()
        made[: len(longer) - self.length] += longer[self.length :]
        return np.moveaxis(made, 0, axis)


@dataclass(frozen=True)
class Canvas:
    """A picture's two axes."""

    rows: Axis
    columns: Axis

    @classmethod
    def of(
        cls, size_hw: tuple[int, int], source_hw: tuple[int, int], *, around: tuple[bool, bool] = (False, False)
    ) -> Canvas:
        rows, columns = (Axis(*each) for each in zip(source_hw, size_hw, around, strict=True))
        return cls(rows, columns)

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.rows.length, self.columns.length

    @property
    def around(self) -> tuple[bool, bool]:
        return self.rows.around, self.columns.around

    @property
    def larger(self) -> tuple[int, ...]:
        """The axes of the two that are larger than the source's."""
        return tuple(number for number, axis in enumerate((self.rows, self.columns)) if axis.larger)

    def home(self) -> tuple[np.ndarray, np.ndarray]:
        """Of every place, that of the source that is at home there: rows (H, 1) and columns (W,), to index with."""
        return self.rows.home()[:, None], self.columns.home()

    def of_source(self, source_hw: tuple[int, int]) -> Canvas:
        """The same picture where its source has another size; around an axis, of an even number of places."""

        def scaled(axis: Axis, source: int) -> Axis:
            length = max(1, axis.length * source / axis.source)
            return Axis(source, 2 * max(1, round(length / 2)) if axis.around else round(length), axis.around)

        return Canvas(scaled(self.rows, source_hw[0]), scaled(self.columns, source_hw[1]))
