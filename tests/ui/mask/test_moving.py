from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from support.videos import write_video

from dtsgan.ui.mask.moving import motion_of, select_moving
from dtsgan.ui.mask.runs import places_of

if TYPE_CHECKING:
    from pathlib import Path

HW = (120, 160)


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray]:
    """A film in which a disc goes to and fro before still grain; and where it ever is."""
    grain = np.random.default_rng(2).integers(60, 120, (*HW, 1)).repeat(3, 2).astype(np.uint8)
    y, x = np.mgrid[: HW[0], : HW[1]]
    discs = [(x - 60 - 30 * np.sin(number / 4)) ** 2 + (y - 50) ** 2 < 18**2 for number in range(40)]
    frames = [np.where(disc[..., None], np.uint8(230), grain) for disc in discs]
    path = write_video(tmp_path_factory.mktemp("moving") / "disc.mp4", frames)
    return path, np.any(discs, axis=0)


def overlap(found: np.ndarray, true: np.ndarray) -> float:
    return (found & true).sum() / (found | true).sum()


def test_a_disc_that_passes_is_found(passing: tuple[Path, np.ndarray]) -> None:
    """What the disc ever covers is selected, and hardly anything else."""
    path, true = passing
    found = places_of(select_moving(motion_of(path, range(40)), 0.5))
    assert found.shape == HW
    assert overlap(found, true) > 0.85


def test_more_is_never_less(passing: tuple[Path, np.ndarray]) -> None:
    """The more is asked for, the more is selected, and nothing is lost on the way."""
    motion = motion_of(passing[0], range(40))
    areas = [places_of(select_moving(motion, share)) for share in (0, 0.25, 0.5, 0.75, 1)]
    sizes = [int(area.sum()) for area in areas]
    assert sizes == sorted(sizes)
    assert 0 < sizes[0] < sizes[-1]


def test_only_the_frames_that_are_used_count(passing: tuple[Path, np.ndarray]) -> None:
    """Of a range of frames, only what moves there is selected."""
    path, _ = passing
    found = places_of(select_moving(motion_of(path, range(3, 9)), 0.5))
    columns = np.flatnonzero(found.any(0))
    assert columns[0] > 60, "the disc is on the right then"


def test_where_nothing_moves_nothing_is_found(tmp_path: Path) -> None:
    """Of a clip that stands still, but for a camera's noise, nothing is selected."""
    generator = np.random.default_rng(2)
    still = generator.integers(60, 120, (*HW, 3))
    noisy = [(still + generator.integers(-3, 4, (*HW, 3))).astype(np.uint8) for _ in range(20)]
    path = write_video(tmp_path / "still.mkv", noisy, codec="ffv1", pixel_format="bgr0")
    assert not places_of(select_moving(motion_of(path, range(20)), 0.5)).any()
