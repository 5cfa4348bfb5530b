"""What long work reports to its caller: frozen records, one type a happening."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from .model import TextureModel


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something the person should know; the work goes on."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What is about to be learned, before the first step.

    ``sizes_hw`` has one (height, width) a scale in pixels, coarsest first. ``resumed_step`` counts the steps that
    an interrupted run had already done. ``seconds`` is None when only measuring the first steps can tell.
    """

    sizes_hw: tuple[tuple[int, int], ...]
    steps: int
    resumed_step: int
    memory_bytes: int
    seconds: float | None


@dataclass(frozen=True, kw_only=True)
class StepDone:
    """One training step. ``step`` counts from 1 within ``scale``; ``left_s`` covers all that remains."""

    scale: int
    scales: int
    step: int
    steps: int
    done: float
    left_s: float | None
    losses: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PreviewReady:
    """A scale is finished: the source at its size and a few seeds, each THWC uint8. ``model`` is that of the scales so
    far: small, and as usable as the whole."""

    scale: int
    scales: int
    model: TextureModel
    source_thwc: np.ndarray
    samples_thwc: tuple[np.ndarray, ...]


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """Learning was asked to stop. ``state`` is the file from which the same call goes on."""

    state: Path | None


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Learning is complete."""

    model: TextureModel


LearnEvent = Notice | Planned | StepDone | PreviewReady | Stopped | Learned
