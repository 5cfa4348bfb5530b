"""Image sequences in place of a video."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps
from support.videos import texture

from dtsgan.engine.clip import Span
from dtsgan.engine.errors import ClipError
from dtsgan.engine.video.probe import probe
from dtsgan.engine.video.reader import iter_frames, read_clip

FRAMES = texture(20, (24, 32))


def write_pictures(folder: Path, name: str = "shot_{:04d}.png", first: int = 1, **options: Any) -> Path:
    folder.mkdir(exist_ok=True)
    for number, frame in enumerate(FRAMES, first):
        Image.fromarray(frame).save(folder / name.format(number), **options)
    return folder


@pytest.mark.parametrize("pattern", ["", "shot_%04d.png", "shot_####.png"])
def test_folder_and_patterns(tmp_path: Path, pattern: str) -> None:
    """A folder, a printf pattern and a row of # are the same clip; its rate is the one given."""
    path = write_pictures(tmp_path / "shot", first=98) / pattern
    clip = read_clip(path, rate=Fraction(24000, 1001))
    assert np.array_equal(clip.frames_thwc, FRAMES)
    assert (clip.rate, clip.span) == (Fraction(24000, 1001), (0, 20))
    contents = b"".join(file.read_bytes() for file in sorted((tmp_path / "shot").iterdir()))
    assert clip.source_sha256 == hashlib.sha256(contents).hexdigest()
    assert np.array_equal(np.stack(list(iter_frames(path, span=Span(start=5, stop=9)))), FRAMES[5:9])


@pytest.mark.parametrize("name", ["a{}.png", "a{:03d}.tif", "take_2_{:d}.tiff"])
def test_numbers_are_counted_not_spelt(tmp_path: Path, name: str) -> None:
    """Picture 10 comes after picture 9, padded or not."""
    assert np.array_equal(read_clip(write_pictures(tmp_path / "a", name)).frames_thwc, FRAMES)


def test_jpegs_are_close(tmp_path: Path) -> None:
    """JPEGs come back in their colours, full range."""
    clip = read_clip(write_pictures(tmp_path / "a", "{:03d}.jpg", quality=95, subsampling=0))
    assert np.abs(clip.frames_thwc.astype(float) - FRAMES).mean() < 2
    assert clip.colour.range == "pc"


@pytest.mark.parametrize("tag", range(1, 9))
def test_exif_turns_pictures(tmp_path: Path, tag: int) -> None:
    """A camera's orientation tag is applied, all eight of them."""
    exif = Image.Exif()
    exif[0x0112] = tag
    folder = write_pictures(tmp_path / "a", "{:03d}.jpg", quality=95, subsampling=0, exif=exif)
    frames = read_clip(folder).frames_thwc
    with Image.open(folder / "007.jpg") as picture:
        upright = np.array(ImageOps.exif_transpose(picture))
    assert np.abs(frames[6].astype(float) - upright).mean() < 2


def test_facts(tmp_path: Path) -> None:
    """A sequence is probed like a video; without a rate it has 25."""
    info = probe(write_pictures(tmp_path / "a"))
    assert (info.container, info.codec, info.frames, info.rate) == ("image sequence", "png", 20, 25)
    assert (info.size_hw, info.bit_depth, info.alpha) == ((24, 32), 8, False)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda folder: [file.unlink() for file in folder.iterdir()], "no numbered pictures"),
        (lambda folder: (folder / "shot_0007.png").unlink(), "number 7 is missing"),
        (lambda folder: (folder / "other_0007.png").write_bytes(b"x"), "more than one sequence"),
        (lambda folder: (folder / "shot_0007.png").write_bytes(b"x" * 500), "shot_0007.png can't be read"),
        (lambda folder: (folder / "shot_0001.png").write_bytes(b""), "shot_0001.png can't be read"),
    ],
)
def test_bad_sequences(tmp_path: Path, change, reason: str) -> None:
    """Nothing there, a gap, two sequences and damaged pictures are refused, each by name."""
    folder = write_pictures(tmp_path / "a")
    change(folder)
    with pytest.raises(ClipError) as caught:
        read_clip(folder)
    assert reason in caught.value.problem
    assert caught.value.remedy


def test_a_pattern_in_no_folder(tmp_path: Path) -> None:
    """A missing folder is called missing."""
    with pytest.raises(ClipError, match="does not exist"):
        read_clip(tmp_path / "none" / "a_%03d.png")
