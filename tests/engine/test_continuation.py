"""New frames that go on from kept ones, at full size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from support.shots import shot_of
from support.signals import gaussian, grey

from dtsgan.engine.continuation import Continuation
from dtsgan.engine.edit import best_bridge, extended, looped
from dtsgan.engine.joint import Joints

if TYPE_CHECKING:
    from dtsgan.engine.shot import Shot
    from dtsgan.engine.synthesis import Texture

pytestmark = pytest.mark.usefixtures("quick")


def slow(frames: int, times: int = 4) -> np.ndarray:
    """Brightness that wanders as slowly as clips do, 24 x 32 px."""
    signal = gaussian(frames // times + 2)
    places = np.arange(frames) / times
    share = (places % 1)[:, None, None]
    moving = (1 - share) * signal[places.astype(int)] + share * signal[places.astype(int) + 1]
    return grey(np.kron(moving, np.ones((1, 2, 2)))[:, :24, :32])


FRAMES = slow(120)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shot, Texture]:
    return shot_of(tmp_path_factory.mktemp("shot"), FRAMES)


def between(opened: tuple[Shot, Texture], length: int = 40, *, seed: int = 0) -> Continuation:
    shot, texture = opened
    return Continuation(texture, shot.give_way, length=length, before=shot.end(), after=shot.start(), seed=seed)


def test_a_shot_knows_its_ends_and_keeps_its_frames(opened: tuple[Shot, Texture]) -> None:
    """To the bit; what new frames are made of leaves out what lies at the ends."""
    shot, _ = opened
    np.testing.assert_array_equal(np.stack(list(shot.frames())), FRAMES)
    np.testing.assert_array_equal(shot.first_hwc, FRAMES[0])
    np.testing.assert_array_equal(shot.last_hwc, FRAMES[-1])
    assert shot.exemplar.span == (8, 112)
    assert len(shot) == 120


def test_nothing_jumps_at_the_joints(opened: tuple[Shot, Texture]) -> None:
    """From the last kept frame to the first new one, and at the other end, no more changes than within the clip; a cut
    is seen."""
    joints = Joints(FRAMES)
    cut = joints.ratio([FRAMES[-1], FRAMES[0]])
    ratios = []
    for seed in range(4):
        new = list(between(opened, seed=seed).frames(range(40)))
        ratios += [joints.ratio([FRAMES[-1], new[0]]), joints.ratio([new[-1], FRAMES[0]])]
    assert cut > 1.5
    assert np.mean(ratios) < 1.1


def test_any_range_is_a_part_of_the_whole(opened: tuple[Shot, Texture]) -> None:
    """To the bit, across chunks, too."""
    whole = list(between(opened).frames(range(40)))
    for part in (range(3), range(29, 35), range(38, 40)):
        again = list(between(opened).frames(part))
        np.testing.assert_array_equal(again, whole[part.start : part.stop])


def test_seeds_differ_and_one_is_always_the_same(opened: tuple[Shot, Texture]) -> None:
    one, other, again = (np.stack(list(between(opened, seed=seed).frames(range(16, 24)))) for seed in (1, 2, 1))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one.astype(int) - other).mean() > 2


@pytest.mark.parametrize(("before", "after"), [(0, 9), (7, 0), (5, 6)])
def test_a_shot_is_extended(opened: tuple[Shot, Texture], before: int, after: int) -> None:
    """At either end or both; its own frames lie between the new ones, to the bit."""
    edit = extended(*opened, before=before, after=after, seed=3)
    made = np.stack(list(edit.make()))
    assert (len(made), edit.frames, edit.before, edit.kept) == (120 + before + after, 120 + before + after, before, 120)
    np.testing.assert_array_equal(made[before : before + 120], FRAMES)


def test_a_shot_is_looped(opened: tuple[Shot, Texture]) -> None:
    """The bridge stands behind the shot's own frames."""
    edit = looped(*opened, bridge=10, seed=0)
    made = np.stack(list(edit.make()))
    assert len(made) == edit.frames == 130
    np.testing.assert_array_equal(made[:120], FRAMES)
    assert Joints(FRAMES).ratio([made[-1], made[0]]) < 1.3


def test_bridges_are_tried_and_judged(opened: tuple[Shot, Texture]) -> None:
    """Each length gives how its two joints are: those of the very frames that a loop of that length has."""
    shot, texture = opened
    found = dict(best_bridge(shot, texture, shot.joints, lengths=(8, 12), seed=0))
    assert list(found) == [8, 12]
    made = list(looped(shot, texture, bridge=12, seed=0).make())
    assert found[12][1] == shot.joints.ratio([*made[-4:], made[0]])
    assert found[12][0] == shot.joints.ratio(made[119:124])
