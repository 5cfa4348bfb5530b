"""A pyramid in ONNX Runtime that makes every frame of every scale once."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

from ..engine.pyramid import LAYERS
from ..engine.scales import resize
from .graph import BLOCK as CELL
from .graph import generator_graph
from .session import Session

if TYPE_CHECKING:
    from ..engine.model import TextureModel
    from ..engine.prior import Draw
    from ..engine.pyramid import Feed
    from ..engine.synthesis import Base
    from .device import Device

LONGEST = 16
"""Frames of a block at most."""

BLOCK_BYTES = 128 << 20
"""Of one layer's input for a block of the finest scale: large pictures go through in shorter blocks."""

KEPT_FRAMES = 64


class StreamedPyramid:
    """Makes what a model's pyramid does, fed by ``feed``, for any range of frames; faster where they follow each other.

    Layers keep the last two frames that they have seen, so that blocks need no context made again: of 16 frames at the
    finest of eight scales 16 are made, not 26, and at the coarsest 16, not 96. Blocks lie on a fixed grid: a frame is
    made by the same operations whatever is asked for.

    An ``injected`` video takes the place of the scales below the ``first`` (SinGAN, Shaham et al., 2019).
    """

    def __init__(
        self, feed: Feed, model: TextureModel, device: Device, *, injected: Base | None = None, first: int = 0
    ) -> None:
        self._feed, self.size_hw = feed, model.size_hw
        self._injected, self._first = injected, first
        self._steps = [_Step(model, index, device) for index in range(first, len(model.sizes_hw))]
        self._below_hw = model.sizes_hw[first - 1] if first else None
        self._delay = LAYERS * len(self._steps)
        self.block = _block_frames(model)
        self._draw: Draw | None = None
        self._next = 0
        self._made: OrderedDict[int, np.ndarray] = OrderedDict()
        self._drawn: dict[int, np.ndarray] = {}

    def video(self, frames: range, draw: Draw) -> np.ndarray:
        """(T, 3, H, W) in [-1, 1]."""
        if draw != self._draw:
            self._draw = draw
            self._made.clear()
            self._drawn.clear()
        first = frames.start // self.block
        blocks = [self._block(number, draw) for number in range(first, -(-frames.stop // self.block))]
        skipped = frames.start - first * self.block
        return np.concatenate(blocks)[skipped : skipped + len(frames)]

    def _block(self, number: int, draw: Draw) -> np.ndarray:
        if number not in self._made:
            if number != self._next or not self._made:
                # A scale's layers forget what they saw before in twice their number of frames, if what they are fed
                # then is right: the coarser a scale, the earlier it has to begin.
                every = range(len(self._steps))
                needed = [-(-2 * LAYERS * (len(every) - index) // self.block) for index in every]
                for before in range(needed[0], 0, -1):
                    self._advance(number - before, draw, scales=sum(blocks >= before for blocks in needed))
            self._made[number] = self._advance(number, draw, scales=len(self._steps))
            self._next = number + 1
            while len(self._made) > max(1, KEPT_FRAMES // self.block):
                self._made.popitem(last=False)
        return self._made[number]

    def _advance(self, number: int, draw: Draw, *, scales: int) -> np.ndarray:
        """The next block of the coarsest scales, so many of them; of the finest of these.

        A scale looks ``LAYERS`` frames ahead, so each is so far ahead of the next finer one.
        """
        start = number * self.block
        drawn = self._prior_video(range(start + LAYERS, start + self.block + self._delay), draw)
        made: np.ndarray | None = None
        if self._injected is not None and self._below_hw is not None:
            below = range(start + self._delay, start + self._delay + self.block)
            made = resize(self._injected.video(below, draw), self._below_hw)
        for index, step in enumerate(self._steps[:scales]):
            ahead = self._delay - LAYERS * index
            frames = range(start + ahead, start + ahead + self.block)
            fed = self._feed.inputs(
                self._first + index,
                frames,
                draw,
                made,
                size_hw=step.size_hw,
                amplitude=step.amplitude,
                drawn=None if drawn is None else drawn[ahead - LAYERS : ahead - LAYERS + self.block],
            )
            made = step.advance(*fed, self._feed.layout(step.size_hw))
        assert made is not None
        return made

    def _prior_video(self, frames: range, draw: Draw) -> np.ndarray | None:
        """The prior's frames, drawn on the blocks' grid, each block once."""
        if self._feed.prior is None:
            return None
        first, end = frames.start // self.block, -(-frames.stop // self.block)
        for number in range(first, end):
            if number not in self._drawn:
                block = range(number * self.block, (number + 1) * self.block)
                self._drawn[number] = self._feed.prior.video(block, draw)
        for number in [number for number in self._drawn if not first <= number < end]:
            del self._drawn[number]
        skipped = frames.start - first * self.block
        return np.concatenate([self._drawn[number] for number in range(first, end)])[skipped : skipped + len(frames)]


class _Step:
    """One scale: its session, and what its layers have seen last."""

    def __init__(self, model: TextureModel, index: int, device: Device) -> None:
        graph = generator_graph(model.arrays, index, preset=model.options.preset, streamed=True)
        self._session = Session(graph, device)
        self.size_hw, self.amplitude = model.sizes_hw[index], model.amplitudes[index]
        cell = CELL if model.options.preset == "fast" else 1
        height, width = self.size_hw
        channels = self._session.channels
        self._state = {
            f"state{number}": np.zeros((2, channels[f"state{number}"], height // cell, width // cell), np.float32)
            for number in range(LAYERS)
        }
        self._late = np.zeros((LAYERS, 3, height, width), np.float32)

    def advance(self, noise: np.ndarray | None, base: np.ndarray | None, layout: np.ndarray | None) -> np.ndarray:
        """The video of frames ``LAYERS`` before those given."""
        inputs = dict(self._state)
        if noise is not None:
            inputs["noise"] = noise
        if layout is not None:
            inputs["layout"] = layout[None]
        if base is not None:
            longer = np.concatenate([self._late, base])
            inputs |= {"base": base, "late": longer[: len(base)]}
            self._late = longer[len(base) :]
        video, *seen = self._session.run(inputs)
        self._state = {f"state{number}": array for number, array in enumerate(seen)}
        return video


def _block_frames(model: TextureModel) -> int:
    """A power of 2, the same wherever the model is rendered."""
    height, width = model.size_hw
    widths = [len(value) for name, value in model.arrays.items() if name.endswith("convolutions.0.weight")]
    cell = CELL if model.options.preset == "fast" else 1
    a_frame = 3 * max(widths) * 4 * height * width // cell**2
    frames = LONGEST
    while frames > 1 and frames * a_frame > BLOCK_BYTES:
        frames //= 2
    return frames
