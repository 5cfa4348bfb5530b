"""The still part of the fire's scene: a brick hearth, a bed of embers, and logs before and behind the flames.

Light is linear RGB radiance, HWC float32; lengths are as in ``flow``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .flow import grid_xy

_FIRELIGHT = np.array([1.0, 0.50, 0.22], dtype=np.float32)
_GLOW = np.array([1.0, 0.20, 0.025], dtype=np.float32)


@dataclass(frozen=True, kw_only=True)
class Log:
    """A cylinder from one end to the other, seen from the side."""

    start_xy: tuple[float, float]
    end_xy: tuple[float, float]
    radius: float


_BACK_LOGS = (
    Log(start_xy=(-0.43, 0.13), end_xy=(0.20, 0.27), radius=0.050),
    Log(start_xy=(0.44, 0.12), end_xy=(-0.16, 0.25), radius=0.046),
)
_FRONT_LOG = Log(start_xy=(-0.27, 0.080), end_xy=(0.30, 0.118), radius=0.052)


@dataclass(frozen=True, kw_only=True)
class Hearth:
    """``light`` is what the scene sends without flames; ``hides`` (HW, 0 to 1) is where they are behind something."""

    light: np.ndarray
    hides: np.ndarray


def paint_hearth(height: int, width: int, unit: int) -> Hearth:
    """The hearth in a picture of height x width whose short side is ``unit`` pixels. It is always the same one."""
    rng = np.random.default_rng(1968)
    x, y = grid_xy(height, width, unit)
    light = _bricks(x, y, rng)
    ground = _step(0.185 - y, 0.004)
    light = _over(light, _ash(x, y, rng), ground)
    mound = _step(0.17 - 0.7 * x**2 - y, 0.01) * _step(0.40 - np.abs(x), 0.02)
    light = _over(light, _embers(x, y, rng), mound)
    for log in _BACK_LOGS:
        light = _over(light, *_log(log, x, y, rng))
    colour, hides = _log(_FRONT_LOG, x, y, rng)
    return Hearth(light=_over(light, colour, hides).astype(np.float32), hides=hides.astype(np.float32))


def _over(below: np.ndarray, above: np.ndarray, cover: np.ndarray) -> np.ndarray:
    return below + (above - below) * cover[..., None]


def _step(inside: np.ndarray, softness: float) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(inside / softness * 2, -30, 30)))


def _noise(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Smooth noise from 0 to 1, one lump a unit of ``x`` and ``y``."""
    lattice = rng.random((64, 64))
    left, below = np.floor(x).astype(int), np.floor(y).astype(int)
    u, v = (t * t * (3 - 2 * t) for t in (x - left, y - below))
    corner = [[lattice[(below + j) % 64, (left + i) % 64] for i in (0, 1)] for j in (0, 1)]
    low, high = (row[0] * (1 - u) + row[1] * u for row in corner)
    return low * (1 - v) + high * v


def _bricks(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    long, tall, joint = 0.19, 0.085, 0.006
    course = np.floor(y / tall).astype(int)
    along = x / long + 0.5 * (course % 2) + 0.13
    brick = np.floor(along).astype(int)
    to_joint = np.minimum(
        np.minimum(along - brick, brick + 1 - along) * long, np.minimum(y - course * tall, (course + 1) * tall - y)
    )
    shade = 0.55 + 0.9 * rng.random((64, 64))[course % 64, brick % 64]
    grain = 0.7 + 0.6 * _noise(x * 60, y * 60, rng) * _noise(x * 22, y * 22, rng) * 2
    face = _step(to_joint - joint, 0.004)
    reach = np.exp(-((x / 0.55) ** 2) - ((y - 0.35) / 0.55) ** 2)
    brightness = (0.018 + 0.10 * reach) * (0.35 + 0.65 * face * shade * grain)
    return brightness[..., None] * (_FIRELIGHT * np.array([1.0, 0.85, 0.8]))


def _ash(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    lumps = 0.5 + _noise(x * 30, y * 70, rng) * _noise(x * 11, y * 25, rng) * 1.6
    reach = np.exp(-((x / 0.42) ** 2))
    return ((0.012 + 0.09 * reach) * lumps)[..., None] * _FIRELIGHT


def _embers(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Lumps of coal, one around each of many scattered points, glowing at random."""
    points_x, points_y = rng.uniform(-0.42, 0.42, 110), rng.uniform(-0.02, 0.17, 110)
    nearest = np.full(x.shape, np.inf)
    second = np.full(x.shape, np.inf)
    owner = np.zeros(x.shape, dtype=int)
    for index, (px, py) in enumerate(zip(points_x, points_y, strict=True)):
        distance = np.hypot(x - px, (y - py) * 1.3)
        second = np.minimum(second, np.maximum(nearest, distance))
        owner = np.where(distance < nearest, index, owner)
        nearest = np.minimum(nearest, distance)
    rim = _step(0.008 - (second - nearest), 0.006)
    heat = rng.random(110)[owner] ** 2 * np.exp(-((x / 0.30) ** 2))
    glow = heat * (0.25 + 0.5 * _noise(x * 45, y * 45, rng)) + 0.55 * rim * np.exp(-((x / 0.26) ** 2))
    coal = 0.03 * (0.3 + _noise(x * 70, y * 70, rng))
    return coal[..., None] * _FIRELIGHT + glow[..., None] * _GLOW * 1.2


def _log(log: Log, x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Its light, and how much of each pixel it covers."""
    (x0, y0), (x1, y1) = sorted((log.start_xy, log.end_xy))  # left to right, so that "across" points up
    length = float(np.hypot(x1 - x0, y1 - y0))
    unit_x, unit_y = (x1 - x0) / length, (y1 - y0) / length
    along = (x - x0) * unit_x + (y - y0) * unit_y
    across = ((y - y0) * unit_x - (x - x0) * unit_y) / (log.radius * (0.93 + 0.14 * _noise(along * 9, along * 0, rng)))
    cover = _step(1 - np.abs(across), 0.06) * _step(along, 0.004) * _step(length - along, 0.004)
    bark = _noise(along * 22, across * 4, rng) * 0.6 + _noise(along * 60, across * 9, rng) * 0.4
    near_fire = np.exp(-((x / 0.36) ** 2))
    lit = 0.016 + near_fire * (0.06 * np.clip(1 + across, 0, 2) + 0.30 * np.clip(across, 0, 1) ** 4)
    crack = np.clip((0.37 - bark) * 8, 0, 1) * np.sqrt(np.clip(1 - across**2, 0, 1)) * np.exp(-((x / 0.2) ** 2))
    side = (lit * (0.2 + 1.6 * bark))[..., None] * _FIRELIGHT + (0.6 * crack)[..., None] * _GLOW
    # Both sawn faces, as the flat ellipses that a camera in front of the middle sees.
    from_end = np.minimum(np.abs(along), np.abs(length - along)) / (0.4 * log.radius)
    ring = np.hypot(from_end, across)
    face = _step(0.92 - ring, 0.12)
    wood = (0.05 + 0.14 * near_fire) * (0.8 + 0.25 * np.cos(ring * 14))
    light = _over(side, wood[..., None] * _FIRELIGHT, face)
    return light, np.maximum(cover, face)
