"""Texture models and textures that hold no weights, for what only looks at their facts."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dtsgan.engine.clip import Colour
from dtsgan.engine.config import LearnOptions
from dtsgan.engine.model import SourceFacts, TextureModel
from dtsgan.engine.synthesis import Texture

if TYPE_CHECKING:
    import numpy as np

    from dtsgan.engine.prior import Draw


def empty_model(size_hw: tuple[int, int], *, frames: int = 12, **facts: Any) -> TextureModel:
    """A model of one scale of ``size_hw``; ``facts`` replace what is told of its source, fire.mov at 25 fps."""
    told: dict[str, Any] = {
        "name": "fire.mov",
        "sha256": "0" * 64,
        "span": (0, frames),
        "crop": None,
        "size_hw": size_hw,
        "rate": Fraction(25),
        "bit_depth": 8,
        "sample_aspect": Fraction(1),
        "colour": Colour(),
    }
    return TextureModel(
        options=LearnOptions.of("fast"),
        facts=SourceFacts(**told | facts),
        frames=frames,
        sizes_hw=(size_hw,),
        amplitudes=(1.0,),
        arrays={},
    )


class _NoBase:
    """Makes nothing, in this size."""

    def __init__(self, size_hw: tuple[int, int]) -> None:
        self.size_hw = size_hw

    def video(self, frames: range, draw: Draw) -> np.ndarray:
        raise NotImplementedError


def empty_texture(size_hw: tuple[int, int], *, frames: int = 12, **facts: Any) -> Texture:
    """A texture of the model above, all of its layers but the detail at work."""
    model = empty_model(size_hw, frames=frames, **facts)
    return Texture(
        facts=model.facts,
        frames=frames,
        layers=("prior", "pyramid"),
        prior=None,
        base=_NoBase(size_hw),
        detail=None,
        sample_aspect=model.facts.sample_aspect,
        options=model.options,
    )
