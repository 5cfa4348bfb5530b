"""What has to be done for a job: orders for the workers, and what of them belongs together."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ...engine.exemplar import MOST_BYTES, linked_clip
from ...engine.files import MODEL_SUFFIX, file_digest
from ...engine.layers import layers_of
from ...engine.memory import PIXEL_BYTES, RENDERING_BYTES
from ...engine.video.formats import choose
from ...engine.video.source import open_source
from ..facts import facts_of
from ..variants.opening import Ingredients
from .inputs import Input
from .orders import LearnOrder, RenderOrder
from .parts import parts_of, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..facts import Facts
    from ..variants import Batch, Variant
    from .orders import Desk
    from .parts import Part

LOSSLESS_PIXEL_BYTES = 3.3
MODEL_BYTES = 64 << 20
"""Of disk space, for one that is learned."""

LEARNING_S = {"quick": 240.0, "standard": 700.0, "fine": 1800.0}
"""To weigh learning against rendering; of a clip of 5 s on two cores."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A variant, its parts, and the orders for them; ``a_frame_s`` is about what a core takes for a frame of it."""

    variant: Variant
    parts: tuple[Part, ...]
    orders: tuple[RenderOrder, ...]
    a_frame_s: float


@dataclass(frozen=True, kw_only=True)
class Need:
    """Of a job: free bytes where its results go, and of a worker's memory; each video's frames and pixels."""

    disk_bytes: int
    memory_bytes: int
    lengths: tuple[tuple[int, int], ...]


def need_of(batches: Iterable[Batch]) -> Need:
    """Raises UserError where an input can't be read."""
    disk, lossless, memory, lengths = 0.0, 0.0, 0, []
    for batch in batches:
        facts = facts_of_batch(batch)
        disk += MODEL_BYTES if batch.learn else 0
        for variant in batch.variants:
            height, width = variant.size_hw or facts.size_hw
            pixels = (variant.frames or facts.frames) * height * width
            lengths.append((variant.frames or facts.frames, height * width))
            choice = choose(Path(variant.name), size_hw=(height, width), bit_depth=facts.bit_depth, alpha=False)
            disk += pixels * choice.bytes_a_pixel
            lossless = max(lossless, pixels * LOSSLESS_PIXEL_BYTES)
            memory = max(memory, RENDERING_BYTES + MOST_BYTES + PIXEL_BYTES * height * width)
    return Need(disk_bytes=int(disk + lossless), memory_bytes=memory, lengths=tuple(lengths))


def facts_of_batch(batch: Batch) -> Facts:
    return facts_of(Path(batch.input), layers=batch.layers, rate=_rate(batch))


def render_orders(batch: Batch, desk: Desk, *, share: int, kept: Iterable[str]) -> list[Planned]:
    """All variants of a batch, each in about ``share`` parts; those among the names ``kept`` are there. Raises
    UserError where an input can't be read."""
    facts = facts_of_batch(batch)
    path = Path(batch.input)
    files = [path] if facts.model else open_source(path, rate=_rate(batch)).files
    given = Input.of(path, batch.sha256 or "", files)
    ingredients = Ingredients(
        path=batch.input,
        layers=batch.layers,
        fit=batch.fit,
        range=batch.range,
        rate=batch.rate,
        source=batch.source,
    )
    by_key: defaultdict[str, set[str]] = defaultdict(set)
    for name in kept:
        by_key[name.split("-")[0]].add(name)
    planned, source = [], _source(batch, facts)
    for variant in batch.variants:
        # How many frames a part of a clip has is known where it is read; that is made as one.
        frames = variant.frames or (facts.frames if facts.model else None)
        height, width = variant.size_hw or facts.size_hw
        parts = parts_of(
            batch,
            variant,
            frames=frames or facts.frames,
            px=height * width,
            share=1 if frames is None else share,
            kept=by_key,
            version=desk.version,
        )
        orders = [
            RenderOrder(
                name=part.name,
                input=given,
                desk=desk,
                source=source,
                ingredients=ingredients,
                variant=variant,
                frames=frames,
                span=part.span,
                whole=part.whole,
            )
            for part in parts
        ]
        a_frame_s = seconds_of(1, height * width)
        planned.append(Planned(variant=variant, parts=tuple(parts), orders=tuple(orders), a_frame_s=a_frame_s))
    return planned


def learn_order(batch: Batch, desk: Desk, slots: dict[str, int]) -> LearnOrder:
    """The learning of a batch's clip."""
    assert batch.learn is not None
    path = Path(batch.input)
    return LearnOrder(
        name=model_of(batch, Path()).name,
        input=Input.of(path, batch.sha256 or "", open_source(path, rate=_rate(batch)).files),
        desk=desk,
        range=batch.range,
        rate=batch.rate,
        how=batch.learn,
        slots=slots,
    )


def model_of(batch: Batch, folder: Path) -> Path:
    """The file of what is learned for a batch; another clip, part or quality has another one."""
    of = [batch.sha256, batch.range, batch.rate, msgspec.to_builtins(batch.learn)]
    digest = hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()[:8]
    return folder / f"{Path(batch.input).stem}-{digest}{MODEL_SUFFIX}"


def learned(batch: Batch, model: Path) -> Batch:
    """The batch, made of what was learned of its clip."""
    return msgspec.structs.replace(
        batch, input=str(model), sha256=file_digest(model), range=None, rate=None, learn=None
    )


def _rate(batch: Batch) -> Fraction | None:
    return None if batch.rate is None else Fraction(batch.rate)


def _source(batch: Batch, facts: Facts) -> Input | None:
    """The clip of a model that only names it, where its pixels are wanted. Raises ClipError."""
    model = facts.model
    if model is None or model.exemplar is None or model.exemplar.path is None:
        return None
    if "detail" not in layers_of(model, batch.layers):
        return None
    path = linked_clip(model, None if batch.source is None else Path(batch.source))
    return Input.of(path, model.facts.sha256, open_source(path).files)
