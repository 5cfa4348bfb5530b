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
    """The wanted layers of a model in the order they work in; all that it has by default.

    Raises OptionError for layers that the model doesn't have.
    """
    has: dict[Layer, bool] = {
        "prior": model.options.preset == "fast",
        "pyramid": True,
        "detail": model.exemplar is not None,
    }
    for layer in wanted or ():
        if not has[layer]:
            raise OptionError(
                f"The texture model of {model.facts.name} has no layer {layer!r}.",
                remedy=f"Choose among {', '.join(layer for layer in LAYERS if has[layer])}.",
            )
    return tuple(layer for layer in LAYERS if (layer in wanted if wanted else has[layer]))
