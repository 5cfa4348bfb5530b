"""Opening encoders: pixel format, colour matrix and tags, exact time base."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.codec.context import ThreadType
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.format import VideoFormat
from av.video.stream import VideoStream

from ..clip import Colour
from . import colour as colours
from .convert import Pipeline
from .outputs import OutputPlan
from .soundtrack import SoundEncoder, SoundTrack

ENCODER_THREADS = 8
"""On any machine: x264 makes other bytes with another number of them, and more than there are processors cost nothing.
"""

FRAME_LAYOUTS = {(False, False): "rgb24", (False, True): "rgba", (True, False): "rgb48le", (True, True): "rgba64le"}
"""Pixel formats of the arrays that come in, by (deeper than 8 bits, alpha)."""


def encoded_colour(plan: OutputPlan) -> Colour:
    """The tags of the output. What the source had no tag for is tagged with what is computed here."""
    if colours.is_rgb(VideoFormat(plan.pixel_format)):
        matrix, value_range = "gbr", "pc"
    else:
        matrix = colours.matrix_or_default(plan.colour.matrix, plan.size_hw[0])
        # ProRes has no full range; the colours are the same in either.
        value_range = "tv" if plan.codec == "prores_ks" else plan.colour.range or "tv"
    return Colour(primaries=plan.colour.primaries, transfer=plan.colour.transfer, matrix=matrix, range=value_range)


def encoder_pipeline(plan: OutputPlan) -> Pipeline:
    """From RGB arrays to what the encoder takes."""
    tags, layout = encoded_colour(plan), FRAME_LAYOUTS[plan.bit_depth > 8, plan.alpha]
    pipeline = Pipeline(size_hw=plan.size_hw, pixel_format=layout, matrix=0, full_range=True, rate=plan.rate)
    if plan.codec == "gif":
        pipeline.add_palette()
    elif colours.is_rgb(VideoFormat(plan.pixel_format)):
        pipeline.add_scale(None, {})
    else:
        matrix = colours.SWSCALE_MATRICES[tags.matrix or ""]
        pipeline.add_scale(None, {"out_color_matrix": matrix, "out_range": tags.range or "tv"})
    pipeline.add("format", plan.pixel_format)
    # ProRes and PNG take their tags from the frames, the others from the encoder.
    known = {"color_primaries": tags.primaries, "color_trc": tags.transfer, "colorspace": tags.matrix}
    pipeline.add("setparams", ":".join(f"{key}={value}" for key, value in known.items() if value))
    pipeline.end(plan.pixel_format)
    return pipeline


def open_container(
    path: Path, plan: OutputPlan, track: SoundTrack | None
) -> tuple[OutputContainer, VideoStream, SoundEncoder | None]:
    """Open ``path`` for writing in the format that the planned path's extension says, with sound if so planned."""
    muxer = {
        ".mp4": {"movflags": "+faststart"},
        # Matroska's writer would draw a random number for each file.
        ".mkv": {"fflags": "+bitexact"},
        ".webm": {"fflags": "+bitexact"},
        ".gif": {"loop": "0" if plan.loop else "-1"},
        ".webp": {"loop": "0" if plan.loop else "1"},
    }
    options = muxer.get(path.suffix.lower(), {})
    if plan.sound and track and path.suffix.lower() in (".mp4", ".mov"):
        # Else edit lists end at whole milliseconds, and the sound up to one later than the picture.
        options = {**options, "movie_timescale": str(plan.sound.rate(track.rate))}
    container = av.open(f"file:{path}", "w", options=options)
    try:
        stream = cast(VideoStream, container.add_stream(plan.codec, rate=plan.rate, options=plan.options))
        _set_up(stream.codec_context, plan)
        sound = SoundEncoder(container, plan.sound, track) if plan.sound and track else None
        if plan.note:
            container.metadata["comment"] = plan.note
        container.start_encoding()
    except BaseException:
        container.close()
        raise
    return container, stream, sound


def picture_encoder(plan: OutputPlan) -> VideoCodecContext:
    """An encoder whose every packet is a picture file."""
    context = cast(VideoCodecContext, VideoCodecContext.create(plan.codec, "w"))
    context.framerate = plan.rate
    _set_up(context, plan)
    return context


def _set_up(context: VideoCodecContext, plan: OutputPlan) -> None:
    context.height, context.width = plan.size_hw
    context.pix_fmt = plan.pixel_format
    context.time_base = 1 / plan.rate
    context.thread_type = ThreadType.AUTO
    context.thread_count = ENCODER_THREADS
    if plan.sample_aspect != 1:
        context.sample_aspect_ratio = Fraction(plan.sample_aspect)
    tags = encoded_colour(plan)
    context.color_range = colours.number(colours.RANGES, tags.range)
    context.colorspace = colours.number(colours.MATRICES, tags.matrix)
    context.color_primaries = colours.number(colours.PRIMARIES, tags.primaries)
    context.color_trc = colours.number(colours.TRANSFERS, tags.transfer)
