"""Writing video: frame by frame, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import shutil
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import av
import av.error
import numpy as np

from ..clip import Colour
from ..errors import OutputError
from ..files import hidden_beside, put_in_place
from .convert import Pipeline
from .encode import FRAME_LAYOUTS, encoder_pipeline, open_container, picture_encoder
from .outputs import OutputPlan, check_output, written_pictures
from .soundtrack import SoundTrack

FIRST_PICTURE = 1


def open_output(
    path: Path,
    *,
    size_hw: tuple[int, int],
    rate: Fraction,
    bit_depth: int = 8,
    alpha: bool = False,
    sample_aspect: Fraction = Fraction(1),
    colour: Colour | None = None,
    overwrite: bool = False,
    loop: bool = False,
    note: str = "",
    sound: SoundTrack | None = None,
    expected_frames: int | None = None,
) -> VideoWriter:
    """Check as ``check_output`` does, then open a writer; use it in a ``with`` statement."""
    plan = check_output(
        path,
        size_hw=size_hw,
        rate=rate,
        bit_depth=bit_depth,
        alpha=alpha,
        sample_aspect=sample_aspect,
        colour=colour,
        overwrite=overwrite,
        loop=loop,
        note=note,
        sound=sound is not None,
        expected_frames=expected_frames,
    )
    return VideoWriter(plan, sound)


class VideoWriter:
    """Writes to a hidden name beside the output. Leaving the ``with`` block renames it; an exception removes it.

    Frames are HWC, RGB or RGBA with straight alpha as planned; uint8 for 8 bits, full-scale uint16 for more.
    ``notices`` are sentences that the person must be told. ``sound`` is pulled as frames are written, about as far as
    they last, and ends with the last of them. Raises OutputError where the disk or the encoder refuses.
    """

    def __init__(self, plan: OutputPlan, sound: SoundTrack | None = None) -> None:
        self._plan = plan
        self._sound = sound
        self._layout = FRAME_LAYOUTS[plan.bit_depth > 8, plan.alpha]
        self._sink: _Sink | None = None
        self._pipeline: Pipeline | None = None
        self.notices = plan.notices
        self.frames = 0

    def __enter__(self) -> Self:
        self._pipeline = encoder_pipeline(self._plan)
        try:
            self._sink = _PictureSink(self._plan) if self._plan.pattern else _FileSink(self._plan, self._sound)
        except (OSError, av.error.FFmpegError) as error:
            raise _failure(self._plan.path, error) from error
        return self

    def write(self, frame_hwc: np.ndarray) -> None:
        """Write the next frame."""
        shape = (*self._plan.size_hw, 4 if self._plan.alpha else 3)
        dtype = np.dtype(np.uint16 if self._plan.bit_depth > 8 else np.uint8)
        if frame_hwc.shape != shape or frame_hwc.dtype != dtype:
            raise ValueError(f"the frame is {frame_hwc.dtype} {frame_hwc.shape}, expected {dtype} {shape}")
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame_hwc), format=self._layout)
        frame.pts = self.frames
        frame.time_base = 1 / self._plan.rate
        self.frames += 1
        self._encode(frame)

    def _encode(self, frame: av.VideoFrame | None) -> None:
        if self._pipeline is None or self._sink is None:
            raise RuntimeError("use the writer in a with statement")
        try:
            for ready in self._pipeline.push(frame):
                self._sink.encode(ready)
            if frame is None:
                self._sink.finish()
        except (OSError, av.error.FFmpegError) as error:
            raise _failure(self._plan.path, error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sink is None:
            return
        try:
            if kind is None and not self.frames:
                raise ValueError("no frame was written")
            if kind is None:
                self._encode(None)
        finally:
            self._sink.discard()


def _failure(path: Path, error: Exception) -> OutputError:
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(
            f"The disk is full: {path.name} could not be written.", remedy="Free some space, or choose another disk."
        )
    return OutputError(f"{path.name} could not be written: {error}.", remedy="Try another place or format.")


class _Sink(Protocol):
    def encode(self, frame: av.VideoFrame) -> None: ...

    def finish(self) -> None:
        """Put what was written in its place."""
        ...

    def discard(self) -> None:
        """Remove what is not in its place; does nothing after ``finish``."""
        ...


class _FileSink:
    def __init__(self, plan: OutputPlan, sound: SoundTrack | None) -> None:
        self._plan = plan
        self._hidden = hidden_beside(plan.path)
        self._seconds = Fraction(0)
        try:
            self._container, self._stream, self._sound = open_container(self._hidden, plan, sound)
        except BaseException:
            self._hidden.unlink(missing_ok=True)
            raise

    def encode(self, frame: av.VideoFrame) -> None:
        self._container.mux(self._stream.encode(frame))
        self._seconds += 1 / self._plan.rate
        if self._sound is not None:
            self._sound.write_until(self._seconds)

    def finish(self) -> None:
        self._container.mux(self._stream.encode(None))
        if self._sound is not None:
            self._sound.finish(self._seconds)
        self._container.close()
        put_in_place(self._hidden, self._plan.path)

    def discard(self) -> None:
        # A full disk, or too few frames, refuse the trailer of a file that goes anyway.
        with contextlib.suppress(OSError, av.error.FFmpegError):
            self._container.close()
        self._hidden.unlink(missing_ok=True)


class _PictureSink:
    def __init__(self, plan: OutputPlan) -> None:
        self._plan = plan
        self._prefix, self._digits, self._suffix = plan.pattern or ("", 0, "")
        self._hidden = hidden_beside(plan.path / "pictures" if plan.path.is_dir() else plan.path)
        self._hidden.mkdir()
        self._encoder = picture_encoder(plan)
        self._count = 0

    def encode(self, frame: av.VideoFrame | None) -> None:
        for packet in self._encoder.encode(frame):
            name = f"{self._prefix}{self._count + FIRST_PICTURE:0{self._digits}d}{self._suffix}"
            (self._hidden / name).write_bytes(bytes(packet))
            self._count += 1

    def finish(self) -> None:
        """A new folder appears at once; in an old one nothing but pictures of the same pattern is replaced."""
        self.encode(None)
        if not self._plan.path.exists():
            self._hidden.rename(self._plan.path)
            return
        new = sorted(self._hidden.iterdir())
        names = {file.name for file in new}
        for file in new:
            file.replace(self._plan.path / file.name)
        for old in written_pictures(self._plan):
            if old.name not in names:
                old.unlink()

    def discard(self) -> None:
        shutil.rmtree(self._hidden, ignore_errors=True)
