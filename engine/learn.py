"""Learning a clip: coarse to fine, reported as events, stopped and resumed at any step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .clip import Clip
from .config import LearnOptions
from .errors import ClipError, ModelFileError, OptionError
from .estimate import check_memory, estimate, scales_of, seconds_of
from .events import Learned, LearnEvent, Notice, Planned, PreviewReady, StepDone, Stopped
from .levels import levels, volume
from .model import SourceFacts, TextureModel
from .packing import module_of, pack, pack_scales, unpack_scale
from .prior import Draw, MotionPrior, doubts
from .pyramid import Feed, Pyramid
from .scales import resize
from .training.checkpoint import pack_trainer, read_state, unpack_trainer, write_state
from .training.fast import FastTrainer
from .training.paper import PaperTrainer
from .training.progress import Progress

SAVE_EVERY_S = 5.0
PREVIEW_SEEDS = 3
PREVIEW_FRAMES = 32
PACE_STEPS = 4
"""Steps timed before a time budget is turned into a number of steps."""

LEAST_STEPS = 8

Trainer = FastTrainer | PaperTrainer


def learn(
    clip: Clip,
    options: LearnOptions,
    *,
    state: Path | None = None,
    stop: Callable[[], bool] = lambda: False,
    device: str = "auto",
    time_budget_s: float | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[LearnEvent]:
    """Learn ``clip`` and report as it goes; the last event is Learned, or Stopped once ``stop()`` is true.

    ``state`` is the file from which a stopped or killed run goes on. Without a time budget the same seed gives the
    same weights on the same CPU and number of threads, interrupted or not. A time budget, in seconds, is shared out
    over the scales; it always ends with a usable model.

    Raises ClipError, OptionError, ResourceError, and ModelFileError for a damaged state.
    """
    return _Learning(
        clip, options, state=state, stop=stop, device=device, time_budget_s=time_budget_s, clock=clock
    ).run()


class _Learning:
    def __init__(
        self,
        clip: Clip,
        options: LearnOptions,
        *,
        state: Path | None,
        stop: Callable[[], bool],
        device: str,
        time_budget_s: float | None,
        clock: Callable[[], float],
    ) -> None:
        torch.set_flush_denormal(True)  # dying activations cost many times a normal operation
        _check(clip, options)
        self.clip, self.options, self.state, self.stop, self.budget_s = clip, options, state, stop, time_budget_s
        self.device, self.clock = _device(device), clock
        frame_hw = (clip.frames_thwc.shape[1], clip.frames_thwc.shape[2])
        self.finest = min(options.size, *frame_hw)
        self.sizes = scales_of(options, frame_hw)
        self.plan = estimate(options, self.sizes, len(clip.frames_thwc))
        check_memory(self.plan.memory_bytes, options, len(clip.frames_thwc), self.sizes)
        self.identity = {
            "clip": [clip.source_sha256, list(clip.span), repr(clip.crop)],
            "options": options.as_dict(),
            "time_budget": time_budget_s,
        }

    def run(self) -> Iterator[LearnEvent]:
        progress, arrays = self._resumed()
        if self.finest < self.options.size:
            yield Notice(text=f"The clip's short side has {self.finest} px, so the finest scale learned has as many.")
        left = progress.flops_planned(self.plan.flops) - progress.flops_done(self.plan.flops)
        yield Planned(
            sizes_hw=self.sizes,
            steps=sum(progress.planned),
            resumed_step=sum(progress.planned[: progress.scale]) + progress.step,
            memory_bytes=self.plan.memory_bytes,
            seconds=self.budget_s or seconds_of(left, self.device),
        )
        video = volume(self.clip.frames_thwc)
        fine = resize(video, self.sizes[-1]).clip(-1, 1)
        del video
        for text in doubts(fine, self.clip.source.name):
            yield Notice(text=text)
        prior = None
        if self.options.preset == "fast":
            prior = MotionPrior(levels(fine, deep=self.clip.bit_depth > 8))
        pyramid = Pyramid(Feed(seed=self.options.seed, prior=prior))
        pyramid.scales += self._finished_scales(progress, arrays)
        for index in range(progress.scale, len(self.sizes)):
            real = resize(fine, self.sizes[index]).clip(-1, 1)
            trainer = self._trainer(pyramid, index, real, progress.planned[index])
            yield from self._train(trainer, pyramid, progress, arrays if index == progress.scale else {})
            if self.stop():
                self._save(progress, pyramid, trainer)
                yield Stopped(state=self.state)
                return
            pyramid.scales.append(trainer.finish())
            arrays = {}
            progress.scale, progress.step = index + 1, 0
            self._save(progress, pyramid, None)
            yield self._preview(pyramid, index, real)
        yield Learned(model=self._packed(pyramid))

    def _train(
        self, trainer: Trainer, pyramid: Pyramid, progress: Progress, arrays: dict[str, np.ndarray]
    ) -> Iterator[LearnEvent]:
        """Train one scale from where ``progress`` stands to its end, or until asked to stop."""
        index = trainer.index
        if progress.step:
            try:
                unpack_trainer(arrays, trainer.modules(), trainer.optimisers())
            except (KeyError, RuntimeError, ValueError) as error:
                raise ModelFileError(
                    f"{self.state} does not fit this clip and these options.", remedy="Add --restart."
                ) from error
        share = self._share_of_budget(index, progress)
        began, saved, first = self.clock(), self.clock(), progress.step
        while progress.step < progress.planned[index] and not self.stop():
            losses = trainer.step(progress.step)
            progress.step += 1
            spent = self.clock() - began
            if share is not None and progress.step == first + PACE_STEPS:
                fitting = first + int(share / spent * PACE_STEPS)
                progress.planned[index] = trainer.steps = max(LEAST_STEPS, fitting, progress.step)
            if share is not None and spent > share and progress.step >= LEAST_STEPS:
                progress.planned[index] = progress.step
            if self.clock() - saved > SAVE_EVERY_S:
                self._save(progress, pyramid, trainer)
                saved = self.clock()
            yield self._step_done(index, progress, losses)

    def _share_of_budget(self, index: int, progress: Progress) -> float | None:
        if self.budget_s is None:
            return None
        return max(0.0, self.budget_s - progress.elapsed_s()) / (len(self.sizes) - index)

    def _step_done(self, index: int, progress: Progress, losses: dict[str, float]) -> StepDone:
        done = progress.flops_done(self.plan.flops) / progress.flops_planned(self.plan.flops)
        elapsed = progress.elapsed_s()
        left = elapsed / done - elapsed if self.budget_s is None else self.budget_s - elapsed
        return StepDone(
            scale=index,
            scales=len(self.sizes),
            step=progress.step,
            steps=progress.planned[index],
            done=done,
            left_s=max(0.0, left),
            losses=losses,
        )

    def _trainer(self, pyramid: Pyramid, index: int, real: np.ndarray, steps: int) -> Trainer:
        kind = PaperTrainer if self.options.preset == "paper" else FastTrainer
        return kind(pyramid, index, real, options=self.options, steps=steps, device=self.device)

    def _preview(self, pyramid: Pyramid, index: int, real: np.ndarray) -> PreviewReady:
        frames = range(min(PREVIEW_FRAMES, len(real)))
        samples = tuple(levels(pyramid.video(frames, Draw(seed=seed))) for seed in range(PREVIEW_SEEDS))
        source = levels(real[: len(frames)])
        return PreviewReady(
            scale=index,
            scales=len(self.sizes),
            model=self._packed(pyramid),
            source_thwc=source,
            samples_thwc=samples,
        )

    def _packed(self, pyramid: Pyramid) -> TextureModel:
        facts = SourceFacts.of(self.clip)
        return pack(pyramid, options=self.options, facts=facts, frames=len(self.clip.frames_thwc))

    def _resumed(self) -> tuple[Progress, dict[str, np.ndarray]]:
        if self.state is None or not self.state.exists():
            return Progress(scale=0, step=0, planned=[self.options.steps] * len(self.sizes), clock=self.clock), {}
        place, arrays = read_state(self.state, identity=self.identity)
        return Progress(
            scale=place["scale"],
            step=place["step"],
            planned=place["planned"],
            clock=self.clock,
            spent_s=place["spent_s"],
        ), arrays

    def _finished_scales(self, progress: Progress, arrays: dict[str, np.ndarray]) -> Iterator[Any]:
        for index in range(progress.scale):
            scale = unpack_scale(
                index,
                preset=self.options.preset,
                size_hw=self.sizes[index],
                amplitude=float(arrays["amplitudes"][index]),
                arrays=arrays,
            )
            module_of(scale).to(self.device)
            yield scale

    def _save(self, progress: Progress, pyramid: Pyramid, trainer: Trainer | None) -> None:
        if self.state is None:
            return
        arrays = pack_scales(pyramid)
        arrays["amplitudes"] = np.array([scale.amplitude for scale in pyramid.scales], np.float64)
        if trainer is not None:
            arrays |= pack_trainer(trainer.modules(), trainer.optimisers())
        place = {
            "scale": progress.scale,
            "step": progress.step,
            "planned": progress.planned,
            "spent_s": progress.elapsed_s(),
        }
        write_state(self.state, identity=self.identity, place=place, arrays=arrays)


def _check(clip: Clip, options: LearnOptions) -> None:
    clip.check_opaque()
    frames, height, width, _ = clip.frames_thwc.shape
    if frames < options.window:
        raise ClipError(
            f"{clip.source.name} has {frames} frames, and a window of {options.window} is needed.",
            remedy=f"Give a longer clip, or --window {frames}.",
        )
    short = min(height, width)
    if options.scales > 1 and short <= options.coarsest:
        raise ClipError(
            f"{clip.source.name} has {width} x {height} px, and its short side has to be larger than the "
            f"coarsest scale's {options.coarsest} px.",
            remedy=f"Give a larger clip or crop, or --coarsest {max(8, short // 2)}.",
        )


def _device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise OptionError("There is no CUDA device that PyTorch can use.", remedy="Choose --device cpu.")
    return torch.device(name)
