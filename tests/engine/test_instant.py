from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from support.learning import waves

from dtsgan.engine.clip import Rect, Span
from dtsgan.engine.errors import ClipError
from dtsgan.engine.instant import instant_texture
from dtsgan.engine.synthesis import synthesise
from dtsgan.engine.video import open_output

if TYPE_CHECKING:
    from pathlib import Path


def written(path: Path, frames_thwc: np.ndarray, *, alpha: bool = False) -> Path:
    with open_output(path, size_hw=frames_thwc.shape[1:3], rate=Fraction(25), alpha=alpha) as writer:
        for frame in frames_thwc:
            writer.write(frame)
    return path


def test_a_clip_is_a_texture_at_once(tmp_path: Path) -> None:
    """New frames at the clip's own size, at its rate, that move; seeds differ."""
    texture, notices = instant_texture(written(tmp_path / "waves.mkv", waves(24, (24, 32))))
    assert not notices
    assert texture.size_hw == (24, 32)
    assert texture.facts.rate == 25
    assert texture.layers == ("prior", "detail")
    one, other = (np.stack(list(synthesise(texture, frames=range(6), seed=seed))) for seed in (0, 1))
    assert one.shape == (6, 24, 32, 3)
    assert np.abs(np.diff(one.astype(int), axis=0)).mean() > 2
    assert np.abs(one.astype(int) - other).mean() > 2


def test_a_part_of_it_and_another_size(tmp_path: Path) -> None:
    """A range and a rectangle are what is used; a smaller size is read small."""
    path = written(tmp_path / "waves.mkv", waves(40, (24, 32)))
    texture, _ = instant_texture(path, span=Span(start=4, stop=30), crop=Rect(x=0, y=0, width=20, height=16))
    assert (texture.frames, texture.size_hw) == (26, (16, 20))
    texture, _ = instant_texture(path, short_side=12)
    assert texture.size_hw == (12, 16)


def test_what_cant_be_used_is_said(tmp_path: Path) -> None:
    """Too short, transparent, or all frames equal: the reason, and what to do."""
    with pytest.raises(ClipError, match="9 frames"):
        instant_texture(written(tmp_path / "short.mkv", waves(9, (24, 32))))
    clear = np.concatenate([waves(20, (24, 32)), np.full((20, 24, 32, 1), 90, np.uint8)], 3)
    with pytest.raises(ClipError, match="transparency"):
        instant_texture(written(tmp_path / "clear.mkv", clear, alpha=True))
    with pytest.raises(ClipError, match=r"still\.mkv"):
        instant_texture(written(tmp_path / "still.mkv", waves(1, (24, 32)).repeat(20, 0)))
