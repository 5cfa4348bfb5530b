"""How a picture of the size asked for is filled: with the texture's own picture, made larger or smaller, or with more
of the texture. Importing this needs no torch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from .canvas import Canvas
from .errors import OptionError
from .memory import check_canvas
from .prior import WidePrior
from .scales import resize

if TYPE_CHECKING:
    import numpy as np

    from .synthesis import Texture

Fit = Literal["auto", "more", "scale"]

ROUNDING = 0.01
"""Differences of sizes and shapes below this share come from whole pixels."""

CELLS = 6
"""Across the short side of a picture, in which it is looked whether a clip is the same all over."""

MOST_LAYOUT = 0.75
MOST_UNEVEN = 0.35
"""What lasts in places along an axis may differ, as a share of how much the clip moves, and so may the movement."""


def alike(clip_thwc: np.ndarray) -> tuple[bool, bool]:
    """Whether a clip, levels of uint8 or uint16, looks and moves the same all along its height, and its width."""
    luma = clip_thwc.mean(3, dtype="f4")
    height, width = luma.shape[1:]
    short = min(height, width)
    cells = (max(2, round(CELLS * height / short)), max(2, round(CELLS * width / short)))
    deviation = luma.std(0)
    moves = max(float(deviation.mean()), 1e-6)
    layout, movement = resize(luma.mean(0), cells), resize(deviation, cells)

    def along(axis: int) -> bool:
        lasting, uneven = (float((each - each.mean(axis, keepdims=True)).std()) for each in (layout, movement))
        return lasting < MOST_LAYOUT * moves and uneven < MOST_UNEVEN * moves

    return along(0), along(1)


def fitted(
    texture: Texture,
    size_hw: tuple[int, int] | None,
    *,
    fit: Fit,
    around: tuple[bool, bool] = (False, False),
    memory_bytes: int | None = None,
) -> Texture:
    """The texture as it fills a picture of this size, its own by default; ``around`` makes it go on from its last row
    to its first, and from its last column to its first.

    ``auto`` fills with more of the texture where it looks alike along the axes that are larger, and scales the
    source's picture elsewhere; ``more`` and ``scale`` do as they say. More of it is as large as in the source, or seen
    from farther off where that is enough, and made without the pyramid: that has learned what is where. Raises
    OptionError where it can't be, ResourceError where it takes more than ``memory_bytes``, or than is free.
    """
    canvas = None if fit == "scale" else _canvas(texture, size_hw, around)
    if any(around) and canvas is None:
        raise OptionError("A picture that goes on around its edges can't be scaled.", remedy="Leave out --fit scale.")
    if canvas is None:
        return texture
    wanted = fit == "more" or any(around)
    prior = texture.prior
    if prior is None:
        if not wanted:
            return texture
        raise OptionError("Without its prior there is no more of a texture.", remedy="Choose --fit scale.")
    fits = zip(alike(prior.clip_thwc), canvas.size_hw, texture.size_hw, strict=True)
    # What is cut out of a scene, or repeated in it, may be what matters there.
    if not wanted and not all(is_alike or _near(new, old) for is_alike, new, old in fits):
        return texture
    if texture.detail is not None:
        height, width = canvas.size_hw
        check_canvas(texture.detail.cells(canvas), height * width, texture.detail.exemplar_bytes, memory_bytes)
    layers = tuple(layer for layer in texture.layers if layer != "pyramid")
    base = WidePrior(prior, canvas.of_source(prior.size_hw))
    return replace(texture, canvas=canvas, base=base, layers=layers)


def _canvas(texture: Texture, size_hw: tuple[int, int] | None, around: tuple[bool, bool]) -> Canvas | None:
    """In pixels of the texture; None where its own picture is of this shape, and large enough."""
    own = height, width = texture.size_hw
    if size_hw is not None:
        # Pixels asked for are square.
        asked_hw = size_hw[0], size_hw[1] / float(texture.sample_aspect)
        shrink = min(1.0, max(new / old for new, old in zip(asked_hw, own, strict=True)))
        height, width = (max(1, round(side / shrink)) for side in asked_hw)
    if _near(height, own[0]) and _near(width, own[1]) and not any(around):
        return None
    return Canvas.of((height, width), own, around=around)


def _near(new: int, old: int) -> bool:
    return abs(new / old - 1) <= ROUNDING
