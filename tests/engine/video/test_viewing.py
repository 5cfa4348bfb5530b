from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from support.videos import texture, write_video

from dtsgan.engine.video.viewing import Viewing

if TYPE_CHECKING:
    from pathlib import Path

SIZE_HW = (96, 160)
BT709 = {"tags": {"colorspace": 1, "color_range": 1}, "matrix": "bt709"}
FORMATS: dict[str, dict[str, Any]] = {
    "8 bits": {"codec": "ffv1", "pixel_format": "yuv420p"},
    "bt709": {"codec": "ffv1", "pixel_format": "yuv420p", **BT709},
    "full range": {"codec": "ffv1", "pixel_format": "yuv444p", "tags": {"color_range": 2, "colorspace": 5}},
    "10 bits": {"codec": "ffv1", "pixel_format": "yuv422p10le"},
    "RGB": {"codec": "ffv1", "pixel_format": "bgr0"},
    "deep RGB": {"codec": "ffv1", "pixel_format": "gbrp10le"},
    "turned": {"codec": "libx264", "pixel_format": "yuv444p", "options": {"qp": "4"}, "rotation": 90},
}


def film(folder: Path, name: str) -> Path:
    options = FORMATS[name]
    return write_video(folder / ("film.mp4" if "rotation" in options else "film.mkv"), texture(6, SIZE_HW), **options)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("most_side", [None, 80, 40])
def test_for_a_screen_it_is_the_same_picture(tmp_path: Path, name: str, most_side: int | None) -> None:
    """Made fast, in blue, green, red and alpha, it differs from the exact picture by what nobody sees."""
    path = film(tmp_path, name)
    exact = Viewing(path, most_side=most_side)
    fast = Viewing(path, most_side=most_side, screen=True)
    assert fast.size_hw == exact.size_hw
    for (number, picture), (other, shown) in zip(exact.frames(2), fast.frames(2), strict=True):
        assert number == other
        assert shown.dtype == np.uint8
        assert shown.shape == (*exact.size_hw, 4)
        assert (shown[..., 3] == 255).all()
        off = shown[..., 2::-1].astype(int) - picture
        assert abs(off.mean()) < 2
        assert np.abs(off).mean() < 4


def test_only_what_is_wanted_becomes_a_picture(tmp_path: Path) -> None:
    """Frames can be decoded past; the one that is taken is its own."""
    viewing = Viewing(film(tmp_path, "8 bits"), screen=True)
    expected = dict(viewing.frames(0))
    number, frame = next(islice(viewing.decoded(1), 3, None))
    assert number == 4
    assert (viewing.picture(frame) == expected[4]).all()


def test_a_size_that_changes_within_the_clip_is_fitted(tmp_path: Path) -> None:
    """Pictures of a folder that have another size are shown in that of the first."""
    from PIL import Image

    for number, size in enumerate([(160, 96), (80, 48), (160, 96)]):
        Image.new("RGB", size, (90, 90, 90)).save(tmp_path / f"f{number}.png")
    viewing = Viewing(tmp_path, screen=True)
    shapes = [picture.shape for _, picture in viewing.frames(0)]
    assert shapes == [(96, 160, 4)] * 3
