from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from support.learning import PRESETS, clip_of, learned, tiny, waves

from dtsgan.engine.events import Learned, Notice, Planned, PreviewReady, StepDone
from dtsgan.engine.learn import learn
from dtsgan.engine.levels import volume
from dtsgan.engine.noise import noise
from dtsgan.engine.packing import module_of
from dtsgan.engine.pyramid import Feed, Pyramid
from dtsgan.engine.training.paper import CALIBRATION_SAMPLES, PaperTrainer

if TYPE_CHECKING:
    from dtsgan.engine.config import LearnOptions
    from dtsgan.engine.events import LearnEvent

pytestmark = pytest.mark.usefixtures("quick")

CLIP = clip_of(waves())


def told(options: LearnOptions, **rest: Any) -> list[LearnEvent]:
    return list(learn(CLIP, options, device="cpu", **rest))


def steps_of(events: list[LearnEvent]) -> list[StepDone]:
    return [event for event in events if isinstance(event, StepDone)]


@pytest.fixture(scope="module", params=PRESETS)
def events(request: pytest.FixtureRequest, quick: None) -> list[LearnEvent]:  # noqa: ARG001  # it has to come first
    """What learning with a preset tells, from beginning to end."""
    return told(tiny(request.param))


def test_events_come_in_order(events: list[LearnEvent]) -> None:
    """The plan first, then each scale's steps and its preview, coarsest first, the model last."""
    a_scale = [StepDone, StepDone, StepDone, PreviewReady]
    assert [type(event) for event in events] == [Planned, *a_scale, *a_scale, Learned]
    steps = steps_of(events)
    assert [(step.scale, step.step) for step in steps] == [(n, step) for n in (0, 1) for step in (1, 2, 3)]
    assert {(step.scales, step.steps) for step in steps} == {(2, 3)}
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == pytest.approx(1)
    assert steps[-1].left_s == pytest.approx(0, abs=1e-6)


def test_the_plan_is_what_happens(events: list[LearnEvent]) -> None:
    """Sizes and steps are those that follow; memory and time are said before."""
    plan, *_, last = events
    assert isinstance(plan, Planned)
    assert isinstance(last, Learned)
    assert plan.sizes_hw == last.model.sizes_hw == ((8, plan.sizes_hw[0][1]), (12, 16))
    assert (plan.steps, plan.resumed_step) == (6, 0)
    assert plan.memory_bytes > 1 << 20
    assert plan.seconds == 1


def test_previews_show_the_source_and_some_seeds(events: list[LearnEvent]) -> None:
    """After each scale: the clip at that size and as many frames of several videos, all different."""
    previews = [event for event in events if isinstance(event, PreviewReady)]
    assert [(preview.scale, preview.source_thwc.shape[1]) for preview in previews] == [(0, 8), (1, 12)]
    for preview in previews:
        shown = (preview.source_thwc, *preview.samples_thwc)
        assert {(video.shape, video.dtype) for video in shown} == {(preview.source_thwc.shape, np.dtype(np.uint8))}
        assert len({video.tobytes() for video in shown}) == len(shown) > 2
    np.testing.assert_array_equal(previews[1].source_thwc, CLIP.frames_thwc)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_seed_is_a_model(preset: str) -> None:
    """The same seed gives the same weights to the bit, another seed others; torch's own generator plays no part."""
    torch.manual_seed(1)
    first = learned(CLIP, tiny(preset, steps=1)).arrays
    torch.manual_seed(2)
    again = learned(CLIP, tiny(preset, steps=1)).arrays
    other = learned(CLIP, tiny(preset, steps=1, seed=1)).arrays
    assert first.keys() == again.keys() == other.keys()
    for name, array in first.items():
        np.testing.assert_array_equal(array, again[name], err_msg=name)
    weights = [name for name in first if name.endswith("convolutions.0.weight")]
    assert weights
    assert all((first[name] != other[name]).any() for name in weights)


def test_the_paper_preset_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a few epochs at scale 0 the reconstruction's error falls below half of what it began at."""
    monkeypatch.setattr("dtsgan.engine.training.paper.width_of", lambda _: 32)
    options = tiny("paper", scales=1, size=8, steps=9, update_every=100)
    losses = [step.losses["reconstruction"] for step in steps_of(told(options))]
    assert np.mean(losses[-3:]) < 0.5 * losses[0]


def test_frozen_normalisation_gives_the_trained_picture() -> None:
    """Statistics taken anew after training, over fresh samples alone, change the picture little: no tint."""
    trainer = PaperTrainer(
        Pyramid(Feed(seed=0)),
        0,
        volume(waves(12, (8, 10))),
        options=tiny("paper", size=8, scales=1),
        steps=8,
        device=torch.device("cpu"),
    )
    for step in range(8):
        trainer.step(step)
    generator = module_of(trainer.finish())
    assert not generator.training
    norms = [module for module in generator.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    assert [int(norm.num_batches_tracked or 0) for norm in norms] == [CALIBRATION_SAMPLES] * 4
    with torch.no_grad():
        drawn = torch.from_numpy(noise(range(5), (3, 8, 10), key=("fresh",)))[None]
        frozen, live = generator(drawn, None), generator.train()(drawn, None)
    assert (frozen - live).square().mean() < 0.1 * live.var()
    assert (frozen - live).mean((0, 1, 3, 4)).abs().max() < 0.1


def test_the_fast_preset_learns() -> None:
    """What it restores comes nearer to the clip than what it was given, at every scale."""
    steps = steps_of(told(tiny("fast", steps=60)))
    assert steps[0].losses["restoration"] == pytest.approx(steps[0].losses["disturbance"])  # it begins as its base
    for scale in (0, 1):
        last = [step.losses for step in steps if step.scale == scale][-10:]
        assert np.mean([losses["restoration"] / losses["disturbance"] for losses in last]) < 0.97


def test_options_shape_the_model() -> None:
    """The model keeps the options and facts it was learned with, and has a generator a scale."""
    options = tiny("fast", scales=3, size=12, seed=4)
    model = learned(CLIP, options)
    assert model.options == options
    assert (model.facts.name, model.facts.rate, model.frames) == ("waves.mkv", CLIP.rate, 12)
    assert len(model.sizes_hw) == len(model.amplitudes) == 3
    assert {name.split(".")[0] for name in model.arrays} == {"scale0", "scale1", "scale2", "prior"}


def test_the_papers_noise_falls_with_the_missing_detail() -> None:
    """Amplitude 1 at scale 0; above it a tenth of what the upsampled reconstruction still lacks."""
    first, *finer = learned(CLIP, tiny("paper", steps=1)).amplitudes
    assert first == 1
    assert all(0 < amplitude < 0.1 for amplitude in finer)


def test_a_clip_smaller_than_the_size_is_learned_as_it_is() -> None:
    """Nothing is enlarged: the finest scale is the clip's own, and that is said."""
    options = tiny("fast", size=40)
    notice, plan, *_ = told(options)
    assert isinstance(notice, Notice)
    assert "12 px" in notice.text
    assert isinstance(plan, Planned)
    assert plan.sizes_hw[-1] == (12, 16)


class Clock:
    """A clock that a step moves on by two seconds; nothing else takes time."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(("preset", "budget_s"), [("fast", 60.0), ("fast", 1.0), ("paper", 1.0)])
def test_a_time_budget_ends_with_a_model(preset: str, budget_s: float) -> None:
    """However short the time, every scale gets some steps; however many were asked for, a longer one is kept to."""
    clock, steps, model = Clock(), [0, 0], None
    said: list[set[int]] = [set(), set()]
    options = tiny(preset, steps=10_000, update_every=100)
    for event in learn(CLIP, options, device="cpu", time_budget_s=budget_s, clock=clock):
        if isinstance(event, Planned):
            assert event.seconds == budget_s
        if isinstance(event, StepDone):
            clock.now_s += 2
            steps[event.scale] += 1
            assert event.left_s is not None
            assert 0 <= event.left_s <= budget_s
            if event.step >= 4:  # as soon as the pace is known
                said[event.scale].add(event.steps)
        if isinstance(event, Learned):
            model = event.model
    assert model is not None
    assert all(np.isfinite(array).all() for array in model.arrays.values())
    if budget_s == 1:
        assert all(1 <= count <= 12 for count in steps)
    else:
        assert 40 <= 2 * sum(steps) <= 80
        assert all(max(counts) < 1.5 * min(counts) for counts in said)
