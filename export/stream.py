"""From a texture model to a video file, a frame at a time: memory does not grow with the length."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ..engine.events import Notice
from ..engine.synthesis import synthesise
from ..engine.video import open_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ..engine.synthesis import Texture


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """Frames done of frames to do; ``left_s`` covers those that remain, at the pace so far."""

    frame: int
    frames: int
    left_s: float


class _RenderStopped(Exception):  # noqa: N818  # not an error: the caller asked for it
    """Leaves the writer as a failure would, so that it removes what it has begun."""


def render(
    texture: Texture,
    out: Path,
    *,
    frames: int,
    seed: int,
    size_hw: tuple[int, int] | None = None,
    overwrite: bool = False,
    stop: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Rendered | Notice]:
    """Synthesise ``frames`` frames and write them to ``out``, with the source's rate, pixel shape and colour tags.

    ``size_hw`` in pixels, square ones then; the texture's own by default. The file appears when the iterator is
    exhausted; nothing is left of it where ``stop`` came true (the iterator then ends early), an error was raised, or
    the iterator was dropped.
    Raises OutputError, before the first frame where it can be known.
    """
    source = texture.facts
    writer = open_output(
        out,
        size_hw=size_hw or texture.size_hw,
        rate=source.rate,
        bit_depth=source.bit_depth,
        sample_aspect=Fraction(1) if size_hw else texture.sample_aspect,
        colour=source.colour,
        overwrite=overwrite,
        note=_note(texture, seed),
        expected_frames=frames,
    )
    for text in writer.notices:
        yield Notice(text=text)
    started = clock()
    with suppress(_RenderStopped), writer:
        for done, frame in enumerate(synthesise(texture, frames=range(frames), seed=seed, size_hw=size_hw), 1):
            if stop():
                raise _RenderStopped
            writer.write(frame)
            yield Rendered(frame=done, frames=frames, left_s=(clock() - started) / done * (frames - done))


def _note(texture: Texture, seed: int) -> str:
    """What made the video, for its header: whoever finds it later can make it again."""
    made = {"source": texture.facts.name, "seed": seed, "layers": texture.layers}
    if texture.options is not None:
        made["options"] = texture.options.as_dict()
    return json.dumps({"dtsgan": made})
