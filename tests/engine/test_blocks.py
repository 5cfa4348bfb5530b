from __future__ import annotations

import pytest

from dtsgan.engine.prior.blocks import Blocks


@pytest.mark.parametrize("period", [None, *range(1, 60), 96, 97, 143, 500])
def test_every_frame_is_in_one_block_or_fades_between_two(period: int | None) -> None:
    """Blocks follow each other without a gap, no longer than allowed, and only neighbours overlap."""
    blocks = Blocks.around(24, 6, period)
    for frame in range(-70, 140):
        seen = blocks.seen(frame)
        last, place = seen[0]
        assert 0 <= place < blocks.length(last) <= 24
        assert len(seen) == (2 if place < blocks.fade else 1)
        if len(seen) == 2:
            assert seen[1] == (last - 1, place + blocks.hop(last - 1))
            assert blocks.length(last - 1) - blocks.fade <= seen[1][1] < blocks.length(last - 1)
        after = blocks.seen(frame + 1)[0]
        assert after in ((last, place + 1), (last + 1, 0)) or blocks.hop(last + 1) == 0


@pytest.mark.parametrize("period", [2, 5, 36, 97, 500])
def test_a_loop_has_an_even_number_of_blocks(period: int) -> None:
    """A period later it is the same block at the same place; every other one joins two neighbours."""
    blocks = Blocks.around(24, 6, period)
    assert blocks.count % 2 == 0
    for frame in range(period):
        now, later = blocks.seen(frame), blocks.seen(frame + period)
        assert [(blocks.name(block), place) for block, place in now] == [
            (blocks.name(block), place) for block, place in later
        ]
