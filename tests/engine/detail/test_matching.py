from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from dtsgan.engine.canvas import Canvas
from dtsgan.engine.detail import matching
from dtsgan.engine.detail.descriptors import VALUES, Descriptors
from dtsgan.engine.detail.matching import Known, enlarge, search, settle


def whole(known: Known) -> Canvas:
    """The source's own picture."""
    _, height, width = known.shape
    return Canvas.of((height, width), (height, width))


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape, np.float32)


def smoothed(*shape: int, side: int) -> np.ndarray:
    """Noise in [0, 1], (T, 3, H, W), of which each place is the mean of a cube."""
    clip = np.random.default_rng(0).random(shape, np.float32)
    for axis in (0, 2, 3):
        clip = ndimage.uniform_filter1d(clip, side, axis, mode="constant")
    return clip


def taken(known: Known, labels: np.ndarray) -> np.ndarray:
    """What labels take, (T, H, W, VALUES)."""
    places = np.moveaxis(np.indices(labels.shape[:3]), 0, -1) + labels
    return known.descriptors[places[..., 0], places[..., 1], places[..., 2]]


def test_the_search_is_exact() -> None:
    """No patch at any time, a cell aside at most, is nearer; the way aside costs as stated."""
    known, wanted = Known(descriptors=noise(7, 5, 6, 4), spread=4.0), noise(3, 5, 6, 4, seed=1)
    labels = search(wanted, known, whole(known))
    for frame, y, x in ((0, 0, 0), (1, 2, 3), (2, 4, 5)):
        costs = {
            (time - frame, down, right): float(
                np.square(known.descriptors[time, y + down, x + right] - wanted[frame, y, x]).sum()
            )
            + matching.PLACE_WEIGHT * 4 * (down**2 + right**2)
            for time in range(7)
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
            if 0 <= y + down < 5 and 0 <= x + right < 6
        }
        assert tuple(labels[frame, y, x].tolist()) == min(costs, key=lambda way: costs[way])


def test_labels_stay_inside_and_near_their_place() -> None:
    """Through search, finer grids and settling every label leads into the source, and not far across the picture."""
    wanted, known = noise(6, 4, 5, VALUES, seed=1), Known(descriptors=noise(9, 4, 5, VALUES), spread=float(VALUES))
    labels = settle(wanted, known, search(wanted, known, whole(known)), whole(known))
    taken(known, labels)
    finer = enlarge(labels, (8, 10))
    known = Known(descriptors=noise(9, 8, 10, VALUES, seed=2), spread=float(VALUES))
    finer = settle(noise(6, 8, 10, VALUES, seed=3), known, finer, whole(known))
    places = np.moveaxis(np.indices(finer.shape[:3]), 0, -1) + finer
    inside = (places >= 0).all(-1) & (places < np.array([9, 8, 10])).all(-1)
    assert inside.mean() > 0.97  # at the rim a finer label may lead out; such places are painted from the edge
    assert np.abs(finer[..., 1:]).max() <= 2 * matching.SEARCH_REACH


def test_places_run_out_of_the_source_one_after_the_other() -> None:
    """Where a video goes on beyond the source's end, not all of it changes at once; nothing behind an end is taken."""
    descriptors = smoothed(120, 4, 12, 16, side=5).transpose(0, 2, 3, 1).copy()
    known = Known(descriptors=descriptors, spread=1.0, stagger=10)
    first, end = known.ends
    assert 0 <= first.min() < first.max() <= 10
    assert 110 <= end.min() < end.max() <= 120
    wanted = np.concatenate([known.descriptors[100:], known.descriptors[100:][::-1]])
    for labels in (
        search(wanted, known, whole(known)),
        settle(wanted, known, search(wanted, known, whole(known)), whole(known)),
    ):
        time, row, column = np.moveaxis(np.indices(labels.shape[:3]), 0, -1).reshape(-1, 3).T + labels.reshape(-1, 3).T
        assert (time >= first[row, column]).all()
        assert (time < end[row, column]).all()


def test_enlarged_labels_lead_to_the_same_part_of_the_picture() -> None:
    """Twice the cells are twice the way; time is not touched."""
    labels = np.array([[[[5, 1, -1], [2, 0, 1]]]])
    finer = enlarge(labels, (2, 4))
    assert finer.shape == (1, 2, 4, 3)
    assert finer[0, 1, 1].tolist() == [5, 2, -2]
    assert finer[0, 0, 3].tolist() == [2, 0, 2]


def test_settling_makes_neighbours_agree_and_stays_near() -> None:
    """Far fewer neighbours differ afterwards, for patches that are hardly further from what is wanted."""
    clip = smoothed(24, 3, 12, 16, side=3)
    describe = Descriptors(clip)
    known = Known(descriptors=describe(clip), spread=describe.spread)
    wanted = describe(0.7 * clip[4:12] + 0.3 * clip[10:18])
    before = search(wanted, known, whole(known))
    after = settle(wanted, known, before, whole(known))

    def differing(labels: np.ndarray) -> float:
        return float((labels[:, 1:] != labels[:, :-1]).any(-1).mean())

    def distance(labels: np.ndarray) -> float:
        return float(np.square(taken(known, labels) - wanted).sum(-1).mean())

    assert differing(after) < 0.8 * differing(before)
    assert distance(after) < 1.3 * distance(before)


def test_places_that_are_passed_over_would_choose_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settling is the same to the bit when every place chooses in every round."""

    class Restless(matching._Settling):
        def __init__(self, wanted: np.ndarray, known: Known, ways: np.ndarray, canvas: Canvas) -> None:
            super().__init__(wanted, known, ways, canvas)
            self.stale[:] = True

        def choose(self, places: np.ndarray) -> None:
            super().choose(places)
            self.stale[:] = True

    clip = smoothed(24, 3, 12, 16, side=3)
    describe = Descriptors(clip)
    known = Known(descriptors=describe(clip), spread=describe.spread)
    wanted = describe(0.7 * clip[4:12] + 0.3 * clip[10:18])
    labels = search(wanted, known, whole(known))
    settled = settle(wanted, known, labels, whole(known))
    monkeypatch.setattr(matching, "_Settling", Restless)
    np.testing.assert_array_equal(settle(wanted, known, labels, whole(known)), settled)


def test_a_place_is_no_part_of_its_own_matching_beyond_its_reach() -> None:
    """A frame's labels don't change with what lies further away in time than settling reaches."""
    known = Known(descriptors=noise(9, 4, 5, VALUES), spread=float(VALUES))
    wanted = noise(40, 4, 5, VALUES, seed=1)
    other = wanted.copy()
    other[30:] = noise(10, 4, 5, VALUES, seed=2)
    one, two = (settle(each, known, search(each, known, whole(known)), whole(known)) for each in (wanted, other))
    np.testing.assert_array_equal(one[: 30 - 2 * matching.ROUNDS], two[: 30 - 2 * matching.ROUNDS])
    assert not np.array_equal(one[30:], two[30:])


@pytest.mark.parametrize("size_hw", [(12, 16), (9, 7)])
def test_descriptors_measure_the_difference_of_patches(size_hw: tuple[int, int]) -> None:
    """Their squared distance is about that of the patches, weights adding up to 1 a colour; equal patches have none."""
    smooth = smoothed(20, 3, *size_hw, side=5)
    describe = Descriptors(smooth)
    lighter = describe(smooth + 0.1) - describe(smooth)
    np.testing.assert_allclose(np.square(lighter).sum(-1), np.full((20, *size_hw), 0.03), atol=0.006, rtol=0)
    np.testing.assert_array_equal(describe(smooth), describe(smooth.copy()))
    np.testing.assert_allclose(describe(smooth[3:9])[2:4], describe(smooth)[5:7], rtol=1.3e-6, atol=1e-5)
