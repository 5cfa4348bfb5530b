"""A log fire before a brick wall: a still scene in which only the flames move."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import torch
import torch.nn.functional as F

from ..errors import OptionError
from .flow import Bed, FlameFlow
from .hearth import Hearth, paint_hearth

_WARM_UP_S = 3.0  # several lives of a flame, so that the first frame kept is like any other
_SMALLEST = 32
_BEDS = (
    Bed(x=-0.07, y=0.22, half_width=0.26, slope=0.2),
    Bed(x=0.08, y=0.20, half_width=0.26, slope=-0.2),
    Bed(x=0.0, y=0.15, half_width=0.30),
)


def simulate_fire(
    *,
    frames: int = 120,
    size_hw: tuple[int, int] = (128, 128),
    rate: Fraction = Fraction(25),
    seed: int = 0,
) -> np.ndarray:
    """A clip of a burning log fire, filmed by a camera that stands still.

    The same arguments give the same clip on the same machine; the flow is chaotic, so that a last digit rounded
    otherwise gives other flames elsewhere. Another ``seed`` gives another take of the same scene. The fire burns
    evenly from the first frame to the last.

    Parameters
    ----------
    frames: at least 1.
    size_hw: height and width in pixels, each at least 32. Time taken grows with the square of the smaller.
    rate: frames a second.
    seed: at least 0.

    Returns
    -------
    THWC uint8, RGB with the usual display gamma.

    Raises
    ------
    OptionError: an argument is out of range.
    """
    if frames < 1 or min(size_hw) < _SMALLEST or rate <= 0 or seed < 0:
        raise OptionError(
            f"No fire can be simulated with frames={frames}, size_hw={size_hw}, rate={rate}, seed={seed}.",
            remedy=f"Ask for 1 frame or more, {_SMALLEST} pixels or more each way, a positive rate, a seed from 0.",
        )
    height, width = size_hw
    unit = min(size_hw)
    hearth = paint_hearth(2 * height, 2 * width, 2 * unit)
    flow = FlameFlow(unit=unit, beds=_BEDS, rng=np.random.default_rng(seed))
    clip = np.empty((frames, height, width, 3), dtype=np.uint8)
    with torch.inference_mode():
        flow.advance(_WARM_UP_S)
        for frame in clip:
            flow.advance(float(1 / rate))
            frame[:] = _develop(_radiance(flow.temperature, hearth))
    return clip


def _radiance(temperature: torch.Tensor, hearth: Hearth) -> torch.Tensor:
    """Linear light of flames and scene, (1, 3, H, W) at the size of the hearth."""
    gas = _framed(temperature[:, 0], hearth.hides.shape)
    density = ((gas - 0.04) / 0.26).clamp(0, 1)
    density = density**2 * (3 - 2 * density)  # soot shines with a sharp edge, then fades to nothing
    sheets = density * (0.35 + 2.4 * gas.clamp(max=1.2) ** 2)
    total = sheets.sum(0)
    heat = (gas * sheets).sum(0) / (total + 1e-4)
    total = total * (1 - torch.from_numpy(hearth.hides))
    # Hotter soot is whiter; a fit by eye to a black body seen through a camera's filters.
    flames = torch.stack([1.6 * total, total * (0.16 + 0.60 * heat), total * (0.02 + 0.28 * heat**3)])[None]
    return flames + 0.1 * _glow(flames) + torch.from_numpy(hearth.light).permute(2, 0, 1)


def _framed(sheets: torch.Tensor, shape_hw: tuple[int, ...]) -> torch.Tensor:
    """The flames' domain, cropped or padded with cold air to the picture: on its bottom, in its middle."""
    height, width = shape_hw
    left = (width - sheets.shape[2]) // 2
    right = width - sheets.shape[2] - left
    return F.pad(sheets, (left, right, height - sheets.shape[1], 0))


def _glow(light: torch.Tensor) -> torch.Tensor:
    """Light spread by a lens: a blur of about a tenth of the picture, found at a quarter of its size."""
    small = F.interpolate(light, scale_factor=0.25, mode="area")
    reach = max(1, round(min(small.shape[2:]) / 16))
    for _ in range(3):
        small = F.avg_pool2d(small, 2 * reach + 1, 1, reach)
    return F.interpolate(small, size=light.shape[2:], mode="bilinear", align_corners=False)


def _develop(radiance: torch.Tensor) -> np.ndarray:
    """Film-like exposure of linear light at twice the size: HWC uint8."""
    exposed = F.avg_pool2d(1 - torch.exp(-1.1 * radiance), 2)[0]
    return (255 * exposed.clamp(0, 1) ** (1 / 1.8)).round().byte().permute(1, 2, 0).numpy()
