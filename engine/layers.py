"""What a result is made by: coarse motion, learned shapes, the source's own pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Collection

    from .model import TextureModel

Layer = Literal["prior", "pyramid", "detail"]
LAYERS: tuple[Layer, ...] = ("prior", "pyramid", "detail")
"""In the order they work in."""


def layers_of(model: TextureModel, wanted: Collection[Layer] | None = None) -> tuple[Layer, ...]:
    """The wanted layers of a model in the order they work in; by default all that make its results better.

    Where the source is no larger than what was learned, the detail is not among them: putting pieces together costs a
    tenth of sharpness and motion there, for patches that are hardly nearer to the source's. Raises OptionError for
    layers that the model doesn't have.
    """
    exemplar = model.exemplar
    has: dict[Layer, bool] = {
        "prior": model.options.preset == "fast",
        "pyramid": True,
        "detail": exemplar is not None,
    }
    for layer in wanted or ():
        if not has[layer]:
            raise OptionError(
                f"The texture model of {model.facts.name} has no layer {layer!r}.",
                remedy=f"Choose among {', '.join(layer for layer in LAYERS if has[layer])}.",
            )
    if not wanted:
        useful = exemplar is not None and min(exemplar.size_hw) > min(model.size_hw)
        wanted = [layer for layer in LAYERS if has[layer] and (useful or layer != "detail")]
    return tuple(layer for layer in LAYERS if layer in wanted)
