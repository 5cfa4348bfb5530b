"""Options of learning: two presets and what may be changed in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from .errors import OptionError

Preset = Literal["fast", "paper"]


@dataclass(frozen=True, kw_only=True)
class LearnOptions:
    """All that decides what is learned from a clip. Make one with :meth:`preset`.

    ``size`` is the finest scale's and ``coarsest`` the coarsest scale's short side in px; ``window`` the frames
    trained on at a time; the window moves to its neighbour, ``window_stride`` frames on, every ``update_every``
    steps; ``steps`` are the steps of each scale (epochs of three critic and three generator updates in ``paper``).
    """

    preset: Preset
    size: int
    scales: int
    coarsest: int
    window: int
    update_every: int
    window_stride: int
    steps: int
    seed: int = 0

    @staticmethod
    def preset_named(name: str) -> LearnOptions:
        if name not in PRESETS:
            raise OptionError(f"There is no preset {name!r}.", remedy=f"Choose one of: {', '.join(PRESETS)}.")
        return PRESETS[name]

    @classmethod
    def of(cls, preset: str = "fast", **overrides: int | None) -> LearnOptions:
        """The preset with some values changed; None leaves the preset's own.

        Raises OptionError for an unknown preset and for values that can't work.
        """
        options = replace(cls.preset_named(preset), **{k: v for k, v in overrides.items() if v is not None})
        options._check()
        return options

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def _check(self) -> None:
        least = {"size": 8, "scales": 1, "coarsest": 8, "window": 3, "update_every": 1, "window_stride": 1, "steps": 1}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise OptionError(
                    f"--{name.replace('_', '-')} is {getattr(self, name)}.", remedy=f"It has to be {smallest} or more."
                )


PRESETS: dict[str, LearnOptions] = {
    "fast": LearnOptions(
        preset="fast",
        size=96,
        scales=3,
        coarsest=24,
        window=16,
        update_every=1,
        window_stride=5,
        steps=80,
    ),
    "paper": LearnOptions(
        preset="paper",
        size=150,
        scales=8,
        coarsest=25,
        window=16,
        update_every=100,
        window_stride=16,
        steps=2000,
    ),
}
