"""Masks that have a picture for each frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support.masks import HW, SQUARE, all_of, open_here, passing, save, square, white_at, write_film
from support.videos import write_video

from dtsgan.engine.clip import Rect
from dtsgan.engine.mask import pictures as mask_pictures


@pytest.mark.parametrize("count", [12, 6])
@pytest.mark.parametrize("kind", ["video", "folder", "pattern"])
def test_a_film_has_a_picture_for_each_frame(tmp_path: Path, count: int, kind: str) -> None:
    """Of a mask as long as the clip the span is taken; one as long as the span is it."""
    film = passing(count)
    if kind == "video":
        path = write_film(tmp_path / "a.mkv", film)
    else:
        for number, frame in enumerate(film):
            save(tmp_path / f"m_{number:02d}.png", frame)
        path = tmp_path if kind == "folder" else tmp_path / "m_##.png"
    mask = open_here(path)
    assert not mask.still
    columns = range(4, 10) if count == 12 else range(6)
    assert [sorted(set(np.nonzero(frame)[1])) for frame in mask.frames()] == [[column] for column in columns]
    assert set(np.unique(all_of(mask))) == {0, 1}
    assert mask.rect() == Rect(x=columns[0], y=0, width=6, height=24)


def test_an_animated_png_is_a_film(tmp_path: Path) -> None:
    """It is no still picture, although its name and its first bytes are a PNG's."""
    first, *others = map(Image.fromarray, passing(6))
    mask = open_here(save(tmp_path / "a.png", first, save_all=True, append_images=others))
    assert [np.nonzero(frame)[1][0] for frame in mask.frames()] == list(range(6))


def test_a_film_of_ten_bits(tmp_path: Path) -> None:
    """Limited range and more than 8 bits: white is 1, black 0, and a grey between two levels of 8 bits is kept."""
    film = passing(6).astype(np.uint16) * 257
    film[:, :, 16:] = 20000
    path = write_video(tmp_path / "a.mkv", film, codec="ffv1", pixel_format="yuv422p10le")
    frames = all_of(open_here(path))
    assert (frames[0, :, 8:14] == 0).all()
    np.testing.assert_allclose(frames[:, :, 20:], 20000 / 65535, atol=1e-3)


def test_a_compressed_film_is_black_where_it_should_be(tmp_path: Path) -> None:
    """What H.264 leaves in black, away from edges, is not masked, and white is whole."""
    film = white_at(*[np.s_[8:16, 2 + number : 14 + number] for number in range(6)])
    mask = open_here(write_video(tmp_path / "a.mp4", film, options={"crf": "18"}))
    assert not mask.union()[:, 26:].any()
    assert (next(mask.frames())[10:14, 4:12] == 1).all()


def test_alpha_of_a_film(tmp_path: Path) -> None:
    """White that is transparent is not masked."""
    film = np.full((6, *HW, 4), 255, np.uint8)
    film[..., 3] = square(102)
    mask = open_here(write_video(tmp_path / "a.mkv", film, codec="ffv1", pixel_format="bgra"))
    np.testing.assert_allclose(all_of(mask), np.broadcast_to(square(102) / 255, (6, *HW)), rtol=1e-6)


def test_a_turned_film_is_upright(tmp_path: Path) -> None:
    """The size that counts is the upright one."""
    stored = np.ascontiguousarray(np.rot90(white_at(*[SQUARE] * 6), axes=(1, 2)))
    mask = open_here(write_video(tmp_path / "a.mp4", stored, rotation=90, options={"crf": "1"}))
    assert mask.rect() == Rect(x=8, y=5, width=12, height=10)


def test_pictures_are_read_as_they_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening keeps none of the frames, and no more are decoded than were taken; each call begins anew."""
    mask = open_here(write_film(tmp_path / "a.mkv", passing(12)))
    decoded = []
    iter_frames = mask_pictures.iter_frames

    def counted(*args: Any, **options: Any) -> Any:
        for frame in iter_frames(*args, **options):
            decoded.append(frame.shape)
            yield frame

    monkeypatch.setattr(mask_pictures, "iter_frames", counted)
    frames = mask.frames()
    assert not decoded
    for taken in (1, 2, 3):
        assert next(frames)[0, 3 + taken] == 1
        assert len(decoded) == taken
    assert next(mask.frames())[0, 4] == 1
    assert next(frames)[0, 7] == 1
