"""Test films made with PyAV itself, not with the code under test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import av.filter
import numpy as np
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.stream import VideoStream

LAYOUTS = {(3, 1): "rgb24", (4, 1): "rgba", (3, 2): "rgb48le", (4, 2): "rgba64le"}


def texture(frames: int, size_hw: tuple[int, int], *, seed: int = 0, speed: float = 1.0) -> np.ndarray:
    """A smooth drifting texture, THWC uint8, whose every frame differs from the one before by several levels."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[: size_hw[0], : size_hw[1]] / 32.0
    waves = generator.uniform(0.5, 3.0, (3, 4, 2)) * generator.choice([-1, 1], (3, 4, 2))
    phases = generator.uniform(0, 2 * np.pi, (3, 4))
    time = np.arange(frames)[:, None, None] * 0.3 * speed
    channels = [
        sum(np.sin(fx * x + fy * y + phase + time) for (fx, fy), phase in zip(wave, shift, strict=True))
        for wave, shift in zip(waves, phases, strict=True)
    ]
    return (127.5 + 25 * np.stack(channels, -1)).clip(0, 255).astype(np.uint8)


def write_video(
    path: Path,
    frames_thwc: Iterable[np.ndarray],
    *,
    rate: Fraction = Fraction(25),
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    pts: Sequence[int] | None = None,
    time_base: Fraction | None = None,
    sample_aspect: Fraction | None = None,
    rotation: int = 0,
    mirror: bool = False,
    tags: dict[str, int] | None = None,
    stream_tags: dict[str, int] | None = None,
    matrix: str | None = None,
    muxer: dict[str, str] | None = None,
) -> Path:
    """Write frames, one at each of ``pts`` (in ``time_base``) or evenly at ``rate``.

    ``rotation`` is the display matrix's, in degrees clockwise. ``tags`` are FFmpeg's numbers for color_range,
    colorspace, color_primaries and color_trc, ``stream_tags`` such that only the container is given; ``matrix``
    (bt709, smpte170m, bt2020) computes Y'CbCr.
    """
    tags = tags or {}
    with av.open(str(path), "w", options=muxer or {}) as container:
        stream = cast(VideoStream, container.add_stream(codec, rate=rate, options=options or {}))
        stream.pix_fmt = pixel_format
        context = stream.codec_context
        context.time_base = time_base or 1 / rate
        context.thread_count = 2
        if sample_aspect:
            context.sample_aspect_ratio = sample_aspect
        for name, value in {**tags, **(stream_tags or {})}.items():
            setattr(context, name, value)
        if rotation or mirror:
            stream.set_display_rotation(-rotation, hflip=mirror)
        for place, array in enumerate(frames_thwc):
            if place == 0:
                stream.height, stream.width = array.shape[:2]
            layout = LAYOUTS[array.shape[-1], array.dtype.itemsize]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(array), format=layout)
            frame = _converted(frame, pixel_format, matrix, full=tags.get("color_range") == 2)
            for name, value in tags.items():
                setattr(frame, name, value)
            frame.pts = pts[place] if pts is not None else place
            frame.time_base = time_base or 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _converted(frame: av.VideoFrame, pixel_format: str, matrix: str | None, *, full: bool) -> av.VideoFrame:
    graph = av.filter.Graph()
    matrix_option = f":out_color_matrix={matrix}:out_range={'pc' if full else 'tv'}" if matrix else ""
    graph.link_nodes(
        graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 25)),
        graph.add("scale", f"flags=lanczos+accurate_rnd+full_chroma_int{matrix_option}"),
        graph.add("format", pixel_format),
        graph.add("buffersink"),
    ).configure()
    graph.vpush(frame)
    return graph.vpull()


def write_sound(path: Path) -> Path:
    """A second of silence in a file without video."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48000), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48000
        frame.pts = 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def with_sound(
    film: Path,
    path: Path,
    samples: np.ndarray,
    *,
    rate: int = 48000,
    layout: str = "mono",
    codec: str = "pcm_s16le",
    at_s: Fraction = Fraction(0),
    delay_s: Fraction = Fraction(0),
    lost: range = range(0),
) -> Path:
    """Write a film's picture again, all of it ``delay_s`` later, with sound beside it.

    ``samples`` are int16 (channels, n) and begin ``at_s``; their packets whose numbers are ``lost`` are left out.
    """
    with av.open(str(film)) as source, av.open(str(path), "w") as container:
        picture = container.add_stream_from_template(source.streams.video[0])
        sound = cast(AudioStream, container.add_stream(codec, rate=rate, layout=layout))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T).reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), int(at_s * rate)
        for packet in source.demux(source.streams.video[0]):
            if packet.size and packet.pts is not None and packet.dts is not None:
                delay = int(delay_s / packet.time_base)
                packet.pts, packet.dts, packet.stream = packet.pts + delay, packet.dts + delay, picture
                container.mux(packet)
        packets = [*sound.encode(frame), *sound.encode(None)]
        container.mux([packet for number, packet in enumerate(packets) if number not in lost])
    return path


def write_long_uhd(path: Path, *, seconds: int = 600, rate: int = 25, size_hw: tuple[int, int] = (2160, 3840)) -> Path:
    """A film of minutes in 4K within seconds: one group of pictures is encoded, its packets are sent again and again.

    H.264 without B-frames; key frames are a second apart. The picture drifts and comes round every second, so that
    the joints of the groups are no cuts.
    """
    group = path.with_name(f"{path.stem}-group.mp4")
    options = {"preset": "ultrafast", "crf": "35", "g": str(rate), "bf": "0"}
    write_video(group, _round_trip(rate, size_hw), rate=Fraction(rate), options=options)
    with av.open(str(group)) as one, av.open(str(path), "w") as many:
        source = one.streams.video[0]
        stream = many.add_stream_from_template(source)
        packets = [(bytes(packet), packet.is_keyframe) for packet in one.demux(source) if packet.size]
        ticks = int(1 / (rate * (source.time_base or 1)))
        for number in range(seconds * rate):
            data, is_keyframe = packets[number % rate]
            packet = Packet(data)
            packet.stream, packet.time_base, packet.is_keyframe = stream, source.time_base or Fraction(1), is_keyframe
            packet.pts = packet.dts = number * ticks
            packet.duration = ticks
            many.mux(packet)
    group.unlink()
    return path


def _round_trip(frames: int, size_hw: tuple[int, int]) -> Iterator[np.ndarray]:
    """A pattern that moves sideways and is back where it began after ``frames``, one frame at a time."""
    small = np.random.default_rng(0).integers(0, 255, (9, frames, 3), np.uint8)
    for number in range(frames):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(np.roll(small, number, 1)))
        yield frame.reformat(size_hw[1], size_hw[0], interpolation="BILINEAR").to_ndarray()
