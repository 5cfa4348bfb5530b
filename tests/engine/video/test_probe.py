"""Facts of a clip, from files made for each."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from support.videos import texture, write_video

from dtsgan.engine.clip import Colour
from dtsgan.engine.video.probe import ClipInfo, probe

NTSC_FILM = Fraction(24000, 1001)
FRAMES = texture(30, (48, 64))


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.avi", "a.ts", "a.flv"])
@pytest.mark.parametrize("rate", [Fraction(25), NTSC_FILM, Fraction(30000, 1001), Fraction(60)])
def test_rate_and_count_are_exact(tmp_path: Path, name: str, rate: Fraction) -> None:
    """Every container's own rounding of time stamps still yields the exact rate, and every frame is counted."""
    info = probe(write_video(tmp_path / name, FRAMES, rate=rate))
    assert (info.rate, info.frames, info.declared_frames, info.vfr) == (rate, 30, 30, False)
    assert info.duration_s == pytest.approx(30 / rate, abs=0.002)


def test_a_late_start_is_exact(tmp_path: Path) -> None:
    """A first frame shown later than zero keeps its time stamp."""
    film = write_video(tmp_path / "late.mkv", FRAMES, pts=range(50, 80))
    info = probe(film)
    assert info.start_s == 2
    assert info.duration_s == Fraction(30, 25)


def test_a_variable_rate_is_seen(tmp_path: Path) -> None:
    """Uneven time stamps are told apart from stamps that are merely rounded; the commonest rate is exact."""
    pts = [40 * n + (200 if n > 15 else 0) for n in range(30)]
    info = probe(write_video(tmp_path / "vfr.mkv", FRAMES, pts=pts, time_base=Fraction(1, 1000)))
    assert (info.vfr, info.rate) == (True, Fraction(25))


def test_jitter_is_no_variable_rate(tmp_path: Path) -> None:
    """Stamps that tremble by a few milliseconds around an even rate are even."""
    jitter = np.random.default_rng(0).integers(-5, 6, 30)
    pts = [round(1000 * n / 30) + int(shift) + 10 for n, shift in enumerate(jitter)]
    assert not probe(write_video(tmp_path / "phone.mkv", FRAMES, pts=pts, time_base=Fraction(1, 1000))).vfr


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_gives_the_upright_size(tmp_path: Path, rotation: int) -> None:
    """A display matrix turns the size; pixels that are not square turn with it."""
    info = probe(write_video(tmp_path / "r.mp4", FRAMES, rotation=rotation, sample_aspect=Fraction(4, 3)))
    assert (info.rotation, info.mirrored, info.coded_size_hw) == (rotation, False, (48, 64))
    turned = rotation != 180
    assert info.size_hw == ((64, 48) if turned else (48, 64))
    assert info.sample_aspect == (Fraction(3, 4) if turned else Fraction(4, 3))


def test_mirroring_is_seen(tmp_path: Path) -> None:
    """A mirroring display matrix is told from a turn."""
    info = probe(write_video(tmp_path / "m.mp4", FRAMES, mirror=True))
    assert (info.rotation, info.mirrored) == (0, True)


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format", "depth", "alpha"),
    [
        ("a.mp4", "libx264", "yuv420p", 8, False),
        ("a.mp4", "libx264", "yuv420p10le", 10, False),
        ("a.mov", "prores_ks", "yuv422p10le", 10, False),
        ("a.mov", "prores_ks", "yuva444p10le", 12, True),
        ("a.mov", "qtrle", "argb", 8, True),
        ("a.mkv", "ffv1", "gbrp12le", 12, False),
        ("a.webm", "libvpx-vp9", "yuva420p", 8, True),
    ],
)
def test_depth_and_alpha(tmp_path: Path, name: str, codec: str, pixel_format: str, depth: int, *, alpha: bool) -> None:
    """Bit depth and alpha are those of the pixel format, even where the container carries alpha beside the picture."""
    frames = np.concatenate([FRAMES, FRAMES[..., :1]], -1) if alpha else FRAMES
    info = probe(write_video(tmp_path / name, frames, codec=codec, pixel_format=pixel_format))
    assert (info.bit_depth, info.alpha) == (depth, alpha)


def test_colour_tags_are_named(tmp_path: Path) -> None:
    """Tags come under FFmpeg's names; without tags there are none."""
    tags = {"color_range": 1, "colorspace": 9, "color_primaries": 9, "color_trc": 16}
    info = probe(write_video(tmp_path / "hdr.mp4", FRAMES, pixel_format="yuv420p10le", tags=tags))
    assert info.colour == Colour(primaries="bt2020", transfer="smpte2084", matrix="bt2020nc", range="tv")
    assert probe(write_video(tmp_path / "plain.avi", FRAMES, codec="mpeg4")).colour == Colour()


def test_interlacing_is_seen(tmp_path: Path) -> None:
    """Interlaced coding is told."""
    options = {"flags": "+ildct+ilme", "x264-params": "tff=1"}
    assert probe(write_video(tmp_path / "i.mp4", FRAMES, options=options)).interlaced
    assert not probe(write_video(tmp_path / "p.mp4", FRAMES)).interlaced


def test_facts_go_into_json(tmp_path: Path) -> None:
    """The dictionary is plain JSON, with every field and exact fractions."""
    info = probe(write_video(tmp_path / "a.mp4", FRAMES, rate=NTSC_FILM))
    facts = json.loads(json.dumps(info.as_dict()))
    assert set(facts) == {*ClipInfo.__dataclass_fields__, "truncated"}
    assert (facts["rate"], facts["size_hw"], facts["truncated"]) == ("24000/1001", [48, 64], False)
    assert facts["codec"] == "h264"
