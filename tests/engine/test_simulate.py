"""The simulated fire: a still scene, flames that rise, the same clip for the same seed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch

from dtsgan.engine.errors import OptionError
from dtsgan.engine.simulate import simulate_fire
from dtsgan.engine.simulate.flow import Bed, FlameFlow

SIZE = 64
FLAMES = (slice(22, 52), slice(20, 44))  # rows and columns that flames cross all the time
STILL = {
    "wall, left": (slice(0, 16), slice(0, 10)),
    "wall, right": (slice(0, 16), slice(54, 64)),
    "floor, left": (slice(58, 64), slice(0, 6)),
    "floor, right": (slice(58, 64), slice(58, 64)),
}


@pytest.fixture(scope="module")
def fire() -> np.ndarray:
    return simulate_fire(frames=100, size_hw=(SIZE, SIZE))


def _flames(clip: np.ndarray) -> np.ndarray:
    """Brightness where the flames are, THW."""
    return clip[:, FLAMES[0], FLAMES[1]].mean(axis=3)


def _change(clip: np.ndarray, apart: int) -> float:
    grey = _flames(clip)
    return float(np.abs(grey[apart:] - grey[:-apart]).mean())


def test_shape_and_type() -> None:
    """The clip is THWC uint8 of the size asked for, whatever its shape, with the fire in the middle at the bottom."""
    for height, width in ((32, 32), (35, 61), (70, 33)):
        clip = simulate_fire(frames=2, size_hw=(height, width))
        assert clip.shape == (2, height, width, 3)
        assert clip.dtype == np.uint8
        rows, columns = np.nonzero(clip[0].mean(axis=2) > 140)
        assert abs(columns.mean() - width / 2) < 0.15 * min(height, width)
        assert (height - rows.mean()) < 0.5 * min(height, width)


def test_seed_decides() -> None:
    """The same seed gives the same clip to the bit; another seed other flames."""
    first, again, other = (simulate_fire(frames=3, size_hw=(32, 32), seed=seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first.astype(int) - other).mean() > 4


def test_threads_change_nothing() -> None:
    """The number of threads, which may change the last digit of a sum, doesn't change the flames."""
    before = torch.get_num_threads()
    flames = []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            flow = FlameFlow(unit=SIZE, beds=(Bed(x=0, y=0.2, half_width=0.3),) * 3, rng=np.random.default_rng(0))
            flow.advance(0.2)
            flames.append(flow.temperature)
    finally:
        torch.set_num_threads(before)
    np.testing.assert_array_equal(*flames)


def test_length_only_cuts() -> None:
    """A longer clip begins with the shorter one."""
    short, longer = (simulate_fire(frames=frames, size_hw=(32, 32)) for frames in (2, 5))
    np.testing.assert_array_equal(longer[:2], short)


def test_stationary(fire: np.ndarray) -> None:
    """The fire neither grows nor dies: halves agree within 10 % in brightness and 15 % in contrast."""
    brightness, contrast = _flames(fire).mean(axis=(1, 2)), _flames(fire).std(axis=(1, 2))
    assert brightness[:50].mean() == pytest.approx(brightness[50:].mean(), rel=0.10)
    assert contrast[:50].mean() == pytest.approx(contrast[50:].mean(), rel=0.15)


def test_no_lighting_up() -> None:
    """The first frames, averaged over takes as each of them flickers, are as bright as those a second later."""
    takes = [_flames(simulate_fire(frames=14, size_hw=(SIZE, SIZE), rate=Fraction(10), seed=seed)) for seed in range(4)]
    brightness = np.mean([take.mean(axis=(1, 2)) for take in takes], axis=0)
    assert brightness[:2].mean() == pytest.approx(brightness[6:].mean(), rel=0.15)


@pytest.mark.parametrize("place", STILL)
def test_still_parts_are_still(fire: np.ndarray, place: str) -> None:
    """Far from the flames pixels keep their middle value within two levels, but for a rare glimmer (1 %)."""
    rows, columns = STILL[place]
    part = fire[:, rows, columns].astype(int)
    assert np.quantile(np.abs(part - np.median(part, axis=0)), 0.99) <= 2
    assert part[0].std() > 1  # and something is there to see


def test_flames_move(fire: np.ndarray) -> None:
    """Where the flames are, nearly every pixel has been both dark and bright."""
    span = np.ptp(_flames(fire), axis=0)
    assert np.mean(span > 60) > 0.95


def test_motion_is_well_sampled(fire: np.ndarray) -> None:
    """Neighbouring frames are far more alike than distant ones, yet not nearly the same: nothing teleports."""
    assert 0.2 < _change(fire, 1) / _change(fire, 30) < 0.7


def test_flames_rise(fire: np.ndarray) -> None:
    """The shift that explains a frame best from the one before it points up, by one to three pixels."""
    grey = fire.mean(axis=3)
    rows, columns = slice(20, 40), FLAMES[1]
    errors = {
        rise: float(np.abs(grey[1:, rows, columns] - grey[:-1, rows.start + rise : rows.stop + rise, columns]).mean())
        for rise in range(-4, 5)
    }
    assert min(errors, key=errors.__getitem__) in {1, 2, 3}


def test_colours_of_fire(fire: np.ndarray) -> None:
    """Flames go from red through orange to nearly white, never greenish or blue; the scene around them is dark."""
    pixels = fire.reshape(-1, 3).astype(int)
    bright = pixels[pixels[:, 0] > 150]
    assert np.all(bright[:, 0] >= bright[:, 1])
    assert np.all(bright[:, 1] >= bright[:, 2])
    assert np.mean(pixels.min(axis=1) > 150) > 0.001
    assert np.median(pixels.mean(axis=1)) < 60


def test_edges_are_sharp(fire: np.ndarray) -> None:
    """Flames have edges, not slopes: in every frame some neighbours differ by more than 50 levels."""
    steps = np.abs(np.diff(_flames(fire), axis=2)).max(axis=(1, 2))
    assert steps.min() > 50


def test_rate_is_real_time() -> None:
    """Twice the frames a second show the same fire in smaller steps."""
    slow, fast = (simulate_fire(frames=12, size_hw=(SIZE, SIZE), rate=Fraction(rate)) for rate in (25, 50))
    assert _change(fast, 1) < 0.8 * _change(slow, 1)
    assert _change(fast, 2) == pytest.approx(_change(slow, 1), rel=0.3)


@pytest.mark.parametrize(
    "wrong",
    [{"frames": 0}, {"size_hw": (128, 31)}, {"rate": Fraction(0)}, {"seed": -1}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_wrong_options_are_named(wrong: dict) -> None:
    """A value that can't work is refused by name, with what would."""
    with pytest.raises(OptionError, match=next(iter(wrong))) as caught:
        simulate_fire(**wrong)
    assert caught.value.remedy
