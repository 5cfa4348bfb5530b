"""How well a clip fits what the motion prior assumes: one lasting state, seen by a camera that stands still."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter

from ..scales import resize

SIDE = 48
LEAST_DRIFT = 8 / 127.5
DRIFT_DEVIATIONS = 2.5
"""A change of brightness from start to end counts from 8 levels on, and from so many deviations of what is left."""

LEAST_SHIFT = 2
MOST_SHIFT = 8
LIKENESS = 0.5
LIKENESS_GAINED = 0.25
"""The camera moved where the mean picture of the clip's last quarter looks like the first's only when it is shifted by
2 to 8 px of 48: their correlation is then 0.5 at least, and 0.25 above that without a shift."""

LEAST_QUARTER = 12
"""Frames. The mean of fewer still shows what merely flows, as ripples do."""


def doubts(video_tchw: np.ndarray, name: str) -> tuple[str, ...]:
    """What speaks against learning the clip (T, 3, H, W) in [-1, 1] as it is: sentences that say what to do."""
    short = min(video_tchw.shape[2:])
    size_hw = tuple(max(1, round(side * min(SIDE, short) / short)) for side in video_tchw.shape[2:])
    grey = resize(video_tchw.mean(1), (size_hw[0], size_hw[1]))
    return tuple(text for text in (_drift(grey, name), _camera(grey, name)) if text)


def _drift(grey_thw: np.ndarray, name: str) -> str:
    """A lasting change of brightness."""
    light = grey_thw.mean((1, 2), dtype=np.float64)
    time = np.linspace(-0.5, 0.5, len(light))
    change = float((time * light).sum() / np.square(time).sum())
    rest = float((light - light.mean() - change * time).std(ddof=1))
    if abs(change) < max(LEAST_DRIFT, DRIFT_DEVIATIONS * rest):
        return ""
    way = "brighter" if change > 0 else "darker"
    return (
        f"{name} gets {way} by {round(abs(change) * 127.5)} levels from its start to its end; results mix all of it. "
        "Choose a --range in which the light stays, or even it out first."
    )


def _camera(grey_thw: np.ndarray, name: str) -> str:
    """A camera that pans: the still parts of the picture are elsewhere at the end."""
    quarter = len(grey_thw) // 4
    if quarter < LEAST_QUARTER:
        return ""
    first, last = (_edges(part.mean(0)) for part in (grey_thw[:quarter], grey_thw[-quarter:]))
    reach = min(MOST_SHIFT, min(first.shape) // 4)
    if reach < LEAST_SHIFT:
        return ""
    likeness = {
        (down, right): _likeness(first, last, down, right)
        for down in range(-reach, reach + 1)
        for right in range(-reach, reach + 1)
    }
    best = max(likeness, key=lambda shift: likeness[shift])
    moved = max(map(abs, best)) >= LEAST_SHIFT
    if not moved or likeness[best] < LIKENESS or likeness[best] < likeness[0, 0] + LIKENESS_GAINED:
        return ""
    share = round(100 * max(abs(way) / side for way, side in zip(best, first.shape, strict=True)))
    return (
        f"The camera seems to move in {name}: the picture shifts by about {share} % from start to end. "
        "Stabilise the clip first, or choose a --range in which it stands still."
    )


def _edges(picture_hw: np.ndarray) -> np.ndarray:
    """Without its low frequencies, which look alike under any shift."""
    return picture_hw - uniform_filter(picture_hw, 7, mode="nearest")


def _likeness(one: np.ndarray, other: np.ndarray, down: int, right: int) -> float:
    """Correlation of what both show where the other is shifted by so many px."""
    height, width = one.shape
    here = one[max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
    there = other[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
    norm = np.sqrt(np.square(here).sum() * np.square(there).sum())
    return float((here * there).sum() / max(norm, 1e-6))
