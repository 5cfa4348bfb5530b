"""Clips made in memory, and learning from them in a few steps."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dtsgan.engine import learn as learning
from dtsgan.engine import threads
from dtsgan.engine.clip import Clip, Colour
from dtsgan.engine.config import LearnOptions
from dtsgan.engine.events import Learned
from dtsgan.engine.training import paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.connection import Connection

    from dtsgan.engine.model import TextureModel

PRESETS = ("fast", "paper")


def waves(frames: int = 12, size_hw: tuple[int, int] = (12, 16)) -> np.ndarray:
    """Waves that travel, of three speeds, one a channel; THWC uint8."""
    time, y, x = np.meshgrid(np.arange(frames), np.arange(size_hw[0]), np.arange(size_hw[1]), indexing="ij")
    channels = [np.sin(x / 3 + time / 2), np.sin(y / 2 - time / 3), np.sin((x + y) / 4 + time / 5)]
    return np.rint(np.stack(channels, 3) * 100 + 128).astype(np.uint8)


def clip_of(frames_thwc: np.ndarray, *, bit_depth: int = 8) -> Clip:
    """The frames as if they had been read from a file."""
    return Clip(
        frames_thwc=frames_thwc,
        rate=Fraction(24000, 1001),
        start_s=Fraction(0),
        bit_depth=bit_depth,
        sample_aspect=Fraction(1),
        colour=Colour(),
        source=Path("waves.mkv"),
        source_sha256=hashlib.sha256(frames_thwc.tobytes()).hexdigest(),
        span=(0, len(frames_thwc)),
        numbers=tuple(range(len(frames_thwc))),
        crop=None,
        source_size_hw=(frames_thwc.shape[1], frames_thwc.shape[2]),
    )


def tiny(preset: str, **changes: int) -> LearnOptions:
    """Two scales of 8 and 12 px, windows of 5 frames, 3 steps a scale, unless ``changes`` say otherwise."""
    values = {"size": 12, "coarsest": 8, "scales": 2, "window": 5, "steps": 3, "update_every": 2, "window_stride": 3}
    return LearnOptions.of(preset, **values | changes)


def learned(clip: Clip, options: LearnOptions, **rest: Any) -> TextureModel:
    """The model that learning ends with, on the CPU."""
    *_, last = learning.learn(clip, options, device="cpu", **rest)
    assert isinstance(last, Learned)
    return last.model


def lively(model: TextureModel, *, norms: bool = True) -> TextureModel:
    """The model with layers, and ``norms``, that really do something, as those of a few steps don't."""
    draw = np.random.default_rng(0)
    arrays = dict(model.arrays)
    for name, value in model.arrays.items():
        if "convolutions.4.weight" in name:
            arrays[name] = draw.normal(0, 0.1, value.shape).astype(np.float32)
        if norms and ("running_mean" in name or ("norms" in name and name.endswith("bias"))):
            arrays[name] = draw.normal(0, 0.3, value.shape).astype(np.float32)
        if norms and "running_var" in name:
            arrays[name] = draw.uniform(0.3, 2, value.shape).astype(np.float32)
    return replace(model, arrays=arrays)


def mangled(arrays: Mapping[str, np.ndarray]) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """(name, arrays) where that one is missing, empty, doubled, or of one dimension less or more."""
    for name, array in arrays.items():
        others = {other: kept for other, kept in arrays.items() if other != name}
        yield name, others
        if array.ndim:
            for wrong in (array[:0], np.concatenate([array, array]), array[0], array[None]):
                yield name, others | {name: wrong}


def narrow(_: int) -> int:
    """Channels of the paper's networks in tests: a quarter of the least it has, so that steps are quick."""
    return 8


def learn_saving_every_step(preset: str, state: Path, line: Connection) -> None:
    """Learn in a process of its own that may be killed: an event for every message, the last the model's arrays."""
    import torch

    torch.set_num_threads(1)
    threads.limit(1)
    paper.width_of = narrow
    learning.seconds_of = lambda *_: 1.0
    learning.SAVE_EVERY_S = -1.0
    events = learning.learn(clip_of(waves()), tiny(preset), state=state, device="cpu")
    while True:
        line.recv()
        event = next(events)
        line.send(event.model.arrays if isinstance(event, Learned) else type(event).__name__)
