from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from bench.step import CountFlops
from support.learning import PRESETS, clip_of, waves

from dtsgan.engine.config import LearnOptions
from dtsgan.engine.estimate import estimate, seconds_of
from dtsgan.engine.levels import volume
from dtsgan.engine.prior import MotionPrior
from dtsgan.engine.pyramid import Feed, Pyramid
from dtsgan.engine.training.fast import FastTrainer
from dtsgan.engine.training.paper import PaperTrainer

SIZE_HW = (16, 24)
MEASURED = """
import json, sys
import numpy as np
from support.learning import clip_of, learning
from dtsgan.engine.memory import peak_bytes
from dtsgan.engine.config import LearnOptions
options, shape = json.loads(sys.argv[1])
frames = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
events = learning.learn(clip_of(frames), LearnOptions.of(**options), device="cpu")
plan = next(events)
until = "StepDone" if options["preset"] == "paper" else "PreviewReady"  # where memory is at its peak
while type(next(events)).__name__ != until:
    pass
print(json.dumps([plan.memory_bytes / 2**20, peak_bytes() / 2**20]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is known from /proc or getrusage")
@pytest.mark.parametrize(
    ("options", "shape"),
    [
        ({"preset": "fast", "size": 48, "scales": 1, "steps": 1}, (30, 48, 48, 3)),
        ({"preset": "paper", "size": 16, "coarsest": 8, "scales": 1, "steps": 1}, (16, 16, 24, 3)),
    ],
    ids=PRESETS,
)
def test_the_memory_said_is_about_what_it_takes(options: dict[str, Any], shape: tuple[int, ...]) -> None:
    """The peak of a process that learns is within a factor of 1.8 of what was said before."""
    command = [sys.executable, "-c", MEASURED, json.dumps([options, shape])]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
    said, peak = json.loads(done.stdout)
    assert peak / 1.8 < said < peak * 1.8


@pytest.mark.parametrize("preset", PRESETS)
def test_more_takes_more(preset: str) -> None:
    """Memory grows with size and length, operations with size (of the paper's whole frames) but not with length."""
    options = LearnOptions.of(preset)
    small, long, large = (
        estimate(options, (size,), frames) for size, frames in (((48, 64), 50), ((48, 64), 500), ((96, 128), 50))
    )
    assert small.memory_bytes < long.memory_bytes
    assert small.memory_bytes < large.memory_bytes
    assert small.flops == long.flops
    assert preset == "fast" or large.flops[0] == 4 * small.flops[0]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("preset", PRESETS)
def test_operations_are_those_that_run(preset: str) -> None:
    """What torch counts while a step runs is within a third of what was said before."""
    options = LearnOptions.of(preset, size=SIZE_HW[0], scales=1)
    real = volume(clip_of(waves(20, SIZE_HW)).frames_thwc)
    prior = MotionPrior(waves(20, SIZE_HW)) if preset == "fast" else None
    kind = FastTrainer if preset == "fast" else PaperTrainer
    trainer = kind(Pyramid(Feed(seed=0, prior=prior)), 0, real, options=options, steps=9, device=torch.device("cpu"))
    (said,) = estimate(options, (SIZE_HW,), 20).flops
    with CountFlops() as counted:
        trainer.step(0)
    assert counted.flops == pytest.approx(said, rel=0.33)


def test_time_is_said_for_the_cpu_alone() -> None:
    """On this machine a second's work takes about as long each time it is asked; a GPU's speed isn't known."""
    cpu = torch.device("cpu")
    assert 0 < (seconds_of(1e9, cpu) or 0) < 60
    assert seconds_of(1e9, torch.device("cuda")) is None
