"""A texture without any learning: the prior and the detail transfer alone, ready in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .detail import DetailTransfer
from .detail.transfer import GRID
from .errors import ClipError
from .exemplar import MOST_BYTES, read_exemplar
from .levels import volume
from .model import SourceFacts
from .prior import MotionPrior, doubts
from .synthesis import Texture
from .video import read_clip
from .video.selection import ClipTooShort
from .video.source import never

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction
    from pathlib import Path

    from .clip import Clip, Rect, Span
    from .exemplar import Exemplar

LEAST_FRAMES = 16
MOST_FRAMES = 2000
"""Of a longer clip the prior knows the middle: more would take gigabytes and hardly add to it."""


def instant_texture(
    path: Path,
    *,
    span: Span | None = None,
    crop: Rect | None = None,
    short_side: int | None = None,
    rate: Fraction | None = None,
    exemplar_bytes: int = MOST_BYTES,
    stop: Callable[[], bool] = never,
) -> tuple[Texture, tuple[str, ...]]:
    """The texture of a clip, at its own size or with ``short_side`` px, and what the person must be told.

    ``exemplar_bytes`` bounds the memory of its frames. The other arguments are ``read_clip``'s, and so is what is
    raised.
    """
    try:
        clip = read_clip(path, span=span, crop=crop, short_side=GRID, min_frames=LEAST_FRAMES, rate=rate, stop=stop)
    except ClipTooShort as error:
        raise ClipError(error.problem, remedy="Choose a longer clip or range.") from error
    clip.check_opaque()
    exemplar = read_exemplar(
        path, span=clip.span, crop=crop, rate=rate, short_side=short_side, most_bytes=exemplar_bytes, stop=stop
    )
    if exemplar is None:
        raise ClipError(
            f"The frames of {path.name} are too large to keep even three of them in memory.",
            remedy="Choose a part with --crop, or a smaller --size.",
        )
    texture = texture_of(clip, exemplar)
    # The small pictures have square pixels; the result has the source's own unless a size was asked for.
    assert texture.prior is not None
    told = [text for text in clip.notices if short_side or "not square" not in text]
    return texture, (*told, *exemplar.notices, *doubts(volume(texture.prior.clip_thwc), path.name))


def texture_of(clip: Clip, exemplar: Exemplar, *, cut_off: bool = False) -> Texture:
    """The texture of a clip that was read small, and of frames of it at the size wanted, which are taken over.
    ``cut_off`` is ``DetailTransfer``'s."""
    frames = clip.frames_thwc
    spare = max(0, len(frames) - MOST_FRAMES) // 2
    prior = MotionPrior(frames[spare : spare + MOST_FRAMES])
    return Texture(
        facts=SourceFacts.of(clip),
        frames=len(frames),
        layers=("prior", "detail"),
        prior=prior,
        base=prior,
        detail=DetailTransfer(exemplar.frames_thwc, base_hw=prior.size_hw, cut_off=cut_off),
        sample_aspect=exemplar.sample_aspect,
        options=None,
    )
