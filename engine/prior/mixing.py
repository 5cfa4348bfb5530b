"""Of which of the clip's frames each frame of a draw is made: blocks of the clip, their phases shifted, joined where
they are alike."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ..exact import rounded
from ..noise import generator_for
from .blocks import Blocks
from .fields import PIECES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .draw import Draw

BLOCK = 64
"""Frames drawn together; longer motion than this is not kept."""

SHORTEST_CHOICE = 3
"""Of a short clip a block takes at most this part, so that there are enough places to take one from."""

FADE = 16
"""Frames over which a block gives way to the next, its variance kept. Where two blocks overlap both are seen, so
long fades are soft and ghostly."""

PHASE_STEP = 0.1
"""Deviation, in radians, between the phase shifts of neighbouring frequencies. 0 replays the clip; above 1 every event
is spread over time until nothing is recognised."""

SLOW = 16
"""Frames a wave takes, at the least, that keeps its phase where fine ones are drawn anew."""

FINE_PHASE_STEP = 0.35
"""As ``PHASE_STEP``, of phases that are drawn anew: so far that every flame comes otherwise."""

CANDIDATES = 10
"""Places among which the best joined is taken. With half of all places, different seeds met in the same ones."""

MEETINGS = 4
MEETINGS_APART = 6
GOOD_ENOUGH = 1.25
"""Places among which one is drawn that meets pinned frames, so many frames apart, and how much worse than the best one
they may meet them: else all seeds would go on alike."""


class Pinned:
    """Known frames that a draw has to meet: their numbers, and how each looks, (n, values) as the mixing compares."""

    def __init__(self, numbers: tuple[int, ...], looks: np.ndarray) -> None:
        self.numbers, self.looks = numbers, looks

    def inside(self, first: int, length: int, period: int | None) -> list[tuple[int, int]]:
        """(place among them, place in a block from frame ``first`` on) of those in the block."""
        away = [number - first if period is None else (number - first) % period for number in self.numbers]
        return [(index, place) for index, place in enumerate(away) if 0 <= place < length]


class Mixing:
    """Draws from a clip whose frames look like ``looks``, (T, values): what is compared where blocks are joined."""

    def __init__(self, looks: np.ndarray) -> None:
        self._looks, self.frames = looks, len(looks)
        self.longest = max(min(BLOCK, self.frames // SHORTEST_CHOICE), min(16, self.frames)) // 2 * 2
        self.fade = max(1, self.longest * FADE // BLOCK)
        self._weights_of_block = lru_cache(maxsize=PIECES * 3)(self._block_weights)

    def weights(self, frames: Sequence[int], draw: Draw, piece: int = 0, pinned: Pinned | None = None) -> np.ndarray:
        """How much of each of the clip's frames goes into each frame of a draw's ``piece``, (len(frames), T).

        Blocks with ``pinned`` frames in them are taken from where the clip looks most like those.
        """
        blocks = Blocks.around(self.longest, self.fade, draw.period)
        rows, seeds = np.zeros((len(frames), self.frames), np.float32), (draw.seed, draw.fine_seed)
        for row, frame in enumerate(frames):
            for block, place in blocks.seen(frame):
                name = blocks.name(block)
                rows[row] += self._weights_of_block(blocks, name, seeds, piece, pinned)[place]
        return rows

    def _block_weights(
        self, blocks: Blocks, block: int, seeds: tuple[int, int | None], piece: int, pinned: Pinned | None
    ) -> np.ndarray:
        """One block's weights, (block length, T), its fade in and out applied; ``seeds`` are a draw's two."""
        seed, fine_seed = seeds
        generator = generator_for("phase", seed, piece, block)
        length, fade = blocks.length(block), blocks.fade
        start = self._start(blocks, block, seed, piece, pinned)
        steps = PHASE_STEP * generator.standard_normal(length // 2 + 1)
        if fine_seed is not None:
            slow = length // SLOW + 1
            fine = generator_for("fine phase", seed, fine_seed, piece, block)
            steps[slow:] = FINE_PHASE_STEP * fine.standard_normal(len(steps) - slow)
        phase = np.cumsum(steps)
        phase[0] = phase[-1] = 0
        response = np.fft.irfft(np.exp(1j * phase), n=length)
        lag = (np.arange(length)[:, None] - np.arange(length)[None]) % length
        rise = np.sin(math.pi / 2 * (np.arange(fade) + 0.5) / fade)
        envelope = np.concatenate([rise, np.ones(length - 2 * fade), rise[::-1]])
        weights = np.zeros((length, self.frames), np.float32)
        weights[:, start : start + length] = rounded(response[lag] * envelope[:, None])
        return weights

    def _start(self, blocks: Blocks, block: int, seed: int, piece: int, pinned: Pinned | None) -> int:
        """The clip's frame from which a block is taken: anywhere for even blocks, where it joins both its neighbours
        best for odd ones (among a few places, so that seeds differ), and where it meets pinned frames best. What fades
        into each other is then alike, and few ghosts are seen; yet a block depends on its neighbours' numbers alone,
        not on what came before.

        The pieces of a draw come from different parts of the clip, so that every draw has lively moments and calm ones.
        """
        name = blocks.name(block)
        places = self.frames - blocks.length(block) + 1
        met = self._met(blocks, block, pinned)
        generator = generator_for("start", seed, piece, name)
        if met:
            return self._meeting(self._missed(np.arange(places), met, pinned), generator)
        part = int(generator_for("part", seed, name).permutation(PIECES)[piece])
        first, last = places * part // PIECES, max(places * part // PIECES + 1, places * (part + 1) // PIECES)
        neighbours = [
            side for side in (-1, 1) if block % 2 or self._met(blocks, block + side, pinned)
        ]  # the others join this one
        if not neighbours:
            return int(generator.integers(first, last))
        chosen = first + generator.permutation(last - first)[:CANDIDATES]
        cost = np.zeros(len(chosen))
        for side in neighbours:
            other = self._start(blocks, block + side, seed, piece, pinned)
            if side < 0:
                cost += self._apart(other + blocks.hop(block - 1), chosen, blocks.fade)
            else:
                cost += self._apart(other, chosen + blocks.hop(block), blocks.fade)
        return int(chosen[cost.argmin()])

    def _meeting(self, missed: np.ndarray, generator: np.random.Generator) -> int:
        """One of the few places that miss the pinned frames least, none of them near another."""
        missed = missed.copy()
        found: list[int] = []
        worst = GOOD_ENOUGH * missed.min()
        while len(found) < MEETINGS and missed.min() <= worst:
            found.append(int(missed.argmin()))
            missed[max(0, found[-1] - MEETINGS_APART) : found[-1] + MEETINGS_APART + 1] = np.inf
        return found[int(generator.integers(len(found)))]

    def _met(self, blocks: Blocks, block: int, pinned: Pinned | None) -> list[tuple[int, int]]:
        if pinned is None:
            return []
        return pinned.inside(blocks.first(block), blocks.length(block), blocks.period)

    def _missed(self, starts: np.ndarray, met: list[tuple[int, int]], pinned: Pinned | None) -> np.ndarray:
        """How unlike the pinned frames those of a block from each of the places would be, (len(starts),)."""
        assert pinned is not None
        cost = np.zeros(len(starts))
        for index, place in met:
            cost += np.square(self._looks[starts + place] - pinned.looks[index]).sum(1)
        return cost

    def _apart(self, start: int, others: np.ndarray, length: int) -> np.ndarray:
        """How unlike so many frames from ``start`` on are to those from each of the other places on, (len(others),)."""
        steps = np.arange(length)
        return np.square(self._looks[others[:, None] + steps] - self._looks[start : start + length]).sum((1, 2))
