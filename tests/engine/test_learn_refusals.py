"""What can't be learned is refused before any work, with what to do."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from support.learning import PRESETS, clip_of, tiny, waves

from dtsgan.engine.errors import ClipError, OptionError, ResourceError
from dtsgan.engine.learn import learn

pytestmark = pytest.mark.usefixtures("quick")

CLIP = clip_of(waves())


@pytest.mark.parametrize("preset", PRESETS)
def test_transparency_is_refused(preset: str) -> None:
    """A clip with alpha is named, before any work, with what to do."""
    clip = clip_of(np.concatenate([waves(), waves()[..., :1]], axis=3))
    with pytest.raises(ClipError, match=r"waves\.mkv has transparency") as caught:
        learn(clip, tiny(preset))
    assert "background" in caught.value.remedy


def test_a_clip_too_short_is_refused() -> None:
    """Both numbers are said, and the window that would do."""
    with pytest.raises(ClipError, match="has 12 frames, and a window of 16") as caught:
        learn(CLIP, tiny("fast", window=16))
    assert "--window 12" in caught.value.remedy


@pytest.mark.parametrize("coarsest", [12, 20])
def test_a_clip_too_small_is_refused(coarsest: int) -> None:
    """Its size and the coarsest scale's are said, and an option that would do."""
    with pytest.raises(ClipError, match=f"16 x 12 px, .* {coarsest} px") as caught:
        learn(CLIP, tiny("fast", coarsest=coarsest, size=40))
    assert "--coarsest 8" in caught.value.remedy


def test_scales_that_do_not_fit_are_refused() -> None:
    """More scales than sizes lie between the two ends."""
    with pytest.raises(OptionError, match="scales do not fit"):
        learn(CLIP, tiny("fast", scales=9))


@pytest.mark.parametrize("preset", PRESETS)
def test_too_little_memory_is_refused(preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can't fit is said before it starts, with a range that would fit, or a smaller size where none would."""
    long = clip_of(np.zeros((4000, 40, 40, 3), np.uint8))
    options = tiny(preset, size=40)

    def with_free(free: int) -> ResourceError:
        monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=free))
        with pytest.raises(ResourceError, match="for 4000 frames of 40 x 40 px") as caught:
            learn(long, options)
        return caught.value

    remedy = with_free(500 << 20).remedy
    assert "--range 0:" in remedy
    assert "--size than 40" in remedy
    fitting = int(remedy.split("--range 0:")[1].split(",")[0])
    assert 5 <= fitting < 4000
    learn(replace(long, frames_thwc=long.frames_thwc[:fitting]), options)  # what it said does fit
    remedy = with_free(10 << 20).remedy
    assert "--range" not in remedy
    assert "--size than 40" in remedy


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without CUDA")
def test_a_missing_device_is_refused() -> None:
    """CUDA where there is none is an error of the option, not a crash later."""
    with pytest.raises(OptionError, match="no CUDA device"):
        learn(CLIP, tiny("fast"), device="cuda")
