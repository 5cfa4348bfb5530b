"""Pictures of what was learned, as PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...ui import words
from .textures import device_for

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from ...engine.events import PreviewReady
    from ...engine.model import TextureModel
    from .context import Context

RESULT_FRAMES = 16
RESULT_COLUMNS = 4
RESULT_CELL = 384
RESULT_PX = 1280
"""Longer side at most of the pictures kept for the sheet: sixteen frames of 4K would take 400 MB."""


def save_preview(event: PreviewReady, path: Path, context: Context, *, tries: Path | None = None) -> None:
    """A scale that is done, at its own size; in the folder ``tries`` also as a video, and as a model to try."""
    from ...export.sheet import contact_sheet, save_sheet

    samples = [(f"sample {index + 1}", sample) for index, sample in enumerate(event.samples_thwc)]
    save_sheet(contact_sheet([("source", event.source_thwc), *samples]), path)
    text = f"Scale {event.scale + 1} of {event.scales} is done; contact sheet: {path}"
    facts = _save_tries(event, tries) if tries is not None else {}
    context.report.say("preview", text, scale=event.scale, scales=event.scales, sheet=path, **facts)


def _save_tries(event: PreviewReady, folder: Path) -> dict[str, Any]:
    """A video of one sample, and the model of the scales so far."""
    from ...engine.model import save_model
    from ...engine.video import open_output

    sample = event.samples_thwc[0]
    video, model = folder / f"scale-{event.scale + 1}.mp4", folder / f"scale-{event.scale + 1}.dtsgan"
    height, width = sample.shape[1:3]
    with open_output(video, size_hw=(height, width), rate=event.model.facts.rate, overwrite=True) as writer:
        for frame in sample:
            writer.write(frame)
    save_model(event.model, model, overwrite=True)
    return {"video": video, "model": model, "size_hw": (height, width)}


def save_result(model: TextureModel, clip: Path, path: Path, context: Context, *, rate: Fraction | None) -> None:
    """What ``generate`` makes of the model, at the source's own size; nothing where it was stopped meanwhile."""
    import numpy as np
    from PIL import Image

    from ...engine.clip import Span
    from ...engine.synthesis import synthesise
    from ...engine.video import iter_frames
    from ...export.sheet import as_rgb8, contact_sheet, save_sheet
    from ...export.textures import open_texture

    texture = open_texture(model, device_for(context), source=clip)
    shrink = min(1.0, RESULT_PX / max(texture.size_hw))
    height, width = (max(1, round(side * shrink)) for side in texture.size_hw)
    made = []
    for frame in synthesise(texture, frames=range(RESULT_FRAMES), seed=0):
        if context.stop.is_set():
            return
        small = Image.fromarray(as_rgb8(frame)).resize((width, height), Image.Resampling.LANCZOS)
        made.append(np.asarray(small))
        done = len(made) / RESULT_FRAMES
        context.report.progress(f"preview, frame {len(made)} of {RESULT_FRAMES}", done=done, left_s=None)
    first = model.facts.span[0]
    span = Span(start=first, stop=min(first + RESULT_FRAMES, model.facts.span[1]))
    source = np.stack(list(iter_frames(clip, span=span, crop=model.facts.crop, size_hw=(height, width), rate=rate)))
    rows = [("source", source), ("result, seed 0", np.stack(made))]
    save_sheet(contact_sheet(rows, columns=RESULT_COLUMNS, cell=RESULT_CELL), path)
    text = f"A preview of results at {words.picture_size(texture.size_hw)}: {path}"
    context.report.say("preview", text, sheet=path)
