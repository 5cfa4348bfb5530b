"""EfficientNet-Lite0 (Tan and Le, 2019; the "lite" edition of 2020) as a source of features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from .weights import EFFICIENTNET, tensors

if TYPE_CHECKING:
    from torch import Tensor

BATCH = 16
SIDE = 224
EPSILON = 1e-3
# (blocks, stride of the first) a stage; channels and kernel sizes are the weights' own.
STAGES = ((1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1))
STRIDES = tuple(stride if first == 0 else 1 for blocks, stride in STAGES for first in range(blocks))


class EfficientNetLite0:
    """Pooled features, 1280 a picture. Raises ResourceError where its weights are missing."""

    def __init__(self) -> None:
        self._weights = tensors(EFFICIENTNET.read())

    @torch.no_grad()
    def __call__(self, video_tchw: Tensor) -> Tensor:
        """(T, 1280) of video in [0, 1], each frame at 224 x 224 px as the network was trained."""
        return torch.cat([self._features(part) for part in video_tchw.split(BATCH)])

    def _features(self, video_tchw: Tensor) -> Tensor:
        x = F.interpolate(video_tchw, (SIDE, SIDE), mode="bicubic", antialias=True).clamp(0, 1)
        x = (255 * x - 127) / 128
        x = F.relu6(self._layer(x, "_conv_stem", "_bn0", stride=2))
        for index, stride in enumerate(STRIDES):
            x = self._block(x, f"_blocks.{index}.", stride)
        return F.relu6(self._layer(x, "_conv_head", "_bn1")).mean((2, 3))

    def _block(self, x: Tensor, prefix: str, stride: int) -> Tensor:
        y = x
        if f"{prefix}_expand_conv.weight" in self._weights:
            y = F.relu6(self._layer(y, f"{prefix}_expand_conv", f"{prefix}_bn0"))
        y = F.relu6(self._layer(y, f"{prefix}_depthwise_conv", f"{prefix}_bn1", stride=stride))
        y = self._layer(y, f"{prefix}_project_conv", f"{prefix}_bn2")
        return x + y if x.shape == y.shape else y

    def _layer(self, x: Tensor, convolution: str, norm: str, *, stride: int = 1) -> Tensor:
        """A convolution, padded as TensorFlow does ("SAME"), and its normalisation."""
        kernel = self._weights[f"{convolution}.weight"]
        pads = []
        for length, taps in zip(reversed(x.shape[2:]), reversed(kernel.shape[2:]), strict=True):
            missing = max(0, (-(-length // stride) - 1) * stride + taps - length)
            pads += [missing // 2, missing - missing // 2]
        x = F.conv2d(F.pad(x, pads), kernel, stride=stride, groups=x.shape[1] // kernel.shape[1])
        mean, variance, gain, bias = (
            self._weights[f"{norm}.{name}"] for name in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(x, mean, variance, gain, bias, eps=EPSILON)
