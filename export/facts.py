"""What is known of a texture model or a clip before anything slow is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ..engine.container import is_container
from ..engine.files import MODEL_SUFFIX
from ..engine.layers import layers_of
from ..engine.model import load_model
from ..engine.video import check_output, probe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..engine.clip import Colour, Rect
    from ..engine.layers import Layer
    from ..engine.model import TextureModel


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Of the texture's own picture, and of the source as results carry it on. ``frames`` are those of the source, all
    of a clip's. ``model`` is None for a clip."""

    frames: int
    size_hw: tuple[int, int]
    rate: Fraction
    bit_depth: int
    sample_aspect: Fraction
    colour: Colour
    model: TextureModel | None

    def check_output(
        self, path: Path, size_hw: tuple[int, int] | None, *, alpha: bool = False, overwrite: bool
    ) -> None:
        """Refuse what can't be written. Raises OutputError."""
        check_output(
            path,
            size_hw=size_hw or self.size_hw,
            rate=self.rate,
            bit_depth=self.bit_depth,
            alpha=alpha,
            sample_aspect=Fraction(1) if size_hw else self.sample_aspect,
            colour=self.colour,
            overwrite=overwrite,
        )


def is_model(path: Path) -> bool:
    """Whether it is one by its name or its content."""
    return path.suffix == MODEL_SUFFIX or is_container(path)


def facts_of(
    path: Path, *, layers: Sequence[Layer] | None = None, crop: Rect | None = None, rate: Fraction | None = None
) -> Facts:
    """Of a model with these layers, or of a clip's part. Raises UserError."""
    if is_model(path):
        model = load_model(path)
        exemplar = model.exemplar if "detail" in layers_of(model, layers) else None
        return Facts(
            frames=model.frames,
            size_hw=exemplar.size_hw if exemplar else model.size_hw,
            rate=model.facts.rate,
            bit_depth=model.facts.bit_depth,
            sample_aspect=exemplar.sample_aspect if exemplar else model.facts.sample_aspect,
            colour=model.facts.colour,
            model=model,
        )
    info = probe(path)
    return Facts(
        frames=info.frames,
        size_hw=(crop.height, crop.width) if crop else info.size_hw,
        rate=rate or info.rate,
        bit_depth=info.bit_depth,
        sample_aspect=info.sample_aspect,
        colour=info.colour,
        model=None,
    )
