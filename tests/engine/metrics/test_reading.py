"""Sources and results of every size and rate are brought together, or refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from support.videos import texture, write_video

from dtsgan.engine.errors import ClipError, OptionError, ResourceError
from dtsgan.engine.metrics.reading import Compared, read_compared


def compared(source: Path, *results: Path, short_side: int = 256, frames: int = 256, strict: bool = False) -> Compared:
    return read_compared(source, results, span=None, short_side=short_side, frames=frames, strict=strict)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_video(tmp_path / "source.mkv", texture(24, (48, 64)), codec="ffv1", pixel_format="bgr0")


def test_equal_videos_are_read_as_they_are(source: Path) -> None:
    """Nothing is said, nothing changed."""
    read = compared(source, source)
    assert read.notices == ()
    assert read.source.size_hw == (48, 64)
    assert (read.source.video_tchw == read.results[0].video_tchw).all()


def test_another_size_or_rate_is_told_or_refused(source: Path, tmp_path: Path) -> None:
    """All are measured at the smallest size; --strict refuses."""
    small = write_video(tmp_path / "small.mp4", texture(20, (32, 44), seed=1), rate=Fraction(30))
    read = compared(source, small)
    assert read.source.size_hw == read.results[0].size_hw == (32, 43)
    assert [notice.split(" has ")[0] for notice in read.notices] == ["source.mkv", "small.mp4", "small.mp4"]
    assert "30 frames a second, the source 25" in read.notices[2]
    with pytest.raises(OptionError, match=r"source\.mkv has 64 x 48 px") as raised:
        compared(source, small, strict=True)
    assert "--strict" in raised.value.remedy


def test_a_results_repeated_frames_are_left_in(source: Path, tmp_path: Path) -> None:
    """A video that stands still must be measured as such, and cuts must be seen."""
    still = np.repeat(texture(1, (48, 64)), 24, 0)
    still[12:] = texture(1, (48, 64), seed=3)
    path = write_video(tmp_path / "still.mkv", still, codec="ffv1", pixel_format="bgr0")
    read = compared(source, path)
    assert len(read.results[0]) == 24
    assert float(read.results[0].video_tchw.diff(dim=0)[:11].abs().max()) == 0


def test_too_few_frames_are_refused_by_name(source: Path, tmp_path: Path) -> None:
    """A still picture among them."""
    one = write_video(tmp_path / "one.mp4", texture(1, (48, 64)))
    with pytest.raises(ClipError, match=r"one\.mp4 has 1 frames?, and measuring needs 16"):
        compared(source, one)


def test_a_constant_result_is_refused(source: Path, tmp_path: Path) -> None:
    """There is nothing to measure."""
    grey = write_video(tmp_path / "grey.mp4", np.full((20, 48, 64, 3), 128, np.uint8))
    with pytest.raises(ClipError, match=r"Every pixel of grey\.mp4"):
        compared(source, grey)


def test_what_memory_cannot_hold_is_refused_before_it_is_read(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the ways to make it fit."""
    memory = type("Memory", (), {"available": 1 << 20})
    monkeypatch.setattr("dtsgan.engine.metrics.reading.psutil.virtual_memory", lambda: memory)
    with pytest.raises(ResourceError, match="Measuring needs about") as raised:
        compared(source, source)
    assert "--frames" in raised.value.remedy
