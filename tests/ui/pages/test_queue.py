from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint
from support.studios import program
from support.widgets import choose, shown, type_into

from dtsgan.ui.jobs import Job, Task
from dtsgan.ui.pages import QueuePage, queue
from dtsgan.ui.pages.job_strip import JobStrip
from dtsgan.ui.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

BY_NAME = """
    say("notice", "ready")
    if words[0] == "crash":
        os._exit(3)
    elif words[0] == "half":
        say("progress", "rendering", done=0.5, left_s=30)
    elif words[0] == "watched":
        say("dashboard", "To watch: http://boss:8787/status", link="http://boss:8787/status")
    elif words[0] == "tricked":
        say("dashboard", "To watch", link="file:///etc/passwd")
    elif words[0] == "good":
        say("result", frames=7)
        sys.exit(0)
    wait_for_end()
"""


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path) -> Iterator[Studio]:
    """Its worker crashes, gets half done and waits, or finishes, as its first word says."""
    del qtbot
    made = Studio(folder=tmp_path / "home", program=program(tmp_path, BY_NAME))
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, studio: Studio) -> QueuePage:
    made = QueuePage(studio)
    qtbot.addWidget(made)
    made.resize(400, 720)
    made.show()
    return made


def add(studio: Studio, name: str, *, kind: str = "other") -> int:
    return studio.queue.add(Task(title=f"Job {name}", words=(name,), output=f"/made/{name}.mp4", kind=kind))


def state(studio: Studio, number: int) -> str:
    job = studio.queue.job(number)
    return job.state if job else "removed"


def until(qtbot: QtBot, studio: Studio, number: int, wanted: str) -> None:
    qtbot.waitUntil(lambda: state(studio, number) == wanted, timeout=10_000)


def half_done(qtbot: QtBot, studio: Studio, number: int) -> None:
    def half() -> bool:
        job = studio.queue.job(number)
        return job is not None and job.done == 0.5

    qtbot.waitUntil(half, timeout=10_000)


def order(page: QueuePage) -> list[int]:
    """Cards from top to bottom."""
    page.grab()  # lays out
    return sorted(page.cards, key=lambda number: page.cards[number].mapTo(page, QPoint()).y())


def said(widget: Any) -> list[str]:
    return [str(row[1]) for row in shown(widget) if row[0] == "QLabel" and row[-2]]


def test_a_card_for_each_job(qtbot: QtBot, studio: Studio, page: QueuePage) -> None:
    """Jobs are listed, the newest first, each with its state in a sign and words; an empty list says what it is for."""
    assert "Nothing is being made" in said(page)[1]
    first, second = add(studio, "half"), add(studio, "wait")
    half_done(qtbot, studio, first)
    qtbot.waitUntil(lambda: order(page) == [second, first])
    assert not [text for text in said(page) if "Nothing is being made" in text]
    assert said(page.cards[first]) == ["\N{BLACK RIGHT-POINTING TRIANGLE}  Job half", "rendering, about 30 s left"]
    assert said(page.cards[second]) == ["\N{WHITE CIRCLE}  Job wait", "Waiting"]
    assert ("QProgressBar", 500, True, True) in shown(page.cards[first])


def test_stopping_and_trying_again(qtbot: QtBot, studio: Studio, page: QueuePage) -> None:
    """A card's buttons stop its job and begin it again; each is there while it can be used."""
    number = add(studio, "wait")
    card = page.cards[number]
    half_or_ready = lambda: (studio.queue.job(number) or Job).text == "ready"  # noqa: E731
    qtbot.waitUntil(half_or_ready, timeout=10_000)
    assert (card.stop.isVisible(), card.retry.isVisible(), card.remove.isVisible()) == (True, False, False)
    card.stop.click()
    assert not card.stop.isEnabled()
    until(qtbot, studio, number, "stopped")
    assert (card.stop.isVisible(), card.retry.isVisible(), card.remove.isVisible()) == (False, True, True)
    card.retry.click()
    until(qtbot, studio, number, "running")
    assert card.stop.isEnabled()


def test_what_goes_first_is_shown(qtbot: QtBot, studio: Studio, page: QueuePage) -> None:
    """A card that is to be done sooner changes places on the page, too, as on one that is made later."""
    numbers = [add(studio, "wait") for _ in range(4)]
    qtbot.waitUntil(lambda: order(page) == numbers[::-1])
    assert [page.cards[number].sooner.isVisible() for number in numbers] == [False, False, True, True]
    page.cards[numbers[3]].sooner.click()
    assert [job.id for job in studio.queue.jobs] == [1, 2, 4, 3]
    qtbot.waitUntil(lambda: order(page) == [3, 4, 2, 1])
    later = QueuePage(studio)
    qtbot.addWidget(later)
    later.resize(400, 720)
    later.show()
    qtbot.waitUntil(lambda: order(later) == [3, 4, 2, 1])


def test_removing(qtbot: QtBot, studio: Studio, page: QueuePage) -> None:
    """What has ended can be taken off, one by one or all at once; what waits or runs stays."""
    first, second, third = add(studio, "crash"), add(studio, "good"), add(studio, "wait")
    until(qtbot, studio, third, "running")
    assert page.clear.isEnabled()
    page.cards[first].remove.click()
    assert sorted(page.cards) == [second, third]
    page.clear.click()
    assert sorted(page.cards) == [third]
    assert not page.clear.isEnabled()


def test_the_log(qtbot: QtBot, studio: Studio, page: QueuePage) -> None:
    """A card shows what its job said, and goes on showing it."""
    first, second = add(studio, "crash"), add(studio, "wait")
    until(qtbot, studio, first, "crashed")
    page.cards[first].details.click()
    assert page.cards[first].log.isVisible()
    assert page.cards[first].log.toPlainText() == "ready"
    page.cards[second].details.click()
    qtbot.waitUntil(lambda: page.cards[second].log.toPlainText() == "ready")
    page.cards[second].details.click()
    assert not page.cards[second].log.isVisible()


@pytest.mark.parametrize(
    ("job", "texts", "role"),
    [
        ({"state": "failed", "problem": "No disk.", "remedy": "Buy one."}, "No disk. Buy one.", "warning"),
        ({"state": "crashed", "problem": "It ended.", "remedy": ""}, "It ended.", "warning"),
        ({"state": "done"}, "Done: /made/x.mp4", "good"),
        ({"state": "stopped", "text": "Stopped"}, "Stopped", "hint"),
        ({"state": "running", "text": "x", "silent": True}, "No sign of life for minutes.", "hint"),
        ({"state": "running", "text": "learning", "done": 0.1}, "learning, time left not known yet", "hint"),
    ],
)
def test_every_state_has_words(studio: Studio, page: QueuePage, job: dict[str, Any], texts: str, role: str) -> None:
    """Each state is told in words, with the remedy where it went wrong."""
    task = Task(title="T", words=(), output="/made/x.mp4", kind="")
    studio.queue.changed.emit(Job(id=1, task=task, **job))
    row = [row for row in shown(page.cards[1]) if row[0] == "QLabel"][1]
    assert str(row[1]).startswith(texts)
    assert row[2] == role


@pytest.fixture
def strip(qtbot: QtBot, studio: Studio) -> JobStrip:
    made = JobStrip(studio, lambda job: job.task.kind == "mine")
    qtbot.addWidget(made)
    return made


def test_a_strip_shows_its_latest_job(qtbot: QtBot, studio: Studio, strip: JobStrip) -> None:
    """A strip shows the latest job of its page, and nothing where there is none or it is done."""
    add(studio, "good")
    assert strip.isHidden()
    number = add(studio, "half", kind="mine")
    half_done(qtbot, studio, number)
    assert not strip.isHidden()
    assert said(strip) == ["rendering, about 30 s left"]
    assert ("QProgressBar", 500, True, True) in shown(strip)
    last = add(studio, "good", kind="mine")
    assert said(strip) == ["Waiting"]
    studio.queue.stop(number)
    until(qtbot, studio, last, "done")
    assert strip.isHidden()


def test_a_strip_stops_and_tries_again(qtbot: QtBot, studio: Studio, strip: JobStrip) -> None:
    """Its buttons do what the queue's cards do, and it says why one crashed."""
    number = add(studio, "half", kind="mine")
    half_done(qtbot, studio, number)
    strip._stop.click()
    assert not strip._stop.isEnabled()
    until(qtbot, studio, number, "stopped")
    assert said(strip) == ["Stopped"]
    strip._again.click()
    half_done(qtbot, studio, number)
    studio.queue.stop(number)
    crash = add(studio, "crash", kind="mine")
    until(qtbot, studio, crash, "crashed")
    assert "unexpectedly" in said(strip)[0]


def test_a_strip_forgets_what_is_taken_off_the_list(qtbot: QtBot, studio: Studio, strip: JobStrip) -> None:
    """A job that is removed isn't shown any more."""
    number = add(studio, "crash", kind="mine")
    until(qtbot, studio, number, "crashed")
    assert not strip.isHidden()
    studio.queue.remove(number)
    assert strip.isHidden()


def test_strips_and_pages_show_the_same(qtbot: QtBot, studio: Studio, page: QueuePage, strip: JobStrip) -> None:
    """Those that are made later show what those do that were there from the start."""
    add(studio, "crash")
    add(studio, "good", kind="mine")
    number = add(studio, "half", kind="mine")
    half_done(qtbot, studio, number)
    add(studio, "wait")
    later, later_strip = QueuePage(studio), JobStrip(studio, lambda job: job.task.kind == "mine")
    qtbot.addWidget(later)
    qtbot.addWidget(later_strip)
    assert shown(strip) == shown(later_strip)
    assert {number: shown(card) for number, card in page.cards.items()} == {
        number: shown(card) for number, card in later.cards.items()
    }


def test_where_variants_are_made(qtbot: QtBot, studio: Studio, page: QueuePage) -> None:
    """This computer, or the cluster at an address that is asked for then; another page shows the same."""
    other = QueuePage(studio)
    qtbot.addWidget(other)
    other.show()
    assert not page.scheduler.isVisible()
    choose(qtbot, page.where, True)
    assert page.scheduler.isVisible()
    type_into(qtbot, page.scheduler, "tcp://boss:8786")
    assert (studio.view.state.on_cluster, studio.view.state.scheduler) == (True, "tcp://boss:8786")
    assert other.scheduler.isVisible()
    assert other.scheduler.text() == "tcp://boss:8786"
    studio.view.set({"on_cluster": False})
    assert not page.scheduler.isVisible()
    assert page.where.currentData() is False


def test_a_cluster_at_work_can_be_watched(qtbot: QtBot, studio: Studio, page: QueuePage) -> None:
    """A job that tells of a page has a button for it while it runs; no other address is opened."""
    opened: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue.QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
        numbers = [add(studio, name) for name in ("watched", "tricked")]
        card = page.cards[numbers[0]]
        qtbot.waitUntil(card.link.isVisible, timeout=10_000)
        card.link.click()
        assert opened == ["http://boss:8787/status"]
        studio.queue.stop(numbers[0])
        until(qtbot, studio, numbers[0], "stopped")
        assert not card.link.isVisible()
        qtbot.waitUntil(lambda: (studio.queue.job(numbers[1]) or Job).link != "", timeout=10_000)
        assert not page.cards[numbers[1]].link.isVisible()
