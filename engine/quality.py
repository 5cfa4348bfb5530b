"""Three ways to learn a clip, for those who want no numbers, and what each takes on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from .config import LearnOptions
from .errors import OptionError
from .estimate import estimate, scales_of, seconds_of
from .video.reader import square_size

if TYPE_CHECKING:
    from .video.probe import ClipInfo

QUALITIES: dict[str, dict[str, int]] = {
    "quick": {"size": 64, "steps": 40},
    "standard": {},
    "fine": {"size": 160, "scales": 4, "steps": 160},
}
"""What each changes in the preset ``fast``."""

LEAST_SIDE = 8

BESIDE_S, BESIDE_SHARE = 6.0, 1.6
"""Learning takes more than its steps: starting, fitting the motion, rendering the draws trained on, and keeping the
clip's pixels. Measured on clips of 5 s and 240 px."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``sizes_hw`` has one size a scale, coarsest first; ``seconds`` is None where only trying can tell."""

    sizes_hw: tuple[tuple[int, int], ...]
    memory_bytes: int
    seconds: float | None


def options_for(quality: str, info: ClipInfo, *, seed: int | None = None) -> LearnOptions:
    """The options of a quality; a clip that is too small for all of its scales gets fewer. Raises OptionError."""
    if quality not in QUALITIES:
        raise OptionError(f"There is no quality {quality!r}.", remedy=f"Choose one of: {', '.join(QUALITIES)}.")
    wanted = LearnOptions.of("fast", **QUALITIES[quality])
    frame_hw = _learned_hw(info, wanted.size)
    coarsest = min(wanted.coarsest, max(LEAST_SIDE, min(frame_hw) // 2))
    for scales in range(wanted.scales, 0, -1):
        options = LearnOptions.of("fast", **QUALITIES[quality] | {"coarsest": coarsest, "scales": scales}, seed=seed)
        try:
            scales_of(options, frame_hw)
        except OptionError:
            continue
        return options
    raise OptionError(f"{info.path.name} is too small to be learned.", remedy="Give a larger clip.")


def plans(info: ClipInfo, frames: int) -> dict[str, Plan]:
    """What learning ``frames`` frames takes on this machine, by quality: a multiplication timed now says how long.
    Raises OptionError."""
    flop_s = seconds_of(1.0, torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    made = {}
    for quality in QUALITIES:
        options = options_for(quality, info)
        sizes = scales_of(options, _learned_hw(info, options.size))
        needed = estimate(options, sizes, frames)
        steps = sum(needed.flops) * options.steps
        seconds = None if flop_s is None else BESIDE_S + BESIDE_SHARE * steps * flop_s
        made[quality] = Plan(sizes_hw=sizes, memory_bytes=needed.memory_bytes, seconds=seconds)
    return made


def _learned_hw(info: ClipInfo, short_side: int) -> tuple[int, int]:
    return square_size(info.size_hw, info.sample_aspect, short_side)
