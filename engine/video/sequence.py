"""Image sequences: a folder, or a pattern such as shot_%04d.png or shot_####.png."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
from av.container import InputContainer
from PIL import Image

from ..errors import ClipError
from .colour import tags
from .convert import Orientation
from .index import FrameIndex, StreamFacts

SUFFIXES = {".png", ".tif", ".tiff", ".jpg", ".jpeg"}
DEFAULT_RATE = Fraction(25)

ORIENTATION_TAG = 0x0112
EXIF_ORIENTATIONS = {
    2: Orientation(flip_x=True),
    3: Orientation(flip_x=True, flip_y=True),
    4: Orientation(flip_y=True),
    5: Orientation(transpose=True),
    6: Orientation(transpose=True, flip_x=True),
    7: Orientation(transpose=True, flip_x=True, flip_y=True),
    8: Orientation(transpose=True, flip_y=True),
}

_PLACE = re.compile(r"%(?:0?(\d+))?d|#+")


def is_sequence(path: Path) -> bool:
    """Whether the path names pictures rather than one video file."""
    if path.is_dir():
        return True
    return path.suffix.lower() in SUFFIXES and pattern_parts(path.name) is not None and not path.is_file()


def pattern_parts(name: str) -> tuple[str, int, str] | None:
    """Prefix, least number of digits and suffix of a pattern; None where the name isn't one."""
    match = _PLACE.search(name)
    if match is None:
        return None
    digits = len(match[0]) if match[0].startswith("#") else int(match[1] or 1)
    return name[: match.start()], digits, name[match.end() :]


class ImageSequence:
    """Numbered pictures in the order of their numbers, without gaps; see Source."""

    def __init__(self, path: Path, *, rate: Fraction | None = None) -> None:
        self.path = path
        self.files = find_files(path)
        self.index = FrameIndex(
            count=len(self.files),
            declared=len(self.files),
            pts=None,
            key_pts=np.zeros(0, np.int64),
            time_base=1 / (rate or DEFAULT_RATE),
            rate=rate or DEFAULT_RATE,
            vfr=False,
        )
        with _open_picture(self.files[0]) as container:
            stream = container.streams.video[0]
            self.facts = StreamFacts(
                codec=stream.codec_context.codec.canonical_name,
                container="image sequence",
                sample_aspect=stream.sample_aspect_ratio or Fraction(1),
                interlaced=False,
                has_audio=False,
                colour=tags(stream.codec_context),
            )

    def frames(self, first: int, end: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """See Source."""
        for number in range(first, end):
            file = self.files[number]
            with _open_picture(file) as container:
                yield number, next(container.decode(video=0))

    def orientation(self, frame: av.VideoFrame) -> Orientation:  # noqa: ARG002 - Source's signature
        """See Source. Reads the first picture's EXIF tag, of which PyAV shows the turn but not the mirroring."""
        with Image.open(self.files[0]) as picture:
            return EXIF_ORIENTATIONS.get(picture.getexif().get(ORIENTATION_TAG, 1), Orientation())


@contextmanager
def _open_picture(file: Path) -> Iterator[InputContainer]:
    """Open one picture, from memory: by name FFmpeg would take digits and % for a pattern. Raises ClipError."""
    try:
        with av.open(io.BytesIO(file.read_bytes()), "r") as container:
            yield container
    except (av.error.FFmpegError, StopIteration, IndexError) as error:
        raise ClipError(f"{file.name} can't be read as a picture.", remedy="Export the sequence again.") from error


def find_files(path: Path) -> tuple[Path, ...]:
    """The pictures of a folder or a pattern. Raises ClipError: none there, a gap, more than one sequence."""
    folder, parts = (path, None) if path.is_dir() else (path.parent, pattern_parts(path.name))
    if not folder.is_dir():
        raise ClipError(f"The folder {folder} does not exist.", remedy="Check the path.")
    if parts:
        numbered = re.compile(rf"{re.escape(parts[0])}(\d{{{parts[1]},}}){re.escape(parts[2])}", re.IGNORECASE)
    else:
        numbered = re.compile(r".*?(\d+)\.\w+", re.DOTALL)
    found: dict[int, list[Path]] = {}
    for file in sorted(folder.iterdir()):
        match = numbered.fullmatch(file.name)
        if match and file.suffix.lower() in SUFFIXES and not file.name.startswith("."):
            found.setdefault(int(match[1]), []).append(file)
    if not found:
        raise ClipError(
            f"{path} holds no numbered pictures.",
            remedy="Name a folder or a pattern of PNG, TIFF or JPEG files, as in shot_%04d.png or shot_####.png.",
        )
    _check_one_run(found, path)
    return tuple(found[number][0] for number in sorted(found))


def _check_one_run(found: dict[int, list[Path]], path: Path) -> None:
    double = next((files for files in found.values() if len(files) > 1), None)
    if double:
        raise ClipError(
            f"{path} holds more than one sequence: {double[0].name} and {double[1].name} have the same number.",
            remedy="Name one of them by its pattern, as in shot_%04d.png.",
        )
    first, last = min(found), max(found)
    gap = next((number for number in range(first, last + 1) if number not in found), None)
    if gap is not None:
        raise ClipError(
            f"{path} has a gap: picture number {gap} is missing between {first} and {last}.",
            remedy="Put the missing picture back, or move the pictures of one unbroken run to a folder of their own.",
        )
