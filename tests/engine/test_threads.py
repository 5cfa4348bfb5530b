"""Work shared out among threads."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from dtsgan.engine import threads

if TYPE_CHECKING:
    pass


@pytest.fixture(params=[1, 2])
def count(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many threads at work."""
    monkeypatch.setattr(threads, "_limit", request.param)
    return request.param


def test_results_come_in_order(count: int) -> None:
    """Whoever is done first; parts may come from anything that can be gone through."""

    def slow_when_even(part: int) -> tuple[int, int]:
        time.sleep(0.002 * (part % 2 == 0))
        return part, threading.get_ident()

    made = threads.shared(slow_when_even, iter(range(20)))
    assert [part for part, _ in made] == list(range(20))
    assert len({thread for _, thread in made}) <= count
    assert threads.shared(slow_when_even, []) == []


def test_two_threads_work_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for the other here, so one after the other would never end."""
    monkeypatch.setattr(threads, "_limit", 2)
    both = threading.Barrier(2, timeout=20)
    assert sorted(threads.shared(lambda _: both.wait(), range(2))) == [0, 1]


@pytest.mark.usefixtures("count")
def test_what_is_raised_comes_through() -> None:
    """As it is, and the next work is done as ever."""

    def failing(part: int) -> int:
        if part == 3:
            raise ZeroDivisionError("three")
        return part

    with pytest.raises(ZeroDivisionError, match="three"):
        threads.shared(failing, range(6))
    assert threads.shared(failing, range(3)) == [0, 1, 2]


def test_without_a_limit_there_are_as_many_as_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those that this process may use, where that is known."""
    monkeypatch.setattr(threads, "_limit", None)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    assert threads.count() == 3
    monkeypatch.delattr("os.sched_getaffinity")
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert threads.count() == 1


def test_a_limit_is_for_matrix_products_too() -> None:
    """In a process of its own: NumPy's libraries are told as well."""
    script = (
        "import numpy\nfrom threadpoolctl import threadpool_info\nfrom dtsgan.engine import threads\n"
        "threads.limit(1)\nprint(threads.count(), {pool['num_threads'] for pool in threadpool_info()})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "1 {1}\n"
