"""From where a hole is filled."""

from __future__ import annotations

import numpy as np
from support.videos import texture

from dtsgan.engine.fill.moments import clear, moments_for, place_beside

CLIP = texture(60, (24, 32))


def holes(frames: range, rows: slice = slice(8, 14), columns: slice = slice(10, 18)) -> np.ndarray:
    made = np.zeros((60, 24, 32), bool)
    made[frames.start : frames.stop, rows, columns] = True
    return made


def test_moments_follow_each_other_and_are_clear() -> None:
    """Frames without a hole get none; with one, moments without it, most of them one after the other."""
    taken_out = holes(range(30, 50))
    moments = moments_for(CLIP, taken_out, range(60))
    assert moments is not None
    assert (moments[:30] == -1).all()
    assert (moments[50:] == -1).all()
    assert not taken_out[moments[30:50]].any()
    assert (np.diff(moments[30:50]) == 1).mean() > 0.7


def test_what_is_around_the_hole_decides() -> None:
    """Where a moment comes back after so many frames, that is the one."""
    again = CLIP[:30][np.arange(60) % 20]
    moments = moments_for(again, holes(range(25, 33)), range(60))
    assert moments is not None
    np.testing.assert_array_equal(moments[25:33] % 20, np.arange(25, 33) % 20)


def test_only_candidates_are_taken() -> None:
    """Of frames whose pixels are at hand."""
    moments = moments_for(CLIP, holes(range(30, 50)), range(4, 25))
    assert moments is not None
    assert set(moments[30:50]) <= set(range(4, 25))


def test_a_region_that_is_never_clear_has_no_moments() -> None:
    """But a place beside it, if there is room."""
    always = holes(range(60), slice(3, 7), slice(4, 9))
    assert moments_for(CLIP, always, range(60)) is None
    way = place_beside(CLIP, always)
    assert way is not None
    rows, columns = np.nonzero(always[0])
    assert not always[0, rows + way[0], columns + way[1]].any()
    assert place_beside(CLIP, holes(range(60), slice(2, 22), slice(2, 30))) is None


def test_the_place_beside_that_looks_alike_is_taken() -> None:
    """Of a picture that repeats itself, that which shows the same."""
    tiled = np.tile(CLIP[:, :12, :16], (1, 2, 2, 1))
    assert place_beside(tiled, holes(range(60), slice(3, 7), slice(5, 9))) in {(12, 0), (0, 16), (12, 16)}


def test_a_moment_is_clear_only_with_a_margin() -> None:
    """What is taken out throws shadows."""
    one, far = holes(range(5, 6)), holes(range(9, 10), slice(8, 14), slice(19, 24))
    both = one | far | holes(range(20, 21), slice(8, 14), slice(25, 30))
    assert clear(both, 5, np.array([4, 5, 9, 20])).tolist() == [True, False, False, True]
