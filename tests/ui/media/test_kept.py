from __future__ import annotations

from PySide6.QtGui import QImage

from dtsgan.ui.media.kept import Kept

FRAME_BYTES = 4 * 16 * 16


def image() -> QImage:
    return QImage(16, 16, QImage.Format.Format_RGB32)


def test_memory_stays_within_the_budget() -> None:
    """However many pictures are put in, no more bytes are held, and what was looked at last stays."""
    kept = Kept(4 * FRAME_BYTES)
    for number in range(100):
        kept.put(number, image(), needed=())
        kept.get(0)
        assert kept.bytes <= 4 * FRAME_BYTES
    assert 0 in kept
    assert 99 in kept
    assert sum(number in kept for number in range(100)) == 4


def test_what_is_needed_goes_last() -> None:
    """A picture that is wanted but wasn't seen yet outlives those that were."""
    kept = Kept(3 * FRAME_BYTES)
    for number in (5, 1, 2, 3):
        kept.put(number, image(), needed=(5, 6))
    assert 5 in kept
    assert 1 not in kept


def test_a_picture_larger_than_the_budget_is_still_shown() -> None:
    """The one that is seen and the one to come are always there, or nothing would ever be."""
    kept = Kept(FRAME_BYTES // 2)
    for number in range(3):
        kept.put(number, image(), needed=(2,))
    assert (0 in kept, 1 in kept, 2 in kept) == (False, True, True)


def test_a_smaller_budget_applies_at_once() -> None:
    """Pictures of a file that rests are given up when it is told so."""
    kept = Kept(10 * FRAME_BYTES)
    for number in range(10):
        kept.put(number, image(), needed=())
    kept.allow(4 * FRAME_BYTES)
    assert kept.bytes == 4 * FRAME_BYTES
    kept.put(9, image(), needed=())
    assert kept.bytes == 4 * FRAME_BYTES
