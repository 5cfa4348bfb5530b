"""The table: what is compared with what, and which measures are told to be blind."""

from __future__ import annotations

import dataclasses

import pytest
import torch
import torch.nn.functional as F

from dtsgan.engine.errors import ClipError
from dtsgan.engine.metrics.evaluate import REAL, Evaluation, Measured, evaluate
from dtsgan.engine.metrics.footage import Footage
from dtsgan.engine.metrics.measures import MEASURES, Measure, Networks, UndefinedError
from dtsgan.engine.metrics.references import CHEATS


def footage(frames: int = 20, seed: int = 0, size: tuple[int, int] = (20, 24)) -> Footage:
    generator = torch.Generator().manual_seed(seed)
    video = torch.rand(frames, 3, size[0] // 4, size[1] // 4, generator=generator)
    return Footage(F.interpolate(video, size, mode="bicubic").clamp(0, 1), f"seed {seed}")


def measure(like: str, **changes: object) -> Measure:
    return dataclasses.replace(next(measure for measure in MEASURES if measure.key == like), **changes)


def table(source: Footage, results: list[Footage], measures: list[Measure]) -> Evaluation:
    *_, last = evaluate(source, results, measures, Networks())
    assert isinstance(last, Evaluation)
    return last


def test_results_meet_the_source_half_by_half_and_real_footage_meets_its_other_half() -> None:
    """Cheats are made of the half that they are not held against."""
    source, result = footage(21), footage(30, seed=1)
    seen: list[tuple[str, float, float]] = []

    def watch(known: Footage, made: Footage, _: Networks) -> float:
        seen.append((made.name, float(made.video_tchw[0, 0, 0, 0]), float(known.video_tchw[0, 0, 0, 0])))
        assert len(known) == len(made) == 10
        return 1.0

    table(source, [result], [measure("patches", compute=watch)])
    mine, true = result.video_tchw[:, 0, 0, 0].tolist(), source.video_tchw[:, 0, 0, 0].tolist()
    assert seen[:2] == [(result.name, mine[0], true[0]), (result.name, mine[10], true[11])]
    assert seen[2] == (source.name, true[11], true[0])
    frozen = [row for row in seen if row[0] == "frozen frame"]
    assert frozen == [("frozen frame", true[11], true[0]), ("frozen frame", true[0], true[11])]


def test_every_row_has_every_score_and_progress_ends_at_one() -> None:
    """Results first, then real footage, then the cheats."""
    source = footage()
    measures = [measure("motion"), measure("sharpness"), measure("seam")]
    *events, result = evaluate(source, [footage(seed=1), footage(seed=2)], measures, Networks())
    assert isinstance(result, Evaluation)
    assert [row.name for row in result.rows] == ["seed 1", "seed 2", REAL, *CHEATS]
    assert all(set(row.scores) == {"motion", "sharpness", "seam"} for row in result.rows)
    shares = [event.done for event in events if isinstance(event, Measured)]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert result.diversity.keys() == result.own_diversity.keys() == {"grey"}


def test_a_measure_is_called_blind_to_the_cheats_that_it_ranks_as_high_as_real_footage() -> None:
    """Whatever its direction."""
    values = {"seed 0": 2.0, "frozen frame": 1.0, "shuffled frames": 2.0, "blurred": 3.0}

    def known(_: Footage, made: Footage, __: Networks) -> float:
        return values.get(made.name, 5.0)

    lower, higher, near = (
        measure("patches", key=better, better=better, compute=known) for better in ("lower", "higher", "near 1")
    )
    blind = table(footage(), [], [lower, higher, near]).blind
    assert blind["lower"] == ("frozen frame", "shuffled frames")
    assert blind["higher"] == ("cross-fade loop", "shuffled frames", "blurred", "linear dynamic texture")
    assert blind["near 1"] == ("frozen frame", "shuffled frames")


def test_a_score_without_a_value_keeps_its_reason() -> None:
    """And is neither good nor bad."""

    def undefined(*_: object) -> float:
        raise UndefinedError("nothing is here")

    result = table(footage(), [], [measure("patches", compute=undefined)])
    assert {(score.value, score.why_none) for row in result.rows for score in row.scores.values()} == {
        (None, "nothing is here")
    }
    assert result.blind == {"patches": ()}


def test_it_stops_when_asked() -> None:
    """Between two scores, and then there is no table."""
    events = list(evaluate(footage(), [], [measure("motion")], Networks(), stop=lambda: True))
    assert events == []


def test_what_cannot_be_compared_is_refused() -> None:
    """By name, with the numbers."""
    with pytest.raises(ClipError, match=r"seed 1 has another size"):
        table(footage(), [footage(seed=1, size=(24, 24))], [measure("motion")])
    with pytest.raises(ClipError, match=r"seed 1 has 9 frames, and measuring needs 16"):
        table(footage(), [footage(9, seed=1)], [measure("motion")])
