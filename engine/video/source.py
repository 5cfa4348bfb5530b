"""Opening what a person points at, and decoding a range of it in order, a frame at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Protocol, cast

import av
import av.error
from av.codec.context import ThreadType
from av.container import InputContainer
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from ..errors import ClipError, OptionError
from .colour import tags
from .convert import Orientation
from .index import FrameIndex, ReadStopped, StreamFacts, scan
from .sequence import ImageSequence, is_sequence

MAX_DECODER_THREADS = 4
"""Each thread of a decoder holds pictures: at 3840 x 2160 and 10 bits 25 MB each, so cores are not all used."""

ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""FFmpeg's own decoders of these codecs drop the alpha that WebM carries beside the picture."""

WHOLE_ONLY = {"gif", "apng"}
"""Formats whose every picture builds on all before it, whatever their key frames say."""

NOT_VIDEO = {"tty"}
"""FFmpeg shows any text file as a film of a terminal."""


def never() -> bool:
    """The ``stop`` of a caller who never stops."""
    return False


class Source(Protocol):
    """A clip on disk: a container file or an image sequence."""

    path: Path
    index: FrameIndex
    facts: StreamFacts

    @property
    def files(self) -> tuple[Path, ...]:
        """What is read, in order."""
        ...

    def frames(self, first: int, end: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """Each frame in [first, end) with its number. Raises ClipError where one can't be decoded."""
        ...

    def orientation(self, frame: av.VideoFrame) -> Orientation:
        """How its frames, this one of them, are turned upright. Raises ClipError for what is no quarter turn."""
        ...


def open_source(path: Path, *, rate: Fraction | None = None, stop: Callable[[], bool] = never) -> Source:
    """Open a video file, a folder of pictures or a pattern of them; ``rate`` belongs to pictures alone.

    Raises ClipError, ReadStopped.
    """
    if is_sequence(path):
        return ImageSequence(path, rate=rate)
    if rate is not None:
        raise OptionError(
            f"{path.name} has its own frame rate; one can be given for image sequences only.",
            remedy="Leave the rate out.",
        )
    return VideoSource(path, stop=stop)


class VideoSource:
    """A video in any container and codec that FFmpeg opens."""

    def __init__(self, path: Path, *, stop: Callable[[], bool] = never) -> None:
        check_file(path)
        self.path = path
        self._stop = stop
        with open_video(path) as (container, stream):
            self._formats = set(container.format.name.split(","))
            self.facts = StreamFacts(
                codec=stream.codec_context.codec.canonical_name,
                container=container.format.name,
                sample_aspect=stream.sample_aspect_ratio or Fraction(1),
                interlaced=getattr(stream.codec_context, "field_order", 0) > 1,  # PyAV 18.1 and later
                has_audio=bool(container.streams.audio),
                colour=tags(stream.codec_context),
                note=_comment(container.metadata),
            )
            self.index = scan(path, container, stream, stop=stop)
        if not self.index.count:
            raise ClipError(f"{path.name} holds no frame that can be read.", remedy="Export it again.")

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path,)

    def frames(self, first: int, end: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """See Source. Begins at the key frame before ``first``; memory holds what the decoder needs, no more."""
        due = first
        for start_pts in self._starts(first):
            for number, frame in self._decode_from(start_pts):
                if number > due or (number == due and frame.is_corrupt):
                    break  # either this key frame came too late, or frames are missing
                if number == due:
                    yield number, frame
                    due += 1
                    if due == end:
                        return
            if due > first:
                break
        raise ClipError(
            f"{self.path.name} is damaged: frame {due} can't be decoded.",
            remedy=f"Choose a --range that leaves it out (--range {first}:{due} can be read), or export it again.",
        )

    def orientation(self, frame: av.VideoFrame) -> Orientation:
        """See Source. Reads the display matrix: x' = a x + c y, y' = b x + d y, in 16.16 fixed point, row by row."""
        try:
            side_data = frame.side_data.get("DISPLAYMATRIX")
        except ValueError:  # PyAV fails on kinds of side data newer than itself; the turn alone it still tells
            return Orientation.turned(-frame.rotation % 360)
        if side_data is None:
            return Orientation()
        values = memoryview(bytes(side_data)).cast("i")
        a, b, c, d = (round(values[place] / 65536, 2) for place in (0, 1, 3, 4))
        if b == c == 0 and abs(a) == abs(d) == 1:
            return Orientation(flip_x=a < 0, flip_y=d < 0)
        if a == d == 0 and abs(b) == abs(c) == 1:
            return Orientation(transpose=True, flip_x=c < 0, flip_y=b < 0)
        raise ClipError(
            f"{self.path.name} is to be shown turned by {frame.rotation} degrees or stretched; "
            "only quarter turns are supported.",
            remedy="Export it upright.",
        )

    def _starts(self, first: int) -> list[int | None]:
        """Stamps to seek to, the likeliest first; None is the beginning of the file."""
        index = self.index
        if index.pts is None or first == 0 or WHOLE_ONLY & self._formats:
            return [None]
        keys = index.key_pts[: index.key_pts.searchsorted(index.pts[first], "right")]
        return [int(key) for key in keys[::-1][:2]] + [None]

    def _decode_from(self, start_pts: int | None) -> Iterator[tuple[int, av.VideoFrame]]:
        with open_video(self.path) as (container, stream):
            decoder = _decoder(stream)
            if start_pts is not None:
                container.seek(start_pts, stream=stream, backward=True)
            for counted, frame in enumerate(_decode(container, stream, decoder)):
                if self._stop():
                    raise ReadStopped
                number = counted if self.index.pts is None else self.index.number(frame.pts)
                if number is not None:
                    yield number, frame


def _decode(container: InputContainer, stream: VideoStream, decoder: VideoCodecContext) -> Iterator[av.VideoFrame]:
    """All frames from here on, those of damaged packets left out."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.error.FFmpegError:
            packet = None
        try:
            yield from decoder.decode(packet if packet and packet.size else None)
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            continue
        if packet is None or not packet.size:
            return


def check_file(path: Path) -> None:
    """Raise ClipError unless ``path`` is a file with something in it."""
    if not path.exists():
        raise ClipError(f"{path} does not exist.", remedy="Check the path.")
    if not path.is_file():
        raise ClipError(f"{path} is not a file.", remedy="Name a video file, or a folder or pattern of pictures.")
    if not path.stat().st_size:
        raise ClipError(f"{path.name} is empty (0 bytes).", remedy="Copy or export it again.")


@contextmanager
def open_video(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a container and choose its video stream, cover pictures aside. Raises ClipError."""
    try:
        # With its protocol spelt out, a colon in the name means nothing to FFmpeg.
        container = av.open(f"file:{path}")
    except PermissionError as error:
        raise ClipError(f"{path.name} can't be opened: permission denied.", remedy="Allow reading it.") from error
    except av.error.FFmpegError as error:
        raise _not_readable(path) from error
    with container:
        streams = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
        if not streams and container.streams.audio:
            raise ClipError(f"{path.name} has sound but no video.", remedy="Choose a file with a video track.")
        if not streams or container.format.name in NOT_VIDEO or streams[0].codec_context is None:
            raise ClipError(f"{path.name} is not a video that can be read.", remedy="Choose a video file.")
        yield container, streams[0]


def _not_readable(path: Path) -> ClipError:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] in (b"ftyp", b"mdat", b"wide", b"free"):
        return ClipError(
            f"{path.name} is cut short: its index (moov) is missing, so no frame can be found.",
            remedy="Copy or export it again, in full.",
        )
    return ClipError(
        f"{path.name} is not a video, or is too damaged to be read.",
        remedy="Choose a video file, or export it again.",
    )


def _comment(metadata: dict[str, str]) -> str:
    return next((text for key, text in metadata.items() if key.lower() == "comment"), "")


def _decoder(stream: VideoStream) -> VideoCodecContext:
    context = stream.codec_context
    if stream.metadata.get("alpha_mode") == "1" and context.name in ALPHA_DECODERS:
        context = cast(VideoCodecContext, VideoCodecContext.create(ALPHA_DECODERS[context.name], "r"))
    context.thread_type = ThreadType.AUTO
    context.thread_count = min(MAX_DECODER_THREADS, os.cpu_count() or 1)
    return context
