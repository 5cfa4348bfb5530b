"""What a camera sees that moves over a still world, part of which is water that drifts and changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HW = (120, 160)
DRIFT_PX = 2
"""A frame, to the left, in which the water also changes its looks."""


def way(*, right: float = 0, down: float = 0, zoom: float = 1, roll: float = 0) -> np.ndarray:
    """3 x 3, from a frame onto the reference: so much is seen, ``roll`` in degrees, about the middle of the picture."""
    middle = np.array([(HW[1] - 1) / 2, (HW[0] - 1) / 2])
    turn = np.deg2rad(roll)
    matrix = np.eye(3)
    matrix[:2, :2] = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix[:2, 2] = middle + np.array([right, down]) - matrix[:2, :2] @ middle
    return matrix


def by_hand(frames: int) -> list[np.ndarray]:
    """The smooth way of a camera that pans, tilts, zooms and rolls, and is nowhere at rest."""
    times = np.arange(frames) / 25
    return [
        way(
            right=12 * np.sin(1.3 * t) + 3 * np.sin(6 * t),
            down=7 * np.sin(1.7 * t),
            zoom=1 + 0.06 * np.sin(1.1 * t),
            roll=4 * np.sin(1.4 * t),
        )
        for t in times
    ]


def seen(ways: Sequence[np.ndarray], *, water: bool = True, seed: int = 0) -> Iterator[np.ndarray]:
    """The frames, (H, W, 3) uint8, of a world four times their size; ``water`` is its lower half."""
    generator = np.random.default_rng(seed)
    height, width = HW
    world = speckled((2 * height, 2 * width), generator)
    waters = [speckled((height, 4 * width), generator) for _ in range(3)]
    for number, matrix in enumerate(ways):
        if water:
            shares = np.sin(0.5 * number + np.arange(3) * 2) / 3 + 1 / 3
            mixed = sum(share * one for share, one in zip(shares, waters, strict=True))
            world[height:] = np.roll(mixed, -DRIFT_PX * number, 1)[:, : 2 * width]
        yield cut_out(world, matrix)[..., None].repeat(3, 2)


def cut_out(world: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """What a frame shows of a larger picture in whose middle the reference lies, uint8."""
    height, width = HW
    corner = np.eye(3)
    corner[:2, 2] = (world.shape[1] - width) // 2, (world.shape[0] - height) // 2
    flags = cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP
    picture = np.asarray(cv2.warpAffine(world.astype(np.float32), (corner @ matrix)[:2], (width, height), flags=flags))
    return np.rint(picture).clip(0, 255).astype(np.uint8)


def speckled(size_hw: tuple[int, int], generator: np.random.Generator) -> np.ndarray:
    """A texture with fine and coarse features, (H, W) float32, of levels around 128."""
    made = np.zeros(size_hw, np.float32)
    for cell, share in ((2, 0.5), (4, 0.7), (10, 1.0), (24, 1.3)):
        small = generator.normal(size=(size_hw[0] // cell + 2, size_hw[1] // cell + 2)).astype(np.float32)
        large = cv2.resize(small, (small.shape[1] * cell, small.shape[0] * cell), interpolation=cv2.INTER_CUBIC)
        made += share * np.asarray(large)[: size_hw[0], : size_hw[1]]
    return 128 + 40 * made / made.std()
