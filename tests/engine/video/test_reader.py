"""Reading ranges of clips made for each property."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from support.videos import texture, write_video

from dtsgan.engine.clip import Rect, Span, parse_span
from dtsgan.engine.errors import OptionError
from dtsgan.engine.video.index import ReadStopped
from dtsgan.engine.video.reader import iter_frames, read_clip

FRAMES = texture(60, (48, 64))
LOSSLESS: dict[str, Any] = {"codec": "ffv1", "pixel_format": "bgr0"}
TELLS_FRAMES_APART = 3.0
"""Mean levels: neighbouring frames of FRAMES differ by more, a frame and its compressed self by less."""


def distance(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


def test_frames_of_the_texture_differ_enough() -> None:
    """What other tests here rely on: a wrong frame number would show."""
    assert min(distance(a, b) for a, b in pairwise(FRAMES)) > 2 * TELLS_FRAMES_APART


def test_lossless_frames_are_exact(tmp_path: Path) -> None:
    """Without resizing, the decoder's values come through bit for bit, with everything a result must carry on."""
    film = write_video(tmp_path / "a.mkv", FRAMES, rate=Fraction(24000, 1001), **LOSSLESS)
    clip = read_clip(film)
    assert np.array_equal(clip.frames_thwc, FRAMES)
    assert (clip.rate, clip.span, clip.start_s) == (Fraction(24000, 1001), (0, 60), 0)
    assert (clip.bit_depth, clip.sample_aspect, clip.source_size_hw) == (8, 1, (48, 64))
    assert clip.source_sha256 == hashlib.sha256(film.read_bytes()).hexdigest()
    assert clip.notices == ()
    assert np.array_equal(np.stack(list(iter_frames(film))), FRAMES)


RANDOM_ACCESS: dict[str, dict[str, Any]] = {
    "closed.mp4": {"options": {"g": "10"}},
    "open.mp4": {"options": {"x264-params": "open-gop=1:keyint=12:bframes=3:b-pyramid=normal:scenecut=0"}},
    "one_key.mp4": {"options": {"g": "600"}},
    "frag.mp4": {"options": {"g": "10"}, "muxer": {"movflags": "frag_keyframe+empty_moov"}},
    "late.mkv": {"options": {"g": "10"}, "pts": range(100, 160)},
    "b_frames.avi": {"options": {"g": "10"}},
    "mpeg4.avi": {"codec": "mpeg4", "options": {"bf": "2", "g": "10", "b": "2M"}},
    "mpeg2.ts": {"codec": "mpeg2video", "options": {"bf": "2", "g": "10", "b": "4M"}},
    "h264.ts": {"options": {"g": "10"}},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"g": "10", "b": "2M", "deadline": "realtime"}},
    "vp8.webm": {"codec": "libvpx", "options": {"g": "20", "b": "2M", "auto-alt-ref": "1", "lag-in-frames": "10"}},
    "prores.mov": {"codec": "prores_ks", "pixel_format": "yuv422p10le"},
    "a.gif": {"codec": "gif", "pixel_format": "rgb8"},
}


@pytest.mark.parametrize("name", RANDOM_ACCESS)
def test_a_range_is_the_same_frames_as_of_the_whole(tmp_path: Path, name: str) -> None:
    """Seeking changes nothing: frame n of a range is frame n of the file, in every container and kind of group."""
    film = write_video(tmp_path / name, FRAMES, **RANDOM_ACCESS[name])
    whole = [frame[..., :3] for frame in iter_frames(film)]
    assert len(whole) == 60
    levels = np.uint16(257) if whole[0].dtype == np.uint16 else 1
    for first, end in [(1, 3), (23, 41), (59, 60)]:
        part = [frame[..., :3] for frame in iter_frames(film, span=Span(start=first, stop=end))]
        assert np.array_equal(np.stack(part), np.stack(whole[first:end]))
        if name != "a.gif":  # 8 levels of red and green, 4 of blue: too few to tell
            assert distance(part[0] // levels, FRAMES[first]) < TELLS_FRAMES_APART


def test_only_the_range_is_decoded(tmp_path: Path) -> None:
    """Damage outside a range and the group of its first frame doesn't matter to it: nothing there is decoded."""
    film = write_video(tmp_path / "a.mp4", FRAMES, options={"g": "10", "bf": "0"})
    with av.open(str(film)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    data = bytearray(film.read_bytes())
    for number in (*range(20), *range(41, 60)):
        position, size = packets[number]
        assert position is not None
        data[position + 4 : position + size] = bytes(size - 4)
    film.write_bytes(data)
    clip = read_clip(film, span=Span(start=23, stop=40))
    assert clip.span == (23, 40)
    assert distance(clip.frames_thwc[0], FRAMES[23]) < TELLS_FRAMES_APART


def test_ranges_in_time_count_from_the_first_frame(tmp_path: Path) -> None:
    """Seconds begin at the clip's first frame, wherever its time stamps begin."""
    film = write_video(tmp_path / "late.mkv", FRAMES, pts=range(100, 160), **LOSSLESS)
    clip = read_clip(film, span=parse_span("0.4s:1.6s"))
    assert clip.span == (10, 40)
    assert clip.start_s == Fraction(110, 25)


@pytest.mark.parametrize(("rotation", "mirror"), [(0, False), (90, False), (180, False), (270, False), (0, True)])
@pytest.mark.parametrize("crop", [None, Rect(x=3, y=5, width=17, height=11)])
def test_frames_are_upright(tmp_path: Path, rotation: int, mirror: bool, crop: Rect | None) -> None:
    """A display matrix is applied, and rectangles are those of the upright picture, odd ones too."""
    frames = FRAMES[:, :40]
    film = write_video(
        tmp_path / "r.mov", frames, rotation=rotation, mirror=mirror, codec="qtrle", pixel_format="rgb24"
    )
    upright = frames[:, :, ::-1] if mirror else np.rot90(frames, -rotation // 90, (1, 2))
    if crop:
        upright = upright[:, crop.y : crop.y + crop.height, crop.x : crop.x + crop.width]
    clip = read_clip(film, crop=crop)
    assert np.array_equal(clip.frames_thwc, upright)
    assert np.array_equal(np.stack(list(iter_frames(film, crop=crop))), upright)
    assert len(clip.notices) == (1 if rotation or mirror else 0)


def test_crops_of_subsampled_colour_are_exact(tmp_path: Path) -> None:
    """A rectangle at odd pixels of a 4:2:0 picture is that part of the whole picture in RGB."""
    film = write_video(tmp_path / "a.mp4", FRAMES[:20])
    crop = Rect(x=7, y=9, width=21, height=15)
    whole = np.stack(list(iter_frames(film)))
    assert np.array_equal(np.stack(list(iter_frames(film, crop=crop))), whole[:, 9:24, 7:28])


@pytest.mark.parametrize(
    ("size", "short", "expected"),
    [((90, 160), 45, (45, 80)), ((160, 90), 45, (80, 45)), ((90, 160), 120, (90, 160)), ((96, 171), 25, (25, 45))],
)
def test_short_side(tmp_path: Path, size: tuple[int, int], short: int, expected: tuple[int, int]) -> None:
    """The shorter side gets the size asked for, the longer one keeps the aspect, and nothing is enlarged."""
    film = write_video(tmp_path / "a.mkv", texture(20, size), **LOSSLESS)
    assert read_clip(film, short_side=short).frames_thwc.shape == (20, *expected, 3)


@pytest.mark.parametrize(
    ("aspect", "short", "expected"),
    [(Fraction(2), 20, (20, 53)), (Fraction(1, 2), 20, (30, 20)), (Fraction(2), 100, (24, 64))],
)
def test_pixels_become_square(tmp_path: Path, aspect: Fraction, short: int, expected: tuple[int, int]) -> None:
    """Resizing gives the displayed shape in square pixels, shrinking only, and says so."""
    film = write_video(tmp_path / "a.mov", FRAMES[:20], sample_aspect=aspect, codec="qtrle", pixel_format="rgb24")
    clip = read_clip(film, short_side=short)
    assert clip.frames_thwc.shape[1:3] == expected
    assert clip.sample_aspect == 1
    assert "not square" in clip.notices[0]
    assert read_clip(film).sample_aspect == aspect


@pytest.mark.parametrize("factor", [2, 7, 40])
def test_resizing_averages(tmp_path: Path, factor: int) -> None:
    """Detail too fine for the small picture is averaged away instead of making patterns of its own."""
    side = 8 * factor
    brightness = 150 + 4 * np.arange(20)[:, None, None, None]
    fine = np.zeros((20, side, side, 3), np.uint8)
    fine[:, ::2, ::2] = fine[:, 1::2, 1::2] = brightness
    film = write_video(tmp_path / "a.mkv", fine, **LOSSLESS)
    small = read_clip(film, short_side=8, min_frames=1).frames_thwc.astype(float)
    assert np.abs(small - brightness / 2).max() <= 6


def test_deep_frames_use_the_full_16_bits(tmp_path: Path) -> None:
    """Ten bits fill all sixteen, and come back as the very ten they were."""
    ten = np.random.default_rng(0).integers(0, 1024, (20, 24, 32, 3)).astype(np.uint16)
    film = write_video(tmp_path / "a.mkv", ten << 6 | ten >> 4, codec="ffv1", pixel_format="gbrp10le")
    clip = read_clip(film)
    assert (clip.bit_depth, clip.frames_thwc.dtype) == (10, np.uint16)
    assert np.array_equal(clip.frames_thwc >> 6, ten)
    assert clip.frames_thwc.max() == 65535


@pytest.mark.parametrize(("name", "codec", "pixel_format"), [("a.mov", "qtrle", "argb"), ("a.mkv", "ffv1", "bgra")])
def test_alpha_comes_through(tmp_path: Path, name: str, codec: str, pixel_format: str) -> None:
    """Transparent clips have four channels; where all is opaque, a clip has three."""
    clear = np.concatenate([FRAMES, FRAMES[..., :1]], -1)
    film = write_video(tmp_path / name, clear, codec=codec, pixel_format=pixel_format)
    assert np.array_equal(read_clip(film).frames_thwc, clear)
    opaque = np.concatenate([FRAMES, np.full_like(FRAMES[..., :1], 255)], -1)
    film = write_video(tmp_path / name, opaque, codec=codec, pixel_format=pixel_format)
    assert np.array_equal(read_clip(film).frames_thwc, FRAMES)


@pytest.mark.parametrize("short_side", [None, 24])
@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [
        ("a.mov", "prores_ks", "yuva444p10le"),
        ("a.mkv", "ffv1", "yuva420p10le"),
        ("a.mkv", "ffv1", "gbrap10le"),
        ("a.mkv", "ffv1", "gbrap16le"),
    ],
)
def test_deep_alpha_fills_all_16_bits(
    tmp_path: Path, name: str, codec: str, pixel_format: str, short_side: int | None
) -> None:
    """An opaque clip of more than 8 bits has three channels, resized or not; a transparent one has all of the range."""
    options: dict[str, Any] = {"codec": codec, "pixel_format": pixel_format}
    frames = FRAMES[:16]
    opaque = np.concatenate([frames, np.full_like(frames[..., :1], 255)], -1).astype(np.uint16) * 257
    assert read_clip(write_video(tmp_path / name, opaque, **options), short_side=short_side).frames_thwc.shape[3] == 3
    opaque[:, :24, :, 3] = 0
    alpha = read_clip(write_video(tmp_path / name, opaque, **options), short_side=short_side).frames_thwc[..., 3]
    assert (alpha[:, :8].max(), alpha[:, -8:].min()) == (0, 65535)


def test_deep_white_is_white_at_any_size(tmp_path: Path) -> None:
    """Ten bits of RGB fill all sixteen after resizing, too, to the rounding of one in 10,000."""
    white = np.full((2, 48, 64, 3), 65535, np.uint16)
    film = write_video(tmp_path / "a.mkv", white, codec="ffv1", pixel_format="gbrp10le")
    assert min(frame.min() for frame in iter_frames(film, size_hw=(24, 32))) > 65535 - 7


def test_alpha_beside_the_picture_comes_through(tmp_path: Path) -> None:
    """WebM's alpha, which common decoders drop, is there."""
    clear = np.concatenate([FRAMES, np.full_like(FRAMES[..., :1], 255)], -1)
    clear[:, :24, :, 3] = 0
    options = {"b": "2M", "auto-alt-ref": "0", "deadline": "realtime"}
    film = write_video(tmp_path / "a.webm", clear, codec="libvpx-vp9", pixel_format="yuva420p", options=options)
    alpha = read_clip(film).frames_thwc[..., 3]
    assert alpha[:, :20].max() < 8
    assert alpha[:, 28:].min() > 247


def test_reading_stops_when_asked(tmp_path: Path) -> None:
    """``stop`` is asked while packets are counted, while frames are decoded and while the file is summed up."""
    film = write_video(tmp_path / "a.mp4", FRAMES)
    asked = 0

    def after(calls: int) -> bool:
        nonlocal asked
        asked += 1
        return asked > calls

    read_clip(film, stop=lambda: after(10**9))
    for calls in (0, 70, asked - 1):
        asked = 0
        with pytest.raises(ReadStopped):
            read_clip(film, stop=lambda calls=calls: after(calls))


def test_a_rate_is_for_pictures_alone(tmp_path: Path) -> None:
    """A video's own rate can't be overruled."""
    with pytest.raises(OptionError, match="its own frame rate"):
        read_clip(write_video(tmp_path / "a.mp4", FRAMES), rate=Fraction(50))
