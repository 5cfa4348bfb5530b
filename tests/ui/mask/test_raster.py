from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw
from support.drawing import square, stroke

from dtsgan.ui.document import Key, Mask, Moving, Polygon, Rectangle, Stroke
from dtsgan.ui.mask.drawing import Sheet
from dtsgan.ui.mask.keys import inverted
from dtsgan.ui.mask.raster import Rasters, coverage_of, pictures, raster
from dtsgan.ui.mask.runs import places_of, runs_of

if TYPE_CHECKING:
    from dtsgan.ui.document import Shape

HW = (60, 80)
FINE = 8


def drawn(*shapes: Shape, size_hw: tuple[int, int] = HW) -> np.ndarray:
    return raster(shapes, HW, size_hw)


def covered(stroke: Stroke) -> np.ndarray:
    """The share of each pixel within a stroke, by the distance of many points of it to each piece.

    A piece from one circle to another one is all circles between them."""
    y, x = (np.mgrid[: HW[0] * FINE, : HW[1] * FINE] + 0.5) / FINE
    inside = np.zeros(y.shape, bool)
    pieces = list(zip(stroke.points, stroke.radii, strict=True))
    for (start, near), (end, far) in zip(pieces, pieces[1:] or pieces, strict=False):
        for share in np.linspace(0, 1, 200):
            at_x, at_y = start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
            inside |= (x - at_x) ** 2 + (y - at_y) ** 2 <= (near + share * (far - near)) ** 2
    return inside.reshape(HW[0], FINE, HW[1], FINE).mean((1, 3))


@pytest.mark.parametrize(
    "shape",
    [
        stroke((40, 30), radius=9),
        stroke((20, 20), (55, 35), (30, 48), radius=6.5),
        Stroke(points=((15, 15), (60, 40), (40, 50)), radii=(3.0, 11.0, 7.5)),
        Stroke(points=((40, 30), (42, 30)), radii=(12.0, 3.0)),
    ],
    ids=["a dab", "a line", "pressure", "a circle in another"],
)
def test_strokes_cover_what_is_near_them(shape: Stroke) -> None:
    """A stroke covers what lies within its radius, which grows evenly from point to point, soft by a pixel."""
    made, true = drawn(shape) / 255, covered(shape)
    assert np.all(made[true == 1] >= 0.94)
    assert np.all(made[true == 0] <= 0.03)
    # Where pieces meet, their soft edges lie over each other.
    assert np.abs(made - true).mean() < 0.004
    assert np.abs(made - true).max() < 0.3


def test_polygons_cover_their_inside() -> None:
    """A polygon, inside and partly outside the picture, is what Pillow fills at eight times the size."""
    points = ((10.0, 8.0), (70.5, 20.0), (90.0, 50.0), (30.0, 55.25))
    fine = Image.new("L", (100 * FINE, HW[0] * FINE))
    ImageDraw.Draw(fine).polygon([(x * FINE - 0.5, y * FINE - 0.5) for x, y in points], fill=255)
    true = np.asarray(fine).reshape(HW[0], FINE, 100, FINE).mean((1, 3))[:, : HW[1]]
    made = drawn(Polygon(points=points)).astype(float)
    assert np.abs(made - true).max() < 40
    assert np.abs(made - true).mean() < 1


def test_an_outline_that_crosses_itself_has_no_hole() -> None:
    """All that an outline goes around is inside, as the engine has it."""
    star = Polygon(points=((40, 5), (55, 55), (10, 22), (70, 22), (25, 55)))
    assert drawn(star)[30, 40] == 255


def test_rectangles_are_exact() -> None:
    """A rectangle covers its pixels, and half of those that it half covers."""
    made = drawn(Rectangle(x=10, y=5.5, width=20, height=10))
    assert np.all(made[6:15, 10:30] == 255)
    assert np.all(abs(made[5, 10:30].astype(int) - 128) <= 2)
    made[5:16, 10:30] = 0
    assert not made.any()


def test_erasing_takes_away_what_lies_below_alone() -> None:
    """An eraser clears what was painted before it, and what is painted after it stays."""
    made = drawn(square(10, 10, 30), square(20, 20, 10, erase=True), square(24, 24, 2))
    assert made[15, 15] == 255
    assert made[21, 21] == 0
    assert np.all(made[24:26, 24:26] == 255)


def test_inverting_is_exact() -> None:
    """The inverted mask's picture is 255 less the mask's own, soft edges and all."""
    shapes = (stroke((20, 20), (55, 35), radius=6.5), stroke((40, 30), radius=5, erase=True), square(60.5, 3.25, 9))
    assert np.abs(255 - drawn(*inverted(shapes, HW)).astype(int) - drawn(*shapes)).max() <= 2


def test_what_moves_covers_the_picture() -> None:
    """Runs come back as they were, and cover as much of any picture as of their own."""
    generator = np.random.default_rng(3)
    for places in (generator.random((15, 20)) > 0.6, np.ones((15, 20), bool), np.zeros((15, 20), bool)):
        moving = Moving(size_hw=(15, 20), runs=runs_of(places))
        assert np.array_equal(places_of(moving), places)
        assert sum(moving.runs) == 300
    block = np.zeros((15, 20), bool)
    block[5:10, 4:8] = True
    made = drawn(Moving(size_hw=(15, 20), runs=runs_of(block)))
    assert np.all(made[22:38, 18:30] == 255)
    assert not made[:16].any()
    assert not made[:, 40:].any()


@pytest.mark.parametrize("size_hw", [(30, 40), (120, 160)])
def test_any_size_shows_the_same(size_hw: tuple[int, int]) -> None:
    """Half or twice as large, the same part of the picture is covered."""
    shapes = (stroke((20, 20), (55, 35), radius=6.5), square(60, 10, 9), stroke((40, 30), radius=4, erase=True))
    assert drawn(*shapes, size_hw=size_hw).mean() == pytest.approx(drawn(*shapes).mean(), rel=0.02)


def test_one_more_shape_is_as_if_drawn_anew() -> None:
    """What is drawn on top of what was kept equals all of it drawn at once; what was kept stays as it was."""
    shapes = (square(10, 10, 30), stroke((20, 20), (55, 35)), stroke((40, 30), erase=True))
    rasters, sheet = Rasters(), Sheet.of(HW, HW)
    kept = [coverage_of(rasters.image(shapes[:count], sheet)) for count in range(4)]
    for count, picture in enumerate(kept):
        assert np.array_equal(picture, drawn(*shapes[:count]))
        assert np.array_equal(picture, coverage_of(rasters.image(shapes[:count], sheet)))


def test_a_mask_that_moves_has_a_picture_for_each_frame() -> None:
    """The pictures of some frames are those of the shapes at these frames."""
    mask = Mask(keys=(Key(frame=0, shapes=(square(0, 10, 10),)), Key(frame=10, shapes=(square(40, 10, 10),))))
    made = list(pictures(mask, range(4, 7), clip_hw=HW, size_hw=HW))
    for picture, x in zip(made, (16, 20, 24), strict=True):
        assert np.array_equal(picture, drawn(square(x, 10, 10)))


@pytest.mark.parametrize("runs", [(), (5,), (0, 999), (-3, 4, 10**20), (300,) * 50])
def test_damaged_runs_are_no_harm(runs: tuple[int, ...]) -> None:
    """Runs that are too few, too many or negative make a picture of the right size all the same."""
    assert places_of(Moving(size_hw=(15, 20), runs=runs)).shape == (15, 20)
    assert places_of(Moving(size_hw=(10**9, 10**9), runs=runs)).shape == (1, 1)
