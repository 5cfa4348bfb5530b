"""Between decoded pictures and RGB arrays: deinterlacing, crop, size, colour matrix, orientation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import av
import av.error
import numpy as np
from av.filter import Graph

from ..clip import Colour, Rect
from . import colour

RESIZE_FLAGS = "lanczos+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"
SCREEN_FLAGS = "bilinear"
"""A quarter of the time of the above, for a picture that differs by a level or two: enough to be looked at."""

LARGEST_LANCZOS_STEP = 4
"""Beyond this reduction the scaler's filters get long and slow: an area average brings the picture this near first."""
FULL_SCALE = np.uint16(65535)


@dataclass(frozen=True, kw_only=True)
class Orientation:
    """How stored pictures are turned upright: first transposed, then mirrored."""

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @staticmethod
    def turned(clockwise: int) -> Orientation:
        """By 0, 90, 180 or 270 degrees clockwise."""
        quarters = clockwise // 90
        return Orientation(transpose=quarters % 2 == 1, flip_x=quarters in (1, 2), flip_y=quarters in (2, 3))

    @property
    def clockwise(self) -> tuple[int, bool]:
        """Degrees clockwise, and whether a left-right mirror image follows."""
        for degrees in (0, 90, 180, 270):
            turned = Orientation.turned(degrees)
            if self == turned:
                return degrees, False
            if self == replace(turned, flip_x=not turned.flip_x):
                return degrees, True
        raise AssertionError(self)

    def size(self, size_hw: tuple[int, int]) -> tuple[int, int]:
        """Upright size of a stored size, and back: it is its own inverse."""
        return (size_hw[1], size_hw[0]) if self.transpose else size_hw

    def aspect(self, sample_aspect: Fraction) -> Fraction:
        return 1 / sample_aspect if self.transpose else sample_aspect

    def upright(self, frame_hwc: np.ndarray) -> np.ndarray:
        if self.transpose:
            frame_hwc = frame_hwc.swapaxes(0, 1)
        return frame_hwc[:: -1 if self.flip_y else 1, :: -1 if self.flip_x else 1]

    def stored(self, rect: Rect, upright_hw: tuple[int, int]) -> Rect:
        """The stored rectangle that becomes ``rect`` when upright."""
        x = upright_hw[1] - rect.x - rect.width if self.flip_x else rect.x
        y = upright_hw[0] - rect.y - rect.height if self.flip_y else rect.y
        if self.transpose:
            return Rect(x=y, y=x, width=rect.height, height=rect.width)
        return Rect(x=x, y=y, width=rect.width, height=rect.height)


class Pipeline:
    """A chain of FFmpeg filters: one frame in, one frame out, perhaps later."""

    def __init__(
        self,
        *,
        size_hw: tuple[int, int],
        pixel_format: str,
        matrix: int,
        full_range: bool,
        rate: Fraction = Fraction(1),
    ) -> None:
        self._graph = Graph()
        self._last = self._graph.add(
            "buffer",
            video_size=f"{size_hw[1]}x{size_hw[0]}",
            pix_fmt=pixel_format,
            time_base=f"{rate.denominator}/{rate.numerator}",
            pixel_aspect="1/1",
            colorspace=str(matrix),
            range="2" if full_range else "1",
        )

    def add(self, name: str, arguments: str = "") -> None:
        node = self._graph.add(name, arguments)
        self._last.link_to(node)
        self._last = node

    def add_scale(self, size_hw: tuple[int, int] | None, options: dict[str, str]) -> None:
        arguments = {"flags": RESIZE_FLAGS, **options}
        if size_hw is not None:
            arguments = {"w": str(size_hw[1]), "h": str(size_hw[0]), **arguments}
        self.add("scale", ":".join(f"{key}={value}" for key, value in arguments.items()))

    def add_palette(self) -> None:
        """Give every frame the best 256 colours of its own; one palette for all would keep all frames in memory."""
        split, palette = (
            self._graph.add("split"),
            self._graph.add("palettegen", "stats_mode=single:reserve_transparent=0"),
        )
        self._last.link_to(split)
        split.link_to(palette, 1)
        self._last = self._graph.add("paletteuse", "new=1:dither=sierra2_4a")
        split.link_to(self._last, 0, 0)
        palette.link_to(self._last, 0, 1)

    def end(self, pixel_format: str) -> None:
        self.add("format", pixel_format)
        self.add("buffersink")
        self._graph.configure()

    def push(self, frame: av.VideoFrame | None) -> Iterator[av.VideoFrame]:
        """Feed a frame, or None at the end; yields what is ready."""
        self._graph.vpush(frame)
        while True:
            try:
                yield self._graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return


class RgbConverter:
    """Turns the decoded frames of one stream into upright RGB arrays, HWC.

    ``crop`` and ``size_hw`` are in upright pixels; ``first`` is any frame of the stream and
    stands for all, ``tags`` are the colours that apply. With ``screen`` the arrays are as screens take them: 8 bits,
    in the order blue, green, red, alpha, made fast rather than exactly.
    """

    def __init__(
        self,
        first: av.VideoFrame,
        tags: Colour,
        *,
        orientation: Orientation,
        deinterlace: bool,
        crop: Rect | None = None,
        size_hw: tuple[int, int] | None = None,
        screen: bool = False,
    ) -> None:
        self._orientation = orientation
        self._like = (first.width, first.height, first.format.name)
        self._format = "bgra" if screen else rgb_format(first)
        stored_hw = (first.height, first.width)
        rgb = colour.is_rgb(first.format)
        depth = bit_depth(first)
        # Of 16 bits the scaler fills only the upper ones with alpha that comes beside Y'CbCr.
        self._alpha_bits = depth if depth > 8 and has_alpha(first) and not rgb and not screen else 0
        full = colour.is_full_range(tags.range, first.format)
        self._pipeline = pipeline = Pipeline(
            size_hw=stored_hw, pixel_format=first.format.name, matrix=first.colorspace, full_range=full
        )
        if deinterlace:
            pipeline.add("bwdif", "mode=send_frame:deint=all")
        to_rgb = {}
        if not rgb:
            matrix = colour.matrix_or_default(tags.matrix, first.height)
            to_rgb = {"in_color_matrix": colour.SWSCALE_MATRICES[matrix], "in_range": "pc" if full else "tv"}
        now_hw = stored_hw
        if crop is not None or (rgb and depth > 8):
            # Cropped as RGB: a rectangle at odd pixels would shift the colour samples of 4:2:0. Deep RGB comes first,
            # too: with its size changed in the same step its white would be less than all of 16 bits.
            pipeline.add_scale(None, to_rgb)
            pipeline.add("format", self._format)
            to_rgb = {}
        if crop is not None:
            rect = orientation.stored(crop, orientation.size(stored_hw))
            pipeline.add("crop", f"{rect.width}:{rect.height}:{rect.x}:{rect.y}:exact=1")
            now_hw = (rect.height, rect.width)
        goal_hw = orientation.size(size_hw) if size_hw else now_hw
        near_hw = tuple(min(now, goal * LARGEST_LANCZOS_STEP) for now, goal in zip(now_hw, goal_hw, strict=True))
        if screen:
            to_rgb["flags"] = SCREEN_FLAGS
        elif near_hw != now_hw:
            pipeline.add_scale((near_hw[0], near_hw[1]), {"flags": "area+accurate_rnd+bitexact"})
        pipeline.add_scale(goal_hw, to_rgb)
        pipeline.end(self._format)

    def fits(self, frame: av.VideoFrame) -> bool:
        """Whether the frame has the size and pixel format that this converter was made for."""
        return (frame.width, frame.height, frame.format.name) == self._like

    def push(self, frame: av.VideoFrame | None) -> Iterator[np.ndarray]:
        """Feed a frame, or None at the end; yields the upright arrays that are ready, one a frame."""
        for ready in self._pipeline.push(frame):
            frame_hwc = np.ascontiguousarray(self._orientation.upright(ready.to_ndarray()))
            if self._alpha_bits:
                alpha = frame_hwc[..., 3]
                alpha += np.minimum(alpha >> self._alpha_bits, FULL_SCALE - alpha)
            yield frame_hwc


def has_alpha(frame: av.VideoFrame) -> bool:
    """Whether the pixel format can be transparent."""
    return frame.format.has_palette or any(component.is_alpha for component in frame.format.components)


def bit_depth(frame: av.VideoFrame) -> int:
    """Bits a channel; palettes count as the 8 bits of their colours."""
    return 8 if frame.format.has_palette else max(8, *(component.bits for component in frame.format.components))


def rgb_format(frame: av.VideoFrame) -> str:
    """The packed RGB format that holds all the frame's bits."""
    if bit_depth(frame) > 8:
        return "rgba64le" if has_alpha(frame) else "rgb48le"
    return "rgba" if has_alpha(frame) else "rgb24"
