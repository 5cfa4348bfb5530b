"""From a texture model to a video file, a frame at a time: memory does not grow with the length."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..engine.events import Notice
from ..engine.synthesis import CHUNK, synthesise
from ..engine.video import open_output
from .behind import Behind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import numpy as np

    from ..engine.clip import Colour
    from ..engine.synthesis import Texture
    from ..engine.video import VideoWriter


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """Frames done of frames to do; ``left_s`` covers those that remain, None as long as it isn't known."""

    frame: int
    frames: int
    left_s: float | None


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a video carries beside its frames. With a ``period`` it is a loop of so many; ``note`` says in its header
    what made it: whoever finds it later can make it again."""

    size_hw: tuple[int, int]
    rate: Fraction
    bit_depth: int
    sample_aspect: Fraction
    colour: Colour
    period: int | None
    note: str

    @classmethod
    def of(
        cls,
        texture: Texture,
        *,
        seed: int,
        fine_seed: int | None = None,
        size_hw: tuple[int, int] | None = None,
        period: int | None = None,
    ) -> Form:
        """Of a texture's video, with the source's rate, pixel shape and colour tags; ``size_hw`` in square pixels."""
        return cls(
            size_hw=size_hw or texture.size_hw,
            rate=texture.facts.rate,
            bit_depth=texture.facts.bit_depth,
            sample_aspect=Fraction(1) if size_hw else texture.sample_aspect,
            colour=texture.facts.colour,
            period=period,
            note=_note(texture, seed, fine_seed, period),
        )

    def open(self, out: Path, *, frames: int, overwrite: bool) -> VideoWriter:
        """A writer of so many frames. Raises OutputError."""
        return open_output(
            out,
            size_hw=self.size_hw,
            rate=self.rate,
            bit_depth=self.bit_depth,
            sample_aspect=self.sample_aspect,
            colour=self.colour,
            overwrite=overwrite,
            loop=self.period == frames,
            note=self.note,
            expected_frames=frames,
        )


class _RenderStopped(Exception):  # noqa: N818  # not an error: the caller asked for it
    """Leaves the writer as a failure would, so that it removes what it has begun."""


def render(
    texture: Texture,
    out: Path,
    *,
    frames: range,
    seed: int,
    fine_seed: int | None = None,
    size_hw: tuple[int, int] | None = None,
    period: int | None = None,
    overwrite: bool = False,
    stop: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Rendered | Notice]:
    """Synthesise ``frames`` and write them to ``out``, with the source's rate, pixel shape and colour tags.

    ``fine_seed`` is the draw's. ``size_hw`` in pixels, square ones then; the texture's own by default. With a
    ``period`` the video is a loop of so many frames, and where the container can say so it says it. The file appears
    when the iterator is exhausted; nothing is left of it where ``stop`` came true (the iterator then ends early), an
    error was raised, or the iterator was dropped.
    Raises OutputError, before the first frame where it can be known.
    """
    form = Form.of(texture, seed=seed, fine_seed=fine_seed, size_hw=size_hw, period=period)
    writer = form.open(out, frames=len(frames), overwrite=overwrite)
    for text in writer.notices:
        yield Notice(text=text)
    made = synthesise(texture, frames=frames, seed=seed, fine_seed=fine_seed, size_hw=size_hw, period=period)
    yield from written(made, len(frames), writer, stop=stop, clock=clock)


def written(
    made: Iterable[np.ndarray],
    count: int,
    writer: VideoWriter,
    *,
    stop: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Rendered]:
    """Write ``count`` frames as they are made; ends as ``render`` does."""
    pace = _Pace(count, clock)
    with suppress(_RenderStopped), writer, Behind(writer.write) as behind:
        for done, frame in enumerate(made, 1):
            if stop():
                raise _RenderStopped
            behind.put(frame)
            yield Rendered(frame=done, frames=count, left_s=pace.left_s(done))


class _Pace:
    """Time left, known from the second frame on. The first frame of a chunk takes what is done for the whole chunk."""

    def __init__(self, frames: int, clock: Callable[[], float]) -> None:
        self._frames, self._clock = frames, clock
        self._started = self._first = clock()

    def left_s(self, done: int) -> float | None:
        """To be asked once a frame."""
        now, left = self._clock(), self._frames - done
        if done == 1:
            self._first = now
            return None if left else 0.0
        spent = now - self._started
        if done >= CHUNK:
            return spent / done * left
        a_frame = (now - self._first) / (done - 1)
        a_chunk = max(0.0, self._first - self._started - a_frame)
        return a_frame * left + a_chunk * max(0, -(-self._frames // CHUNK) - 1)


def _note(texture: Texture, seed: int, fine_seed: int | None, period: int | None) -> str:
    made: dict[str, Any] = {"source": texture.facts.name, "seed": seed, "layers": texture.layers}
    if texture.canvas is not None:
        ends = zip("yx", texture.canvas.around, strict=True)
        made |= {"fit": "more", "tile_space": "".join(axis for axis, goes_on in ends if goes_on)}
    if fine_seed is not None:
        made["fine_seed"] = fine_seed
    if period is not None:
        made["loop"] = period
    if texture.options is not None:
        made["options"] = texture.options.as_dict()
    return json.dumps({"dtsgan": made})
