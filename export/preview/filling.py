"""From a request to the pictures that answer it: what ``dtsgan replace`` does, on the small copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...engine.clip import Rect
from ...engine.detail.transfer import GRID
from ...engine.errors import ClipError, OptionError
from ...engine.fill import Reference, check_reference, surround
from ...engine.region import feather_share, read_region
from ..painting import painting, synthesised

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...engine.model import TextureModel
    from ...engine.region import Fill, Region
    from ..device import Device
    from .proxy import Proxy
    from .request import Patch, Request

EXEMPLAR_BYTES = 256 << 20


def previewed(
    request: Request,
    proxy: Proxy,
    *,
    model: TextureModel | None,
    own: bool,
    other: Proxy | None,
    device: Device,
    stop: Callable[[], bool],
) -> np.ndarray:
    """The frames of the small copy with the region replaced, (T, H, W, 3) uint8.

    ``own`` says that the model was learned from the clip; ``other`` is the small copy of the clip that a reference is
    taken from. Raises UserError, ReadStopped.
    """
    painted = request.fill != "surround"
    feather = feather_share(painted=painted) * min(proxy.size_hw)
    if request.feather_px is not None:
        feather = request.feather_px * min(proxy.scale_hw)
    assert request.mask is not None
    region = read_region(
        proxy.path,
        Path(request.mask),
        short_side=min(model.size_hw) if model and painted else GRID,
        feather_px=round(feather),
        exemplar_bytes=EXEMPLAR_BYTES,
        stop=stop,
    )
    fill = _fill(request, region, proxy, model=model, own=own, other=other, device=device, stop=stop)
    made = np.empty((len(region.shown), *proxy.size_hw, 3), np.uint8)
    for place, frame in enumerate(region.replaced(fill).make()):
        if stop():
            break
        made[place] = frame
    return made


def _fill(
    request: Request,
    region: Region,
    proxy: Proxy,
    *,
    model: TextureModel | None,
    own: bool,
    other: Proxy | None,
    device: Device,
    stop: Callable[[], bool],
) -> Fill:
    if request.fill == "surround":
        return surround(region)
    reference = None
    if request.fill == "patch":
        if request.reference is None:
            raise OptionError("No patch is chosen yet.", remedy="Drag a rectangle over what is to fill the region.")
        reference = _reference(request.reference, proxy, other)
        check_reference(reference, region)
    if request.fill == "texture" and model is not None and not own:
        return synthesised(
            region,
            model,
            device,
            seed=request.seed,
            exemplar_bytes=EXEMPLAR_BYTES,
            memory_bytes=None,
            stop=stop,
        )
    try:
        clean = surround(region)
    except ClipError:
        if reference is None:
            raise
        clean = None  # the reference hides it
    made, _ = painting(
        region,
        reference,
        clean=clean,
        model=model,
        device=device,
        inject=request.inject if model is not None else None,
        seed=request.seed,
        exemplar_bytes=EXEMPLAR_BYTES,
        stop=stop,
    )
    return made


def _reference(patch: Patch, proxy: Proxy, other: Proxy | None) -> Reference:
    """The patch in pixels and frames of the small copy."""
    source = other or proxy
    (scale_y, scale_x), (height, width) = source.scale_hw, source.size_hw
    x, y = round(patch.x * scale_x), round(patch.y * scale_y)
    if x >= width or y >= height:
        raise OptionError("The patch lies outside the picture.", remedy="Drag another rectangle.")
    rect = Rect(
        x=min(x, width - 1),
        y=min(y, height - 1),
        width=max(1, min(round(patch.width * scale_x), width - x)),
        height=max(1, min(round(patch.height * scale_y), height - y)),
    )
    if other is not None:
        return Reference(rect=rect, clip=other.path)
    # A patch from before or after the previewed part is taken from where that is nearest.
    frame = min(max(patch.frame - proxy.frames.start, 0), len(proxy.frames) - 1)
    return Reference(rect=rect, frame=frame)
