from __future__ import annotations

import numpy as np
import pytest
from support.textures import texture_of

from dtsgan.engine.detail import DetailTransfer, coarse, descriptors, fine, matching, transfer
from dtsgan.engine.detail.transfer import CONTEXT
from dtsgan.engine.levels import levels, volume
from dtsgan.engine.scales import resize
from dtsgan.engine.synthesis import synthesise

FRAMES, SMALL_HW, LARGE_HW = 40, (12, 16), (48, 64)


def detailed(frames: int = FRAMES, size_hw: tuple[int, int] = LARGE_HW) -> np.ndarray:
    """Waves that travel, with a fine grid that goes with them; THWC uint8. Its left quarter stands still."""
    time, y, x = np.meshgrid(np.arange(frames), *map(np.arange, size_hw), indexing="ij")
    time = np.where(x < size_hw[1] // 4, 0, time)
    coarse = [np.sin(x / 9 + time / 2), np.sin(y / 7 - time / 3), np.sin((x + y) / 11 + time / 5)]
    fine = np.sin(2.1 * (x + 3 * time)) * np.sin(1.9 * y)
    return np.rint(np.stack([70 * wave + 30 * fine for wave in coarse], 3) + 128).astype(np.uint8)


def small(frames_thwc: np.ndarray) -> np.ndarray:
    return resize(volume(frames_thwc), SMALL_HW)


def made(frames_thwc: np.ndarray, base: np.ndarray) -> np.ndarray:
    transfer = DetailTransfer(frames_thwc.copy(), base_hw=(base.shape[2], base.shape[3]))
    deep = frames_thwc.dtype == np.uint16
    return np.stack([levels(frame, deep=deep) for frame in transfer.frames(base, range(len(base)))])


def sharpness(frames_thwc: np.ndarray) -> float:
    luma = frames_thwc.astype(float).mean(3)
    return float(
        (
            4 * luma[:, 1:-1, 1:-1] - luma[:, :-2, 1:-1] - luma[:, 2:, 1:-1] - luma[:, 1:-1, :-2] - luma[:, 1:-1, 2:]
        ).std()
    )


@pytest.mark.parametrize("depth", [8, 10])
def test_the_clip_made_small_comes_back(depth: int) -> None:
    """What the source itself looks like when small is matched by the source, to a few levels, whatever its depth."""
    clip = detailed() if depth == 8 else detailed().astype(np.uint16) * 257
    back = made(clip, small(clip))
    assert back.dtype == clip.dtype
    apart = np.abs(back.astype(float) - clip) / (1 if depth == 8 else 257)
    assert apart.mean() < 1.5
    assert (apart > 24).mean() < 0.01


def test_new_small_video_gets_the_sources_sharpness() -> None:
    """Video that the source never was comes out as sharp as the source, where enlarging it leaves a blur."""
    clip = detailed()
    base = 0.5 * small(clip) + 0.5 * np.roll(small(clip), 11, 0)
    enlarged = levels(resize(base, LARGE_HW))
    assert sharpness(enlarged) < 0.3 * sharpness(clip)
    assert 0.75 * sharpness(clip) < sharpness(made(clip, base)) < 1.25 * sharpness(clip)


def test_still_parts_stand_still() -> None:
    """Where the source never moves the result doesn't either, though its other parts come from everywhere."""
    clip = detailed()
    result = made(clip, np.roll(small(clip), 9, 0)[::-1])
    still = result[:, :, : LARGE_HW[1] // 4 - 6].astype(int)
    assert np.abs(np.diff(still, axis=0)).max() <= 6
    assert np.abs(np.diff(result[:, :, LARGE_HW[1] // 2 :].astype(int), axis=0)).mean() > 5


def test_frames_do_not_depend_on_the_range_asked_for() -> None:
    """Frames alone are those of the whole, to the bit: matching never sees what was asked for."""
    clip = detailed()
    whole = np.stack(list(synthesise(texture_of(clip, SMALL_HW), frames=range(-6, 70), seed=3)))
    assert whole.shape == (76, *LARGE_HW, 3)
    for frames in (range(40, 44), range(31, 33), range(-6, -4)):
        part = np.stack(list(synthesise(texture_of(clip, SMALL_HW), frames=frames, seed=3)))
        np.testing.assert_array_equal(part, whole[frames.start + 6 : frames.stop + 6])


def test_rendering_twice_is_the_same() -> None:
    """A texture whose pixels were used makes the same frames again."""
    one = texture_of(detailed(), SMALL_HW)
    first, again = (np.stack(list(synthesise(one, frames=range(5), seed=1))) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_chunks_join() -> None:
    """From one chunk to the next nothing changes more than elsewhere, though each was matched alone."""
    clip = detailed(80)
    frames = np.stack(list(synthesise(texture_of(clip, SMALL_HW), frames=range(96), seed=0))).astype(float)
    steps = np.abs(np.diff(frames, axis=0)).mean((1, 2, 3))
    assert CONTEXT > 0
    assert max(steps[31], steps[63]) < np.quantile(steps, 0.95) * 1.3


@pytest.mark.parametrize("frames", [3, 4])
def test_a_few_frames_are_enough(frames: int) -> None:
    """An exemplar of three frames works, larger or smaller than the base."""
    for size_hw in (LARGE_HW, SMALL_HW, (7, 9)):
        transfer = DetailTransfer(detailed(frames, size_hw), base_hw=SMALL_HW)
        (frame,) = transfer.frames(small(detailed())[:9], range(4, 5))
        assert frame.shape == (3, *size_hw)
        assert np.isfinite(frame).all()


def test_memory_limits_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strips of rows, and places that choose a few at a time, make the same picture to the bit."""
    clip = detailed(12)
    whole = made(clip, np.roll(small(clip), 3, 0))
    monkeypatch.setattr(fine, "STRIP_PX", 200)
    monkeypatch.setattr(matching, "TOGETHER", 37)
    monkeypatch.setattr(coarse, "TOGETHER", 1)
    monkeypatch.setattr(descriptors, "CHUNK", 5)
    monkeypatch.setattr(transfer, "TOGETHER_PX", 1)
    np.testing.assert_array_equal(made(clip, np.roll(small(clip), 3, 0)), whole)


def test_the_number_of_threads_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread and two make the same picture to the bit, though work is shared out in many parts."""
    clip = detailed(12)
    base = np.roll(small(clip), 3, 0)
    monkeypatch.setattr(fine, "STRIP_PX", 200)
    monkeypatch.setattr(matching, "TOGETHER", 37)
    monkeypatch.setattr(coarse, "TOGETHER", 1)
    monkeypatch.setattr("dtsgan.engine.threads._limit", 1)
    whole = made(clip, base)
    monkeypatch.setattr("dtsgan.engine.threads._limit", 2)
    np.testing.assert_array_equal(made(clip, base), whole)


@pytest.mark.parametrize("base_hw", [(96, 1600), (1600, 96), (48, 4800)])
def test_narrow_pictures_have_bounded_grids(base_hw: tuple[int, int]) -> None:
    """A long strip gets fewer cells across, not more in all, and keeps about its shape."""
    finest = transfer._grids(base_hw)[-1]
    assert finest[0] * finest[1] <= 1.1 * transfer.MOST_CELLS
    assert finest[1] / finest[0] == pytest.approx(base_hw[1] / base_hw[0], rel=0.1)
