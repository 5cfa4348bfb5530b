"""LPIPS v0.1 with AlexNet (Zhang et al., CVPR 2018)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from .weights import ALEXNET, arrays

if TYPE_CHECKING:
    from torch import Tensor

BATCH = 32
SHIFT = torch.tensor([-0.030, -0.088, -0.188])[:, None, None]
SCALE = torch.tensor([0.458, 0.448, 0.450])[:, None, None]
STRIDES, PADDINGS, POOLED = (4, 1, 1, 1, 1), (2, 2, 1, 1, 1), (1, 2)


class Lpips:
    """Distance of pictures as people see it: 0 for equal ones, lower is more alike.

    Raises ResourceError where its weights are missing.
    """

    def __init__(self) -> None:
        stored = arrays(ALEXNET.read())
        layers = [stored["AlexNet_0"][f"Conv_{index}"] for index in range(5)]
        self._kernels = [torch.from_numpy(layer["kernel"].transpose(3, 2, 0, 1).copy()) for layer in layers]
        self._biases = [torch.from_numpy(layer["bias"].copy()) for layer in layers]
        heads = [stored[f"NetLinLayer_{index}"]["Conv_0"]["kernel"] for index in range(5)]
        self._heads = [torch.from_numpy(head.transpose(3, 2, 0, 1).copy()) for head in heads]

    @torch.no_grad()
    def __call__(self, one_tchw: Tensor, other_tchw: Tensor) -> Tensor:
        """Frame by frame, (T,), of videos in [0, 1]."""
        parts = zip(one_tchw.split(BATCH), other_tchw.split(BATCH), strict=True)
        return torch.cat([self._distance(self._features(one), self._features(other)) for one, other in parts])

    @torch.no_grad()
    def steps(self, video_tchw: Tensor) -> Tensor:
        """From each frame to the next, (T - 1,)."""
        return self(video_tchw[:-1], video_tchw[1:])

    def _features(self, video_tchw: Tensor) -> list[Tensor]:
        x = (2 * video_tchw - 1 - SHIFT) / SCALE
        found = []
        for index, (kernel, bias) in enumerate(zip(self._kernels, self._biases, strict=True)):
            if index in POOLED:
                x = F.max_pool2d(x, 3, 2)
            x = F.relu(F.conv2d(x, kernel, bias, stride=STRIDES[index], padding=PADDINGS[index]))
            found.append(x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10))
        return found

    def _distance(self, ones: list[Tensor], others: list[Tensor]) -> Tensor:
        layers = zip(ones, others, self._heads, strict=True)
        return sum(
            (F.conv2d((one - other).square(), head).mean((1, 2, 3)) for one, other, head in layers),
            torch.zeros(len(ones[0])),
        )
