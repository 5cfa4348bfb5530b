"""Layers: what lies beside the alpha channel, and what other programs make of it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext
from PIL import Image
from support.videos import texture
from support.writing import read, write

from dtsgan.engine.clip import Colour
from dtsgan.engine.video.probe import probe

SIZE = (48, 64)
BT709 = Colour(primaries="bt709", transfer="bt709", matrix="bt709", range="tv")
PQ = Colour(primaries="bt2020", transfer="smpte2084", matrix="bt2020nc", range="tv")


def layer(size_hw: tuple[int, int] = SIZE, *, bits: int = 8) -> np.ndarray:
    """Six frames of straight alpha: a disc with a soft edge in a clear picture, colours everywhere."""
    y, x = np.mgrid[: size_hw[0], : size_hw[1]]
    disc = (128 + 40 * (16 - np.hypot(y - 24, x - 32))).clip(0, 255).astype(np.uint8)
    frames = texture(6, size_hw)
    frames = np.concatenate([frames, np.broadcast_to(disc[..., None], (*frames.shape[:3], 1))], -1)
    if bits == 8:
        return frames
    deep = np.rint(frames / 255 * ((1 << bits) - 1)).astype(np.uint16)
    return deep << (16 - bits) | deep >> (2 * bits - 16)


def decoded(path: Path, layout: str, decoder: str | None = None) -> np.ndarray:
    """What PyAV alone makes of a file, THWC; with a decoder of its choice or this one."""

    def frames() -> Iterator[av.VideoFrame]:
        with av.open(str(path)) as container:
            context = container.streams.video[0].codec_context
            if decoder:
                context = cast(VideoCodecContext, VideoCodecContext.create(decoder, "r"))
            for packet in container.demux(video=0):
                yield from context.decode(packet if packet.size else None)

    return np.stack([frame.to_ndarray(format=layout) for frame in frames()])


@pytest.mark.parametrize(
    ("name", "bits"),
    [("a.mov", 8), ("a.mkv", 8), ("a.mkv", 10), ("a.mkv", 12), ("a.mkv", 16), ("p_%d.png", 8), ("p_%d.png", 16)],
)
@pytest.mark.parametrize("size_hw", [SIZE, (47, 63)])
def test_lossless_layers_are_exact(tmp_path: Path, name: str, bits: int, size_hw: tuple[int, int]) -> None:
    """For other programs, too, at odd sizes, and with the colours of clear pixels."""
    frames = layer(size_hw, bits=bits)
    path = write(tmp_path / name, frames, alpha=True, bit_depth=bits)
    assert frames[..., :3][frames[..., 3] == 0].any()
    assert np.array_equal(decoded(path, "rgba" if bits == 8 else "rgba64le"), frames)
    assert np.array_equal(read(path), frames)


@pytest.mark.parametrize("size_hw", [SIZE, (47, 63)])
def test_layers_of_webm_are_close(tmp_path: Path, size_hw: tuple[int, int]) -> None:
    """By the decoder that knows of its alpha, which is the one that reads it here."""
    frames = layer(size_hw)
    path = write(tmp_path / "a.webm", frames, alpha=True)
    for back in (decoded(path, "rgba", "libvpx-vp9"), read(path)):
        lost = np.abs(back.astype(float) - frames)
        assert lost[..., 3].max() <= 6
        assert lost[..., :3].max() <= 16
        assert lost.mean() < 2
        assert back[..., 3][frames[..., 3] == 0].max() <= 3
        assert back[..., 3][frames[..., 3] == 255].min() >= 252


@pytest.mark.parametrize("size_hw", [SIZE, (47, 63)])
def test_deep_layers_of_mov_are_close(tmp_path: Path, size_hw: tuple[int, int]) -> None:
    """ProRes keeps ten bits of alpha, what is clear and what is opaque exactly, and colours to about a level of 8 bits;
    other than without alpha the width may be odd."""
    frames = layer(size_hw, bits=10)
    back = read(write(tmp_path / "a.mov", frames, alpha=True, bit_depth=10))
    lost = np.abs(back.astype(float) - frames) / 257
    assert lost[..., 3].max() <= 0.5
    assert lost[..., :3].max() <= 2
    assert not back[..., 3][frames[..., 3] == 0].any()
    assert (back[..., 3][frames[..., 3] == 65535] == 65535).all()


def test_layers_of_webp_are_close(tmp_path: Path) -> None:
    """For Pillow, as FFmpeg can't read them. What clear pixels would look like is not kept."""
    frames = layer()
    path = write(tmp_path / "a.webp", frames, alpha=True)
    with Image.open(path) as image:
        assert image.n_frames == len(frames)  # pyright: ignore[reportAttributeAccessIssue] - of WebP alone
        for number, frame in enumerate(frames):
            image.seek(number)
            lost = np.abs(np.asarray(image.convert("RGBA")).astype(float) - frame)
            assert lost[..., 3].max() <= 1
            assert (lost[..., :3].max(-1) * frame[..., 3] / 255).max() <= 16


@pytest.mark.parametrize(
    ("name", "options", "kept"),
    [
        ("a.mov", {"colour": BT709, "sample_aspect": Fraction(4, 3)}, ("bt709", "bt709", "gbr")),
        (
            "a.mov",
            {"colour": PQ, "bit_depth": 10, "sample_aspect": Fraction(4, 3)},
            ("bt2020", "smpte2084", "bt2020nc"),
        ),
        ("a.mkv", {"colour": PQ, "bit_depth": 10}, ("bt2020", "smpte2084", "gbr")),
        ("a.webm", {"colour": BT709}, ("bt709", "bt709", "bt709")),
    ],
)
def test_layers_carry_on_what_films_do(
    tmp_path: Path, name: str, options: dict[str, Any], kept: tuple[str, str, str]
) -> None:
    """Rate, pixel shape, colour tags and note; and equal frames make equal bytes."""
    frames = layer(bits=options.get("bit_depth", 8))
    options = {"alpha": True, "rate": Fraction(24000, 1001), "note": "made by hand", **options}
    info = probe(write(tmp_path / name, frames, **options))
    assert (info.rate, info.frames, info.note, info.alpha) == (Fraction(24000, 1001), len(frames), "made by hand", True)
    assert info.sample_aspect == options.get("sample_aspect", 1)
    assert (info.colour.primaries, info.colour.transfer, info.colour.matrix) == kept
    (tmp_path / "again").mkdir()
    assert write(tmp_path / "again" / name, frames, **options).read_bytes() == (tmp_path / name).read_bytes()
