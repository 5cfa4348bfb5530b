"""The feather, the union and the rectangle of masks of all kinds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.masks import HW, all_of, box, keyed, open_here, save, square, white_at, write_film, write_json

from dtsgan.engine.clip import Rect


@pytest.mark.parametrize("feather_px", [1, 2.5, 6])
def test_a_feather_falls_outside_and_ends(tmp_path: Path, feather_px: float) -> None:
    """It is 1 wherever half or more is masked, falls with the distance, and is exactly 0 from its width on."""
    picture = square()
    picture[5, 8:20], picture[14, 8:20] = 128, 127
    path = save(tmp_path / "a.png", picture)
    y, x = np.mgrid[: HW[0], : HW[1]]
    distance = np.hypot(np.maximum(5 - y, y - 13).clip(0), np.maximum(8 - x, x - 19).clip(0))
    frame = next(open_here(path, feather_px=feather_px).frames())
    assert frame.dtype == np.float32
    assert (frame[distance == 0] == 1).all()
    assert not frame[distance >= feather_px].any()
    between = (distance > 0) & (distance < feather_px)
    assert ((frame[between] > 0) & (frame[between] < 1)).all()
    order = np.argsort(distance[between])
    assert (np.diff(frame[between][order]) <= 0).all()


def test_a_feather_is_smooth(tmp_path: Path) -> None:
    """Halfway it is a half, and it begins and ends gently."""
    frame = next(open_here(save(tmp_path / "a.png", square()), feather_px=8).frames())
    row = frame[10, 19:28]
    assert row[0] == 1
    assert row[4] == 0.5
    assert row[8] == 0
    steps = -np.diff(row)
    assert steps.argmax() in (3, 4)
    assert max(steps[0], steps[-1]) < steps.max() / 3


@pytest.mark.parametrize("feather_px", [0, 3])
@pytest.mark.parametrize("kind", ["film", "polygon"])
def test_union_and_rectangle_hold_all_frames(tmp_path: Path, kind: str, feather_px: float) -> None:
    """The union is what any frame has over 0, with its feather, and the rectangle is around just that."""
    if kind == "film":
        path = write_film(tmp_path / "a.mkv", white_at(*[np.s_[8:10, 3 * n : 3 * n + 2] for n in range(12)]))
    else:
        path = write_json(tmp_path / "a.json", keyed((4, box(3, 4, 2.5, 2.5)), (9, box(20, 12, 6.5, 2.5))))
    mask = open_here(path, feather_px=feather_px)
    union = (all_of(mask) > 0).any(0)
    assert mask.union().dtype == bool
    assert np.array_equal(mask.union(), union)
    rows, columns = np.nonzero(union)
    x, y = columns.min(), rows.min()
    assert mask.rect() == Rect(x=x, y=y, width=columns.max() - x + 1, height=rows.max() - y + 1)


def test_frames_without_a_mask_are_black(tmp_path: Path) -> None:
    """A film may mask nothing in some frames, with a feather too, and everything in others."""
    nothing, everything = np.s_[:0, :0], np.s_[:, :]
    path = write_film(tmp_path / "a.mkv", white_at(nothing, *[everything] * 4, nothing))
    for feather_px in (0, 3):
        mask = open_here(path, feather_px=feather_px)
        assert [float(frame.mean()) for frame in mask.frames()] == [0, 1, 1, 1, 1, 0]
        assert mask.union().all()
