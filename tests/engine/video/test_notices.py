"""What the person is told about a clip, and what is done about it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from support.videos import texture, write_video

from dtsgan.engine.clip import Span
from dtsgan.engine.video.reader import iter_frames, read_clip

FRAMES = texture(60, (48, 64))
LOSSLESS: dict[str, Any] = {"codec": "ffv1", "pixel_format": "bgr0"}


def test_a_cut_is_told_and_the_longest_shot_used(tmp_path: Path) -> None:
    """Frame numbers in what is told are the source's own, whatever the range."""
    frames = np.concatenate([texture(30, (48, 64), seed=1), texture(50, (48, 64), seed=2), texture(20, (48, 64))])
    film = write_video(tmp_path / "a.mkv", frames, **LOSSLESS)
    clip = read_clip(film, span=Span(start=5))
    assert clip.span == (30, 80)
    assert np.array_equal(clip.frames_thwc, frames[30:80])
    assert "2 hard cuts: new shots begin at frames 30, 80" in clip.notices[0]
    assert "frames 30 to 79" in clip.notices[0]


def test_repeats_are_dropped_and_told(tmp_path: Path) -> None:
    """Pulldown goes out, even after lossy coding, and the rate is that at which the frames were taken."""
    order = [frame for frame in range(48) for _ in range(2 if frame % 4 == 3 else 1)]
    film = write_video(tmp_path / "a.mp4", FRAMES[order], rate=Fraction(30000, 1001))
    clip = read_clip(film)
    assert (len(clip.frames_thwc), clip.rate, clip.span) == (48, Fraction(24000, 1001), (0, 60))
    lost = np.abs(clip.frames_thwc.astype(float) - FRAMES[:48]).mean((1, 2, 3))
    assert lost.max() < 3  # neighbouring frames differ by 6 and more
    assert "12 of 60 frames" in clip.notices[0]
    assert "23.976 fps, not 29.97" in clip.notices[0]


def test_a_variable_rate_becomes_even_and_is_told(tmp_path: Path) -> None:
    """Of frames that come faster than the rate the nearest ones are used, in gaps none is made up."""
    stamps_ms = [40 * n for n in range(30)] + [1200 + 20 * n for n in range(10)] + [1400 + 40 * n for n in range(20)]
    film = write_video(tmp_path / "a.mkv", FRAMES, pts=stamps_ms, time_base=Fraction(1, 1000), **LOSSLESS)
    clip = read_clip(film)
    wanted = [*range(30), 30, 32, 34, 36, 38, *range(40, 60)]
    assert np.array_equal(clip.frames_thwc, FRAMES[wanted])
    assert clip.rate == 25
    assert "variable frame rate" in clip.notices[0]
    assert "55 of 60" in clip.notices[0]
    assert len(list(iter_frames(film))) == 60


def test_interlaced_frames_are_deinterlaced_and_told(tmp_path: Path) -> None:
    """The comb that movement makes of two fields is gone, no frame is lost, and the person knows."""
    fields = texture(120, (48, 64), speed=2.0)
    woven = fields[::2].copy()
    woven[:, 1::2] = fields[1::2, 1::2]
    options = {"flags": "+ildct+ilme", "x264-params": "tff=1", "crf": "5"}
    clip = read_clip(write_video(tmp_path / "i.mp4", woven, pixel_format="yuv444p", options=options))

    def comb(frames: np.ndarray) -> float:
        rows = frames[4:-4, 4:-4].astype(float)
        return float(np.abs(rows[:, 1:-1] - (rows[:, :-2] + rows[:, 2:]) / 2).mean())

    assert len(clip.frames_thwc) == 60
    assert comb(clip.frames_thwc) < comb(woven) / 4
    assert any("interlaced" in notice for notice in clip.notices)
