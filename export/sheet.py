"""Contact sheets and comparisons: how a result is judged by eye."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..engine.files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

CELL = 192
STRIP = 288
GAP = 6
MARGIN = 14
CAPTION = 15
HEADING = 22
PAPER = (24, 24, 26)
INK = (235, 235, 235)
FAINT = (160, 160, 165)


@dataclass(frozen=True, kw_only=True)
class _Block:
    heading: str
    cells: tuple[tuple[str, Image.Image], ...]

    @property
    def size(self) -> tuple[int, int]:
        width = sum(image.width + GAP for _, image in self.cells) - GAP
        return width, HEADING + max(image.height for _, image in self.cells) + CAPTION


@dataclass(frozen=True, kw_only=True, eq=False)
class Excerpt:
    """Some frames THWC, made smaller perhaps, of a video of ``length`` frames of ``size_hw`` px; ``numbers`` in it."""

    frames_thwc: np.ndarray
    numbers: Sequence[int]
    length: int
    size_hw: tuple[int, int]


def contact_sheet(
    rows: Sequence[tuple[str, np.ndarray | Excerpt]], *, columns: int = 8, cell: int = CELL, slices: bool = True
) -> Image.Image:
    """One row of evenly spaced frames for each labelled video, and, with ``slices``, every video's x-t slice below.

    ``rows`` holds (label, frames THWC, RGB or RGBA, uint8 or full-scale uint16), or an excerpt of them, all of whose
    frames are shown; sizes and lengths may differ. Small
    frames are enlarged by a whole factor, pixel by pixel, large ones reduced, to ``cell`` px on the longer side. A
    slice is the middle row of pixels through time, downwards: flicker shows in it as horizontal lines, what is frozen
    as vertical ones.
    """
    blocks = [_frames_block(label, shown, columns, cell) for label, shown in rows]
    wholes = [(label, as_rgb8(frames)) for label, frames in rows if slices and isinstance(frames, np.ndarray)]
    repeats = max(1, STRIP // max((len(frames) for _, frames in wholes), default=1))
    strips = [(label, _slice(frames, repeats, cell)) for label, frames in wholes]
    for start in range(0, len(strips), columns):
        cells = tuple(strips[start : start + columns])
        blocks.append(_Block(heading="the middle row of pixels through time, downwards", cells=cells))
    width = max(block.size[0] for block in blocks)
    height = sum(block.size[1] + MARGIN for block in blocks)
    sheet = Image.new("RGB", (width + 2 * MARGIN, height + MARGIN), PAPER)
    top = MARGIN
    for block in blocks:
        _draw(sheet, block, top)
        top += block.size[1] + MARGIN
    return sheet


def save_sheet(sheet: Image.Image, path: Path) -> None:
    """Write the sheet as PNG, whole or not at all. Raises OutputError."""
    with replacing(path) as temporary:
        sheet.save(temporary, format="PNG")


def side_by_side(
    left: Iterable[np.ndarray], right: Iterable[np.ndarray], *, captions: tuple[str, str], scale: int = 1
) -> Iterator[np.ndarray]:
    """Frames of two videos of one size next to each other, under their captions, as long as both last.

    Takes HWC frames as ``contact_sheet`` does, yields RGB uint8. ``scale`` enlarges pixel by pixel. Width and height
    come out even, as most codecs want them.
    """
    band: np.ndarray | None = None
    for pair in zip(left, right, strict=False):
        one, other = (np.repeat(np.repeat(as_rgb8(frame), scale, axis=0), scale, axis=1) for frame in pair)
        gap = np.full((one.shape[0], 2 * GAP, 3), PAPER, np.uint8)
        joined = np.concatenate([one, gap, other], axis=1)
        if band is None:
            band = _caption_band(captions, width=joined.shape[1], second=one.shape[1] + 2 * GAP)
        whole = np.concatenate([band, joined])
        odd = [(0, size % 2) for size in whole.shape[:2]]
        yield np.pad(whole, [*odd, (0, 0)])


def as_rgb8(frames: np.ndarray) -> np.ndarray:
    """What a screen shows of frames (... x C): 8 bits, without alpha."""
    eight = (frames >> 8).astype(np.uint8) if frames.dtype == np.uint16 else frames
    return eight[..., :3]


def _frames_block(label: str, video: np.ndarray | Excerpt, columns: int, cell: int) -> _Block:
    if isinstance(video, np.ndarray):
        numbers = spread(len(video), columns)
        size_hw = (video.shape[1], video.shape[2])
        video = Excerpt(frames_thwc=video[numbers], numbers=numbers, length=len(video), size_hw=size_hw)
    frames = as_rgb8(video.frames_thwc)
    cells = tuple((f"frame {number}", _cell(frame, cell)) for number, frame in zip(video.numbers, frames, strict=True))
    height, width = video.size_hw
    return _Block(heading=f"{label}: {width} x {height} px, {video.length} frames", cells=cells)


def spread(length: int, count: int) -> list[int]:
    """So many numbers of frames at even distances, the first and the last among them."""
    return np.unique(np.linspace(0, length - 1, count).round().astype(int)).tolist()


def _cell(frame: np.ndarray, side: int) -> Image.Image:
    image = Image.fromarray(np.ascontiguousarray(frame))
    longest = max(image.size)
    if longest > side:
        return image.resize(_scaled(image.size, side / longest), Image.Resampling.LANCZOS)
    return image.resize(_scaled(image.size, side // longest), Image.Resampling.NEAREST)


def _slice(frames: np.ndarray, repeats: int, cell: int) -> Image.Image:
    shown = frames[:STRIP, frames.shape[1] // 2]
    cell_width = _cell(frames[0], cell).width
    tall = np.repeat(shown, repeats, axis=0)
    image = Image.fromarray(np.ascontiguousarray(tall))
    resampling = Image.Resampling.NEAREST if cell_width >= image.width else Image.Resampling.BOX
    return image.resize((cell_width, image.height), resampling)


def _scaled(size: tuple[int, int], factor: float) -> tuple[int, int]:
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _draw(sheet: Image.Image, block: _Block, top: int) -> None:
    pen = ImageDraw.Draw(sheet)
    pen.text((MARGIN, top), block.heading, fill=INK, font=ImageFont.load_default(15))
    left = MARGIN
    for caption, image in block.cells:
        sheet.paste(image, (left, top + HEADING))
        pen.text((left, top + HEADING + image.height + 2), caption, fill=FAINT, font=ImageFont.load_default(11))
        left += image.width + GAP


def _caption_band(captions: tuple[str, str], *, width: int, second: int) -> np.ndarray:
    band = Image.new("RGB", (width, HEADING), PAPER)
    pen = ImageDraw.Draw(band)
    for left, caption in zip((GAP, second), captions, strict=True):
        pen.text((left, 3), caption, fill=INK, font=ImageFont.load_default(13))
    return np.asarray(band)
