"""Masks that are polygons with key frames."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from support.masks import HW, box, keyed, open_here, write_json

from dtsgan.engine.clip import Rect
from dtsgan.engine.mask import Mask
from dtsgan.engine.mask.coverage import coverage
from dtsgan.engine.mask.polygons import read_polygons


def areas(mask: Mask) -> list[float]:
    return [float(frame.sum(dtype=np.float64)) for frame in mask.frames()]


def test_a_polygon_covers_exactly_its_area(tmp_path: Path) -> None:
    """Its edges are antialiased: each pixel by what is covered of it, beside the polygon exactly 0."""
    mask = open_here(write_json(tmp_path / "a.json", keyed((0, box(2.25, 3.5, 4, 2)))))
    expected = np.zeros(HW)
    expected[3:6, 2:7] = np.outer([0.5, 1, 0.5], [0.75, 1, 1, 1, 0.25])
    assert np.array_equal(next(mask.frames()), expected.astype(np.float32))
    assert mask.still


def test_points_move_evenly_between_key_frames(tmp_path: Path) -> None:
    """Halfway they are halfway; before the first key frame and after the last they stand. The order is no matter."""
    keys = keyed((8, box(1, 1, 8, 6)), (5, box(1, 1, 2, 3)))
    mask = open_here(write_json(tmp_path / "a.json", keys))
    assert areas(mask) == pytest.approx([2 * 3, 2 * 3, 4 * 4, 6 * 5, 8 * 6, 8 * 6], abs=1e-4)
    assert not mask.still
    assert mask.rect() == Rect(x=1, y=1, width=8, height=6)


def test_a_polygon_moves_by_fractions_of_a_pixel(tmp_path: Path) -> None:
    """A third of the way of one pixel is a third of a pixel."""
    mask = open_here(write_json(tmp_path / "a.json", keyed((4, box(5, 5, 1, 1)), (7, box(6, 5, 1, 1)))))
    shares = [frame[5, 5:7].tolist() for frame in islice(mask.frames(), 4)]
    np.testing.assert_allclose(shares, [[1, 0], [2 / 3, 1 / 3], [1 / 3, 2 / 3], [0, 1]], atol=1e-6)


def test_key_frames_that_nothing_moves_between_are_still(tmp_path: Path) -> None:
    """What moves elsewhere in the clip only, or not at all, is one picture for all frames of the span."""
    early = keyed((0, box(1, 1, 2, 2)), (4, box(1, 1, 4, 4)))
    away_and_back = keyed((4, box(1, 1, 4, 4)), (6, box(1, 1, 2, 2)), (9, box(1, 1, 4, 4)))
    assert open_here(write_json(tmp_path / "a.json", early)).still
    assert open_here(write_json(tmp_path / "b.json", keyed((4, box(1, 1, 4, 4)), (9, box(1, 1, 4, 4))))).still
    assert not open_here(write_json(tmp_path / "c.json", away_and_back)).still


def test_several_polygons_are_their_union(tmp_path: Path) -> None:
    """Each moves by its own key frames; where two overlap it is masked once, and where they touch nothing shows."""
    over, touching = keyed((0, box(2, 2, 4, 4))), keyed((0, box(4, 3, 4.5, 2)))
    beside, moving = keyed((0, box(8.5, 3, 2, 2))), keyed((4, box(20, 10, 1, 1)), (9, box(25, 10, 1, 1)))
    mask = open_here(write_json(tmp_path / "a.json", {"polygons": [over, touching, beside, moving]}))
    assert areas(mask) == pytest.approx([16 + 2.5 * 2 + 2 * 2 + 1] * 6, abs=1e-4)
    assert [int(frame[10].argmax()) for frame in mask.frames()] == list(range(20, 26))
    assert (next(mask.frames())[3:5, 2:10] == 1).all()
    assert mask.rect() == Rect(x=2, y=2, width=24, height=9)


def sampled(corners: np.ndarray, size_hw: tuple[int, int], samples: int = 48) -> np.ndarray:
    """What even-spaced points of each pixel find inside: those that a ray to the left leaves by turning around."""
    y, x = ((np.mgrid[: size_hw[0] * samples, : size_hw[1] * samples]) + 0.5) / samples
    turns = np.zeros(x.shape, int)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, 0), strict=True):
        if y0 != y1:
            crossed = (min(y0, y1) <= y) & (y < max(y0, y1)) & (x > x0 + (y - y0) / (y1 - y0) * (x1 - x0))
            turns += crossed * (1 if y0 < y1 else -1)
    return (turns != 0).reshape(size_hw[0], samples, size_hw[1], samples).mean((1, 3))


@pytest.mark.parametrize("seed", range(8))
def test_any_polygon_covers_what_samples_find(seed: int) -> None:
    """Every pixel of random triangles and stars, partly outside the picture, some with whole coordinates."""
    generator = np.random.default_rng(seed)
    corners = generator.uniform(-8, 20, (3 + seed, 2))
    around = corners - corners.mean(0)
    corners = corners[np.argsort(np.arctan2(around[:, 1], around[:, 0]))][:: 1 if seed % 2 else -1]
    if seed > 5:
        corners = corners.round()
    np.testing.assert_allclose(coverage(corners, (9, 12)), sampled(corners, (9, 12)), atol=0.03)


def test_a_polygon_far_larger_than_the_picture() -> None:
    """Corners may be far outside: what is inside is exactly 1, what is beside an edge exactly 0."""
    far = 1e6
    covered = coverage(np.array([[-far, -far], [7.5, -far], [7.5, far], [-far, far]]), (5, 12))
    assert np.array_equal(covered, np.broadcast_to([1] * 7 + [0.5] + [0] * 4, (5, 12)))


def test_many_corners_are_drawn_in_parts() -> None:
    """A circle of more corners than are drawn at once has the area of its polygon, exactly 1 inside and 0 outside."""
    angles = np.linspace(0, 2 * np.pi, 900, endpoint=False)
    corners = np.stack([20 + 15 * np.cos(angles), 20 + 15 * np.sin(angles)], 1)
    area = 15**2 * 900 / 2 * np.sin(2 * np.pi / 900)
    covered = coverage(corners, (40, 40))
    assert covered.sum(dtype=np.float64) == pytest.approx(area, abs=1e-3)
    y, x = np.mgrid[:40, :40] + 0.5
    distance = np.hypot(x - 20, y - 20)
    assert (covered[distance < 14] == 1).all()
    assert not covered[distance > 16].any()


def test_both_lobes_of_a_figure_eight() -> None:
    """An outline that crosses itself masks all that it goes around, whichever way."""
    covered = coverage(np.array([[0, 0], [8, 8], [8, 0], [0, 8.0]]), (8, 8))
    assert (covered[2:6, [0, 7]] == 1).all()
    assert not covered[0, 3:5].any()


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    """Windows' editors begin files with one."""
    (tmp_path / "a").write_text("\n " + json.dumps(keyed((0, box(1, 1, 4, 4)))), encoding="utf-8-sig")
    assert len(read_polygons(tmp_path / "a")) == 1
    assert open_here(tmp_path / "a").still
