"""Curves are worked out in parts, by several threads, and nobody can tell."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from dtsgan.engine import threads
from dtsgan.engine.prior import LUMA, ColourCurves, curves

PIXELS = 5000
RNG = np.random.default_rng(0)
CLIP = np.tanh(
    RNG.standard_normal((30, 1, 3)) + 0.6 * RNG.standard_normal((30, PIXELS, 3)) + RNG.standard_normal((PIXELS, 3))
).astype(np.float32)
SCORES = RNG.normal(0, 1.5, (9, PIXELS)).astype(np.float32)


def everything() -> dict[str, np.ndarray]:
    """All that curves have and do."""
    fitted = ColourCurves.fitted(CLIP)
    luma = CLIP @ LUMA
    made = {field.name: getattr(fitted, field.name) for field in fields(ColourCurves)}
    some = fitted.at(slice(None, None, 7))
    made |= {"score": fitted.score(luma), "luma": fitted.luma(SCORES), "colour": fitted.colour(luma)}
    return made | {"some": some.luma(SCORES[:, ::7])}


@pytest.fixture(scope="module")
def alone() -> dict[str, np.ndarray]:
    """Made by one thread, all pixels at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "_limit", 1)
        patch.setattr(curves, "TOGETHER", PIXELS)
        return everything()


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("together", [64, 1024, 2048])
def test_threads_and_parts_make_no_difference(
    alone: dict[str, np.ndarray], count: int, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the bit, where a part is a whole number of the processor's vectors, as ``TOGETHER`` is."""
    monkeypatch.setattr(threads, "_limit", count)
    monkeypatch.setattr(curves, "TOGETHER", together)
    for name, array in everything().items():
        np.testing.assert_array_equal(array, alone[name], err_msg=name)


def test_some_pixels_have_their_own_curves(alone: dict[str, np.ndarray]) -> None:
    """What is taken from the curves of all by number is worth what it was worth there."""
    fitted = ColourCurves.fitted(CLIP)
    places = np.array([4999, 0, 17, 17])
    some = fitted.at(places)
    luma = CLIP @ LUMA
    np.testing.assert_array_equal(some.score(luma[:, places]), alone["score"][:, places])
    np.testing.assert_array_equal(some.colour(luma[:, places]), alone["colour"][:, places])


def test_a_score_between_two_colours_is_no_cliff() -> None:
    """A pixel that is dark or bright, and nothing in between: the last digits of its score don't show."""
    clip = np.full((40, PIXELS, 3), -0.8, np.float32)
    clip[::2] = 0.8
    fitted = ColourCurves.fitted(clip)
    steps = np.linspace(-3, 3, 20_000, dtype=np.float32)[:, None].repeat(2, 1)
    made = fitted.at(slice(0, 2)).luma(steps)
    slope = np.diff(made[:, 0]) / np.diff(steps[:, 0])
    assert 0 <= slope.min() < slope.max() < 100
