"""The Inception network of the original FID, from the weights file that the field uses, where the user has it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from .weights import INCEPTION_SHA256, read_checked, tensors

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

BATCH = 8
SIDE = 299
EPSILON = 1e-3
# TensorFlow's average leaves the padding out of the count.
AVERAGE = partial(F.avg_pool2d, kernel_size=3, stride=1, padding=1, count_include_pad=False)


class FidInception:
    """Pooled features, 2048 a picture. Raises ResourceError where the file is not ``pt_inception-2015-12-05``."""

    def __init__(self, file: Path) -> None:
        remedy = "Give pt_inception-2015-12-05-6726825d.pth, as pytorch-fid publishes it."
        self.weights = tensors(read_checked(file, INCEPTION_SHA256, remedy))

    @torch.no_grad()
    def __call__(self, video_tchw: Tensor) -> Tensor:
        """(T, 2048) of video in [0, 1]."""
        return torch.cat([features(self.weights, part) for part in video_tchw.split(BATCH)])


def features(weights: dict[str, Tensor], video_tchw: Tensor) -> Tensor:
    """Inception v3 in the edition of 2015 (Szegedy et al., 2016), up to its last pooling."""
    conv = partial(_convolution, weights)
    x = 2 * F.interpolate(video_tchw, (SIDE, SIDE), mode="bilinear", align_corners=False) - 1
    x = conv(x, "Conv2d_1a_3x3", stride=2)
    x = conv(x, "Conv2d_2a_3x3", padded=False)
    x = conv(x, "Conv2d_2b_3x3")
    x = F.max_pool2d(x, 3, 2)
    x = conv(x, "Conv2d_3b_1x1")
    x = conv(x, "Conv2d_4a_3x3", padded=False)
    x = F.max_pool2d(x, 3, 2)
    for name in ("Mixed_5b.", "Mixed_5c.", "Mixed_5d."):
        five = _chain(conv, x, name, "branch5x5_1", "branch5x5_2")
        three = _chain(conv, x, name, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3")
        x = torch.cat([conv(x, f"{name}branch1x1"), five, three, conv(AVERAGE(x), f"{name}branch_pool")], 1)
    double = _chain(conv, x, "Mixed_6a.", "branch3x3dbl_1", "branch3x3dbl_2")
    three, double = conv(x, "Mixed_6a.branch3x3", stride=2), conv(double, "Mixed_6a.branch3x3dbl_3", stride=2)
    x = torch.cat([three, double, F.max_pool2d(x, 3, 2)], 1)
    for name in ("Mixed_6b.", "Mixed_6c.", "Mixed_6d.", "Mixed_6e."):
        seven = _chain(conv, x, name, *(f"branch7x7_{index}" for index in (1, 2, 3)))
        double = _chain(conv, x, name, *(f"branch7x7dbl_{index}" for index in (1, 2, 3, 4, 5)))
        x = torch.cat([conv(x, f"{name}branch1x1"), seven, double, conv(AVERAGE(x), f"{name}branch_pool")], 1)
    three = conv(_chain(conv, x, "Mixed_7a.", "branch3x3_1"), "Mixed_7a.branch3x3_2", stride=2)
    seven = _chain(conv, x, "Mixed_7a.", *(f"branch7x7x3_{index}" for index in (1, 2, 3)))
    seven = conv(seven, "Mixed_7a.branch7x7x3_4", stride=2)
    x = torch.cat([three, seven, F.max_pool2d(x, 3, 2)], 1)
    # The original's last block pools the maximum where the one before it pools the average.
    for name, pool in (
        ("Mixed_7b.", AVERAGE),
        ("Mixed_7c.", partial(F.max_pool2d, kernel_size=3, stride=1, padding=1)),
    ):
        three = conv(x, f"{name}branch3x3_1")
        double = _chain(conv, x, name, "branch3x3dbl_1", "branch3x3dbl_2")
        parts = [conv(x, f"{name}branch1x1")]
        parts += [conv(three, f"{name}branch3x3_2{side}") for side in "ab"]
        parts += [conv(double, f"{name}branch3x3dbl_3{side}") for side in "ab"]
        x = torch.cat([*parts, conv(pool(x), f"{name}branch_pool")], 1)
    return x.mean((2, 3))


def _chain(conv: partial[Tensor], x: Tensor, block: str, *names: str) -> Tensor:
    for name in names:
        x = conv(x, block + name)
    return x


def _convolution(
    weights: dict[str, Tensor], x: Tensor, name: str, *, stride: int = 1, padded: bool | None = None
) -> Tensor:
    """A convolution, its normalisation and ReLU. Those with a stride are not padded, the others keep the size."""
    kernel = weights[f"{name}.conv.weight"]
    keeps = stride == 1 if padded is None else padded
    padding = [taps // 2 if keeps else 0 for taps in kernel.shape[2:]]
    x = F.conv2d(x, kernel, stride=stride, padding=padding)
    mean, variance, gain, bias = (
        weights[f"{name}.bn.{key}"] for key in ("running_mean", "running_var", "weight", "bias")
    )
    return F.relu(F.batch_norm(x, mean, variance, gain, bias, eps=EPSILON))
