"""A texture model with its generators' ONNX graphs, each held against PyTorch on the model's own data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..engine.model import GraphFacts, graph_name
from ..engine.packing import unpack
from ..engine.prior import Draw
from .device import choose_device
from .graph import OPSET, generator_graph
from .session import Session

if TYPE_CHECKING:
    from ..engine.model import TextureModel
    from ..engine.pyramid import Pyramid

CHECKED_FRAMES = range(16)
MOST_APART = 1e-4
"""Between the two on the CPU: differences of rounding."""


def with_graphs(model: TextureModel) -> TextureModel:
    """The model with a graph for every scale and how far each is from PyTorch, in colours from -1 to 1.

    Raises RuntimeError where they differ by more than rounding: a fault of ours.
    """
    pyramid = unpack(model)
    device = choose_device("cpu", tell=_unheard)
    arrays, apart = dict(model.arrays), []
    coarser: np.ndarray | None = None
    for index in range(len(pyramid.scales)):
        graph = generator_graph(model.arrays, index, preset=model.options.preset)
        inputs, made = _example(pyramid, index, coarser)
        (mine,) = Session(graph, device).run(inputs)
        apart.append(float(np.abs(mine - made).max()))
        if not apart[-1] <= MOST_APART:
            raise RuntimeError(f"the ONNX graph of scale {index} is {apart[-1]:.2g} from PyTorch")
        arrays[graph_name(index)] = np.frombuffer(graph, np.uint8)
        coarser = made
    return replace(model, arrays=arrays, graphs=GraphFacts(opset=OPSET, largest_differences=tuple(apart)))


def _example(pyramid: Pyramid, index: int, coarser: np.ndarray | None) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """What a scale is fed in a real result, by the names of its graph's inputs, and what PyTorch makes of it."""
    scale, feed = pyramid.scales[index], pyramid.feed
    noise, base = feed.inputs(
        index, CHECKED_FRAMES, Draw(seed=0), coarser, size_hw=scale.size_hw, amplitude=scale.amplitude
    )
    layout = feed.layout(scale.size_hw)
    fed = {"noise": noise, "base": base, "layout": None if layout is None else layout[None]}
    inputs = {name: array for name, array in fed.items() if array is not None}
    return inputs, scale.generator(noise, base, layout)


def _unheard(_: str) -> None:
    """The processor has nothing to tell."""
