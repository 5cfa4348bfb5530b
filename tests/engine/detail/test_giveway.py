"""How kept frames give way to new ones."""

from __future__ import annotations

import numpy as np
import pytest

from dtsgan.engine.detail import GiveWay
from dtsgan.engine.levels import volume

pytestmark = pytest.mark.usefixtures("quick")

RANDOM = np.random.default_rng(0)


def wandering(frames: int, keep: float) -> np.ndarray:
    """Grain whose every frame is like the one before it by ``keep``, (T, 32, 48, 3)."""
    made = [RANDOM.standard_normal((32, 48, 1))]
    for _ in range(frames - 1):
        made.append(keep * made[-1] + (1 - keep**2) ** 0.5 * RANDOM.standard_normal((32, 48, 1)))
    return (128 + 25 * np.stack(made)).clip(0, 255).astype(np.uint8).repeat(3, 3)


def test_the_share_follows_the_likeness() -> None:
    """Much of the kept frame stays in slow video, little in fast, less the farther away, none beyond the reach."""

    def shares(keep: float) -> list[float]:
        clip = wandering(100, keep)
        give_way = GiveWay(clip)
        new, kept = volume(clip[10]), volume(clip[90])
        away = (kept - new).ravel()
        made = [give_way.on(new, [(kept, lag)]) - new for lag in range(1, GiveWay.reach + 2)]
        return [float(change.ravel() @ away / (away @ away)) for change in made]

    slow, fast = shares(0.98), shares(0.3)
    assert slow[0] > 0.5
    assert slow == sorted(slow, reverse=True)
    assert slow[5] == 0
    assert fast[0] < 0.25


def test_detail_stays_as_sharp() -> None:
    """A mixture of two frames has nearly the contrast of each, where their mean would have three quarters of it."""
    clip = wandering(100, 0.97)
    made = GiveWay(clip).on(volume(clip[10]), [(volume(clip[90]), 1)])
    assert np.diff(made, axis=2).std() > 0.85 * np.diff(volume(clip[10]), axis=2).std()


def test_colours_stay_between_those_of_both() -> None:
    """Whatever was fitted: flat pictures mix to flat ones between them, without a stain."""
    clip = wandering(40, 0.95)
    new, kept = (np.broadcast_to(np.array(colour)[:, None, None], (3, 32, 48)) for colour in ((0.5, 0, 0), (0, 0, 0.5)))
    made = GiveWay(clip).on(new.astype(np.float32), [(kept.astype(np.float32), 1)])
    coarse = made.mean((1, 2))
    assert (coarse > -0.05).all()
    assert (coarse < 0.55).all()
