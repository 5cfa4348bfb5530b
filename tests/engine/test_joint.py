"""How joints are judged."""

from __future__ import annotations

import numpy as np
import pytest
from support.videos import texture

from dtsgan.engine.joint import Joints
from dtsgan.engine.likeness import unlike

CLIP = texture(60, (24, 32))


def test_what_the_clip_does_counts_about_one() -> None:
    """Within it no change is far above 1, most are not far below, and a repeated frame is 0."""
    joints = Joints(CLIP)
    ratios = [joints.ratio(CLIP[frame : frame + 2]) for frame in range(59)]
    assert 0.7 < np.median(ratios) <= max(ratios) < 1.3
    assert joints.ratio([CLIP[5], CLIP[5]]) == 0


@pytest.mark.parametrize("kind", ["light", "colour", "detail"])
def test_every_kind_of_jump_counts(kind: str) -> None:
    """Of brightness, of colour alone, and of fine detail alone."""
    jumped = CLIP[31].astype(int)
    if kind == "light":
        jumped = jumped + 40
    elif kind == "colour":
        jumped = jumped + np.array([30, -8, -30])
    else:
        jumped = jumped + 25 * (-1) ** np.indices((24, 32)).sum(0)[..., None]
    joints = Joints(CLIP)
    assert joints.ratio([CLIP[29], CLIP[30], jumped.clip(0, 255).astype(np.uint8)]) > 1.5


def test_deep_frames_are_judged_alike() -> None:
    """16 bits make no difference."""
    deep = CLIP.astype(np.uint16) * 257
    assert Joints(deep).ratio(deep[10:13]) == pytest.approx(Joints(CLIP).ratio(CLIP[10:13]), rel=1e-3)


def test_likeness_tells_other_textures() -> None:
    """Another take of the same is taken for it, whatever its size; another texture is not, and by how much is said."""
    assert unlike(CLIP[40:], CLIP[:40]) == 0
    assert unlike(CLIP[:, ::2, ::2], CLIP) == 0
    assert unlike(255 - texture(60, (24, 32), seed=3) // 4, CLIP) > 1.5
