from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from support.videos import texture, write_video

from dtsgan.engine.errors import OptionError
from dtsgan.engine.estimate import scales_of
from dtsgan.engine.quality import QUALITIES, options_for, plans
from dtsgan.engine.video import probe

if TYPE_CHECKING:
    from pathlib import Path


def test_a_finer_quality_takes_longer(tmp_path: Path) -> None:
    """Quick, standard and fine learn larger pictures in more time, one after the other."""
    info = probe(write_video(tmp_path / "clip.mp4", texture(20, (240, 320))))
    made = plans(info, 20)
    assert list(made) == ["quick", "standard", "fine"]
    for one, finer in pairwise(made.values()):
        assert finer.sizes_hw[-1] > one.sizes_hw[-1]
        assert finer.memory_bytes > one.memory_bytes
        assert one.seconds is None or (finer.seconds or 0) > one.seconds


@pytest.mark.parametrize("size_hw", [(16, 16), (20, 34), (64, 64), (1080, 1920)])
def test_every_size_has_options_that_work(tmp_path: Path, size_hw: tuple[int, int]) -> None:
    """A clip that is too small for all of a quality's scales gets fewer, and no refusal."""
    info = probe(write_video(tmp_path / "clip.mp4", texture(2, size_hw)))
    for quality in QUALITIES:
        options = options_for(quality, info, seed=3)
        assert options.seed == 3
        assert len(scales_of(options, size_hw)) == options.scales
        assert min(size_hw) > options.coarsest or options.scales == 1


def test_there_are_three_qualities(tmp_path: Path) -> None:
    """Another word is refused, and the remedy names those that there are."""
    info = probe(write_video(tmp_path / "clip.mp4", texture(2, (16, 16))))
    with pytest.raises(OptionError) as error:
        options_for("finest", info)
    assert "quick, standard, fine" in error.value.remedy
