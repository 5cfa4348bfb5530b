"""Tiles that cover a picture larger than its source."""

from __future__ import annotations

import numpy as np
import pytest

from dtsgan.engine.canvas import Axis, Canvas

AXES = [
    Axis(source, length, around)
    for source in (8, 48, 64)
    for length in (5, 8, 30, 47, 48, 49, 64, 100, 500)
    for around in (False, True)
]


@pytest.mark.parametrize("axis", AXES, ids=str)
def test_tiles_cover_every_place_once(axis: Axis) -> None:
    """The squares of all tiles' weights add up to 1 everywhere, and no tile shows what the source hasn't."""
    energy = np.zeros(max(axis.length, *(tile.start + tile.length for tile in axis.tiles())))
    for tile in axis.tiles():
        assert 0 <= tile.first <= tile.first + tile.length <= axis.source
        energy[tile.start : tile.start + tile.length] += np.square(tile.weights())
    np.testing.assert_allclose(axis.folded(energy, 0), 1, atol=1e-5)


@pytest.mark.parametrize("axis", AXES, ids=str)
def test_home_is_in_the_source_and_mostly_goes_on(axis: Axis) -> None:
    """Places beside each other are at home beside each other, but where one tile gives way to the next."""
    home = axis.home()
    assert home.min() >= 0
    assert home.max() < axis.source
    assert (np.diff(home) != 1).sum() <= len(axis.tiles())


def test_no_more_than_there_is_stays_where_it_is() -> None:
    """A part is cut out of the middle."""
    assert Axis(10, 6).home().tolist() == [2, 3, 4, 5, 6, 7]
    assert Axis(10, 10).home().tolist() == list(range(10))
    assert not Axis(10, 10).larger
    assert Axis(10, 11).larger
    assert Axis(10, 4, around=True).larger


def test_a_canvas_in_other_pixels() -> None:
    """Half the pixels are half the canvas; around an axis there is an even number of places."""
    canvas = Canvas.of((288, 1001), (288, 352), around=(False, True))
    small = canvas.of_source((48, 60))
    assert small.size_hw == (48, 170)
    assert small.columns == Axis(60, 170, around=True)
    assert small.rows == Axis(48, 48)
