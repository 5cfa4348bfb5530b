"""A region that follows the camera."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from support.cameras import HW, by_hand, cut_out, seen, way
from support.masks import write_film
from support.videos import write_video

from dtsgan.engine.clip import Span
from dtsgan.engine.errors import ClipError, OptionError
from dtsgan.engine.track import Track, read_track
from dtsgan.engine.video import ReadStopped, iter_frames

if TYPE_CHECKING:
    from collections.abc import Sequence

CLIPS = Path(__file__).parents[3] / "shared" / "clips"
FRAMES = 60
BOX = np.s_[40:60, 70:100]


def film(path: Path, ways: Sequence[np.ndarray], *, water: bool = True) -> Path:
    return write_film(path, np.stack(list(seen(ways, water=water))))


def box(size_hw: tuple[int, int] = HW) -> np.ndarray:
    made = np.zeros(size_hw, bool)
    made[BOX] = True
    return made


def worst_px(track: Track, ways: Sequence[np.ndarray]) -> float:
    """How far from where it should be the corner of any frame is."""
    bottom, right = HW[0] - 1, HW[1] - 1
    corners = np.array([[0, right, 0, right], [0, 0, bottom, bottom], [1, 1, 1, 1]])
    return float(np.hypot(*np.moveaxis((track.matrices - np.stack(ways)[:, :2]) @ corners, 1, 0)).max())


def track_of(*ways: np.ndarray, first: int = 0, size_hw: tuple[int, int] = HW) -> Track:
    return Track(first=first, matrices=np.stack(ways)[:, :2], size_hw=size_hw)


@pytest.fixture(scope="module")
def shaken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[np.ndarray]]:
    """A clip by a camera in the hand, half of it water, and its way."""
    ways = by_hand(FRAMES)
    return film(tmp_path_factory.mktemp("shaken") / "shaken.mkv", ways), ways


def test_a_moving_camera_is_followed_over_moving_water(shaken: tuple[Path, list[np.ndarray]]) -> None:
    """Pan, tilt, zoom and roll are found to a fraction of a pixel, though half of what is seen drifts."""
    path, ways = shaken
    track = read_track(path, span=(0, FRAMES))
    assert track.moves
    assert track.size_hw == HW
    assert worst_px(track, ways) < 0.3
    assert np.array_equal(track.matrices[0], np.eye(3)[:2])
    assert "follows the camera" in track.notices[0]


def test_the_first_frame_of_a_range_is_the_reference(shaken: tuple[Path, list[np.ndarray]]) -> None:
    """Frames keep their numbers, and their matrices lead to the first one read."""
    path, ways = shaken
    track = read_track(path, span=(20, 50))
    assert track.first == 20
    assert worst_px(track, [np.linalg.inv(ways[20]) @ one for one in ways[20:50]]) < 0.3
    with pytest.raises(IndexError):
        track.inside(19)


def test_a_resting_camera_gives_the_identity(tmp_path: Path) -> None:
    """Whatever the water does, no frame is moved by the least."""
    path = film(tmp_path / "rests.mkv", [np.eye(3)] * 30)
    track = read_track(path, span=(0, 30))
    assert np.array_equal(track.matrices, np.broadcast_to(np.eye(3)[:2], (30, 2, 3)))
    assert not track.moves
    assert track.notices == ("No motion of the camera can be told in rests.mkv: the region stays where it is.",)


@pytest.mark.skipif(not CLIPS.is_dir(), reason="the real clips are not part of the project")
@pytest.mark.parametrize("name", ["boats.mp4", "boiling_pot.avi", "sea_wave.avi", "straw.avi"])
def test_real_water_and_grass_are_no_camera(name: str) -> None:
    """Rivers, boiling water, breakers, and grass in the wind, from a tripod."""
    assert not read_track(CLIPS / name, span=(0, 30)).moves


@pytest.mark.skipif(not CLIPS.is_dir(), reason="the real clips are not part of the project")
def test_a_real_river_is_followed_by_its_bank(tmp_path: Path) -> None:
    """A window that moves about in the picture of a river, as a camera in the hand would."""
    ways = by_hand(40)
    frames = list(iter_frames(CLIPS / "boats.mp4", span=Span(start=0, stop=40)))
    path = write_film(tmp_path / "river.mkv", np.stack([cut_out(*pair) for pair in zip(frames, ways, strict=True)]))
    assert worst_px(read_track(path, span=(0, 40)), ways) < 0.5


@pytest.mark.parametrize("longest", [7, 8, 20])
def test_long_shots_are_settled_bit_by_bit(
    shaken: tuple[Path, list[np.ndarray]], longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What bounds the memory changes nothing."""
    monkeypatch.setattr("dtsgan.engine.track.camera.LONGEST", longest)
    path, ways = shaken
    assert worst_px(read_track(path, span=(0, 40)), ways[:40]) < 0.3


def test_a_camera_that_begins_to_move_late_is_followed(tmp_path: Path) -> None:
    """Until then, its frames are not moved by the least."""
    ways = [way(right=max(0, n - 29)) for n in range(36)]
    track = read_track(film(tmp_path / "late.mkv", ways), span=(0, 36))
    assert worst_px(track, ways) < 0.3
    assert np.array_equal(track.matrices[:30], np.broadcast_to(np.eye(3)[:2], (30, 2, 3)))


def test_what_only_moves_by_itself_is_no_camera(tmp_path: Path) -> None:
    """Where nothing stands still, or there is nothing to see at all, the region stays."""
    noise = np.random.default_rng(0).integers(0, 255, (20, *HW, 3), np.uint8)
    for name, frames in (("noise.mkv", noise), ("grey.mkv", np.full_like(noise, 90))):
        track = read_track(write_film(tmp_path / name, frames), span=(0, 20))
        assert not track.moves
        assert name in track.notices[0]


def test_views_beyond_the_reference_are_followed_from_one_to_the_next(tmp_path: Path) -> None:
    """A pan by half the picture, with a zoom, and back: errors don't add up."""
    ways = [way(right=100 * np.sin(np.pi * n / 59), zoom=1 + 0.3 * n / 59) for n in range(60)]
    track = read_track(film(tmp_path / "pan.mkv", ways, water=False), span=(0, 60))
    assert worst_px(track, ways) < 0.5


def test_a_moment_without_sight_is_bridged(tmp_path: Path) -> None:
    """Some dark frames lie on the way from the last one seen to the next."""
    ways = [way(right=n) for n in range(30)]
    frames = np.stack(list(seen(ways, water=False)))
    frames[12:16] = 0
    track = read_track(write_film(tmp_path / "flash.mkv", frames), span=(0, 30))
    assert worst_px(track, ways) < 0.3


def test_a_motion_that_is_lost_is_refused(tmp_path: Path) -> None:
    """By name, with the frame it is lost after and what to do."""
    frames = np.stack(list(seen([way(right=n) for n in range(30)], water=False)))
    frames[20:] = 0
    path = write_film(tmp_path / "fog.mkv", frames)
    with pytest.raises(ClipError, match=r"fog\.mkv is lost after frame 19") as caught:
        read_track(path, span=(0, 30))
    assert "--range at 20" in caught.value.remedy
    assert read_track(path, span=(0, 20)).moves


def test_features_of_the_region_are_not_followed(tmp_path: Path) -> None:
    """What it holds may move by itself, all of it together, and show more features than the world around it."""
    frames = np.stack(list(seen([np.eye(3)] * 24, water=False)))
    inner = np.s_[15:115, 20:160]
    around = frames[0].astype(np.float32) // 8 + 100
    for frame, moving in zip(frames, seen([way(right=n) for n in range(24)], water=False, seed=1), strict=True):
        frame[...] = around
        frame[inner] = moving[inner]
    path = write_film(tmp_path / "region.mkv", frames)
    region = np.zeros(HW, np.float32)
    region[inner] = 1
    assert read_track(path, span=(0, 24)).moves
    assert not read_track(path, span=(0, 24), region_hw=region).moves


def test_a_region_that_leaves_the_picture_is_told(tmp_path: Path) -> None:
    """With the number of frames that show none of it."""
    ways = [way(right=7 * n) for n in range(20)]
    path = film(tmp_path / "away.mkv", ways, water=False)
    track = read_track(path, span=(0, 20), region_hw=box())
    gone = sum(100 - 7 * n <= 0 for n in range(20))
    assert track.notices[1] == f"The region is out of the picture in {gone} of 20 frames."
    assert next(track.shares(box())) == 1


def test_square_pixels_are_what_turns(tmp_path: Path) -> None:
    """Of a clip with pixels twice as wide as high, a roll is followed where it is seen as one."""
    ways = [way(roll=n / 2, right=n / 3) for n in range(24)]
    narrow = np.stack(list(seen(ways, water=False)))[:, :, ::2]
    path = write_video(tmp_path / "wide.mov", narrow, codec="qtrle", pixel_format="rgb24", sample_aspect=Fraction(2))
    track = read_track(path, span=(0, 24))
    assert track.size_hw == (HW[0], HW[1] // 2)
    squeeze = np.diag([0.5, 1, 1])
    expected = np.stack([squeeze @ one @ np.linalg.inv(squeeze) for one in ways])[:, :2]
    np.testing.assert_allclose(track.matrices[..., :2], expected[..., :2], atol=0.005)


def test_deep_and_transparent_clips_are_followed(tmp_path: Path) -> None:
    """16 bits a channel, with an alpha channel."""
    ways = [way(right=n) for n in range(12)]
    deep = np.stack(list(seen(ways, water=False))).astype(np.uint16) * 257
    deep = np.concatenate([deep, np.full_like(deep[..., :1], 65535)], 3)
    path = write_video(tmp_path / "deep.mkv", deep, codec="ffv1", pixel_format="gbrap16le")
    assert worst_px(read_track(path, span=(0, 12)), ways) < 0.3


def test_without_opencv_it_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is read."""
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(OptionError, match="OpenCV") as caught:
        read_track(tmp_path / "none.mkv", span=(0, 20))
    assert caught.value.remedy == "Install it: pip install 'dtsgan[track]'."


def test_it_stops_when_asked(shaken: tuple[Path, list[np.ndarray]]) -> None:
    """Between frames."""
    with pytest.raises(ReadStopped):
        read_track(shaken[0], span=(0, FRAMES), stop=lambda: True)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32, bool])
@pytest.mark.parametrize("shape", [HW, (*HW, 3), (*HW, 1)])
def test_seen_from_the_reference_a_picture_is_itself(kind: type, shape: tuple[int, ...]) -> None:
    """To the bit, and not even copied."""
    picture = np.random.default_rng(0).integers(0, 2, shape).astype(kind)
    track = track_of(np.eye(3), way(right=5))
    assert track.onto_reference(picture, 0) is picture
    assert track.from_reference(picture, 0) is picture
    assert track.inside(0).all()


def waves(matrix: np.ndarray) -> np.ndarray:
    """What a frame shows of a smooth world, (H, W, 3) in [0, 1], by its matrix onto the reference."""
    rows, columns = np.mgrid[: HW[0], : HW[1]]
    x, y = (matrix @ np.stack([columns.ravel(), rows.ravel(), np.ones(rows.size)]))[:2].reshape(2, *HW)
    return 0.5 + 0.2 * np.stack([np.sin(x / 5 + y / 9), np.cos(x / 7 - y / 6), np.sin(y / 8)], -1)


@pytest.mark.parametrize(("kind", "most"), [(np.uint8, 255), (np.uint16, 65535), (np.float32, 1)])
def test_pictures_come_to_lie_on_the_reference_and_back(kind: type, most: float) -> None:
    """At their full depth: 16 bits are not cut to 8."""
    turned = way(right=6.3, down=-4.6, zoom=1.1, roll=7)
    one, other = ((most * waves(matrix)).astype(kind) for matrix in (np.eye(3), turned))
    track = track_of(np.eye(3), turned, first=30)
    laid, back = track.onto_reference(other, 31), track.from_reference(one, 31)
    assert laid.dtype == back.dtype == kind
    inside = track.inside(31)
    assert 0.6 < inside.mean() < 1
    middle = np.s_[10:-10, 10:-10]
    assert np.abs(laid[middle][inside[middle]] / most - one[middle][inside[middle]] / most).mean() < 0.005
    assert np.abs(back[middle] / most - other[middle] / most).mean() < 0.01
    if kind is np.uint16:
        assert len(np.unique(laid)) > 1000


def test_inside_is_where_a_frame_shows_the_reference() -> None:
    """By whole pixels it is exact, and beyond it masks are empty."""
    track = track_of(np.eye(3), way(right=5, down=-3))
    expected = np.zeros(HW, bool)
    expected[:-3, 5:] = True
    assert np.array_equal(track.inside(1), expected)
    for kind in (bool, np.uint8, np.float32):
        laid = track.onto_reference(np.ones(HW, kind), 1)
        assert laid.dtype == kind
        assert np.array_equal(laid > 0, expected)


def test_a_mask_follows_what_it_was_drawn_on() -> None:
    """The camera goes right, and what is seen goes left; hard masks stay hard, soft ones soft."""
    track = track_of(np.eye(3), way(right=5, down=-3), way(right=2.5))
    assert np.array_equal(track.from_reference(box(), 1), np.roll(box(), (3, -5), (0, 1)))
    half = track.from_reference(box().astype(np.float32), 2)
    assert half[50, 67] == pytest.approx(0.5, abs=0.02)
    assert track.from_reference(box(), 2).dtype == bool


def test_small_pictures_are_moved_as_large_ones_are() -> None:
    """A picture of a quarter of the size goes a quarter of the way, about the same place."""
    ways = [np.eye(3), way(right=8, down=4, zoom=1.2, roll=5)]
    track = track_of(*ways, size_hw=HW)
    small = (HW[0] // 4, HW[1] // 4)
    quarter = track.inside(1, small)
    assert quarter.shape == small
    assert np.abs(quarter.mean() - track.inside(1).mean()) < 0.03
    centre = np.array([19.5, 14.5, 1])
    there = track.matrix(1, small) @ centre
    full = track.matrix(1, HW) @ (*(centre[:2] * 4 + 1.5), 1)
    np.testing.assert_allclose(there[:2] * 4 + 1.5, full[:2], atol=1e-9)


def test_a_step_in_the_reference_is_a_step_in_the_frame() -> None:
    """Turned and zoomed as the frame is."""
    track = track_of(np.eye(3), way(right=30, zoom=2, roll=90))
    assert track.step(0, 6, 8) == (6, 8)
    np.testing.assert_allclose(track.step(1, 6, 8), (-4, 3), atol=1e-12)


def test_the_share_of_a_region_in_view_is_told() -> None:
    """Of a region half of which is out of the picture, half."""
    track = track_of(np.eye(3), way(right=85), way(right=120))
    assert list(track.shares(box())) == pytest.approx([1, 0.5, 0], abs=0.05)
