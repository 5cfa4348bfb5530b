"""Opening a mask of whatever kind, told by what is in the file, and refusing one that can't work."""

from __future__ import annotations

from math import inf
from pathlib import Path

from ..errors import ClipError, OptionError
from ..video.sequence import is_sequence
from ..video.source import check_file
from .mask import Drawing, Edited, Mask
from .pictures import draw_film, draw_picture, picture_format
from .polygons import draw_polygons

HEAD_BYTES = 64
BLANK = b"\xef\xbb\xbf \t\r\n"
"""What may come before JSON: a byte order mark, white space."""


def open_mask(
    path: Path, *, size_hw: tuple[int, int], span: tuple[int, int], clip_frames: int, name: str, feather_px: float = 0
) -> Mask:
    """Open the mask of a clip and look through it once, a frame at a time.

    Parameters
    ----------
    path : a picture for all frames (PNG, JPEG, TIFF, BMP, WebP); a video, a folder of numbered pictures or a pattern
        of them, with as many frames as the clip or as the span; or JSON with polygons (see ``polygons``). In pictures
        and films white is replaced and black stays: luma, times alpha where there is any.
    size_hw : the clip's upright picture, which the mask's has to match.
    span : the clip's frame numbers that are edited, half-open.
    clip_frames : how many the clip has.
    name : what messages call the clip.
    feather_px : width in pixels, outside what is masked, over which the mask fades out; 0 keeps its own edges.

    Raises
    ------
    ClipError for what can't be read; OptionError for a mask of another size or length, one that is malformed, masks
    nothing or everything, and for a feather that is no width.
    """
    if not 0 <= feather_px < inf:
        raise OptionError(f"A feather of {feather_px:g} pixels is not possible.", remedy="Give 0 or more.")
    edited = Edited(size_hw=size_hw, span=span, clip_frames=clip_frames, name=name)
    mask = Mask(_draw(path, edited), frames=edited.frames, feather_px=feather_px)
    if mask.rect() is None:
        raise OptionError(
            f"{path.name} masks nothing in frames {span[0]} to {span[1] - 1} of {name}: there is nothing to replace.",
            remedy="Make white what is to be replaced, or draw the polygon around it, inside the picture.",
        )
    if mask.covers_all():
        feather = f" with its feather of {feather_px:g} pixels" if feather_px else ""
        raise OptionError(
            f"{path.name}{feather} masks all of every frame of {name}: nothing is left to learn from or to join.",
            remedy="Leave out what is to stay" + (", or choose a smaller feather." if feather_px else "."),
        )
    return mask


def _draw(path: Path, edited: Edited) -> Drawing:
    if is_sequence(path):
        return draw_film(path, edited)
    check_file(path)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise ClipError(f"{path.name} can't be read: {error.strerror}.", remedy="Check its permissions.") from error
    if picture := picture_format(head):
        return draw_picture(path, picture, edited)
    if head.lstrip(BLANK).startswith((b"{", b"[")) or path.suffix.lower() == ".json":
        return draw_polygons(path, edited)
    return draw_film(path, edited)
