"""From an edit to a video file, a frame at a time."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from ..engine.events import Notice
from ..engine.video import SoundTrack, arranged, open_output
from .stream import Rendered, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction
    from pathlib import Path
    from typing import Any

    from ..engine.edit import Edit
    from ..engine.model import SourceFacts
    from ..engine.video import Sound


def render_edit(
    edit: Edit,
    facts: SourceFacts,
    out: Path,
    *,
    size_hw: tuple[int, int],
    sample_aspect: Fraction,
    loop: bool = False,
    note: dict[str, Any],
    sound: Sound | None = None,
    alpha: bool = False,
    overwrite: bool = False,
    stop: Callable[[], bool],
) -> Iterator[Rendered | Notice]:
    """Write an edit with its source's rate, depth and colour tags; ``note`` says in the video's header what made it,
    and ``loop`` that it repeats for ever. ``sound`` is that of the kept frames: it stays in its place, and goes on in
    repeats of itself where frames are new. With ``alpha`` the frames are RGBA.

    The file appears when the iterator is exhausted; ``stop`` and errors are as in ``stream.render``.
    """
    writer = open_output(
        out,
        size_hw=size_hw,
        rate=facts.rate,
        bit_depth=facts.bit_depth,
        alpha=alpha,
        sample_aspect=sample_aspect,
        colour=facts.colour,
        overwrite=overwrite,
        loop=loop,
        note=json.dumps({"dtsgan": {"source": facts.name, **note}}),
        sound=None if sound is None else _track(sound, edit, facts.rate, loop=loop),
        expected_frames=edit.frames,
    )
    for text in writer.notices:
        yield Notice(text=text)
    yield from written(edit.make(), edit.frames, writer, stop=stop)


def _track(sound: Sound, edit: Edit, rate: Fraction, *, loop: bool) -> SoundTrack:
    before = round(edit.before / rate * sound.rate)
    after = max(0, math.ceil(edit.frames / rate * sound.rate) - before - sound.samples.shape[1])
    blocks = arranged(sound, before=before, after=after, around=loop)
    return SoundTrack(blocks=blocks, rate=sound.rate, layout=sound.layout)
