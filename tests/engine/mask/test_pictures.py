"""Masks that are one picture for all frames."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support.masks import HW, SQUARE, all_of, box, keyed, open_here, passing, save, square, write_film, write_json

from dtsgan.engine.mask import pictures as mask_pictures


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.png", {}),
        ("a.tif", {}),
        ("a.tif", {"compression": "tiff_lzw"}),
        ("a.bmp", {}),
        ("a.webp", {"lossless": True}),
    ],
)
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_one_picture_is_every_frame(tmp_path: Path, name: str, options: dict[str, Any], mode: str) -> None:
    """White is exactly 1 and black exactly 0 in all frames of the span: one picture, which can't be written to."""
    mask = open_here(save(tmp_path / name, Image.fromarray(square()).convert(mode), **options))
    frames = all_of(mask)
    assert (frames.dtype, frames.shape) == (np.float32, (6, *HW))
    assert np.array_equal(frames, np.broadcast_to(square() / 255, frames.shape))
    assert mask.still
    assert not next(mask.frames()).flags.writeable


def test_content_tells_a_picture_from_a_film(tmp_path: Path) -> None:
    """A wrong ending does no harm."""
    assert open_here(save(tmp_path / "a.mov", square(), format="PNG")).still
    assert not open_here(write_film(tmp_path / "a.mkv", passing(12)).rename(tmp_path / "a.png")).still
    assert open_here(write_json(tmp_path / "a.txt", keyed((0, box(1, 1, 4, 4))))).still


def test_greys_and_colours_count_by_their_luma(tmp_path: Path) -> None:
    """A grey is masked by as much; of green, more than of blue."""
    greys = np.zeros((*HW, 3), np.uint8)
    greys[0, 0], greys[0, 1], greys[0, 2], greys[0, 3] = 1, 128, (0, 255, 0), (0, 0, 255)
    frame = next(open_here(save(tmp_path / "a.png", greys)).frames())
    np.testing.assert_allclose(frame[0, :5], [1 / 255, 128 / 255, 0.587, 0.114, 0], rtol=1e-6)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_stays(tmp_path: Path, mode: str) -> None:
    """Luma counts as much as it is opaque; of an opaque picture, fully."""
    picture = Image.new("L", (HW[1], HW[0]), 255)
    picture.putalpha(Image.fromarray(square(51)))
    frame = next(open_here(save(tmp_path / "a.png", picture.convert(mode))).frames())
    np.testing.assert_allclose(frame, square(51) / 255, rtol=1e-6)
    picture = Image.fromarray(square())
    picture.putalpha(255)
    frame = next(open_here(save(tmp_path / "b.png", picture.convert(mode))).frames())
    assert np.array_equal(frame, square() / 255)


def test_palettes_and_bits_are_pictures_too(tmp_path: Path) -> None:
    """Two colours, or a palette with one that is transparent."""
    assert np.array_equal(next(open_here(save(tmp_path / "a.png", square() > 0)).frames()), square() / 255)
    palette = Image.fromarray(square(1)).convert("P")
    palette.putpalette([255, 255, 255, 255, 255, 255])
    frame = next(open_here(save(tmp_path / "b.png", palette, transparency=0)).frames())
    assert np.array_equal(frame, square() / 255)


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_sixteen_bits_are_kept(tmp_path: Path, name: str) -> None:
    """A level that 8 bits don't have stays what it is, and 65535 is exactly 1."""
    picture = square(1001, np.uint16)
    picture[0, 0] = 65535
    frame = next(open_here(save(tmp_path / name, picture)).frames())
    assert frame[0, 0] == 1
    np.testing.assert_allclose(frame[SQUARE], 1001 / 65535, rtol=1e-6)


def test_what_a_jpeg_adds_is_left_out(tmp_path: Path) -> None:
    """Levels next to black and white count as these: far from the edges, compression masks nothing."""
    frame = next(open_here(save(tmp_path / "a.jpg", square(), quality=90)).frames())
    assert not frame[:, 28:].any()
    assert (frame[8:12, 12:16] == 1).all()
    assert not ((frame > 0) & (frame < mask_pictures.NOISE)).any()


def test_a_turned_picture_is_put_upright(tmp_path: Path) -> None:
    """An orientation tag is applied before the sizes are compared."""
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn clockwise makes it upright
    path = save(tmp_path / "a.png", np.rot90(square()), exif=exif)
    assert np.array_equal(next(open_here(path).frames()), square() / 255)
