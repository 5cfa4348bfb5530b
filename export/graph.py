"""A pyramid's generators as ONNX graphs, built from a texture model's arrays. Importing this needs no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping

OPSET = 17
IR_VERSION = 8
"""The oldest that holds the opset: runtimes of 2022 and later read it."""

LAYERS = 5
SLOPE = 0.2
NORM_EPSILON = 1e-5
BLOCK = 2
COLOURS = 3
VIDEO = ("T", COLOURS, "H", "W")


def generator_graph(arrays: Mapping[str, np.ndarray], index: int, *, preset: str) -> bytes:
    """The ONNX model of scale ``index``, lengths and sizes left open.

    Of the ``fast`` preset it takes ``base`` (T, 3, H, W), H and W even, and ``layout`` (1, 3, H, W); of ``paper`` it
    takes ``noise`` (T, 3, H, W), and above the coarsest scale ``base``. It gives ``video`` (T, 3, H, W). Outside the
    frames given lie zeros. Raises KeyError or ValueError where the arrays are no generator's.
    """
    prefix = f"scale{index}."
    weights = {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}
    layers = [_folded(weights, layer) for layer in range(LAYERS)]
    build = _fast if preset == "fast" else _paper_first if index == 0 else _paper
    inputs, nodes, constants = build(layers)
    graph = helper.make_graph(
        nodes,
        f"scale{index}",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs],
        [helper.make_tensor_value_info("video", TensorProto.FLOAT, VIDEO)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="dtsgan"
    )
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


Layer = tuple[np.ndarray, np.ndarray]
Built = tuple[list[tuple[str, tuple[int | str, ...]]], list[onnx.NodeProto], dict[str, np.ndarray]]


def _folded(weights: Mapping[str, np.ndarray], layer: int) -> Layer:
    """(weight, bias) of one convolution, the normalisation behind it folded in."""
    weight = weights[f"stack.convolutions.{layer}.weight"].astype(np.float32)
    bias = weights.get(f"stack.convolutions.{layer}.bias", np.zeros(len(weight), np.float32))
    norm = f"stack.norms.{layer}."
    if f"{norm}weight" in weights:
        gain = weights[f"{norm}weight"] / np.sqrt(weights[f"{norm}running_var"] + NORM_EPSILON)
        bias = weights[f"{norm}bias"] + (bias - weights[f"{norm}running_mean"]) * gain
        weight = weight * gain[:, None, None, None, None]
    return weight.astype(np.float32), np.asarray(bias, np.float32)


def _stack(layers: list[Layer], wide: str) -> tuple[list[onnx.NodeProto], dict[str, np.ndarray]]:
    """Five 3x3x3 convolutions from ``wide`` (T, C, h, w) to ``made``, frames becoming an axis of their own."""
    nodes = [
        helper.make_node("Transpose", [wide], ["channels"], perm=[1, 0, 2, 3]),
        helper.make_node("Unsqueeze", ["channels", "first"], ["deep0"]),
    ]
    constants: dict[str, np.ndarray] = {"first": np.array([0], np.int64)}
    for number, (weight, bias) in enumerate(layers):
        constants |= {f"weight{number}": weight, f"bias{number}": bias}
        end = number + 1 == len(layers)
        made = "made_deep" if end else f"conv{number}"
        inputs = [f"deep{number}", f"weight{number}", f"bias{number}"]
        nodes.append(helper.make_node("Conv", inputs, [made], kernel_shape=[3, 3, 3], pads=[1] * 6))
        if not end:
            nodes.append(helper.make_node("LeakyRelu", [made], [f"deep{number + 1}"], alpha=SLOPE))
    nodes.append(helper.make_node("Squeeze", ["made_deep", "first"], ["made_channels"]))
    nodes.append(helper.make_node("Transpose", ["made_channels"], ["made"], perm=[1, 0, 2, 3]))
    return nodes, constants


def _fast(layers: list[Layer]) -> Built:
    """The paper's stack on blocks of 2x2 pixels of the base and the layout, added to the base."""
    weight, bias = layers[0]
    channels, blocks = 2 * COLOURS, BLOCK**2
    # PyTorch counts a block's pixels within a channel, ONNX channels within a pixel.
    order = np.arange(channels * blocks).reshape(channels, blocks).T.ravel()
    stack, constants = _stack([(np.ascontiguousarray(weight[:, order]), bias), *layers[1:]], "blocks")
    nodes = [
        helper.make_node("Shape", ["base"], ["shape"]),
        helper.make_node("Expand", ["layout", "shape"], ["scene"]),
        helper.make_node("Concat", ["base", "scene"], ["both"], axis=1),
        helper.make_node("SpaceToDepth", ["both"], ["blocks"], blocksize=BLOCK),
        *stack,
        helper.make_node("DepthToSpace", ["made"], ["change"], blocksize=BLOCK, mode="CRD"),
        helper.make_node("Add", ["base", "change"], ["video"]),
    ]
    return [("base", VIDEO), ("layout", (1, *VIDEO[1:]))], nodes, constants


def _paper(layers: list[Layer]) -> Built:
    """Equation 2 of the paper: a change of the upsampled coarser video."""
    stack, constants = _stack(layers, "both")
    nodes = [
        helper.make_node("Add", ["noise", "base"], ["both"]),
        *stack,
        helper.make_node("Tanh", ["made"], ["change"]),
        helper.make_node("Add", ["base", "change"], ["video"]),
    ]
    return [("noise", VIDEO), ("base", VIDEO)], nodes, constants


def _paper_first(layers: list[Layer]) -> Built:
    """Equation 1: video from noise alone."""
    stack, constants = _stack(layers, "noise")
    return [("noise", VIDEO)], [*stack, helper.make_node("Tanh", ["made"], ["video"])], constants
