"""Colours and their tags, from file to RGB and back to file."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from support.videos import write_video

from dtsgan.engine.clip import Clip, Colour
from dtsgan.engine.video.probe import probe
from dtsgan.engine.video.reader import iter_frames, read_clip
from dtsgan.engine.video.writer import open_output

BT601 = Colour(primaries="smpte170m", transfer="smpte170m", matrix="smpte170m", range="tv")
PAL = Colour(primaries="bt470bg", transfer="smpte170m", matrix="bt470bg", range="tv")
BT709 = Colour(primaries="bt709", transfer="bt709", matrix="bt709", range="tv")
BT2020 = Colour(primaries="bt2020", transfer="bt2020-10", matrix="bt2020nc", range="tv")
PQ = replace(BT2020, transfer="smpte2084")
HLG = replace(BT2020, transfer="arib-std-b67")
FULL = replace(BT709, range="pc")
ALL = [BT601, PAL, BT709, BT2020, PQ, HLG, FULL]

# R', G', B' to Y' by each standard's own text: the rows that no code under test shares.
LUMA = {"smpte170m": (0.299, 0.114), "bt470bg": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020nc": (0.2627, 0.0593)}


def patches(frames: int = 20) -> np.ndarray:
    """Large patches of strong and weak colours, 8 bits, all moving through brightness."""
    colours = np.random.default_rng(3).integers(20, 200, (3, 4, 3))
    picture = colours.repeat(32, 0).repeat(32, 1)
    return np.stack([picture + 2 * number for number in range(frames)]).astype(np.uint8)


def centre(frames: np.ndarray) -> np.ndarray:
    """The inner pixels of each patch, where 4:2:0 has blurred nothing."""
    return frames.reshape(len(frames), 3, 32, 4, 32, -1)[:, :, 12:20, :, 12:20].astype(float)


def write(path: Path, frames: np.ndarray, colour: Colour | None, bit_depth: int = 8) -> Path:
    options = {"size_hw": frames.shape[1:3], "rate": Fraction(25), "bit_depth": bit_depth}
    with open_output(path, colour=colour, **options) as writer:
        for frame in frames:
            writer.write(frame)
    return path


@pytest.mark.parametrize("colour", ALL, ids=lambda colour: f"{colour.matrix}-{colour.transfer}-{colour.range}")
@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.webm"])
def test_colours_and_tags_come_back(tmp_path: Path, name: str, colour: Colour) -> None:
    """With every matrix and range, colours are within a few levels and the tags are the same."""
    frames = patches()
    path = write(tmp_path / name, frames, colour)
    back = np.stack(list(iter_frames(path)))
    levels = 257 if back.dtype == np.uint16 else 1
    assert np.abs(centre(back) / levels - centre(frames)).max() <= 4
    expected = replace(colour, range="tv") if name == "a.mov" else colour  # ProRes has no full range
    assert probe(path).colour == expected


@pytest.mark.parametrize("colour", ALL, ids=lambda colour: f"{colour.matrix}-{colour.transfer}-{colour.range}")
def test_the_luma_is_the_standards_own(tmp_path: Path, colour: Colour) -> None:
    """What other programs will decode: Y' in the file is what the tagged standard says, to one and a half levels."""
    frames = patches()
    path = write(tmp_path / "a.mp4", frames, colour)
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        plane = frame.planes[0]
        rows = np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
    red, blue = LUMA[colour.matrix or ""]
    luma = frames[0].astype(float) @ np.array([red, 1 - red - blue, blue])
    expected = luma if colour.range == "pc" else 16 + luma * 219 / 255
    assert np.abs(centre(rows[None, ..., None]) - centre(expected[None, ..., None])).max() <= 1.5


@pytest.mark.parametrize("matrix", ["smpte170m", "bt709", "bt2020"])
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("pixel_format", ["yuv444p", "yuv420p10le"])
def test_foreign_files_are_read_by_their_tags(
    tmp_path: Path,
    matrix: str,
    full: bool,
    pixel_format: str,
) -> None:
    """Files of another maker come out right, by matrix, range and depth."""
    numbers = {"smpte170m": 6, "bt709": 1, "bt2020": 9}
    tags = {"color_range": 2 if full else 1, "colorspace": numbers[matrix]}
    frames = patches()
    film = write_video(
        tmp_path / "a.mp4", frames, pixel_format=pixel_format, matrix=matrix, tags=tags, options={"crf": "10"}
    )
    clip = read_clip(film)
    levels = 257 if clip.bit_depth == 10 else 1
    assert np.abs(centre(clip.frames_thwc) / levels - centre(frames)).max() <= 4


def test_the_containers_tags_count_where_the_frames_have_none(tmp_path: Path) -> None:
    """Tags in the container alone, as some makers of ProRes write them, are used."""
    tags = {"colorspace": 9, "color_primaries": 9, "color_trc": 14}
    frames = patches()
    film = write_video(
        tmp_path / "a.mov", frames, codec="prores_ks", pixel_format="yuv422p10le", matrix="bt2020", stream_tags=tags
    )
    clip = read_clip(film)
    assert (clip.colour.matrix, clip.colour.primaries, clip.colour.transfer) == ("bt2020nc", "bt2020", "bt2020-10")
    assert np.abs(centre(clip.frames_thwc) / 257 - centre(frames)).max() <= 4


@pytest.mark.parametrize(("height", "matrix"), [(96, "smpte170m"), (720, "bt709")])
def test_untagged_colours_follow_custom(tmp_path: Path, height: int, matrix: str) -> None:
    """Without tags, small pictures are BT.601 and large ones BT.709, as players take them."""
    frames = patches(4).repeat(height // 96 + 1, 1)[:, :height]
    film = write_video(tmp_path / "a.mp4", frames, matrix=matrix, options={"crf": "10", "preset": "ultrafast"})
    back = np.stack(list(iter_frames(film)))
    assert np.abs(back.astype(float) - frames)[:, 10:20, 12:20].max() <= 4


def test_what_is_computed_is_tagged(tmp_path: Path) -> None:
    """Without tags to carry, the matrix and range used are tagged, so that every player agrees."""
    colour = probe(write(tmp_path / "a.mp4", patches(), None)).colour
    assert (colour.matrix, colour.range, colour.primaries) == ("smpte170m", "tv", None)


@pytest.mark.parametrize("name", ["a.mkv", "p_%03d.png"])
@pytest.mark.parametrize("colour", [BT709, PQ, HLG], ids=lambda colour: colour.transfer)
def test_rgb_files_keep_primaries_and_transfer(tmp_path: Path, name: str, colour: Colour) -> None:
    """Lossless RGB has no matrix, but the rest of the tags stays, HDR's too."""
    tags = probe(write(tmp_path / name, patches(), colour)).colour
    assert (tags.primaries, tags.transfer) == (colour.primaries, colour.transfer)


def test_a_copy_of_a_clip_has_its_colours(tmp_path: Path) -> None:
    """Read, written and read again: same pixels, depth and tags."""
    tags = {"color_range": 1, "colorspace": 9, "color_primaries": 9, "color_trc": 16}
    film = write_video(
        tmp_path / "in.mov", patches(), codec="prores_ks", pixel_format="yuv422p10le", matrix="bt2020", tags=tags
    )
    clip: Clip = read_clip(film)
    copy = read_clip(write(tmp_path / "out.mov", clip.frames_thwc, clip.colour, clip.bit_depth))
    assert replace(copy.colour, range=None) == replace(clip.colour, range=None)
    assert np.abs(centre(copy.frames_thwc) - centre(clip.frames_thwc)).max() <= 3 * 64
