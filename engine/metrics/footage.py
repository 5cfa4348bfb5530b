"""Video as measures see it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import torch

from ..errors import ClipError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from torch import Tensor

Found = TypeVar("Found")

LUMA = (0.299, 0.587, 0.114)
LEAST_FRAMES = 16


class Footage:
    """Video (T, 3, H, W) in [0, 1]. Raises ClipError where nothing can be measured: not finite, or one flat colour."""

    def __init__(self, video_tchw: Tensor, name: str) -> None:
        if not torch.isfinite(video_tchw).all():
            raise ClipError(f"{name} holds values that are not numbers.", remedy="Make it again.")
        if video_tchw.amin() == video_tchw.amax():
            raise ClipError(
                f"Every pixel of {name} has the same colour; there is nothing to measure.",
                remedy="Look at it, and give another.",
            )
        self.video_tchw, self.name = video_tchw, name
        self._kept: dict[str, Any] = {}

    @classmethod
    def of(cls, frames_thwc: np.ndarray, name: str) -> Footage:
        """From levels of uint8 or uint16, RGB; alpha is left out."""
        levels = torch.from_numpy(frames_thwc[..., :3].copy())
        most = 65535 if levels.dtype == torch.uint16 else 255
        return cls(levels.permute(0, 3, 1, 2).float() / most, name)

    def __len__(self) -> int:
        return len(self.video_tchw)

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.video_tchw.shape[2], self.video_tchw.shape[3]

    @cached_property
    def luma(self) -> Tensor:
        """Levels of 0 to 255, (T, H, W)."""
        return torch.einsum("tchw,c->thw", self.video_tchw, 255 * torch.tensor(LUMA))

    @cached_property
    def moving(self) -> Tensor:
        """Pixels whose mean change from frame to frame is over half of the picture's mean, (H, W)."""
        change = self.luma.diff(dim=0).abs().mean(0)
        return change >= 0.5 * change.mean()

    def once(self, key: str, make: Callable[[], Found]) -> Found:
        """What ``make`` gives: computed the first time, kept as long as the footage."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def halves(self, length: int) -> tuple[Footage, Footage]:
        """The first and the last ``length`` frames."""
        video = self.video_tchw
        return Footage(video[:length], self.name), Footage(video[len(video) - length :], self.name)
