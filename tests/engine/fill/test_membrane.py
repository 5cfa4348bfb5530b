"""The smoothest field with given values around a hole."""

from __future__ import annotations

import numpy as np
import pytest

from dtsgan.engine.fill.membrane import membrane

SIZE_HW = (20, 30)


def hole(rows: slice, columns: slice) -> np.ndarray:
    made = np.zeros(SIZE_HW, bool)
    made[rows, columns] = True
    return made


def test_what_is_smooth_already_comes_back() -> None:
    """Slopes and saddles are as smooth as it gets; outside the hole there is nothing."""
    y, x = np.mgrid[: SIZE_HW[0], : SIZE_HW[1]].astype(np.float32)
    around = np.stack([2 * x - y, x * x - y * y, np.full(SIZE_HW, 3, np.float32)])
    inside = hole(slice(4, 15), slice(6, 22))
    made = membrane(around, inside)
    np.testing.assert_allclose(made[:, inside], around[:, inside], atol=1e-3)
    assert not made[:, ~inside].any()


@pytest.mark.parametrize("inside", [hole(slice(0, 8), slice(0, 9)), hole(slice(15, 20), slice(10, 30))])
def test_a_hole_at_the_pictures_edge(inside: np.ndarray) -> None:
    """There is nothing beyond the edge that it would have to follow."""
    made = membrane(np.full((3, *SIZE_HW), 2, np.float32), inside)
    np.testing.assert_allclose(made[:, inside], 2, atol=1e-4)


def test_only_what_is_next_to_the_hole_counts() -> None:
    """Neither what lies inside it nor what is far from it."""
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 3, *SIZE_HW)).astype(np.float32)
    inside = hole(slice(5, 9), slice(5, 9))
    near = hole(slice(4, 10), slice(4, 10)) & ~inside
    other[:, near] = one[:, near]
    np.testing.assert_array_equal(membrane(one, inside), membrane(other, inside))


def test_two_holes_dont_know_of_each_other() -> None:
    around = np.zeros((3, *SIZE_HW), np.float32)
    around[:, :, :15], around[:, :, 15:] = 1, 5
    inside = hole(slice(3, 9), slice(3, 9)) | hole(slice(3, 9), slice(20, 26))
    made = membrane(around, inside)
    np.testing.assert_allclose(made[:, 3:9, 3:9], 1, atol=1e-4)
    np.testing.assert_allclose(made[:, 3:9, 20:26], 5, atol=1e-4)


@pytest.mark.parametrize("inside", [np.zeros(SIZE_HW, bool), np.ones(SIZE_HW, bool)])
def test_nothing_to_carry(inside: np.ndarray) -> None:
    assert not membrane(np.ones((3, *SIZE_HW), np.float32), inside).any()
