"""The table: every result and every reference, measured alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..errors import ClipError
from .diversity import grey_diversity, pairwise_lpips
from .footage import LEAST_FRAMES, Footage
from .measures import Measure, Networks, UndefinedError
from .references import CHEATS

REAL = "real footage"


@dataclass(frozen=True, kw_only=True)
class Score:
    """A measure's value, or None and the reason why there is none; ``scales`` are its values scale by scale,
    finest first, where it has them."""

    value: float | None
    scales: tuple[float, ...] = ()
    why_none: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One video's scores by the measures' keys."""

    name: str
    kind: Literal["result", "real", "cheat"]
    scores: dict[str, Score]
    footage: Footage = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """``blind`` names, for each measure, the cheats that it ranks as high as real footage. ``diversity`` is that over
    the results, ``own_diversity`` that between the source's halves: "grey" and "lpips", as far as they can be had."""

    rows: tuple[Row, ...]
    measures: tuple[Measure, ...]
    blind: dict[str, tuple[str, ...]]
    diversity: dict[str, float]
    own_diversity: dict[str, float]
    frames: int


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One more score is known. ``done`` is the part of all, 0 to 1."""

    text: str
    done: float
    left_s: float


@dataclass(frozen=True, kw_only=True)
class _Video:
    """What a row is measured on: pairs of (result, source) of equal length for measures by halves, and one whole."""

    name: str
    kind: Literal["result", "real", "cheat"]
    halves: tuple[tuple[Footage, Footage], ...]
    whole: tuple[Footage, Footage]


def evaluate(
    source: Footage,
    results: Sequence[Footage],
    measures: Sequence[Measure],
    networks: Networks,
    *,
    stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Measured | Evaluation]:
    """Measure results of the source's size; the last event is the Evaluation, unless ``stop()`` came true.

    All are cut to the length of the shortest. Results and cheats are compared by halves, their first with the source's
    first, their last with its last. Real footage is the source shifted by half its length, so that each half meets the
    other; cheats are made of the shifted source, so that none of them profits from having seen what it is held against.

    Raises ClipError where sizes differ or fewer than 16 frames are common to all.
    """
    for result in results:
        if result.size_hw != source.size_hw:
            raise ClipError(f"{result.name} has another size than {source.name}.", remedy="Scale one of them first.")
    length = min(len(footage) for footage in (source, *results)) // 2 * 2
    if length < LEAST_FRAMES:
        short = min((source, *results), key=len)
        raise ClipError(
            f"{short.name} has {len(short)} frames, and measuring needs {LEAST_FRAMES}.", remedy="Give a longer video."
        )
    started, rows = clock(), []
    steps = (len(results) + 1 + len(CHEATS)) * len(measures)
    for video in _videos(source, results, length):
        scores: dict[str, Score] = {}
        for measure in measures:
            if stop():
                return
            scores[measure.key] = _score(measure, video, networks)
            done = (len(rows) * len(measures) + len(scores)) / steps
            spent = clock() - started
            yield Measured(text=f"{measure.label} of {video.name}", done=done, left_s=spent / done - spent)
        rows.append(Row(name=video.name, kind=video.kind, scores=scores, footage=video.whole[0]))
    trimmed = [_first(footage, length) for footage in results]
    yield Evaluation(
        rows=tuple(rows),
        measures=tuple(measures),
        blind={measure.key: _blind(measure, rows) for measure in measures},
        diversity=_diversity(source, trimmed, measures, networks),
        own_diversity=_diversity(source, source.halves(length // 2), measures, networks),
        frames=length,
    )


def _videos(source: Footage, results: Sequence[Footage], length: int) -> Iterator[_Video]:
    """Every row's footage, made when it is asked for: one is in memory at a time beside the results."""
    first, last = halves = source.halves(length // 2)
    whole = _first(source, length)
    for result in results:
        made = _first(result, length)
        pairs = tuple(zip(made.halves(length // 2), halves, strict=True))
        yield _Video(name=result.name, kind="result", halves=pairs, whole=(made, source))
    yield _Video(name=REAL, kind="real", halves=((last, first),), whole=(last, first))
    for name, cheat in CHEATS.items():
        ones = tuple(
            (Footage(cheat(other.video_tchw), name), half) for half, other in zip(halves, (last, first), strict=True)
        )
        yield _Video(name=name, kind="cheat", halves=ones, whole=(Footage(cheat(whole.video_tchw), name), source))


def _first(footage: Footage, length: int) -> Footage:
    return footage if len(footage) == length else Footage(footage.video_tchw[:length], footage.name)


def _score(measure: Measure, video: _Video, networks: Networks) -> Score:
    pairs = video.halves if measure.halves else (video.whole,)
    try:
        scales = measure.scales(pairs, networks)
    except UndefinedError as error:
        return Score(value=None, why_none=str(error))
    return Score(value=measure.mean(scales), scales=scales if len(scales) > 1 else ())


def _blind(measure: Measure, rows: Sequence[Row]) -> tuple[str, ...]:
    """Cheats that score better than real footage, or as well."""
    real = next(row for row in rows if row.kind == "real").scores[measure.key].value
    if real is None:
        return ()
    worst = measure.badness(real)
    scored = [(row.name, row.scores[measure.key].value) for row in rows if row.kind == "cheat"]
    return tuple(name for name, value in scored if value is not None and measure.badness(value) <= worst)


def _diversity(
    source: Footage, made: Sequence[Footage], measures: Sequence[Measure], networks: Networks
) -> dict[str, float]:
    if len(made) < 2:
        return {}
    found = {"grey": grey_diversity(source, made)}
    if any(measure.key == "lpips" for measure in measures):
        found["lpips"] = pairwise_lpips(networks.lpips, made)
    return found
