"""Learning that is stopped or killed goes on as if nothing had happened."""

from __future__ import annotations

import multiprocessing
import random
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from support.learning import PRESETS, clip_of, learn_saving_every_step, learned, tiny, waves

from dtsgan.engine.errors import ModelFileError, OptionError
from dtsgan.engine.events import Learned, Planned, StepDone, Stopped
from dtsgan.engine.learn import learn

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from dtsgan.engine.clip import Clip
    from dtsgan.engine.config import LearnOptions
    from dtsgan.engine.events import LearnEvent

pytestmark = pytest.mark.usefixtures("quick")

CLIP = clip_of(waves())
STEPS = 6
Arrays = dict[str, np.ndarray]


def assert_same(made: Arrays, expected: Arrays) -> None:
    assert made.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(made[name], array, err_msg=name)


@dataclass
class Run:
    """One run of learning, stopped after some steps, each of which takes a second on its clock."""

    steps: int
    done: int = 0
    events: list[LearnEvent] = field(default_factory=list)

    def learn(self, state: Path, options: LearnOptions, clip: Clip = CLIP, **rest: Any) -> LearnEvent:
        """Run to the end; the last event."""
        events = learn(clip, options, state=state, stop=self.is_over, device="cpu", clock=self.now_s, **rest)
        for event in events:
            self.done += isinstance(event, StepDone)
            self.events.append(event)
        return self.events[-1]

    def is_over(self) -> bool:
        return self.done >= self.steps

    def now_s(self) -> float:
        return float(self.done)

    @property
    def begun(self) -> int:
        """The steps that earlier runs had done."""
        (plan,) = (event for event in self.events if isinstance(event, Planned))
        return plan.resumed_step


@pytest.mark.parametrize("preset", PRESETS)
def test_stopped_and_resumed_equals_uninterrupted(preset: str, tmp_path: Path) -> None:
    """Stopped again and again, within scales and between them, learning ends with the same weights to the bit."""
    state, options = tmp_path / "a.part", tiny(preset)
    for step in range(STEPS):
        run = Run(1)
        last = run.learn(state, options)
        assert run.begun == step
        assert isinstance(last, Stopped)
        assert last.state == state
        assert list(tmp_path.iterdir()) == [state]
    run = Run(1)
    last = run.learn(state, options)
    assert run.begun == STEPS
    assert isinstance(last, Learned)
    assert_same(last.model.arrays, learned(CLIP, options).arrays)
    assert state.exists()  # whoever saves the model throws it away


def test_stopping_before_the_first_step_leaves_a_state(tmp_path: Path) -> None:
    """A run stopped at once says so, and the next one starts from nothing learned."""
    state, run, after = tmp_path / "a.part", Run(0), Run(1)
    assert isinstance(run.learn(state, tiny("fast")), Stopped)
    assert run.done == 0
    after.learn(state, tiny("fast"))
    assert (after.begun, after.done) == (0, 1)


def test_without_a_state_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that was given no file to resume from leaves none when stopped, and says there is none."""
    monkeypatch.chdir(tmp_path)
    *_, last = learn(CLIP, tiny("fast"), stop=lambda: True, device="cpu")
    assert isinstance(last, Stopped)
    assert last.state is None
    assert not list(tmp_path.iterdir())


def test_the_state_is_saved_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without being asked, a run saves where it stands every so many seconds, and after every scale."""
    places = []
    monkeypatch.setattr("dtsgan.engine.learn.write_state", lambda *_, place, **__: places.append(place))
    monkeypatch.setattr("dtsgan.engine.learn.SAVE_EVERY_S", 3.5)
    Run(10**9).learn(tmp_path / "a.part", tiny("fast", steps=11))
    assert [place["scale"] for place in places] == [0, 0, 1, 1, 1, 2]
    steps = [place["step"] for place in places]
    assert steps[2] == steps[5] == 0
    for first, second in (steps[:2], steps[3:5]):
        assert 4 <= first <= second - 4 <= 6


@pytest.mark.parametrize("preset", PRESETS)
def test_killed_and_resumed_equals_uninterrupted(preset: str, tmp_path: Path) -> None:
    """Killed without warning at random moments, learning ends with the same weights to the bit."""
    moments = random.Random(preset)
    # Forked from a server that has imported torch, and what its first optimiser imports, an attempt starts at once.
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver") if forks else multiprocessing.get_context("spawn")
    if forks:
        context.set_forkserver_preload(["dtsgan.engine.learn", "torch._dynamo"])
    made, kills = None, -1
    while made is None:
        kills += 1
        ours, theirs = context.Pipe()
        learner = context.Process(target=learn_saving_every_step, args=(preset, tmp_path / "a.part", theirs))
        learner.start()
        theirs.close()
        made = watched(ours, events=moments.randint(2, 4))
        time.sleep(moments.uniform(0, 0.1))
        learner.kill()
        learner.join()
        ours.close()
    assert kills >= 2
    assert_same(made, learned(CLIP, tiny(preset)).arrays)


def watched(line: Connection, *, events: int) -> Arrays | None:
    """Let a process learn for so many events, and begin one more; the arrays where it ended."""
    for _ in range(events):
        line.send("go on")
        word = line.recv()
        if isinstance(word, dict):
            return word
    line.send("go on")
    return None


@pytest.mark.parametrize(
    ("clip", "changes", "named"),
    [
        (CLIP, {"seed": 1}, "options"),
        (CLIP, {"steps": 4}, "options"),
        (clip_of(waves(13)), {}, "clip"),
        (replace(CLIP, span=(1, 13)), {}, "clip"),
        (clip_of(waves(13)), {"seed": 1}, "clip, options"),
    ],
)
def test_another_runs_state_is_refused(clip: Clip, changes: dict[str, int], named: str, tmp_path: Path) -> None:
    """A state of another clip, another part of it or other options is named, and not touched."""
    state = tmp_path / "a.part"
    Run(1).learn(state, tiny("fast"))
    before = state.read_bytes()
    with pytest.raises(OptionError, match=f"a.part .* another {named}\\.") as caught:
        Run(1).learn(state, tiny("fast", **changes), clip)
    assert "--restart" in caught.value.remedy
    assert state.read_bytes() == before


def test_another_budgets_state_is_refused(tmp_path: Path) -> None:
    """A run with a time budget is not gone on with without one."""
    Run(1).learn(tmp_path / "a.part", tiny("fast"))
    with pytest.raises(OptionError, match="another time budget"):
        Run(1).learn(tmp_path / "a.part", tiny("fast"), time_budget_s=5)


def test_a_damaged_state_is_refused(tmp_path: Path) -> None:
    """A state with a byte turned over, or cut short, is not gone on with."""
    state = tmp_path / "a.part"
    Run(1).learn(state, tiny("fast"))
    whole = state.read_bytes()
    for damaged in (whole[:-100], whole[:-1] + bytes([whole[-1] ^ 1])):
        state.write_bytes(damaged)
        with pytest.raises(ModelFileError, match=r"a\.part"):
            Run(1).learn(state, tiny("fast"))


def test_a_resumed_budget_counts_what_was_spent(tmp_path: Path) -> None:
    """A budget runs on over interruptions: what was used before is not given again."""
    options, before, after = tiny("fast", steps=10_000), Run(25), Run(10**9)
    before.learn(tmp_path / "a.part", options, time_budget_s=60)
    assert isinstance(after.learn(tmp_path / "a.part", options, time_budget_s=60), Learned)
    assert before.done == 25
    assert 30 <= after.done <= 40
