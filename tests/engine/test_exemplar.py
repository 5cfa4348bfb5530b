from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from support.learning import waves
from support.models import empty_model

from dtsgan.engine.clip import Rect
from dtsgan.engine.errors import ClipError, ModelFileError
from dtsgan.engine.exemplar import open_exemplar, read_exemplar, short_side_for, with_exemplar
from dtsgan.engine.levels import levels, volume
from dtsgan.engine.model import EXEMPLAR, TextureModel, load_model, save_model
from dtsgan.engine.scales import resize
from dtsgan.engine.video import open_output, read_clip

if TYPE_CHECKING:
    from pathlib import Path

FRAMES = waves(20, (24, 32))
LUMA = np.array([0.299, 0.587, 0.114])


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Twenty frames of 32x24 px, lossless."""
    path = tmp_path / "waves.mkv"
    with open_output(path, size_hw=(24, 32), rate=empty_model((12, 16)).facts.rate) as writer:
        for frame in FRAMES:
            writer.write(frame)
    return path


def model_of(clip: Path, **facts: object) -> TextureModel:
    read = read_clip(clip)
    return empty_model((12, 16), frames=20, name=clip.name, sha256=read.source_sha256, **facts)


def test_all_frames_where_memory_allows_and_the_middle_where_not(clip: Path) -> None:
    """As many as fit, from the middle, and the person is told; none where not even three do."""
    whole = read_exemplar(clip, span=(0, 20))
    assert whole is not None
    np.testing.assert_array_equal(whole.frames_thwc, FRAMES)
    assert not whole.notices
    some = read_exemplar(clip, span=(2, 20), most_bytes=7 * 24 * 32 * 3)
    assert some is not None
    assert some.span == (7, 14)
    np.testing.assert_array_equal(some.frames_thwc, FRAMES[7:14])
    assert "its frames 7 to 13" in some.notices[0]
    assert read_exemplar(clip, span=(0, 20), most_bytes=2 * 24 * 32 * 3) is None


def test_a_part_of_the_picture_and_a_smaller_one(clip: Path) -> None:
    """A crop is read as it was learned; a short side makes frames small, and more of them fit."""
    crop = read_exemplar(clip, span=(0, 20), crop=Rect(x=4, y=2, width=16, height=12))
    assert crop is not None
    np.testing.assert_array_equal(crop.frames_thwc, FRAMES[:, 2:14, 4:20])
    less = read_exemplar(clip, span=(0, 20), short_side=12, most_bytes=8 * 24 * 32 * 3)
    assert less is not None
    assert less.frames_thwc.shape == (20, 12, 16, 3)


def test_pixels_travel_in_the_model_and_look_the_same(clip: Path, tmp_path: Path) -> None:
    """Through the model's file and back, its light within two levels; the clip is not needed any more."""
    model, notices = with_exemplar(model_of(clip), clip, link=False)
    assert not notices
    save_model(model, tmp_path / "a.dtsgan")
    clip.unlink()
    back = open_exemplar(load_model(tmp_path / "a.dtsgan"))
    assert back is not None
    assert back.shape == FRAMES.shape
    # These three waves, a colour each, are more colourful than 4:2:0 can hold: what the eye sees first is the light.
    assert np.abs(back @ LUMA - FRAMES @ LUMA).mean() < 2
    assert model.summary()["exemplar"]["frames"] == 20


def test_pixels_by_reference(clip: Path, tmp_path: Path) -> None:
    """The model names the clip and stays small; what is read is the clip's own, to the bit, from where it lies now."""
    model, _ = with_exemplar(model_of(clip), clip, link=True)
    assert EXEMPLAR not in model.arrays
    save_model(model, tmp_path / "a.dtsgan")
    model = load_model(tmp_path / "a.dtsgan")
    frames = open_exemplar(model)
    assert frames is not None
    np.testing.assert_array_equal(frames, FRAMES)
    moved = tmp_path / "elsewhere.mkv"
    shutil.move(clip, moved)
    with pytest.raises(ClipError, match=r"missing: .*waves\.mkv does not exist") as caught:
        open_exemplar(model)
    assert "--source" in caught.value.remedy
    frames = open_exemplar(model, source=moved)
    assert frames is not None
    np.testing.assert_array_equal(frames, FRAMES)


@pytest.mark.parametrize("link", [False, True])
def test_little_memory_holds_the_middle_frames(clip: Path, link: bool) -> None:
    """Carried or named, those that fit are the whole's own, and three are the least."""
    model, _ = with_exemplar(model_of(clip), clip, link=link)
    whole = open_exemplar(model)
    assert whole is not None
    frame_bytes = 24 * 32 * 3
    for most_bytes, kept in ((7 * frame_bytes, slice(6, 13)), (0, slice(8, 11))):
        some = open_exemplar(model, most_bytes=most_bytes)
        np.testing.assert_array_equal(some, whole[kept])


@pytest.mark.parametrize("link", [False, True])
def test_pixels_are_opened_as_small_as_they_are_needed(clip: Path, link: bool) -> None:
    """Half as large they look as the whole made small, and twice as many fit into the memory and more."""
    model, _ = with_exemplar(model_of(clip), clip, link=link)
    whole, small = open_exemplar(model), open_exemplar(model, short_side=12)
    assert whole is not None
    assert small is not None
    assert small.shape == (20, 12, 16, 3)
    shrunk = levels(resize(volume(whole), (12, 16)))
    assert np.abs(small.astype(float) - shrunk).mean() < 3
    some = open_exemplar(model, short_side=12, most_bytes=7 * 24 * 32 * 3)
    assert some is not None
    assert len(some) == 20


def test_what_is_asked_for_says_how_small() -> None:
    """As large as the larger of both ways needs it; never larger than it is, and with square pixels."""
    assert short_side_for((720, 1280), Fraction(1), None) is None
    assert short_side_for((720, 1280), Fraction(1), (1080, 1920)) is None
    assert short_side_for((720, 1280), Fraction(1), (360, 640)) == 360
    assert short_side_for((720, 1280), Fraction(1), (640, 640)) == 640
    assert short_side_for((288, 352), Fraction(12, 11), (144, 176)) == 144
    assert short_side_for((288, 352), Fraction(12, 11), (264, 352)) is None


def test_another_clip_in_its_place_is_refused(clip: Path) -> None:
    """A clip that changed is not silently used."""
    model, _ = with_exemplar(model_of(clip), clip, link=True)
    with open_output(clip, size_hw=(24, 32), rate=model.facts.rate, overwrite=True) as writer:
        for frame in FRAMES[::-1]:
            writer.write(frame)
    with pytest.raises(ClipError, match="has changed since"):
        open_exemplar(model)


def test_damaged_or_foreign_pixels_are_refused(clip: Path) -> None:
    """A video that is none, has another size or another length is said, naming the texture."""
    model, _ = with_exemplar(model_of(clip), clip, link=False)
    assert model.exemplar is not None
    wrong = [
        replace(model, arrays=model.arrays | {EXEMPLAR: np.frombuffer(b"no video at all", np.uint8)}),
        replace(model, exemplar=replace(model.exemplar, frames=19)),
        replace(model, exemplar=replace(model.exemplar, frames=21)),
        replace(model, exemplar=replace(model.exemplar, size_hw=(24, 30))),
    ]
    for each in wrong:
        with pytest.raises(ModelFileError, match=r"waves\.mkv"):
            open_exemplar(each)


def test_a_model_without_pixels_has_none() -> None:
    """Nothing is opened for it."""
    assert open_exemplar(empty_model((12, 16))) is None


def test_a_script_is_not_followed(clip: Path) -> None:
    """What FFmpeg would take for a list of other files is no video here."""
    model, _ = with_exemplar(model_of(clip), clip, link=False)
    script = np.frombuffer(b"ffconcat version 1.0\nfile other.mp4\n", np.uint8)
    with pytest.raises(ModelFileError, match="no MP4"):
        open_exemplar(replace(model, arrays=model.arrays | {EXEMPLAR: script}))


@pytest.mark.parametrize("path", ["//host/share/x.mp4", "\\\\host\\share\\x.mp4"])
def test_another_machine_is_not_called(clip: Path, path: str) -> None:
    """A clip on a network share is read only where the person names it."""
    model, _ = with_exemplar(model_of(clip), clip, link=True)
    assert model.exemplar is not None
    with pytest.raises(ClipError, match="another machine"):
        open_exemplar(replace(model, exemplar=replace(model.exemplar, path=path)))


def test_a_hint_of_transparency_is_said(tmp_path: Path) -> None:
    """One pixel that is not quite opaque, unseen in the small pictures that are learned, is no fault of ours."""
    frames = np.concatenate([FRAMES, np.full((20, 24, 32, 1), 255, np.uint8)], 3)
    frames[3, 4, 5, 3] = 253
    path = tmp_path / "hint.mkv"
    with open_output(path, size_hw=(24, 32), rate=empty_model((12, 16)).facts.rate, alpha=True) as writer:
        for frame in frames:
            writer.write(frame)
    with pytest.raises(ClipError, match="transparency"):
        read_exemplar(path, span=(0, 20))


def test_a_clip_that_changed_meanwhile_is_said(clip: Path) -> None:
    """The pixels of another clip are not put into a model."""
    with pytest.raises(ClipError, match="changed since"):
        with_exemplar(empty_model((12, 16), frames=20), clip, link=False)
