"""A region of a clip painted anew, by a model's pyramid and the detail transfer. Importing this needs no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.detail import DetailTransfer
from ..engine.fill import Painting, insertion
from .textures import open_for_painting

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
    inject: int,
    seed: int,
    exemplar_bytes: int,
    stop: Callable[[], bool],
) -> Painting:
    """What fills a region with a reference, or without one with the clip's own texture.

    ``clean`` takes out what was there; a ``model`` makes what is put in anew from scale ``inject`` on, without one only
    its pixels are new. Raises what ``insertion`` and ``open_for_painting`` do.
    """
    small = region.clip.frames_thwc
    small_hw = (small.shape[1], small.shape[2]) if model is None else model.size_hw
    put = insertion(region, small_hw, reference, clean=clean, exemplar_bytes=exemplar_bytes, stop=stop)
    base = put.edited if model is None else open_for_painting(model, put.edited, device, inject=inject)
    return Painting(
        base,
        DetailTransfer(put.pixels_thwc, base_hw=put.window.small_hw),
        put.window,
        frames=len(small),
        seed=seed,
        deep=region.clip.bit_depth > 8,
        track=region.track,
    )
