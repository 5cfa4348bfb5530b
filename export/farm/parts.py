"""Parts of videos: what one task makes, lossless on the way, put together in order and encoded once."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

from ...engine.clip import Colour
from ...engine.errors import ClipError
from ...engine.events import Notice
from ...engine.synthesis import CHUNK, synthesise
from ...engine.video import iter_frames, open_output, probe
from ..stream import Form, Rendered, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ...engine.synthesis import Texture
    from ..variants import Batch, Variant

LOSSLESS = ".mkv"
DEEP_BITS = 16
FOLDER = ".dtsgan-parts"
"""Inside the folder of the results, while they are made."""

SECOND_PX = 12_500_000
FRAME_PX = 250_000
"""What a processor's core renders in a second, and what is done for a frame however small it is, in pixels of the
picture: measured at 96 and 720 px."""

ENCODED_PX = 8_000_000
"""What a core decodes of parts and encodes in a second."""

LEAST_S, MOST_S = 6, 1800
"""How long a part takes: what is done again for each is little beside it, and not too much is lost with it."""

TIMES = 4
"""Parts for each worker, where there is so much to do: none waits long for the others."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """The frames ``span`` of a variant; ``whole`` where these are all of it, written as its own file."""

    name: str
    variant: Variant
    span: tuple[int, int]
    whole: bool

    @property
    def frames(self) -> int:
        return self.span[1] - self.span[0]


def parts_of(
    batch: Batch, variant: Variant, *, frames: int, px: int, share: int, kept: Mapping[str, Iterable[str]], version: str
) -> list[Part]:
    """The parts that a variant of ``frames`` of ``px`` pixels is made in, about ``share`` of them if they are long
    enough, one alone if it is short. Those whose names are ``kept`` under a variant's key are used as they are."""
    key = key_of(batch, variant, version)
    spans = _kept_spans(key, kept.get(key, ()))
    a_second = SECOND_PX / (px + FRAME_PX)
    length = min(max(frames / share, LEAST_S * a_second), MOST_S * a_second)
    length = max(1, round(length / CHUNK)) * CHUNK
    if not spans and frames <= length:
        return [Part(name=f"{key}{suffix_of(variant)}", variant=variant, span=(0, frames), whole=True)]
    parts, start = [], 0
    while start < frames:
        stop = spans.get(start, min(frames, (start // length + 1) * length, *(at for at in spans if at > start)))
        parts.append(Part(name=part_name(key, start, stop), variant=variant, span=(start, stop), whole=False))
        start = stop
    return parts


def key_of(batch: Batch, variant: Variant, version: str) -> str:
    """What a variant's file depends on, as a name for files: where those lie doesn't belong to it."""
    of = {name: getattr(batch, name) for name in ("sha256", "layers", "fit", "range", "rate")}
    facts = json.dumps([version, msgspec.to_builtins(of), msgspec.to_builtins(variant)], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:24]


def part_name(key: str, start: int, stop: int) -> str:
    return f"{key}-{start:08d}-{stop:08d}{LOSSLESS}"


def suffix_of(variant: Variant) -> str:
    return variant.name[variant.name.rindex(".") :]


def _kept_spans(key: str, kept: Iterable[str]) -> dict[int, int]:
    """The longest part that is there from each frame on: first, stop."""
    spans: dict[int, int] = {}
    for name in kept:
        if match := re.fullmatch(rf"{key}-(\d{{8}})-(\d{{8}}){re.escape(LOSSLESS)}", name):
            start, stop = int(match[1]), int(match[2])
            spans[start] = max(stop, spans.get(start, stop))
    return spans


def render_part(
    texture: Texture,
    out: Path,
    *,
    span: range,
    seed: int,
    fine_seed: int | None,
    size_hw: tuple[int, int] | None,
    period: int | None,
    stop: Callable[[], bool],
) -> Iterator[Rendered | Notice]:
    """Write these frames of a video without loss, and its form with them; otherwise as ``stream.render`` does."""
    form = Form.of(texture, seed=seed, fine_seed=fine_seed, size_hw=size_hw, period=period)
    writer = open_output(
        out,
        size_hw=form.size_hw,
        rate=form.rate,
        bit_depth=DEEP_BITS if form.bit_depth > 8 else 8,  # of which its own depth is made in the end
        overwrite=True,
        note=json.dumps(_told(form)),
        expected_frames=len(span),
    )
    made = synthesise(texture, frames=span, seed=seed, fine_seed=fine_seed, size_hw=size_hw, period=period)
    yield from written(made, len(span), writer, stop=stop)


def join(
    parts: Iterable[tuple[Path, int]], frames: int, out: Path, *, stop: Callable[[], bool]
) -> Iterator[Rendered | Notice]:
    """Encode a video of so many frames from its parts, each with its number of frames, which come in order; as
    ``stream.render`` does.

    Raises ClipError where a part can't be read or has other frames than it should.
    """
    waiting = iter(parts)
    first = next(waiting)
    form = _form(first[0])
    writer = form.open(out, frames=frames, overwrite=True)
    for text in writer.notices:
        yield Notice(text=text)

    def decoded() -> Iterator[Any]:
        for path, count in itertools.chain([first], waiting):
            found = 0
            for frame in iter_frames(path):
                found += 1
                yield frame
            if found != count:
                raise _spoiled(path)

    yield from written(decoded(), frames, writer, stop=stop)


def _told(form: Form) -> dict[str, Any]:
    return asdict(form) | {"rate": str(form.rate), "sample_aspect": str(form.sample_aspect)}


def _form(path: Path) -> Form:
    try:
        told = json.loads(probe(path).note)
        height, width = told["size_hw"]
    except (ValueError, KeyError, TypeError) as error:
        raise _spoiled(path) from error
    return Form(
        **told
        | {
            "size_hw": (height, width),
            "rate": Fraction(told["rate"]),
            "sample_aspect": Fraction(told["sample_aspect"]),
            "colour": Colour(**told["colour"]),
        }
    )


def _spoiled(path: Path) -> ClipError:
    return ClipError(f"{path} is not as it was written.", remedy="Delete it; the same command makes it again.")


def seconds_of(frames: int, px: int) -> float:
    """About how long a core takes to render so many frames."""
    return frames * (px + FRAME_PX) / SECOND_PX


def share_of(lengths: Sequence[tuple[int, int]], *, slots: int, cores: int) -> int:
    """Into how many parts each of some videos is best cut, their frames and pixels given: so that all workers have
    enough to do, unless one computer of so many cores would take longer to put them together."""
    if not lengths:
        return 1
    render_s = sum(seconds_of(frames, px) for frames, px in lengths)
    encode_s = sum(frames * px for frames, px in lengths) / ENCODED_PX
    whole_s = math.ceil(len(lengths) / slots) * (render_s + encode_s) / len(lengths)
    if whole_s <= max(render_s / slots, encode_s / cores):
        return 1
    return max(1, math.ceil(TIMES * slots / len(lengths)))
