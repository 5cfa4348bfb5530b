"""A pyramid's generators as ONNX graphs, built from a texture model's arrays. Importing this needs no torch.

A 3x3x3 convolution is a 2D one over frames whose channels hold the three time taps, as in training: ONNX Runtime's own
3D convolution is slower at most sizes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ..engine.pyramid import LAYERS

if TYPE_CHECKING:
    from collections.abc import Mapping

OPSET = 17
IR_VERSION = 8
"""The oldest that holds the opset: runtimes of 2022 and later read it."""

SLOPE = 0.2
NORM_EPSILON = 1e-5
BLOCK = 2
COLOURS = 3
VIDEO: tuple[int | str, ...] = ("T", COLOURS, "H", "W")


def generator_graph(arrays: Mapping[str, np.ndarray], index: int, *, preset: str, streamed: bool = False) -> bytes:
    """The ONNX model of scale ``index``, lengths and sizes left open.

    Of the ``fast`` preset it takes ``base`` (T, 3, H, W), H and W even, and ``layout`` (1, 3, H, W); of ``paper`` it
    takes ``noise`` (T, 3, H, W), and above the coarsest scale ``base``. It gives ``video`` (T, 3, H, W). Outside the
    frames given lie zeros.

    ``streamed``, it makes each frame once: it takes ``state0`` to ``state4``, (2, C, h, w), what each layer has seen
    last, and gives ``next0`` to ``next4``, to be taken with the frames that follow. Its video is then ``LAYERS`` frames
    late, and where it takes ``base`` it takes ``late``, the base of these frames, too.
    Raises KeyError or ValueError where the arrays are no generator's.
    """
    prefix = f"scale{index}."
    weights = {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}
    layers = [_folded(weights, layer) for layer in range(LAYERS)]
    build = _fast if preset == "fast" else _paper_first if index == 0 else _paper
    inputs, nodes, constants = build(layers, streamed)
    outputs = [("video", VIDEO)]
    if streamed:
        shapes = [(2, _kept_channels(weight), "h", "w") for weight, _ in layers]
        inputs = inputs + [(f"state{number}", shape) for number, shape in enumerate(shapes)]
        outputs = outputs + [(f"next{number}", shape) for number, shape in enumerate(shapes)]
    graph = helper.make_graph(
        nodes,
        f"scale{index}",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs],
        [numpy_helper.from_array(value, name) for name, value in (constants | SLICES).items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="dtsgan"
    )
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ValueError(str(error).split("\n")[0]) from error
    return model.SerializeToString()


Layer = tuple[np.ndarray, np.ndarray]
Shape = tuple[int | str, ...]
Built = tuple[list[tuple[str, Shape]], list[onnx.NodeProto], dict[str, np.ndarray]]


def _folded(weights: Mapping[str, np.ndarray], layer: int) -> Layer:
    """(weight, bias) of one convolution, the normalisation behind it folded in."""
    weight = weights[f"stack.convolutions.{layer}.weight"].astype(np.float32)
    if weight.shape[2:] != (3, 3, 3):
        raise ValueError(f"convolution {layer} is not of 3x3x3")
    bias = weights.get(f"stack.convolutions.{layer}.bias", np.zeros(len(weight), np.float32))
    norm = f"stack.norms.{layer}."
    if f"{norm}weight" in weights:
        gain = weights[f"{norm}weight"] / np.sqrt(weights[f"{norm}running_var"] + NORM_EPSILON)
        bias = weights[f"{norm}bias"] + (bias - weights[f"{norm}running_mean"]) * gain
        weight = weight * gain[:, None, None, None, None]
    if bias.shape != weight.shape[:1]:
        raise ValueError(f"convolution {layer} doesn't have a bias for each channel")
    return weight.astype(np.float32), np.asarray(bias, np.float32)


def _stack(layers: list[Layer], wide: str, streamed: bool) -> tuple[list[onnx.NodeProto], dict[str, np.ndarray]]:
    """Five 3x3x3 convolutions from ``wide`` (T, C, h, w) to ``made``."""
    nodes: list[onnx.NodeProto] = []
    constants: dict[str, np.ndarray] = {}
    seen = wide
    for number, (weight, bias) in enumerate(layers):
        out, channels = weight.shape[:2]
        end = number + 1 == len(layers)
        made = "made" if end else f"conv{number}"
        taps = [f"{tap}{number}" for tap in TAPS]
        constants[f"bias{number}"] = bias
        if channels <= out:
            constants[f"weight{number}"] = np.swapaxes(weight, 1, 2).reshape(out, 3 * channels, 3, 3).copy()
            nodes += _taps(seen, number, streamed)
            nodes.append(helper.make_node("Concat", taps, [f"taps{number}"], axis=1))
            inputs = [f"taps{number}", f"weight{number}", f"bias{number}"]
            nodes.append(helper.make_node("Conv", inputs, [made], kernel_shape=[3, 3], pads=[1] * 4))
        else:
            # Of a frame what it adds to the frame after it, to itself and to the one before it.
            constants[f"weight{number}"] = np.moveaxis(weight, 2, 0).reshape(3 * out, channels, 3, 3).copy()
            constants[f"bias{number}"] = bias[None, :, None, None]
            constants |= {f"from{tap}": np.array([tap * out], np.int64) for tap in range(4)}
            inputs = [seen, f"weight{number}"]
            nodes.append(helper.make_node("Conv", inputs, [f"parts{number}"], kernel_shape=[3, 3], pads=[1] * 4))
            nodes += _taps(f"parts{number}", number, streamed)
            for place, tap in enumerate(taps):
                bounds = [f"from{place}", f"from{place + 1}", "channels"]
                nodes.append(helper.make_node("Slice", [tap, *bounds], [f"own_{tap}"]))
            nodes.append(helper.make_node("Sum", [*(f"own_{tap}" for tap in taps), f"bias{number}"], [made]))
        seen = f"active{number}"
        if not end:
            nodes.append(helper.make_node("LeakyRelu", [made], [seen], alpha=SLOPE))
    return nodes, constants


def _kept_channels(weight: np.ndarray) -> int:
    """Of what a layer keeps from frame to frame: what goes in, or of fewer channels what comes out for each tap."""
    out, channels = weight.shape[:2]
    return channels if channels <= out else 3 * out


def _taps(seen: str, number: int, streamed: bool) -> list[onnx.NodeProto]:
    """Of every frame the frame before it, itself and the one after it."""
    longer = f"longer{number}"
    if streamed:
        nodes = [
            helper.make_node("Concat", [f"state{number}", seen], [longer], axis=0),
            helper.make_node("Slice", [longer, "minus_two", "end", "frames"], [f"next{number}"]),
        ]
    else:
        nodes = [helper.make_node("Pad", [seen, "a_frame_each"], [longer])]
    for tap, (first, last) in TAPS.items():
        nodes.append(helper.make_node("Slice", [longer, first, last, "frames"], [f"{tap}{number}"]))
    return nodes


TAPS = {"before": ("zero", "minus_two"), "now": ("one", "minus_one"), "after": ("two", "end")}
SLICES = {
    "minus_two": np.array([-2], np.int64),
    "minus_one": np.array([-1], np.int64),
    "zero": np.array([0], np.int64),
    "one": np.array([1], np.int64),
    "two": np.array([2], np.int64),
    "end": np.array([np.iinfo(np.int64).max], np.int64),
    "frames": np.array([0], np.int64),
    "channels": np.array([1], np.int64),
    "a_frame_each": np.array([1, 0, 0, 0, 1, 0, 0, 0], np.int64),
}


def _fast(layers: list[Layer], streamed: bool) -> Built:
    """The paper's stack on blocks of 2x2 pixels of the base and the layout, added to the base."""
    weight, bias = layers[0]
    channels, blocks = 2 * COLOURS, BLOCK**2
    # PyTorch counts a block's pixels within a channel, ONNX channels within a pixel.
    order = np.arange(channels * blocks).reshape(channels, blocks).T.ravel()
    stack, constants = _stack([(np.ascontiguousarray(weight[:, order]), bias), *layers[1:]], "blocks", streamed)
    inputs, base = _bases(streamed)
    nodes = [
        helper.make_node("Shape", ["base"], ["shape"]),
        helper.make_node("Expand", ["layout", "shape"], ["scene"]),
        helper.make_node("Concat", ["base", "scene"], ["both"], axis=1),
        helper.make_node("SpaceToDepth", ["both"], ["blocks"], blocksize=BLOCK),
        *stack,
        helper.make_node("DepthToSpace", ["made"], ["change"], blocksize=BLOCK, mode="CRD"),
        helper.make_node("Add", [base, "change"], ["video"]),
    ]
    return [*inputs, ("layout", (1, *VIDEO[1:]))], nodes, constants


def _paper(layers: list[Layer], streamed: bool) -> Built:
    """Equation 2 of the paper: a change of the upsampled coarser video."""
    stack, constants = _stack(layers, "both", streamed)
    inputs, base = _bases(streamed)
    nodes = [
        helper.make_node("Add", ["noise", "base"], ["both"]),
        *stack,
        helper.make_node("Tanh", ["made"], ["change"]),
        helper.make_node("Add", [base, "change"], ["video"]),
    ]
    return [("noise", VIDEO), *inputs], nodes, constants


def _paper_first(layers: list[Layer], streamed: bool) -> Built:
    """Equation 1: video from noise alone."""
    stack, constants = _stack(layers, "noise", streamed)
    return [("noise", VIDEO)], [*stack, helper.make_node("Tanh", ["made"], ["video"])], constants


def _bases(streamed: bool) -> tuple[list[tuple[str, Shape]], str]:
    """The inputs for the coarser video, and the name of what the change is added to."""
    return ([("base", VIDEO), ("late", VIDEO)], "late") if streamed else ([("base", VIDEO)], "base")
