"""Cutting videos into parts, and putting them together."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec import structs
from support.textures import texture_of
from support.videos import texture as moving

from dtsgan.engine.errors import ClipError
from dtsgan.engine.video import iter_frames, probe
from dtsgan.export.farm.parts import Part, join, key_of, part_name, parts_of, render_part, share_of
from dtsgan.export.stream import render
from dtsgan.export.variants import Batch, Variant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

VARIANT = Variant(name="a.mp4", seed=3, frames=2000)
BATCH = Batch(input="/a.dtsgan", sha256="1" * 64, variants=(VARIANT,))


def never() -> bool:
    return False


def spans(
    frames: int, *, px: int = 96 * 96, share: int = 8, kept: Mapping[str, Sequence[str]] | None = None
) -> list[tuple[int, int]]:
    parts = parts_of(BATCH, VARIANT, frames=frames, px=px, share=share, kept=kept or {}, version="1")
    return [part.span for part in parts]


@pytest.mark.parametrize(
    ("frames", "px", "share", "count"),
    [(2000, 96 * 96, 8, 7), (200, 96 * 96, 8, 1), (250, 1920 * 1080, 1, 1), (250, 1920 * 1080, 100, 8)],
)
def test_there_are_as_many_parts_as_are_of_use(frames: int, px: int, share: int, count: int) -> None:
    """Enough for all workers, none so short that what is done again for each weighs."""
    found = spans(frames, px=px, share=share)
    assert len(found) == count
    assert found[0][0] == 0
    assert found[-1][1] == frames
    assert all(one[1] == other[0] for one, other in itertools.pairwise(found))
    assert all(stop % 32 == 0 for _, stop in found[:-1])


def test_no_part_takes_for_ever() -> None:
    """However many variants there are: little is lost with a worker."""
    assert max(stop - start for start, stop in spans(100_000, px=1920 * 1080, share=1)) <= 10_000


def test_what_is_kept_is_used() -> None:
    """Whatever the parts were when it was made."""
    key = key_of(BATCH, VARIANT, "1")
    kept = {key: [part_name(key, *span) for span in ((0, 100), (500, 700), (600, 650), (1999, 2000))]}
    found = spans(2000, kept=kept)
    assert found[0] == (0, 100)
    assert (500, 700) in found
    assert found[-1] == (1999, 2000)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(found))
    assert spans(2000, kept={"another": kept[key]}) == spans(2000)


def test_keys_tell_apart_what_is_not_the_same() -> None:
    """Everything that frames depend on, and not where files lie."""
    key = key_of(BATCH, VARIANT, "1")
    assert key == key_of(structs.replace(BATCH, input="/elsewhere/b.dtsgan"), VARIANT, "1")
    others = [
        key_of(BATCH, VARIANT, "2"),
        key_of(structs.replace(BATCH, sha256="2" * 64), VARIANT, "1"),
        key_of(structs.replace(BATCH, fit="scale"), VARIANT, "1"),
        *(
            key_of(BATCH, structs.replace(VARIANT, **{name: value}), "1")
            for name, value in {"seed": 4, "frames": 1, "size_hw": (8, 8), "loop": True, "name": "b.mp4"}.items()
        ),
    ]
    assert len({key, *others}) == len(others) + 1


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm"])
@pytest.mark.parametrize("period", [None, 50])
def test_joined_parts_are_the_whole(tmp_path: Path, suffix: str, period: int | None) -> None:
    """To the byte, the header with it, of a loop, too."""
    texture = texture_of(moving(40, (24, 32)), (12, 16))
    size_hw = (24, 32)
    whole = tmp_path / f"whole{suffix}"
    list(render(texture, whole, frames=range(50), seed=1, size_hw=size_hw, period=period, stop=never))
    parts = []
    for start, stop in ((0, 32), (32, 45), (45, 50)):
        path = tmp_path / f"{start}.mkv"
        asked = {"seed": 1, "fine_seed": None, "size_hw": size_hw, "period": period}
        list(render_part(texture, path, span=range(start, stop), **asked, stop=never))
        parts.append((path, stop - start))
    joined = tmp_path / f"joined{suffix}"
    list(join(parts, 50, joined, stop=never))
    assert joined.read_bytes() == whole.read_bytes()
    assert probe(joined).note == probe(whole).note != ""


def test_deep_colours_and_odd_pixels_come_through(tmp_path: Path) -> None:
    """What a lossless file can't carry by itself: 10 bits as they were made, the shape of pixels."""
    texture = texture_of(moving(40, (24, 32)), (12, 16))
    facts = replace(texture.facts, bit_depth=10)
    texture = replace(texture, facts=facts, sample_aspect=Fraction(12, 11))
    whole, part, joined = (tmp_path / name for name in ("whole.mp4", "part.mkv", "joined.mp4"))
    list(render(texture, whole, frames=range(8), seed=1, stop=never))
    asked = {"seed": 1, "fine_seed": None, "size_hw": None, "period": None}
    list(render_part(texture, part, span=range(8), **asked, stop=never))
    list(join([(part, 8)], 8, joined, stop=never))
    assert joined.read_bytes() == whole.read_bytes()
    info = probe(joined)
    assert (info.bit_depth, info.sample_aspect) == (10, Fraction(12, 11))
    assert next(iter_frames(part)).dtype == np.uint16


def test_a_spoiled_part_is_named(tmp_path: Path) -> None:
    """Nothing is joined of it."""
    texture = texture_of(moving(40, (24, 32)), (12, 16))
    part = tmp_path / "part.mkv"
    asked = {"seed": 1, "fine_seed": None, "size_hw": None, "period": None}
    list(render_part(texture, part, span=range(8), **asked, stop=never))
    with pytest.raises(ClipError, match=r"part\.mkv is not as it was written"):
        list(join([(part, 9)], 9, tmp_path / "joined.mkv", stop=never))
    part.write_bytes(b"")
    with pytest.raises(ClipError, match=r"part\.mkv"):
        list(join([(part, 8)], 8, tmp_path / "joined.mkv", stop=never))
    assert [path.name for path in tmp_path.iterdir()] == ["part.mkv"]


HD = 1280 * 720


@pytest.mark.parametrize(
    ("lengths", "slots", "cores", "share"),
    [
        ([(2000, 96 * 96)], 2, 2, 8),  # one video, and workers that would be idle
        ([(250, HD)] * 500, 1000, 8, 1),  # one computer would encode far longer than all render
        ([(250, HD)] * 40, 10, 8, 1),  # enough for all
        ([(2000, HD)] * 3, 10, 8, 14),
    ],
)
def test_videos_are_cut_where_that_is_of_use(
    lengths: list[tuple[int, int]], slots: int, cores: int, share: int
) -> None:
    """Few videos for many workers are; not where putting them together would take longer than it saves."""
    assert share_of(lengths, slots=slots, cores=cores) == share


def test_a_short_video_is_whole() -> None:
    """Its file is what the worker writes."""
    (part,) = parts_of(BATCH, VARIANT, frames=250, px=HD, share=1, kept={}, version="1")
    assert part == Part(name=part.name, variant=VARIANT, span=(0, 250), whole=True)
    assert part.name.endswith(".mp4")
