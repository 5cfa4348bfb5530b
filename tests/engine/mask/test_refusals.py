"""Masks that can't be read, or can't work."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.masks import HW, SQUARE, box, keyed, passing, refusal, save, square, white_at, write_film, write_json
from support.videos import write_video


def test_another_size_is_refused(tmp_path: Path) -> None:
    """Both sizes are told, of pictures, of turned ones and of films."""
    error = refusal(save(tmp_path / "a.png", square()[:, :20]))
    assert error.problem == "a.png has 20 x 24 pixels, and fire.mov 32 x 24."
    assert "24 x 32" in refusal(save(tmp_path / "b.png", square().T)).problem
    film = write_film(tmp_path / "c.mkv", passing(6)[:, :16])
    assert refusal(film).problem == "c.mkv has 32 x 16 pixels, and fire.mov 32 x 24."


@pytest.mark.parametrize("count", [1, 5, 7, 11, 13])
def test_another_length_is_refused(tmp_path: Path, count: int) -> None:
    """A film has as many frames as the clip or as the span; all three counts are told."""
    error = refusal(write_film(tmp_path / "a.mkv", passing(count)))
    frames = "1 frame" if count == 1 else f"{count} frames"
    assert error.problem == f"a.mkv has {frames}, and fire.mov 12, of which 6 are edited (4:10)."


@pytest.mark.parametrize("feather_px", [0, 2])
def test_masking_nothing_is_refused(tmp_path: Path, feather_px: float) -> None:
    """Black, a film that is white outside the span only, a polygon beside the picture."""
    elsewhere = white_at(*[SQUARE] * 4, *[np.s_[:0, :0]] * 6, *[SQUARE] * 2)
    for path in (
        save(tmp_path / "a.png", square(0)),
        write_film(tmp_path / "a.mkv", elsewhere),
        write_json(tmp_path / "a.json", keyed((0, box(-9, -9, 8, 40)))),
    ):
        error = refusal(path, feather_px=feather_px)
        assert error.problem == f"{path.name} masks nothing in frames 4 to 9 of fire.mov: there is nothing to replace."


def test_masking_everything_is_refused(tmp_path: Path) -> None:
    """White in all frames of the span, a polygon around the picture, or a feather that leaves nothing."""
    for path in (
        save(tmp_path / "a.png", np.full(HW, 255, np.uint8)),
        write_film(tmp_path / "a.mkv", white_at(*[np.s_[:, :]] * 6)),
        write_json(tmp_path / "a.json", keyed((0, box(-9, -9, 99, 99)))),
    ):
        assert re.fullmatch(
            rf"{path.name} masks all of every frame of fire\.mov: nothing is left .*", refusal(path).problem
        )
    error = refusal(save(tmp_path / "b.png", square()), feather_px=30)
    assert "with its feather of 30 pixels masks all of every frame" in error.problem
    assert "choose a smaller feather" in error.remedy


@pytest.mark.parametrize("feather_px", [-1, float("nan"), float("inf")])
def test_a_feather_that_is_no_width_is_refused(tmp_path: Path, feather_px: float) -> None:
    """The value is told."""
    assert f"{feather_px:g} pixels" in refusal(save(tmp_path / "a.png", square()), feather_px=feather_px).problem


def test_what_can_not_be_read_is_refused(tmp_path: Path) -> None:
    """Damaged, cut short, foreign, empty and missing files, by their names."""
    whole = save(tmp_path / "a.png", np.random.default_rng(0).integers(0, 255, HW, np.uint8)).read_bytes()
    (tmp_path / "a.png").write_bytes(whole[:300])
    assert refusal(tmp_path / "a.png").problem == "a.png can't be read as a picture."
    (tmp_path / "b.png").write_bytes(whole[:40])
    assert refusal(tmp_path / "b.png").problem == "b.png can't be read as a picture."
    (tmp_path / "c.png").write_bytes(b"")
    assert "c.png is empty" in refusal(tmp_path / "c.png").problem
    (tmp_path / "d.mov").write_bytes(bytes(range(200)))
    assert "d.mov is not a video" in refusal(tmp_path / "d.mov").problem
    (tmp_path / "e.txt").write_text("white is what is replaced\n" * 9)
    assert "e.txt is not a video" in refusal(tmp_path / "e.txt").problem
    assert "does not exist" in refusal(tmp_path / "none.png").problem
    assert "holds no numbered pictures" in refusal(tmp_path / "none_##.png").problem


def test_a_film_cut_short_is_refused(tmp_path: Path) -> None:
    """How much of it is left is told; nothing is asked of the clip's range."""
    path = write_video(
        tmp_path / "a.mov", passing(12), codec="prores_ks", pixel_format="yuv422p10le", muxer={"movflags": "faststart"}
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    error = refusal(path)
    assert re.fullmatch(r"a\.mov is cut short: of 12 frames only the first \d can be read\.", error.problem)
    assert "--range" not in error.remedy


def test_several_pictures_in_one_file_are_refused(tmp_path: Path) -> None:
    """Pages of a TIFF are neither one picture nor a film."""
    first, *others = map(Image.fromarray, passing(6))
    assert refusal(save(tmp_path / "a.tif", first, save_all=True, append_images=others)).problem == (
        "a.tif holds 6 pictures."
    )


@pytest.mark.parametrize("kind", [np.float32, np.int32])
def test_numbers_without_a_white_are_refused(tmp_path: Path, kind: type) -> None:
    """What white would be in a picture of 32 bits nobody knows."""
    error = refusal(save(tmp_path / "a.tif", square(1, kind)))
    assert error.problem == "a.tif has 32 bits a pixel."


def test_a_picture_that_would_take_all_memory_is_never_decoded(tmp_path: Path) -> None:
    """A small file can claim to be a huge picture; one beyond any clip's size isn't opened."""
    path = tmp_path / "a.png"
    save(path, square())
    data = bytearray(path.read_bytes())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    path.write_bytes(data)
    assert refusal(path).problem == "a.png can't be read as a picture."
    data[16:24] = (9_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    path.write_bytes(data)
    assert refusal(path).problem == "a.png has 9000 x 9000 pixels, and fire.mov 32 x 24."
