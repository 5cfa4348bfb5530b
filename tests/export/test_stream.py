from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from support.models import empty_texture

from dtsgan.engine.canvas import Canvas
from dtsgan.engine.clip import Colour
from dtsgan.engine.errors import OutputError
from dtsgan.engine.events import Notice
from dtsgan.engine.video import iter_frames, probe
from dtsgan.export import stream
from dtsgan.export.stream import Rendered, render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TAGS = Colour(primaries="bt709", transfer="bt709", matrix="bt709", range="tv")
TEXTURE = empty_texture((32, 48), rate=Fraction(24000, 1001), colour=TAGS)


@pytest.fixture(autouse=True)
def synthesis(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Synthesis that paints each frame in a grey of its number and the seed, and notes what it was asked for."""
    asked: list[dict[str, Any]] = []

    def synthesise(
        texture: Any,
        *,
        frames: range,
        seed: int,
        fine_seed: int | None = None,
        size_hw: tuple[int, int] | None = None,
        period: int | None = None,
    ) -> Iterator[np.ndarray]:
        asked.append({"frames": frames, "seed": seed, "fine_seed": fine_seed, "size_hw": size_hw, "period": period})
        for frame in frames:
            yield np.full((*(size_hw or texture.size_hw), 3), frame + seed, np.uint8)

    monkeypatch.setattr(stream, "synthesise", synthesise)
    return asked


def never() -> bool:
    return False


def test_every_frame_is_written_with_the_sources_time_and_colour(tmp_path: Path) -> None:
    """A lossless output holds exactly the frames synthesised, at the source's rate and colour tags."""
    out = tmp_path / "out.mkv"
    events = list(render(TEXTURE, out, frames=range(30), seed=7, stop=never))
    assert [event.frame for event in events if isinstance(event, Rendered)] == list(range(1, 31))
    assert [int(frame[0, 0, 0]) for frame in iter_frames(out)] == list(range(7, 37))
    info = probe(out)
    assert info.size_hw == (32, 48)
    assert info.frames == 30
    assert info.rate == Fraction(24000, 1001)
    assert (info.colour.primaries, info.colour.transfer) == ("bt709", "bt709")


def test_the_shape_of_pixels_is_the_sources(tmp_path: Path) -> None:
    """Pixels that are not square stay so where the format can say it, else are refused by name; a size asked for
    has square ones."""
    wide = empty_texture((32, 48), sample_aspect=Fraction(16, 15))
    list(render(wide, tmp_path / "out.mp4", frames=range(2), seed=0, stop=never))
    assert probe(tmp_path / "out.mp4").sample_aspect == Fraction(16, 15)
    with pytest.raises(OutputError, match="16/15"):
        list(render(wide, tmp_path / "out.mkv", frames=range(2), seed=0, stop=never))
    list(render(wide, tmp_path / "square.mkv", frames=range(2), seed=0, size_hw=(30, 48), stop=never))
    assert probe(tmp_path / "square.mkv").sample_aspect == 1


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm"])
def test_the_header_says_how_to_make_it_again(tmp_path: Path, suffix: str) -> None:
    """Source, seed, layers and options stand in the comment."""
    list(render(TEXTURE, tmp_path / f"out{suffix}", frames=range(2), seed=7, stop=never))
    note = json.loads(probe(tmp_path / f"out{suffix}").note)
    assert TEXTURE.options is not None
    made = {"source": "fire.mov", "seed": 7, "layers": ["prior", "pyramid"], "options": TEXTURE.options.as_dict()}
    assert note == {"dtsgan": made}


def test_the_header_says_how_the_picture_was_filled(tmp_path: Path) -> None:
    """With more of the texture, and around which edges."""
    texture = replace(TEXTURE, canvas=Canvas.of((32, 48), (32, 48), around=(False, True)))
    list(render(texture, tmp_path / "out.mkv", frames=range(2), seed=7, stop=never))
    note = json.loads(probe(tmp_path / "out.mkv").note)["dtsgan"]
    assert (note["fit"], note["tile_space"]) == ("more", "x")


def test_another_size_is_passed_on(tmp_path: Path, synthesis: list[dict[str, Any]]) -> None:
    """The size asked for is the size synthesised and written."""
    out = tmp_path / "out.mkv"
    list(render(TEXTURE, out, frames=range(2), seed=0, size_hw=(20, 64), stop=never))
    assert synthesis == [{"frames": range(2), "seed": 0, "fine_seed": None, "size_hw": (20, 64), "period": None}]
    assert probe(out).size_hw == (20, 64)


def times_left(tmp_path: Path, times: list[float], frames: int) -> list[float | None]:
    clock = iter(times)
    events = render(TEXTURE, tmp_path / "out.mkv", frames=range(frames), seed=0, stop=never, clock=lambda: next(clock))
    return [event.left_s for event in events if isinstance(event, Rendered)]


def test_the_time_left_follows_the_pace(tmp_path: Path) -> None:
    """The first frame, which takes what a whole chunk takes, says nothing; from the second on ten seconds a frame."""
    assert times_left(tmp_path, [0.0, 90.0, 100.0, 110.0, 120.0], 4) == [None, 20, 10, 0]


def test_every_chunk_takes_its_time(tmp_path: Path) -> None:
    """A hundred frames in four chunks, 80 seconds a chunk and one a frame: told right from the second frame on."""
    times = [0.0]
    for frame in range(100):
        times.append(times[-1] + (81 if frame % 32 == 0 else 1))
    left = times_left(tmp_path, times, 100)
    assert left[0] is None
    assert left[1] == 98 + 3 * 80
    assert left[31] == pytest.approx(68 * 112 / 32)
    assert left[-1] == 0


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".mp4"])
def test_a_loop_says_so(tmp_path: Path, suffix: str, synthesis: list[dict[str, Any]]) -> None:
    """GIF and WebP repeat for ever, other headers tell; a part of a loop is none."""
    plain = empty_texture((32, 48))
    whole, part = tmp_path / f"whole{suffix}", tmp_path / f"part{suffix}"
    list(render(plain, whole, frames=range(8), seed=0, period=8, stop=never))
    list(render(plain, part, frames=range(2, 4), seed=0, period=8, stop=never))
    assert [each["period"] for each in synthesis] == [8, 8]
    if suffix != ".webp":  # which FFmpeg can't read
        assert (probe(whole).frames, probe(part).frames) == (8, 2)
    match suffix:
        case ".gif":
            found = [b"NETSCAPE2.0\x03\x01\x00\x00" in path.read_bytes() for path in (whole, part)]
        case ".webp":
            assert duration_ms(whole) == 8 * 40
            found = [loops_of(whole.read_bytes()) == 0, b"ANIM" in part.read_bytes()]  # two alike: one picture
        case _:
            found = [json.loads(probe(path).note)["dtsgan"]["loop"] == 8 for path in (whole,)] + [False]
    assert found == [True, False]


def duration_ms(webp: Path) -> int:
    """Of all its frames; its writer joins those that look the same."""
    total = 0
    with Image.open(webp) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            total += image.info["duration"]
    return total


def loops_of(webp: bytes) -> int:
    """How often an animated WebP plays, 0 for ever: the last two bytes of its ANIM chunk."""
    at = webp.index(b"ANIM")
    return int.from_bytes(webp[at + 12 : at + 14], "little")


def test_stopped_means_nothing_is_left(tmp_path: Path) -> None:
    """Where stop comes true the rendering ends early, without a file and without a failure."""
    events = []
    for event in render(TEXTURE, tmp_path / "out.mkv", frames=range(30), seed=0, stop=lambda: len(events) == 5):
        events.append(event)  # noqa: PERF402
    assert len(events) == 5
    assert not list(tmp_path.iterdir())


def test_dropped_or_failed_means_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller that goes away, or a synthesis that fails, leaves no half a video."""
    events = render(TEXTURE, tmp_path / "out.mkv", frames=range(30), seed=0, stop=never)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert not list(tmp_path.iterdir())

    def failing(*_: Any, **__: Any) -> Iterator[np.ndarray]:
        yield np.zeros((32, 48, 3), np.uint8)
        raise MemoryError

    monkeypatch.setattr(stream, "synthesise", failing)
    with pytest.raises(MemoryError):
        list(render(TEXTURE, tmp_path / "out.mkv", frames=range(30), seed=0, stop=never))
    assert not list(tmp_path.iterdir())


def test_an_output_that_cant_be_is_refused_before_the_first_frame(
    tmp_path: Path, synthesis: list[dict[str, Any]]
) -> None:
    """An existing file, a missing folder and an unknown format cost no synthesis."""
    (tmp_path / "there.mkv").write_text("precious")
    for name in ("there.mkv", "no/out.mkv", "out.doc"):
        with pytest.raises(OutputError):
            next(render(TEXTURE, tmp_path / name, frames=range(3), seed=0, stop=never))
    assert not synthesis
    assert (tmp_path / "there.mkv").read_text() == "precious"
    list(render(TEXTURE, tmp_path / "there.mkv", frames=range(3), seed=0, overwrite=True, stop=never))
    assert probe(tmp_path / "there.mkv").frames == 3


def test_what_the_writer_has_to_say_comes_first(tmp_path: Path) -> None:
    """An odd size in MP4 is noticed before the frames."""
    first = next(render(TEXTURE, tmp_path / "out.mp4", frames=range(2), seed=0, size_hw=(31, 48), stop=never))
    assert isinstance(first, Notice)
    assert "odd" in first.text


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    """Five times the frames take no more memory on our side: none is kept."""

    def peak(frames: int) -> int:
        tracemalloc.start()
        for _ in render(
            TEXTURE, tmp_path / f"{frames}.mp4", frames=range(frames), seed=0, size_hw=(64, 64), stop=never
        ):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(5)
    assert peak(200) < peak(40) + 10 * 64 * 64 * 3
