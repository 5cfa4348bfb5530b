from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from dtsgan.engine.errors import OutputError
from dtsgan.export.sheet import CELL, GAP, HEADING, MARGIN, Excerpt, contact_sheet, save_sheet, side_by_side, spread

if TYPE_CHECKING:
    from pathlib import Path


def ramp(frames: int, height: int, width: int) -> np.ndarray:
    """A video whose grey value is ten times the frame's number."""
    values = np.arange(frames, dtype=np.uint8) * 10
    return np.broadcast_to(values[:, None, None, None], (frames, height, width, 3)).copy()


def cell(sheet: Image.Image, row: int, column: int, height: int = CELL) -> np.ndarray:
    """The cell's pixels, in a sheet whose cells are all CELL wide and ``height`` high."""
    top = MARGIN + row * (HEADING + height + 15 + MARGIN) + HEADING
    left = MARGIN + column * (CELL + GAP)
    return np.asarray(sheet)[top : top + height, left : left + CELL]


def test_frames_are_evenly_spaced_from_first_to_last() -> None:
    """The first frame leads, the last ends, those between stand at even distances."""
    sheet = contact_sheet([("source", ramp(22, 16, 16))], columns=4)
    assert [int(cell(sheet, 0, column)[0, 0, 0]) for column in range(4)] == [0, 70, 140, 210]


def test_an_excerpt_is_labelled_as_what_it_is_of() -> None:
    """Looks as the whole video's sheet does, number by number."""
    whole = ramp(22, 16, 16)
    numbers = spread(22, 4)
    excerpt = Excerpt(frames_thwc=whole[numbers], numbers=numbers, length=22, size_hw=(16, 16))
    one = contact_sheet([("source", whole)], columns=4, slices=False)
    other = contact_sheet([("source", excerpt)], columns=4, slices=False)
    np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def test_small_frames_grow_by_whole_factors_without_blending() -> None:
    """A checkerboard keeps its two values: each pixel becomes a square."""
    board = (np.indices((32, 32)).sum(axis=0) % 2 * 255).astype(np.uint8)
    frames = np.repeat(board[None, :, :, None], 2, axis=0).repeat(3, axis=3)
    shown = cell(contact_sheet([("board", frames)]), 0, 0)
    np.testing.assert_array_equal(shown[:, :, 0], board.repeat(CELL // 32, axis=0).repeat(CELL // 32, axis=1))


def test_every_video_has_its_row() -> None:
    """Rows follow in the order given, the short one with no more cells than frames."""
    sheet = contact_sheet([("source", ramp(8, 16, 16)), ("seed 0", ramp(2, 16, 16))], columns=8)
    assert cell(sheet, 0, 7).min() == 70
    assert cell(sheet, 1, 1).min() == 10
    assert tuple(cell(sheet, 1, 2)[5, 5]) == sheet.getpixel((0, 0))


def test_large_frames_are_reduced() -> None:
    """A frame larger than a cell fits into one, in its own shape."""
    sheet = contact_sheet([("large", ramp(1, 360, 640))])
    assert sheet.width == CELL + 2 * MARGIN


def test_slices_show_flicker_across_and_stillness_along() -> None:
    """In the x-t slice time goes down: a flicker changes from line to line, a still video only along the line."""
    flicker = ramp(24, 32, 32)
    still = np.broadcast_to(np.arange(32, dtype=np.uint8)[:, None] * 8, (24, 32, 32, 3)).copy()
    sheet = np.asarray(contact_sheet([("flicker", flicker), ("still", still)], columns=2))
    top = MARGIN + 2 * (HEADING + CELL + 15 + MARGIN) + HEADING
    left, right = (
        sheet[top : top + 288, MARGIN : MARGIN + CELL],
        sheet[top : top + 288, MARGIN + CELL + GAP :][:, :CELL],
    )
    assert len(np.unique(left[:, 0, 0])) == 24
    assert (left == left[:, :1]).all()
    assert len(np.unique(right[0, :, 0])) == 32
    assert (right == right[:1]).all()


def test_a_sheet_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    """The PNG holds the sheet's pixels; where it can't be written the name is said."""
    sheet = contact_sheet([("source", ramp(3, 16, 16))])
    save_sheet(sheet, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as saved:
        np.testing.assert_array_equal(np.asarray(saved), np.asarray(sheet))
    with pytest.raises(OutputError, match="sheet"):
        save_sheet(sheet, tmp_path / "missing" / "sheet.png")
    assert [file.name for file in tmp_path.iterdir()] == ["sheet.png"]


def test_side_by_side_keeps_both_videos_pixels() -> None:
    """Left and right stand under their captions, enlarged pixel by pixel, in even sizes, as long as both last."""
    left, right = ramp(5, 15, 15), 255 - ramp(4, 15, 15)
    frames = list(side_by_side(left, right, captions=("source", "synthesised"), scale=3))
    assert len(frames) == 4
    assert frames[2].shape == (HEADING + 45 + 1, 45 + 2 * GAP + 45, 3)
    assert frames[2].dtype == np.uint8
    assert (frames[2][HEADING : HEADING + 45, :45] == 20).all()
    assert (frames[2][HEADING : HEADING + 45, 45 + 2 * GAP :] == 235).all()


def test_deep_and_transparent_frames_are_shown_as_a_screen_shows_them() -> None:
    """10-bit sources come as full-scale uint16, transparent ones with alpha: the sheet is the 8-bit picture's."""
    plain = ramp(3, 16, 16)
    alpha = np.full((3, 16, 16, 1), 7, np.uint16)
    deep = np.concatenate([plain.astype(np.uint16) * 257, alpha], axis=3)
    assert contact_sheet([("a", deep)]).tobytes() == contact_sheet([("a", plain)]).tobytes()
