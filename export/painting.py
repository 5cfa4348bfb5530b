"""A region of a clip painted anew: with what is put into it, or with another texture. Importing this needs no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.detail import DetailTransfer
from ..engine.fill import Painting, Synthesised, insertion
from ..engine.fit import fitted
from .textures import open_for_painting, open_texture

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..engine.fill import Beside, Moments, Reference
    from ..engine.model import TextureModel
    from ..engine.region import Region
    from .device import Device


def painting(
    region: Region,
    reference: Reference | None,
    *,
    clean: Moments | Beside | None,
    model: TextureModel | None,
    device: Device,
    inject: int | None,
    seed: int,
    exemplar_bytes: int,
    stop: Callable[[], bool],
) -> tuple[Painting, tuple[str, ...]]:
    """What fills a region with a reference, or without one with the clip's own texture, and what the person must be
    told.

    ``clean`` takes out what was there; a ``model`` makes what is put in anew from scale ``inject`` on, without one only
    its pixels are new. Raises what ``insertion`` and ``open_for_painting`` do.
    """
    small = region.clip.frames_thwc
    small_hw = (small.shape[1], small.shape[2]) if model is None else model.size_hw
    put = insertion(region, small_hw, reference, clean=clean, exemplar_bytes=exemplar_bytes, stop=stop)
    base = put.edited if model is None else open_for_painting(model, put.edited, device, inject=inject)
    made = Painting(
        base,
        DetailTransfer(put.pixels_thwc, base_hw=put.window.small_hw),
        put.window,
        frames=len(small),
        seed=seed,
        deep=region.clip.bit_depth > 8,
        track=region.track,
    )
    return made, put.notices


def synthesised(
    region: Region,
    model: TextureModel,
    device: Device,
    *,
    seed: int,
    exemplar_bytes: int,
    memory_bytes: int | None,
    stop: Callable[[], bool],
) -> Synthesised:
    """What fills a region with another texture, as large as that is. Raises what ``open_texture`` and ``fitted`` do."""
    size_hw = (region.rect.height, region.rect.width)
    texture = open_texture(model, device, size_hw=size_hw, exemplar_bytes=exemplar_bytes, stop=stop)
    return Synthesised(
        fitted(texture, size_hw, fit="auto", memory_bytes=memory_bytes),
        region.rect,
        frames=len(region.clip.numbers),
        seed=seed,
        track=region.track,
    )
