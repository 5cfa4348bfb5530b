from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from support.studios import program

from dtsgan.ui import words
from dtsgan.ui.jobs import Job, JobQueue, Task
from dtsgan.ui.jobs import queue as queue_module
from dtsgan.ui.jobs import worker as worker_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

BY_NAME = """
    if words[0] == "good":
        say("result", frames=7)
    elif words[0] == "crash":
        print("it went wrong", file=sys.stderr, flush=True)
        os._exit(3)
    else:
        say("notice", "ready")
        wait_for_end()
"""
"""Finishes, crashes or waits until it is stopped, as its first word says."""


@pytest.fixture
def queue_of(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., JobQueue]]:
    """Makes queues whose worker runs the given lines."""
    del qtbot
    made: list[JobQueue] = []

    def make(body: str, **options: Any) -> JobQueue:
        made.append(JobQueue(program=program(tmp_path, body), **options))
        return made[-1]

    yield make
    for each in made:
        each.end()


def task(name: str = "good", *, title: str = "A title", **options: Any) -> Task:
    return Task(title=title, words=(name,), output="/nowhere/out.mp4", kind="result", **options)


def ended(qtbot: QtBot, queue: JobQueue, number: int) -> Job:
    """The job once it has ended."""
    qtbot.waitUntil(lambda: job_of(queue, number).ended, timeout=10_000)
    return job_of(queue, number)


def job_of(queue: JobQueue, number: int) -> Job:
    job = queue.job(number)
    assert job is not None
    return job


def running(qtbot: QtBot, queue: JobQueue, number: int) -> None:
    """Wait until a job's process has said that it is ready."""
    qtbot.waitUntil(lambda: job_of(queue, number).text == "ready", timeout=10_000)


def test_a_job_tells_how_far_it_is_and_ends_with_its_facts(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """Progress with time left, what is said, and the facts of the result all reach whoever looks, in order."""
    queue = queue_of("""
        say("notice", "Cut found.")
        say("progress", "learning", done=0.25, left_s=None)
        say("progress", "rendering", done=0.75, left_s=12.5)
        say("result", frames=7, joints=[[3, 0.5]])
    """)
    seen: list[tuple[str, str, float, float | None]] = []
    queue.changed.connect(lambda job: seen.append((job.state, job.text, job.done, job.left_s)))
    with qtbot.waitSignal(queue.ended) as told:
        number = queue.add(task())
    job = (told.args or [None])[0]
    assert job == job_of(queue, number)
    assert (job.state, job.text, job.done, job.left_s) == ("done", "Done", 1.0, 0.0)
    assert job.result == {"text": "", "frames": 7, "joints": [[3, 0.5]]}
    assert job.log == ("Cut found.",)
    assert seen[:2] == [("waiting", "Waiting", 0.0, None), ("running", "Starting", 0.0, None)]
    assert ("running", "Cut found.", 0.0, None) in seen
    assert ("running", "learning", 0.25, None) in seen
    assert ("running", "rendering", 0.75, 12.5) in seen
    assert (queue.busy, queue.running) == (False, None)


def test_the_worker_gets_the_words(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """Words reach the program as they are, spaces and letters of all kinds in them, told to speak JSON and to end with
    us."""
    queue = queue_of('say("result", words=words)')
    names = ("extend", "a clip, with 'quotes' \".mp4", "水 \N{FIRE}")
    number = queue.add(Task(title="T", words=names, output="/nowhere/o", kind="result"))
    assert (ended(qtbot, queue, number).result or {})["words"] == [*names, "--json", "--attended"]


def test_every_record_is_passed_on(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """Whoever wants more of a record than the queue knows gets all of it, with its job."""
    queue = queue_of('say("made", "one", name="a.mp4"); say("result")')
    said: list[tuple[int, dict[str, Any]]] = []
    queue.said.connect(lambda job, record: said.append((job.id, record)))
    number = queue.add(task())
    ended(qtbot, queue, number)
    assert said[0] == (number, {"event": "made", "text": "one", "name": "a.mp4"})


@pytest.mark.parametrize("code", [1, 2])
def test_a_failure_is_told_in_its_own_words(queue_of: Callable[..., JobQueue], qtbot: QtBot, code: int) -> None:
    """A worker that says what is wrong and what to do has failed, with that problem and remedy."""
    queue = queue_of(f"""
        say("progress", "rendering", done=0.5, left_s=3)
        say("failure", problem="The clip is gone.", remedy="Bring it back.")
        sys.exit({code})
    """)
    job = ended(qtbot, queue, queue.add(task()))
    assert (job.state, job.problem, job.remedy) == ("failed", "The clip is gone.", "Bring it back.")
    assert job.result is None


@pytest.mark.parametrize(
    "death",
    [
        "os._exit(3)",
        "os.kill(os.getpid(), 9)",
        "sys.exit(0)",
        "raise RuntimeError('oh no')",
        "say('result', frames=3); sys.stdout.flush(); os._exit(1)",
    ],
)
def test_a_crash_is_told_with_a_remedy(queue_of: Callable[..., JobQueue], qtbot: QtBot, death: str) -> None:
    """A worker that ends without a result or a reason has crashed: that is said, and its last words are in the log."""
    queue = queue_of(f"""
        say("notice", "half done")
        print("a line of a library", file=sys.stderr, flush=True)
        {death}
    """)
    job = ended(qtbot, queue, queue.add(task()))
    assert (job.state, job.text) == ("crashed", "Crashed")
    assert "unexpectedly" in job.problem
    assert "Nothing of your project is lost" in job.remedy
    assert job.log[:2] == ("half done", "a line of a library")


def test_a_program_that_cannot_be_started(qtbot: QtBot, tmp_path: Path) -> None:
    """Where the program isn't there the job crashes, and its log says why; the queue goes on."""
    queue = JobQueue(program=(str(tmp_path / "no such program"),))
    first, second = queue.add(task()), queue.add(task())
    assert [ended(qtbot, queue, number).state for number in (first, second)] == ["crashed", "crashed"]
    assert job_of(queue, first).log
    assert not queue.busy


def test_a_running_job_can_be_stopped(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """Asked to stop, a worker that heeds it ends by itself; that is no failure."""
    queue = queue_of(BY_NAME)
    number = queue.add(task("wait"))
    running(qtbot, queue, number)
    queue.stop(number)
    assert (job_of(queue, number).state, job_of(queue, number).text) == ("stopping", "Stopping")
    queue.stop(number)  # pressed twice
    job = ended(qtbot, queue, number)
    assert (job.state, job.text, job.problem) == ("stopped", "Stopped", "")


def test_a_worker_that_will_not_stop_is_ended(
    queue_of: Callable[..., JobQueue], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that doesn't heed it is ended after the grace, and its process is gone."""
    monkeypatch.setattr(worker_module, "GRACE_MS", 50)
    queue = queue_of("""
        say("pid", "ready", pid=os.getpid())
        while True:
            time.sleep(60)
    """)
    pids: list[int] = []
    queue.said.connect(lambda _, record: pids.append(record["pid"]))
    number = queue.add(task())
    running(qtbot, queue, number)
    queue.stop(number)
    assert ended(qtbot, queue, number).state == "stopped"
    assert not psutil.pid_exists(pids[0])


def test_a_result_that_comes_while_stopping_counts(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """What was finished before the stop reached it is a result."""
    queue = queue_of('say("notice", "ready"); wait_for_end(); say("result", frames=1)')
    number = queue.add(task())
    running(qtbot, queue, number)
    queue.stop(number)
    assert ended(qtbot, queue, number).state == "done"


def test_silence_is_told_and_ends(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """A worker that says nothing for long is silent, until it speaks again; nothing is done to it."""
    queue = queue_of(
        """
        say("notice", "ready")
        os.read(0, 1)
        say("notice", "here again")
        wait_for_end()
        """,
        silence_ms=200,
    )
    silent: list[bool] = []
    queue.changed.connect(lambda job: silent.append(job.silent))
    number = queue.add(task())
    qtbot.waitUntil(lambda: job_of(queue, number).silent and job_of(queue, number).text == "ready", timeout=10_000)
    assert job_of(queue, number).state == "running"
    worker = queue.findChild(worker_module.Worker)
    assert worker is not None
    silent.clear()
    worker.send({"wake": "up"})
    qtbot.waitUntil(lambda: False in silent, timeout=10_000)  # which passes soon: it says no more
    assert job_of(queue, number).state == "running"


def test_an_ended_job_is_not_silent(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """What ended, silent to its end, isn't waited for."""
    queue = queue_of("wait_for_end()", silence_ms=20)
    number = queue.add(task())
    qtbot.waitUntil(lambda: job_of(queue, number).silent, timeout=10_000)
    queue.stop(number)
    assert not ended(qtbot, queue, number).silent


GARBAGE = [
    "not json at all",
    "{",
    "[1, 2]",
    "17",
    '"progress"',
    "null",
    "\\xff\\xfe",
    '{"event": "progress"',
    "[" * 100_000,
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_chatter_is_ignored(queue_of: Callable[..., JobQueue], qtbot: QtBot, garbage: str) -> None:
    """Lines of others on its standard output, even halves of records, change nothing."""
    queue = queue_of(f"""
        sys.stdout.buffer.write(b'''{garbage}''' + b"\\n")
        sys.stdout.flush()
        say("result", frames=7)
    """)
    job = ended(qtbot, queue, queue.add(task()))
    assert (job.state, (job.result or {}).get("frames"), job.log) == ("done", 7, ())


@pytest.mark.parametrize(
    "facts",
    ["done='half', left_s='soon'", "done=None", "done=float('nan'), left_s=float('inf')", "done=7, left_s=1", ""],
)
def test_odd_progress_is_borne(queue_of: Callable[..., JobQueue], qtbot: QtBot, facts: str) -> None:
    """How far it is stays between nothing and all, and what is left can be said in words, whatever is told."""
    queue = queue_of(f'say("progress", "x", {facts}); say("result")')
    seen: list[tuple[float, str]] = []
    queue.changed.connect(lambda job: seen.append((job.done, words.left(job.left_s))))
    assert ended(qtbot, queue, queue.add(task())).state == "done"
    assert all(0 <= done <= 1 for done, _ in seen)


def test_a_record_in_pieces_is_put_together(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """A record that arrives in pieces, and letters that do, come as one; a line without an end isn't kept for ever."""
    queue = queue_of("""
        sys.stdout.buffer.write("x".encode() * 3_000_000)
        sys.stdout.flush()
        sys.stdout.buffer.write(b"\\n")
        whole = json.dumps({"event": "notice", "text": "Wasser 水"}, ensure_ascii=False).encode() + b"\\n"
        for place in range(len(whole)):
            os.write(1, whole[place : place + 1]) if place else sys.stdout.flush() or os.write(1, whole[:1])
        say("result")
    """)
    job = ended(qtbot, queue, queue.add(task()))
    assert (job.state, job.log) == ("done", ("Wasser 水",))


def test_the_log_is_bounded(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """The last lines are kept, so that hours of them don't fill the memory."""
    count = queue_module.MOST_LINES + 50
    queue = queue_of(f'[say("notice", str(number)) for number in range({count})]; say("result")')
    job = ended(qtbot, queue, queue.add(task()))
    assert job.log == tuple(map(str, range(50, count)))


def test_one_at_a_time_and_on_after_a_crash(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """Jobs run one after the other in the order of their adding, and the next begins whatever became of the last."""
    queue = queue_of(BY_NAME)
    order: list[tuple[int, str]] = []
    busy: list[int] = []

    def note(job: Job) -> None:
        if (job.id, job.state) not in order:
            order.append((job.id, job.state))
        busy.append(sum(each.state in ("running", "stopping") for each in queue.jobs))

    queue.changed.connect(note)
    for name in ("crash", "good", "good"):
        queue.add(task(name))
    assert queue.busy
    qtbot.waitUntil(lambda: not queue.busy, timeout=10_000)
    assert [each for each in order if each[1] != "waiting"] == [
        (1, "running"),
        (1, "crashed"),
        (2, "running"),
        (2, "done"),
        (3, "running"),
        (3, "done"),
    ]
    assert max(busy) == 1


def test_a_job_can_be_tried_again(queue_of: Callable[..., JobQueue], qtbot: QtBot, tmp_path: Path) -> None:
    """What ended without a result starts anew with nothing of the old run; what is done or runs stays as it is."""
    flag = tmp_path / "flag"
    queue = queue_of(f"""
        if os.path.exists({str(flag)!r}):
            say("result", frames=1)
        else:
            open({str(flag)!r}, "w").close()
            say("failure", problem="P.", remedy="R.")
            sys.exit(2)
    """)
    number = queue.add(task())
    assert ended(qtbot, queue, number).state == "failed"
    queue.retry(number)
    job = ended(qtbot, queue, number)
    assert (job.state, job.problem, job.remedy) == ("done", "", "")
    queue.retry(number)
    assert job_of(queue, number) is job


def test_a_waiting_job_can_go_first(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """Sooner changes places with the one that waits before it; the first, and one that runs, can't go further."""
    queue = queue_of(BY_NAME)
    numbers = [queue.add(task(name)) for name in ("wait", "good", "good", "good")]
    finished: list[int] = []
    queue.ended.connect(lambda job: finished.append(job.id))
    queue.sooner(numbers[3])
    assert [job.id for job in queue.jobs] == [1, 2, 4, 3]
    queue.sooner(numbers[3])
    queue.sooner(numbers[3])
    queue.sooner(numbers[0])
    assert [job.id for job in queue.jobs] == [1, 4, 2, 3]
    running(qtbot, queue, numbers[0])
    queue.stop(numbers[0])
    qtbot.waitUntil(lambda: not queue.busy, timeout=10_000)
    assert finished == [1, 4, 2, 3]


def test_jobs_are_removed_when_they_have_ended(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """What waits or runs can't be forgotten, what has ended can."""
    queue = queue_of(BY_NAME)
    first, second = queue.add(task("wait")), queue.add(task("wait"))
    queue.remove(first)
    queue.remove(second)
    assert len(queue.jobs) == 2
    queue.stop(second)
    assert job_of(queue, second).state == "stopped"
    with qtbot.waitSignal(queue.removed) as told:
        queue.remove(second)
    assert told.args == [second]
    assert queue.job(second) is None


def test_all_can_be_stopped(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """One word stops what runs and what waits; none of those that wait is started."""
    queue = queue_of(BY_NAME)
    states: list[tuple[int, str]] = []
    queue.changed.connect(lambda job: states.append((job.id, job.state)))
    numbers = [queue.add(task("wait")) for _ in range(3)]
    running(qtbot, queue, numbers[0])
    queue.stop_all()
    qtbot.waitUntil(lambda: not queue.busy, timeout=10_000)
    assert [job.state for job in queue.jobs] == ["stopped"] * 3
    assert (2, "running") not in states
    assert (3, "running") not in states


def test_the_end_of_the_program_ends_all(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """Ended, the queue has no process left, and starts none."""
    queue = queue_of('say("pid", "ready", pid=os.getpid()); wait_for_end()')
    pids: list[int] = []
    queue.said.connect(lambda _, record: pids.append(record["pid"]))
    first, second = queue.add(task()), queue.add(task())
    running(qtbot, queue, first)
    with qtbot.assertNotEmitted(queue.ended):
        queue.end()
    assert not psutil.pid_exists(pids[0])
    assert queue.job(second) is None
    queue.end()


def test_the_window_goes_first(queue_of: Callable[..., JobQueue], qtbot: QtBot) -> None:
    """Workers have a lower priority than the window."""
    queue = queue_of('say("pid", "ready", pid=os.getpid()); wait_for_end()')
    pids: list[int] = []
    queue.said.connect(lambda _, record: pids.append(record["pid"]))
    running(qtbot, queue, queue.add(task()))
    nice = psutil.Process(pids[0]).nice()
    own = psutil.Process().nice()
    assert nice != own if sys.platform == "win32" else nice > own


@pytest.mark.parametrize(
    ("lack", "said"),
    [
        ({"need_bytes": 1 << 60}, ("Loop may need 1152921.5 TB", "Free some space")),
        ({"need_memory_bytes": 1 << 60}, ("Loop needs about 1152921.5 TB of memory", "Close other programs")),
    ],
)
def test_what_is_lacking_is_told_before_the_work(
    queue_of: Callable[..., JobQueue], qtbot: QtBot, lack: dict[str, Any], said: tuple[str, str]
) -> None:
    """Too little disk or memory fails a job at once, with both amounts, and the next one is done."""
    queue = queue_of(BY_NAME)
    states: list[tuple[int, str]] = []
    queue.changed.connect(lambda job: states.append((job.id, job.state)))
    number = queue.add(task(title="Loop", **lack))
    job = job_of(queue, number)
    assert job.state == "failed"
    assert job.problem.startswith(said[0])
    assert job.remedy.startswith(said[1])
    assert (number, "running") not in states
    assert ended(qtbot, queue, queue.add(task())).state == "done"
