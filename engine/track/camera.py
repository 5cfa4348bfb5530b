"""A camera followed through a shot, told from what moves by itself. Needs OpenCV.

Each frame is held against a key frame, not against the one before: so errors don't add up, and what keeps moving, water
or fire, is soon not found any more. Only where the view leaves the key frame's, another takes its place; where the view
comes back, the reference does. In the first frames after a key frame, while water still looks as it did, its drift may
find more support than the ground beside it. So what has agreed so far is asked before all else, and a frame's motion is
settled last of all, from the end: by those features that agreed with the camera's later.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .features import Key, Sight, key_of, moved, sight_of, similarity, unlike
from .track import IDENTITY

SHARED = 0.6
"""Of the view: so much of it the key frame has to show ..."""

BACK = 0.75
"""... and so much of it the reference, to take its place again."""

FARTHEST_ZOOM = 16
"""Nearer or farther than the reference so many times, nothing is told any more."""

LONGEST = 250
"""Frames that are settled together: bounds the memory."""

RESTS = 0.3
"""Px that a feature may be from where it was if the camera is at rest."""

STEADY = 0.5
"""Of the features that agree on a motion: if so many are at rest, that motion is of something else."""

GRID = np.stack(np.meshgrid(np.linspace(0, 1, 33), np.linspace(0, 1, 33)), -1).reshape(-1, 2)


@dataclass(frozen=True, kw_only=True, eq=False)
class Fix:
    """What is known of one frame: its 3 x 3 ``matrix`` onto the reference, None where it isn't.

    ``at_rest`` says that the camera is where it was at the key frame, ``since`` how many frames ago that was. ``agree``
    is the share, of the key frame's features that were found, that the matrix takes where they were; ``unlike`` is how
    unlike the reference the frame looks, moved onto it and left where it is.
    """

    matrix: np.ndarray | None
    at_rest: bool
    since: int = 0
    agree: float = 0.0
    unlike: tuple[float, float] = (0.0, 0.0)


@dataclass(eq=False)
class _Stretch:
    """Frames held against one key frame. ``guess`` is the last one's matrix onto it, as far as is known by then, and
    ``steady`` are the features that agree with it."""

    key: Key
    guess: np.ndarray = field(default_factory=lambda: IDENTITY)
    sights: list[Sight] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.steady = np.ones(len(self.key.places), bool)

    @property
    def onto_reference(self) -> np.ndarray:
        """The last frame's matrix onto the reference."""
        return self.key.onto_reference @ self.guess

    def sequel(self) -> _Stretch:
        """The frames that follow."""
        stretch = _Stretch(key=self.key, guess=self.guess)
        stretch.steady = self.steady
        return stretch

    def look(self, luma_hw: np.ndarray) -> bool:
        """Hold the next frame against the key frame; whether its motion can be told."""
        sight = sight_of(self.key, luma_hw, self.guess, self.sights[-1] if self.sights else None)
        self.sights.append(sight)
        matrix = self._motion(sight, self.steady)
        if matrix is None:
            return False
        self.guess = matrix
        self.steady = sight.agree(self.key, matrix)
        return True

    def settle(self, reference: Key) -> list[Fix]:
        """What is known of its frames in the end."""
        agreed = self.steady.astype(np.float64)
        asked = np.ones(len(agreed))
        fixes = []
        for since, sight in reversed(list(enumerate(self.sights, 1))):
            matrix = self._motion(sight, 2 * agreed >= asked)
            fixes.append(self._fix(sight, since, matrix, reference))
            if matrix is not None:
                asked += sight.found
                agreed += sight.agree(self.key, matrix)
        return fixes[::-1]

    def _motion(self, sight: Sight, steady: np.ndarray) -> np.ndarray | None:
        """A frame's matrix onto the key, by the steady ones of its features if they tell it, or else by all."""
        matrix = similarity(self.key, sight, sight.found & steady)
        if matrix is None:
            matrix = similarity(self.key, sight, sight.found)
        if matrix is None:
            return None
        zoom = np.sqrt(abs(np.linalg.det(self.key.onto_reference @ matrix)))
        return matrix if 1 / FARTHEST_ZOOM < zoom < FARTHEST_ZOOM else None

    def _fix(self, sight: Sight, since: int, matrix: np.ndarray | None, reference: Key) -> Fix:
        resting = int(sight.agree(self.key, IDENTITY, RESTS).sum())
        if matrix is None:
            return Fix(matrix=None, at_rest=resting >= sight.enough())
        moving = int(sight.agree(self.key, matrix).sum())
        onto_reference = self.key.onto_reference @ matrix
        return Fix(
            matrix=onto_reference,
            at_rest=resting >= max(sight.enough(), STEADY * moving),
            since=since,
            agree=moving / int(sight.found.sum()),
            unlike=unlike(reference, sight, onto_reference),
        )


class Camera:
    """Sees the frames of a shot one after the other, luma (h, w) uint8, and tells in the end how it moved.

    ``hidden_hw``, (h, w) bool, is what is not to be looked at, where it is in the first frame.
    """

    def __init__(self, first_hw: np.ndarray, hidden_hw: np.ndarray | None = None) -> None:
        self._hidden = hidden_hw
        self._reference = key_of(first_hw, 0, IDENTITY, hidden_hw)
        self._stretch = _Stretch(key=self._reference)
        self._last_told = (0, first_hw)
        self._fixes = [Fix(matrix=IDENTITY, at_rest=True)]

    def see(self, luma_hw: np.ndarray) -> None:
        """Look at the next frame."""
        number = len(self._fixes) + len(self._stretch.sights)
        told = self._stretch.look(luma_hw)
        if told:
            self._change_key(luma_hw, number)
        if told or self._told_by_last(luma_hw):
            self._last_told = (number, luma_hw)
        if len(self._stretch.sights) == LONGEST:
            self._begin(self._stretch.sequel())

    def fixes(self) -> list[Fix]:
        """What is known of every frame seen."""
        self._fixes += self._stretch.settle(self._reference)
        self._stretch.sights.clear()
        return self._fixes

    def _change_key(self, luma_hw: np.ndarray, number: int) -> None:
        """Let another frame be the key frame from here on, if this one's view is too far from the present one's."""
        key, guess, onto_reference = self._stretch.key, self._stretch.guess, self._stretch.onto_reference
        if key is not self._reference and _shared(onto_reference, luma_hw.shape) >= BACK:
            self._try(_Stretch(key=self._reference, guess=onto_reference), luma_hw)
        if self._stretch.key is key and _shared(guess, luma_hw.shape) < SHARED:
            self._begin(_Stretch(key=key_of(luma_hw, number, onto_reference, self._hidden)))

    def _told_by_last(self, luma_hw: np.ndarray) -> bool:
        """Whether a frame that the key frame doesn't tell of is told by the last one that it did tell of."""
        number, last_hw = self._last_told
        if number == self._stretch.key.number:
            return False
        return self._try(_Stretch(key=key_of(last_hw, number, self._stretch.onto_reference, self._hidden)), luma_hw)

    def _try(self, stretch: _Stretch, luma_hw: np.ndarray) -> bool:
        """Hold the present frame against another key frame, and stay with that if it tells of it."""
        if not stretch.look(luma_hw):
            return False
        self._stretch.sights.pop()
        self._begin(stretch)
        return True

    def _begin(self, stretch: _Stretch) -> None:
        self._fixes += self._stretch.settle(self._reference)
        self._stretch = stretch


def _shared(matrix: np.ndarray, size_hw: tuple[int, ...]) -> float:
    """How much of one view the other shows, of either the one that shows less of the other."""
    most = np.array([size_hw[1] - 1, size_hw[0] - 1])
    shares = []
    for onto in (matrix, np.linalg.inv(matrix)):
        places = moved(onto, GRID * most)
        shares.append(((places >= 0) & (places <= most)).all(1).mean())
    return float(min(shares))
