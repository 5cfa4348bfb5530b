"""From where in the source each place of a video is taken: found coarse to fine, agreed among neighbours.

A label is the way from a place on the canvas to its match, (frames, rows, columns), in cells of the grid it belongs to.
Neighbours with the same label take neighbouring pixels: nothing is seen between them. So matches are not only near;
they agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .. import threads
from ..exact import rounded
from ..noise import generator_for
from ..scales import resize

if TYPE_CHECKING:
    from ..canvas import Canvas

SEARCH_REACH = 1
"""Cells of the coarsest grid by which a match may lie beside its place: layouts stay where they are."""

PLACE_WEIGHT = 0.02
"""Cost of one cell beside the place, in units of the descriptors' spread."""

AGREEMENT = 0.3
"""Weight of what each neighbour's label would put here, beside the wanted patch's 1."""

SWITCH_COST = 0.002
"""Of a neighbour with another label, in units of the spread: in flat parts, too, pieces stay whole."""

ROUNDS = 5
TOGETHER = 1 << 13
"""Places that choose at a time; how many makes no difference, as places of one colour are no neighbours."""

TARGET = 2.0**-10
"""What wanted and voted for come to is a multiple of this: sums of its products are exact."""

STAGGER_CELLS = 5
INVALID = 1e9
RIM, LEAST_FOR_RIM = 1, 8
WAY = np.dtype([("time", np.int32), ("row", np.int16), ("column", np.int16)])
"""A label in 64 bits, so that it can be moved and compared as one number."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """The source's descriptors on one grid, (N, H, W, VALUES), and the sum of their variances. Its places begin and end
    one after the other over as many frames as ``stagger``.

    Descriptors, the wanted ones too, are multiples of ``DIGIT``: sums of their products are exact, so that every
    processor chooses the same.
    """

    descriptors: np.ndarray
    spread: float
    stagger: int = 0

    @property
    def shape(self) -> tuple[int, int, int]:
        frames, height, width, _ = self.descriptors.shape
        return frames, height, width

    @cached_property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Of each place the first frame that may be taken, and the one behind the last; (H, W) each."""
        frames, height, width = self.shape
        most = min(self.stagger, frames // 8)
        generator = generator_for("ends", frames)
        first, last = (
            np.rint(most * resize(generator.random((STAGGER_CELLS, STAGGER_CELLS)), (height, width)).clip(0, 1))
            for _ in range(2)
        )
        return first.astype(np.int32), (frames - last).astype(np.int32)

    @cached_property
    def usual(self) -> np.ndarray:
        """The mean of each place, (H, W, VALUES)."""
        return self.descriptors.mean(0)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Of the descriptors, squared; (N, H, W)."""
        return np.einsum("thwv,thwv->thw", self.descriptors, self.descriptors)


def search(wanted: np.ndarray, known: Known, canvas: Canvas) -> np.ndarray:
    """The nearest patch at any time and at most ``SEARCH_REACH`` cells from home, for each of (T, H, W, VALUES).

    Exact, by matrix products. Gives labels (T, H, W, 3).
    """
    frames, height, width, _ = wanted.shape
    labels = np.empty((frames, height, width, 3), np.int32)
    lengths, (firsts, lasts) = known.lengths, known.ends  # before the threads ask for them
    times = np.arange(known.shape[0])
    home_rows, home_columns = canvas.rows.home(), canvas.columns.home()
    _, source_height, source_width = known.shape
    rim_rows, rim_columns = _rims(canvas)

    def search_row(y: int) -> None:
        asked = -2 * wanted[:, y].transpose(1, 0, 2)
        best = np.full((width, frames), np.inf, np.float32)
        found = np.zeros((width, frames, 3), np.int32)
        for down in range(-SEARCH_REACH, SEARCH_REACH + 1):
            row = home_rows[y] + down
            for right in range(-SEARCH_REACH, SEARCH_REACH + 1):
                columns = home_columns + right
                # Beside the picture there is nothing to take.
                places = np.flatnonzero((columns >= rim_columns) & (columns < source_width - rim_columns))
                if not rim_rows <= row < source_height - rim_rows:
                    continue
                columns = columns[places]
                apart = asked[places] @ known.descriptors[:, row, columns].transpose(1, 2, 0)
                apart += lengths[:, row, columns].T[:, None]
                if known.stagger:
                    beyond = (times < firsts[row, columns][:, None]) | (times >= lasts[row, columns][:, None])
                    apart += np.where(beyond, np.float32(INVALID), 0)[:, None]
                cost = apart.min(-1) + np.float32(PLACE_WEIGHT * known.spread * (down**2 + right**2))
                place, frame = np.nonzero(cost < best[places])
                x = places[place]
                best[x, frame] = cost[place, frame]
                found[x, frame, 0] = apart.argmin(-1)[place, frame]
                found[x, frame, 1] = row - y
                found[x, frame, 2] = columns[place] - x
        labels[:, y] = found.transpose(1, 0, 2)

    threads.shared(search_row, range(height))
    labels[..., 0] -= np.arange(frames, dtype=np.int32)[:, None, None]
    return labels


def enlarge(labels: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Labels (T, h, w, 3) on a finer grid, each way as long in the picture as it was."""
    ratios = [new / old for new, old in zip(size_hw, labels.shape[1:3], strict=True)]
    rows, columns = (
        ((np.arange(new) + 0.5) / ratio).astype(np.intp) for new, ratio in zip(size_hw, ratios, strict=True)
    )
    finer = labels[:, rows[:, None], columns]
    for axis, ratio in enumerate(ratios, 1):
        finer[..., axis] = np.rint(finer[..., axis] * ratio)
    return finer


def settle(wanted: np.ndarray, known: Known, labels: np.ndarray, canvas: Canvas) -> np.ndarray:
    """Let every place choose again among its own label and its six neighbours', ``ROUNDS`` times.

    A place takes the label whose patch is nearest to what is wanted and to what its neighbours' labels would put here:
    iterated conditional modes (Besag, 1986) on a chequerboard, so that no two neighbours choose at once. Where since a
    place chose no label changed, its own and its neighbours', it would choose the same again, and is passed over.
    """
    shape = labels.shape[:3]
    ways = np.empty(shape, WAY)
    for axis, name in enumerate(("time", "row", "column")):
        ways[name] = labels[..., axis]
    game = _Settling(wanted, known, ways.view(np.int64).ravel(), canvas)
    boards = [np.flatnonzero(np.indices(shape, np.int32).sum(0) % 2 == colour) for colour in (0, 1)]
    for _ in range(ROUNDS):
        for board in boards:
            moving = board[game.stale[board]]
            threads.shared(game.choose, [moving[start : start + TOGETHER] for start in range(0, len(moving), TOGETHER)])
    settled = game.ways.view(WAY).reshape(shape)
    return np.stack([settled[name].astype(np.int32) for name in ("time", "row", "column")], -1)


class _Settling:
    """Labels that are being settled: ``ways`` holds them as numbers, ``stale`` says which have to choose."""

    def __init__(self, wanted: np.ndarray, known: Known, ways: np.ndarray, canvas: Canvas) -> None:
        self.ways = ways
        self._asked, self._known, self._size_hw = wanted.reshape(len(ways), -1), known, wanted.shape[1:3]
        self._values, self._lengths = known.descriptors.reshape(-1, wanted.shape[3]), known.lengths.ravel()
        self._around = _around(wanted.shape[:3], canvas)
        self._turned, self._rims = _turned(wanted.shape[:3], canvas), _rims(canvas)
        self._homes = [axis.home() - np.arange(axis.length) for axis in (canvas.rows, canvas.columns)]
        self.stale = (self._candidates(self._around) != ways).any(0)  # elsewhere there is no choice

    def _candidates(self, around: np.ndarray, places: np.ndarray | slice = slice(None)) -> np.ndarray:
        """The labels of places and of their neighbours as ways from the places themselves."""
        found = self.ways.take(around)
        for name, turns in self._turned.items():
            found.view(WAY)[name] += turns[:, places]
        return found

    def choose(self, places: np.ndarray) -> None:
        """Let places choose of which no two are neighbours."""
        around = self._around.take(places, axis=1)
        candidates = self._candidates(around, places)
        values, lengths, cost = self._taken(places, candidates)
        votes = AGREEMENT * (cost[1:] < INVALID).sum(0, dtype=np.float32)
        target = values[1:].sum(0)
        target *= AGREEMENT
        target += self._asked.take(places, axis=0)
        rounded(target, TARGET)
        # Their squared distance from the mean of what is wanted and voted for, times its weight, but for a constant.
        energy = (1 + votes) * lengths - 2 * np.einsum("kmv,mv->km", values, target)
        switches = (candidates[:, None] != candidates[None, 1:]).view(np.int8).sum(1, dtype=np.int8)
        energy += cost + np.float32(SWITCH_COST * self._known.spread) * switches
        least, chosen = energy[0], candidates[0].copy()
        for other, candidate in zip(energy[1:], candidates[1:], strict=True):
            better = other < least
            np.copyto(least, other, where=better)
            np.copyto(chosen, candidate, where=better)
        changed = chosen != candidates[0]
        self.ways[places] = chosen
        self.stale[places] = False
        self.stale[around[:, changed]] = True

    def _taken(self, places: np.ndarray, candidates: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What labels (7, M) take for places (M,): descriptors, their squared lengths, and the cost of lying aside.

        Labels that lead out of the source take zeros.
        """
        ways = candidates.view(WAY)
        row, column = (ways[name].astype(np.int32) for name in ("row", "column"))
        upper, x = np.divmod(places.astype(np.int32), self._size_hw[1])
        time, y = np.divmod(upper, self._size_hw[0])
        cost = np.zeros(candidates.shape, np.float32)
        for way, place, home in zip((row, column), (y, x), self._homes, strict=True):
            cost += np.square(way - home[place])
        cost *= np.float32(PLACE_WEIGHT * self._known.spread)
        time, row, column = ways["time"] + time, row + y, column + x
        _, height, width = self._known.shape
        place = row * np.int32(width) + column
        at = time.astype(np.intp) * (height * width) + place
        outside = np.zeros(at.shape, bool)
        for along, side, rim in zip((row, column), (height, width), self._rims, strict=True):
            outside |= (along - np.int32(rim)).view(np.uint32) >= side - 2 * rim
        first, end = (each.take(place, mode="clip") for each in self._known.ends)
        outside |= (time < first) | (time >= end)
        values, lengths = self._values.take(at, axis=0, mode="clip"), self._lengths.take(at, mode="clip")
        if outside.any():
            values[outside] = 0
            cost[outside] = INVALID
        return values, lengths, cost


def _rims(canvas: Canvas) -> tuple[int, int]:
    """Rows and columns at the source's edges that nothing is taken from. What was at the edge may be in the middle on a
    larger canvas, and many videos have a darker or lighter line there."""
    rows, columns = (
        RIM if axis.larger and axis.source > LEAST_FOR_RIM else 0 for axis in (canvas.rows, canvas.columns)
    )
    return rows, columns


def _around(shape: tuple[int, ...], canvas: Canvas) -> np.ndarray:
    """Of each place, numbered: itself and its six neighbours, beside the video the place itself; (7, places)."""
    numbers = np.arange(np.prod(shape)).reshape(shape)
    around = [numbers]
    for axis, goes_on in enumerate((False, *canvas.around)):
        forth, back = np.roll(numbers, 1, axis), np.roll(numbers, -1, axis)
        if not goes_on:
            first, last = (np.s_[:,] * axis + (end,) for end in (0, -1))
            forth[first], back[last] = numbers[first], numbers[last]
        around += [forth, back]
    return np.stack(around).reshape(7, -1)


def _turned(shape: tuple[int, ...], canvas: Canvas) -> dict[str, np.ndarray]:
    """By how much longer the ways of the places around each place are that lie behind the picture's other end."""
    turned = {}
    for axis, (name, goes_on) in enumerate(zip(("row", "column"), canvas.around, strict=True), 1):
        if goes_on:
            longer = np.zeros((7, *shape), np.int16)
            forth, back = 1 + 2 * axis, 2 + 2 * axis
            first, last = (np.s_[:,] * axis + (end,) for end in (0, -1))
            longer[forth][first], longer[back][last] = shape[axis], -shape[axis]
            turned[name] = longer.reshape(7, -1)
    return turned
