"""Frames that are encoded while the next are made."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from dtsgan.export.behind import AHEAD, Behind


def frame(number: int) -> np.ndarray:
    return np.full((1, 1, 3), number % 256, np.uint8)


def test_frames_come_in_order_and_all_of_them() -> None:
    """On another thread, the last one before the block is left."""
    taken: list[int] = []
    threads = set()

    def take(one: np.ndarray) -> None:
        taken.append(int(one[0, 0, 0]))
        threads.add(threading.current_thread())

    with Behind(take) as behind:
        for number in range(200):
            behind.put(frame(number))
    assert taken == list(range(200))
    assert threading.current_thread() not in threads


def test_no_more_than_a_few_wait() -> None:
    """Memory is bounded: who makes frames faster than they are taken has to wait."""
    going, taken = threading.Event(), []

    def take(_: np.ndarray) -> None:
        going.wait()
        taken.append(1)

    given = []

    def give() -> None:
        with Behind(take) as behind:
            for number in range(AHEAD * 3):
                behind.put(frame(number))
                given.append(number)

    maker = threading.Thread(target=give)
    maker.start()
    maker.join(0.5)
    assert maker.is_alive()
    assert len(given) <= AHEAD + 1
    going.set()
    maker.join()
    assert len(taken) == AHEAD * 3


@pytest.mark.parametrize("failing", [0, 5, 19])
def test_what_goes_wrong_comes_out(failing: int) -> None:
    """At the next frame or when the block is left, even for the last frame; nothing more is taken then."""
    taken = []

    def take(one: np.ndarray) -> None:
        if int(one[0, 0, 0]) == failing:
            raise OSError("full")
        taken.append(int(one[0, 0, 0]))

    def give() -> None:
        with Behind(take) as behind:
            for number in range(20):
                behind.put(frame(number))

    with pytest.raises(OSError, match="full"):
        give()
    assert taken == list(range(failing))


def test_what_waits_is_dropped_where_the_maker_fails() -> None:
    """Who stops doesn't wait for frames that nobody will see."""
    taken = []

    def take(_: np.ndarray) -> None:
        while behind._failure is None:
            pass  # until the maker has failed
        taken.append(1)

    behind = Behind(take)

    def give() -> None:
        with behind:
            for number in range(AHEAD):
                behind.put(frame(number))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        give()
    assert len(taken) <= 1
