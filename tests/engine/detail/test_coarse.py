from __future__ import annotations

import numpy as np

from dtsgan.engine.canvas import Canvas
from dtsgan.engine.detail.coarse import CoarseBands
from dtsgan.engine.scales import resize

FRAMES, SIZE_HW = 60, (16, 20)
WHOLE = Canvas.of(SIZE_HW, SIZE_HW)


def moving(seed: int = 0) -> np.ndarray:
    """Soft blobs that come and go, (T, 3, H, W) about 0."""
    values = np.random.default_rng(seed).standard_normal((FRAMES, 3, 6, 8), np.float32)
    return 0.5 * resize(values, SIZE_HW).clip(-1.8, 1.8)


def patchwork(seed: int = 1) -> np.ndarray:
    """Labels of pieces of 4 x 4 cells from anywhere in time."""
    start = np.random.default_rng(seed).integers(FRAMES, size=(1, SIZE_HW[0] // 4, SIZE_HW[1] // 4))
    time = np.arange(FRAMES)[:, None, None]
    ways = (time + start) % FRAMES - time
    ways = ways.repeat(4, 1).repeat(4, 2)
    return np.stack([ways, np.zeros_like(ways), np.zeros_like(ways)], -1)


def motion_of(video: np.ndarray) -> float:
    return float(np.square(np.diff(video, axis=0)).mean())


def test_the_source_itself_comes_back() -> None:
    """Where all labels agree nothing is blended, and nothing is made stronger."""
    source = moving()
    made = CoarseBands(source).made_of(np.zeros((FRAMES, *SIZE_HW, 3), int), WHOLE)
    np.testing.assert_allclose(made, source, atol=2e-3, rtol=0)


def test_pieces_that_disagree_keep_the_motion() -> None:
    """A patchwork moves about as much as its source; blending alone left six tenths of it."""
    source = moving()
    made = CoarseBands(source).made_of(patchwork(), WHOLE)
    assert 0.75 < motion_of(made) / motion_of(source) < 1.25


def test_no_colour_is_seen_that_was_never_near() -> None:
    """Contrast that is given back stays within what the source shows within a cell of the place."""
    source = moving()
    made = CoarseBands(source).made_of(patchwork(), WHOLE)
    for row, column in ((0, 0), (7, 9), (15, 19)):
        near = source[:, :, max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        assert (made[:, :, row, column] <= near.max((0, 2, 3)) + 1e-6).all()
        assert (made[:, :, row, column] >= near.min((0, 2, 3)) - 1e-6).all()
