"""Where every frame's pixels are in one of them, and pictures moved from the one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

IDENTITY = np.eye(3)
IDENTITY.setflags(write=False)

MOST_PLACES = 1000
"""Of a region, whose share in view is told by them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Track:
    """The camera's way through the frames of a range, the first of which, ``first``, is the reference.

    ``matrices`` (T, 2, 3) float64 take the places (x, y) of each frame's pixels to the reference's, in pixels of the
    upright picture of ``size_hw`` whose centres are whole numbers; of a frame seen from where the reference was, it is
    exactly the identity. They are similarities where pixels are square. ``notices`` are sentences that the person must
    be told.

    The methods take frames by their numbers in the clip, and pictures of any size that show all of the frame: (H, W)
    masks, which are mixed linearly, and (H, W, C) pictures, which keep their sharpness (Lanczos). uint8, uint16,
    float32 and bool come back as such. Of a frame seen from the reference's place, the picture itself comes back.
    """

    first: int
    matrices: np.ndarray
    size_hw: tuple[int, int]
    notices: tuple[str, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether any frame is seen from elsewhere than the reference."""
        return bool((self.matrices != IDENTITY[:2]).any())

    def onto_reference(self, picture: np.ndarray, number: int) -> np.ndarray:
        """What a frame shows, where it is in the reference; beyond its edges they go on as they end, and masks are 0.

        ``inside`` tells where that is.
        """
        return self._warped(picture, self.matrix(number, picture.shape))

    def from_reference(self, picture: np.ndarray, number: int) -> np.ndarray:
        """What is drawn on the reference, where it is in a frame; beyond the edges as in ``onto_reference``."""
        return self._warped(picture, np.linalg.inv(self.matrix(number, picture.shape)))

    def inside(self, number: int, size_hw: tuple[int, int] | None = None) -> np.ndarray:
        """Which of the reference's places, of a picture of ``size_hw``, a frame shows, (H, W) bool."""
        height, width = size_hw or self.size_hw
        back = np.linalg.inv(self.matrix(number, (height, width)))
        rows, columns = np.arange(height)[:, None], np.arange(width)
        shown = np.ones((height, width), bool)
        for axis, most in enumerate((width - 1, height - 1)):
            places = back[axis, 0] * columns + (back[axis, 1] * rows + back[axis, 2])
            shown &= (places >= 0) & (places <= most)
        return shown

    def step(self, number: int, down: float, right: float) -> tuple[float, float]:
        """A way of so many pixels down and right in the reference, as the same way in a frame."""
        x, y = np.linalg.solve(self.matrix(number, self.size_hw)[:2, :2], (right, down))
        return float(y), float(x)

    def matrix(self, number: int, shape: tuple[int, ...]) -> np.ndarray:
        """A frame's 3 x 3 matrix onto the reference, for pictures of a shape that begins with (H, W)."""
        place = number - self.first
        if not 0 <= place < len(self.matrices):
            raise IndexError(number)
        full = np.vstack([self.matrices[place], IDENTITY[2]])
        if np.array_equal(full, IDENTITY):
            return IDENTITY
        return between_sizes(full, self.size_hw, (shape[0], shape[1]))

    def shares(self, region_hw: np.ndarray) -> Iterator[float]:
        """How much of a region of the reference, (H, W) bool, each frame shows, from 0 to 1."""
        rows, columns = np.nonzero(region_hw)
        few = slice(None, None, max(1, len(rows) // MOST_PLACES))
        places = np.stack([columns[few], rows[few], np.ones_like(rows[few])])
        most = np.array([[region_hw.shape[1] - 1], [region_hw.shape[0] - 1]])
        for number in range(self.first, self.first + len(self.matrices)):
            there = (np.linalg.inv(self.matrix(number, region_hw.shape)) @ places)[:2]
            yield float(((there >= 0) & (there <= most)).all(0).mean())

    def _warped(self, picture: np.ndarray, matrix: np.ndarray) -> np.ndarray:
        if matrix is IDENTITY or np.array_equal(matrix, IDENTITY):
            return picture
        from .warp import warped

        return warped(picture, matrix)


def between_sizes(matrix: np.ndarray, from_hw: tuple[int, int], to_hw: tuple[int, int]) -> np.ndarray:
    """A 3 x 3 matrix between pictures of one size, for the same pictures at another size."""
    scaled = np.eye(3)
    for axis, (before, after) in enumerate(zip(from_hw[::-1], to_hw[::-1], strict=True)):
        scaled[axis, axis] = after / before
        scaled[axis, 2] = (after / before - 1) / 2  # a pixel's centre is half a pixel from its corner
    return scaled @ matrix @ np.linalg.inv(scaled)
