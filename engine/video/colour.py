"""FFmpeg's colour tags: numbers, names, and which matrices can be computed."""

from __future__ import annotations

import av
from av.video.codeccontext import VideoCodecContext
from av.video.format import VideoFormat

from ..clip import Colour
from ..errors import ClipError

PRIMARIES = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "film",
    9: "bt2020",
    10: "smpte428",
    11: "smpte431",
    12: "smpte432",
    22: "ebu3213",
}
TRANSFERS = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    9: "log100",
    10: "log316",
    11: "iec61966-2-4",
    12: "bt1361e",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    17: "smpte428",
    18: "arib-std-b67",
}
MATRICES = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "ycgco",
    9: "bt2020nc",
    10: "bt2020c",
    11: "smpte2085",
    12: "chroma-derived-nc",
    13: "chroma-derived-c",
    14: "ictcp",
}
RANGES = {1: "tv", 2: "pc"}

SWSCALE_MATRICES = {
    "bt709": "bt709",
    "fcc": "fcc",
    "bt470bg": "smpte170m",
    "smpte170m": "smpte170m",
    "smpte240m": "smpte240m",
    "bt2020nc": "bt2020",
}
"""What the scale filter calls the matrices it can compute."""

HD_HEIGHT = 720


def number(names: dict[int, str], name: str | None) -> int:
    """FFmpeg's number of a primaries, transfer or matrix name; 2, unspecified, for None."""
    return next((key for key, value in names.items() if value == name), 2)


def tags(tagged: av.VideoFrame | VideoCodecContext) -> Colour:
    """The tags of a decoded frame, or a container's of its stream; what is not known is None."""
    return Colour(
        primaries=PRIMARIES.get(tagged.color_primaries),
        transfer=TRANSFERS.get(tagged.color_trc),
        matrix=MATRICES.get(tagged.colorspace),
        range=RANGES.get(tagged.color_range),
    )


def merged(frame: Colour, container: Colour) -> Colour:
    """The frame's tags, and the container's for what the frame leaves open."""
    return Colour(
        primaries=frame.primaries or container.primaries,
        transfer=frame.transfer or container.transfer,
        matrix=frame.matrix or container.matrix,
        range=frame.range or container.range,
    )


def is_rgb(pixel_format: VideoFormat) -> bool:
    """Whether the samples are R, G, B (or palette entries of them), so that no matrix applies."""
    return pixel_format.is_rgb or pixel_format.has_palette


def matrix_or_default(matrix: str | None, height: int) -> str:
    """The matrix to compute with. Where nothing is tagged, players take BT.601 below 720 lines, BT.709 from there."""
    if matrix in (None, "gbr"):
        return "bt709" if height >= HD_HEIGHT else "smpte170m"
    return matrix


def is_full_range(value_range: str | None, pixel_format: VideoFormat) -> bool:
    """Whether black is 0 and white the largest value, by the tag or else by the pixel format's custom."""
    if value_range:
        return value_range == "pc"
    return is_rgb(pixel_format) or pixel_format.name.startswith(("yuvj", "gray", "ya"))


def check_readable(frame: av.VideoFrame, matrix: str | None, name: str) -> None:
    """Raise ClipError, by name, for colours and samples that can't be turned into RGB faithfully."""
    if not is_rgb(frame.format) and matrix not in (None, "gbr") and matrix not in SWSCALE_MATRICES:
        raise ClipError(
            f"The colours of {name} use the matrix {matrix}, which is not supported.",
            remedy="Convert it to BT.709 or BT.2020 non-constant luminance first.",
        )
    if frame.format.is_bayer or any(component.bits > 16 for component in frame.format.components):
        raise ClipError(
            f"The pixels of {name} are {frame.format.name}, which is not supported.",
            remedy="Convert it to 8 to 16 bits a channel first.",
        )
