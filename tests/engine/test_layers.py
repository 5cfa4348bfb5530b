from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from support.models import empty_model

from dtsgan.engine.config import LearnOptions
from dtsgan.engine.errors import OptionError
from dtsgan.engine.layers import LAYERS, layers_of
from dtsgan.engine.model import ExemplarFacts, TextureModel


def model_of(exemplar_hw: tuple[int, int] | None) -> TextureModel:
    """A model learned at 24x32, with pixels of this size."""
    model = empty_model((24, 32))
    if exemplar_hw is None:
        return model
    facts = ExemplarFacts(size_hw=exemplar_hw, frames=9, span=(0, 9), sample_aspect=Fraction(1), path="a.mp4")
    return replace(model, exemplar=facts)


@pytest.mark.parametrize(("exemplar_hw", "layers"), [(None, LAYERS[:2]), ((24, 32), LAYERS), ((720, 960), LAYERS)])
def test_all_that_there_is_serves(exemplar_hw: tuple[int, int] | None, layers: tuple[str, ...]) -> None:
    """By default, whatever the source's size."""
    assert layers_of(model_of(exemplar_hw)) == layers


def test_what_is_asked_for_is_given_in_order() -> None:
    """The order they work in, not that of the asking."""
    assert layers_of(model_of((24, 32)), ("detail", "prior")) == ("prior", "detail")


def test_a_layer_that_is_not_there_is_named() -> None:
    """A model without pixels has no detail, the paper's none of our prior."""
    with pytest.raises(OptionError, match="'detail'") as caught:
        layers_of(model_of(None), ("detail",))
    assert "prior, pyramid" in caught.value.remedy
    paper = replace(model_of(None), options=LearnOptions.of("paper"))
    assert layers_of(paper) == ("pyramid",)
    with pytest.raises(OptionError, match="'prior'"):
        layers_of(paper, ("prior", "pyramid"))
